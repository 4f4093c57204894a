/**
 * What is translated together: a function-like set of basic blocks inside one physical page, grown from a hot instruction along direct
 * edges and the points that calls return to. Offsets are in bytes from the start of the page.
 */
import { decode } from '../../isa/decode.ts';
import type { Stmt } from '../../isa/meaning.ts';
import type { Decoded, InstructionRow } from '../../isa/row.ts';
import { withPlainCsr } from '../interpreter/plain-csrs.ts';
import { isInlined, isRelative } from '../interpreter/handlers.ts';
import type { Edge } from './structure.ts';

const PAGE = 4096;

/**
 * How an instruction ends: `plain` goes on to the next; `branch` does or goes to its target; `jump` goes to its target, `call` too, and
 * is expected back; `indirect` goes anywhere; `outside`: the translator leaves it to the interpreter's out-of-line function.
 */
export type Flow = 'plain' | 'branch' | 'jump' | 'call' | 'indirect' | 'outside';

export interface Instruction {
  readonly offset: number;
  readonly decoded: Decoded;
  readonly flow: Flow;
  /** Where it goes when it jumps, as an offset that may lie outside the page. Of `indirect` it is not known. */
  readonly target: number | undefined;
  /** The offset of what follows in memory. */
  readonly next: number;
}

export interface Block {
  readonly start: number;
  readonly instructions: readonly Instruction[];
}

export interface Region {
  /** By their start. */
  readonly blocks: readonly Block[];
  /** Where control may come from elsewhere: starts of blocks that begin with a translated instruction; the seed first. */
  readonly entries: readonly number[];
  /** Instructions in all. */
  readonly size: number;
}

export interface Limits {
  readonly instructions: number;
  readonly entries: number;
}

interface RowFlow {
  readonly inlined: boolean;
  readonly jump: 'none' | 'conditional' | 'relative' | 'indirect';
  readonly links: boolean;
}

const flows = new WeakMap<InstructionRow, RowFlow>();

function flowOf(row: InstructionRow): RowFlow {
  const known = flows.get(row);
  if (known) return known;
  const { meaning } = row;
  const own = jumpIn(meaning);
  const conditional = meaning.some((statement) => statement.s === 'if' && jumpIn(statement.then) !== undefined);
  const made: RowFlow = {
    inlined: isInlined(meaning),
    jump: own ? (isRelative(own.target) ? 'relative' : 'indirect') : conditional ? 'conditional' : 'none',
    links: meaning.some(({ s }) => s === 'setRd'),
  };
  flows.set(row, made);
  return made;
}

const jumpIn = (statements: readonly Stmt[]): (Stmt & { readonly s: 'jump' }) | undefined => statements.find((statement) => statement.s === 'jump');

/** Reads the instruction at an offset; undefined where it is none, or does not lie in the page whole. */
function read(page: DataView, offset: number): Instruction | undefined {
  const low = page.getUint16(offset, true);
  const long = (low & 3) === 3;
  if (long && offset + 4 > PAGE) return undefined;
  const general = decode(long ? page.getUint32(offset, true) : low);
  if (!general) return undefined;
  const decoded = withPlainCsr(general);
  const { row } = decoded;
  const { inlined, jump, links } = flowOf(row);
  const next = offset + row.length;
  const target = jump === 'none' || jump === 'indirect' ? undefined : offset + Number(decoded.imm);
  return { offset, decoded, target, next, flow: inlined ? kindOf(jump, links && decoded.rd !== 0) : 'outside' };
}

function kindOf(jump: RowFlow['jump'], links: boolean): Flow {
  switch (jump) {
    case 'none': return 'plain';
    case 'conditional': return 'branch';
    case 'relative': return links ? 'call' : 'jump';
    case 'indirect': return 'indirect';
  }
}

/** A linking jump is a call: it is expected back. */
const isCall = ({ flow, decoded }: Instruction): boolean => flow === 'call' || flow === 'indirect' && decoded.rd !== 0 && flowOf(decoded.row).links;

/** A jump through a register that the instruction before has set by auipc goes where the two say (`call`, `tail`). */
function afterAuipc(instruction: Instruction, before: Instruction | undefined): Instruction {
  const { decoded, flow } = instruction;
  if (flow !== 'indirect' || before?.decoded.row.name !== 'auipc' || before.decoded.rd !== decoded.rs1 || decoded.rs1 === 0) return instruction;
  return { ...instruction, flow: isCall(instruction) ? 'call' : 'jump', target: (before.offset + Number(before.decoded.imm) + Number(decoded.imm)) & ~1 };
}

/**
 * `page` shows the page's 4096 bytes; the region grows from the first seed before it does from the others. `available` says no where an
 * instruction must run by itself (a breakpoint).
 */
export function discover(page: DataView, seeds: readonly number[], limits: Limits, available: (offset: number) => boolean): Region {
  const found = new Map<number, Instruction>();
  const leaders = new Set<number>(seeds);
  const entries = new Set<number>(seeds);
  const waiting: number[] = [];
  const left = [...seeds];
  const lead = (offset: number, enters: boolean): void => {
    if (offset < 0 || offset >= PAGE) return;
    if (enters) entries.add(offset);
    if (leaders.has(offset)) return;
    leaders.add(offset);
    waiting.push(offset);
  };
  for (let start = left.shift(); start !== undefined; start = waiting.shift() ?? left.shift()) {
    let at = start;
    let before: Instruction | undefined;
    while (at < PAGE && found.size < limits.instructions && !found.has(at) && available(at)) {
      const alone = read(page, at);
      if (!alone) break;
      found.set(at, alone);
      const instruction = afterAuipc(alone, before);
      before = alone;
      const { flow, target, next } = instruction;
      if (target !== undefined && flow !== 'outside') lead(target, flow === 'call');
      if (flow === 'outside' || isCall(instruction)) lead(next, true);
      else if (flow === 'branch') lead(next, false);
      at = next;
      if (flow !== 'plain') break;
    }
    // Where this run meets another one, a block begins.
    if (found.has(at)) leaders.add(at);
  }
  const blocks = [...leaders].toSorted((a, b) => a - b).flatMap((start) => {
    const instructions = run(found, leaders, start);
    return instructions.length > 0 ? [{ start, instructions }] : [];
  });
  const enterable = new Set(blocks.filter(({ instructions }) => instructions[0]!.flow !== 'outside').map(({ start }) => start));
  return { blocks, entries: [...entries].filter((entry) => enterable.has(entry)).slice(0, limits.entries), size: found.size };
}

function run(found: ReadonlyMap<number, Instruction>, leaders: ReadonlySet<number>, start: number): readonly Instruction[] {
  const instructions: Instruction[] = [];
  for (let at = found.get(start); at; at = found.get(at.next)) {
    instructions.push(afterAuipc(at, instructions.at(-1)));
    if (at.flow !== 'plain' || leaders.has(at.next)) break;
  }
  return instructions;
}

/** The instruction at an offset, which has this length, may go on to the next one. */
export function runsOn(page: DataView, offset: number, length: 2 | 4): boolean {
  const instruction = read(page, offset);
  return instruction?.decoded.row.length === length && (instruction.flow === 'plain' || instruction.flow === 'branch');
}

/** Jumps and falls from block to block, by their indices. */
export function edgesOf({ blocks }: Region): readonly Edge[] {
  const blockAt = new Map(blocks.map(({ start }, index) => [start, index]));
  return blocks.flatMap(({ instructions }, from) => {
    const last = instructions.at(-1)!;
    const edge = (offset: number | undefined, repeats: boolean): readonly Edge[] => {
      const to = offset === undefined ? undefined : blockAt.get(offset);
      return to === undefined ? [] : [{ from, to, repeats }];
    };
    switch (last.flow) {
      case 'plain': return edge(last.next, true);
      case 'branch': return [...edge(last.target, true), ...edge(last.next, true)];
      case 'jump': return edge(last.target, true);
      case 'call': return edge(last.target, false);
      case 'indirect': case 'outside': return [];
    }
  });
}
