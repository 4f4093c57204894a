/**
 * A region as one WebAssembly function: (entry, virtual address of the page, budget, fast TLB) -> budget left. Where the run goes on
 * stands in linear memory (`EXIT`). The function is entered with a budget of at least `margin` steps, which is what a path without a
 * jump back can take; so only jumps back and through the dispatcher look at the budget.
 */
import type { Procedure } from '../../isa/meaning.ts';
import { EXIT } from '../../machine/memory-layout.ts';
import { SELECTOR_BITS } from '../interpreter/regions.ts';
import type { FunctionBody, Label } from '../lowering/function-body.ts';
import { Lowering, type Callees, type HighProduct } from '../lowering/lower.ts';
import { edgesOf, type Block, type Instruction, type Region } from './control-flow.ts';
import { accessesOf, destinationOf, RegisterCache, sourceOf, type Register } from './register-cache.ts';
import { innermost, structure, type Loop, type Structure } from './structure.ts';
import { TranslatedSite, type Surroundings } from './translated-site.ts';

const SELECTOR = 0;
const PAGE = 1;
const BUDGET = 2;
const TLB = 3;
const PAGE_BYTES = 4096;

/** Where a region stands. */
export interface Place {
  /** Its index in the table of regions. */
  readonly index: number;
  /** The first slot of its decoded page, and the page's part of `translations`, as linear-memory offsets. */
  readonly slots: number;
  readonly translations: number;
}

/** What a region's function calls. */
export interface Imports {
  readonly highProducts: Readonly<Record<HighProduct, number>>;
  readonly procedures: readonly Procedure[];
}

export function emitRegion(body: FunctionBody, region: Region, place: Place, imports: Imports): void {
  new RegionWriter(body, region, place, imports).write();
}

class RegionWriter {
  readonly #body: FunctionBody;
  readonly #region: Region;
  readonly #place: Place;
  readonly #callees: Callees;
  readonly #registers: RegisterCache;
  readonly #around: Surroundings;
  readonly #blockAt: ReadonlyMap<number, number>;
  readonly #structure: Structure;
  /** Blocks that the dispatcher reaches, in the order of selectors: the region's entries first. */
  readonly #selectors: readonly number[];
  /** Registers that are valid at the beginning of a block, as far as the jumps to it are known. */
  readonly #validAt = new Map<number, ReadonlySet<Register>>();
  readonly #forward = new Map<number, Label>();
  readonly #repeat = new Map<number, Label>();
  #dispatch!: Label;
  #exitOut!: Label;
  #exitJump!: Label;
  /** For `exitOut`: the instruction's offset, and above 16 bits one more than the steps of its block that did not happen. */
  readonly #exitWhere: number;
  readonly #exitPc: number;
  #block = 0;

  constructor(body: FunctionBody, region: Region, place: Place, { highProducts, procedures }: Imports) {
    this.#body = body;
    this.#region = region;
    this.#place = place;
    this.#registers = new RegisterCache(body);
    const results = new Map(procedures.map(({ name, result }) => [name, result]));
    this.#callees = {
      // Called in rare paths only, where the region is left instead.
      procedure: (name) => ({ index: -1, result: results.get(name), mayFault: false }),
      highProduct: (op) => highProducts[op],
    };
    this.#exitWhere = body.local('i32');
    this.#exitPc = body.local('i64');
    this.#around = {
      registers: this.#registers, page: PAGE, tlb: TLB,
      scratch: { address: body.local('i64'), entry: body.local('i32'), target: this.#exitPc },
      leaveFor: (instruction) => { this.#leaveFor(instruction); },
      goTo: (from, offset) => { this.#goTo(from, offset); },
      goToTarget: () => { this.#goToTarget(); },
    };
    this.#blockAt = new Map(region.blocks.map(({ start }, index) => [start, index]));
    const entries = region.entries.map((entry) => this.#blockAt.get(entry)!);
    this.#structure = structure(edgesOf(region), entries);
    this.#selectors = [...new Set([...entries, ...this.#structure.dispatched])];
    for (const block of this.#selectors) this.#validAt.set(block, new Set());
  }

  write(): void {
    const body = this.#body;
    body.block((exitJump) => {
      this.#exitJump = exitJump;
      body.block((exitOut) => {
        this.#exitOut = exitOut;
        body.loop((dispatch) => {
          this.#dispatch = dispatch;
          this.#level(undefined, 0, this.#region.blocks.length - 1);
        });
        body.op('unreachable');
      });
      this.#setExit(() => { body.i32Const(this.#place.slots); this.#pushWhere(0xffff); body.i32Const(3); body.op('i32_shl'); body.op('i32_add'); }, () => {
        body.localGet(PAGE);
        this.#pushWhere(0xffff);
        body.op('i64_extend_i32_u');
        body.op('i64_add');
      });
      body.localGet(BUDGET);
      body.localGet(this.#exitWhere);
      body.i32Const(16);
      body.op('i32_shr_u');
      body.op('i32_add');
      body.i32Const(1);
      body.op('i32_sub');
      body.op('return');
    });
    this.#setExit(() => { body.i32Const(0); }, () => { body.localGet(this.#exitPc); });
    body.localGet(BUDGET);
  }

  #pushWhere(mask: number): void {
    this.#body.localGet(this.#exitWhere);
    this.#body.i32Const(mask);
    this.#body.op('i32_and');
  }

  #setExit(slot: () => void, pc: () => void): void {
    const body = this.#body;
    body.i32Const(0);
    slot();
    body.memory('i32_store', EXIT.slot);
    body.i32Const(0);
    pc();
    body.memory('i64_store', EXIT.pc);
  }

  // ---------------------------------------------------------------------------------------------- structure

  /** Blocks from..to, which are all of the function or one loop; jumps forward inside them leave a `block` that is opened here. */
  #level(loop: Loop | undefined, from: number, to: number): void {
    const body = this.#body;
    const loops = [...this.#structure.loops.values()];
    const targets: number[] = [];
    for (let block = loop ? from + 1 : from; block <= to; block += 1) if (innermost(loops, block) === loop) targets.push(block);
    const open = (count: number): void => {
      if (count > 0) {
        const target = targets[count - 1]!;
        body.block((end) => {
          this.#forward.set(target, end);
          open(count - 1);
        });
        this.#piece(target, (targets[count] ?? to + 1) - 1, loop);
        return;
      }
      if (loop) this.#writeBlock(from);
      else this.#dispatcher();
    };
    open(targets.length);
  }

  /** What begins with this block and ends before the level's next one: the block, or the loop that it heads. */
  #piece(block: number, to: number, around: Loop | undefined): void {
    const loop = this.#structure.loops.get(block);
    if (!loop || loop === around) {
      this.#writeBlock(block);
      return;
    }
    const valid = new Set(this.#validAt.get(block));
    this.#registers.valid = valid;
    for (const register of this.#readIn(loop)) this.#registers.fetch(register);
    this.#validAt.set(block, valid);
    this.#body.loop((again) => {
      this.#repeat.set(block, again);
      this.#level(loop, block, to);
    });
  }

  #dispatcher(): void {
    const labels = this.#selectors.map((block) => this.#forward.get(block)!);
    this.#body.localGet(SELECTOR);
    this.#body.brTable(labels, labels[0]!);
  }

  /** Registers that a loop reads: in locals from before it on. */
  #readIn({ head, last }: Loop): ReadonlySet<Register> {
    const read = new Set<Register>();
    for (const { instructions } of this.#region.blocks.slice(head, last + 1)) {
      for (const { decoded, flow } of instructions) {
        if (flow === 'outside') continue;
        for (const { operand, file } of accessesOf(decoded.row.meaning).sources) read.add(sourceOf(decoded, operand, file));
      }
    }
    return read;
  }

  // ---------------------------------------------------------------------------------------------- a block

  #writeBlock(index: number): void {
    const body = this.#body;
    const block = this.#region.blocks[index]!;
    this.#block = index;
    this.#registers.valid = new Set(this.#validAt.get(index));
    const steps = stepsOf(block);
    if (steps > 0) {
      body.localGet(BUDGET);
      body.i32Const(steps);
      body.op('i32_sub');
      body.localSet(BUDGET);
    }
    for (const instruction of block.instructions) this.#writeInstruction(instruction);
    const last = block.instructions.at(-1)!;
    if (last.flow === 'plain' || last.flow === 'branch') this.#goTo(last, last.next);
  }

  #writeInstruction(instruction: Instruction): void {
    const { decoded, flow } = instruction;
    if (flow === 'outside') {
      this.#leaveFor(instruction);
      return;
    }
    const { meaning } = decoded.row;
    const { sources, writes, sometimes } = accessesOf(meaning);
    for (const { operand, file } of sources) this.#registers.fetch(sourceOf(decoded, operand, file));
    // Before the meaning, for a jump at its end passes on what is valid. Until then nobody asks.
    if (writes) {
      if (sometimes) this.#registers.valid.delete(destinationOf(decoded, writes));
      else this.#registers.valid.add(destinationOf(decoded, writes));
    }
    const lowering = new Lowering(this.#body, this.#callees, (self) => new TranslatedSite(self, instruction, this.#around));
    lowering.statements(meaning);
    lowering.releaseLocals();
    // What was valid stays so, for a loop relies on it.
    if (writes && sometimes) this.#registers.fetch(destinationOf(decoded, writes));
  }

  // ---------------------------------------------------------------------------------------------- going on

  #leaveFor(instruction: Instruction): void {
    const { instructions } = this.#region.blocks[this.#block]!;
    const undone = stepsOf(this.#region.blocks[this.#block]!) - instructions.indexOf(instruction);
    this.#body.i32Const((undone << 16) | instruction.offset);
    this.#body.localSet(this.#exitWhere);
    this.#body.br(this.#exitOut);
  }

  #goTo(from: Instruction, offset: number): void {
    const body = this.#body;
    const target = this.#blockAt.get(offset);
    if (target === undefined) {
      this.#setPc(offset);
      body.br(this.#exitJump);
      return;
    }
    if (target > this.#block) {
      const known = this.#validAt.get(target);
      const { valid } = this.#registers;
      this.#validAt.set(target, known ? new Set([...known].filter((register) => valid.has(register))) : new Set(valid));
      body.br(this.#forward.get(target)!);
      return;
    }
    // Back: the budget must allow for another path.
    body.localGet(BUDGET);
    body.i32Const(this.#region.size);
    body.op('i32_lt_s');
    body.if(() => {
      this.#setPc(offset);
      body.br(this.#exitJump);
    });
    const loop = this.#structure.loops.get(target);
    if (loop && this.#block <= loop.last && from.flow !== 'call') {
      body.br(this.#repeat.get(target)!);
      return;
    }
    body.i32Const(this.#selectors.indexOf(target));
    body.localSet(SELECTOR);
    body.br(this.#dispatch);
  }

  #setPc(offset: number): void {
    this.#body.localGet(PAGE);
    this.#body.i64Const(BigInt(offset));
    this.#body.op('i64_add');
    this.#body.localSet(this.#exitPc);
  }

  /** Stays in the region when the target is one of its entries. */
  #goToTarget(): void {
    const body = this.#body;
    const { entry } = this.#around.scratch;
    body.localGet(this.#exitPc);
    body.localGet(PAGE);
    body.op('i64_sub');
    body.i64Const(BigInt(PAGE_BYTES));
    body.op('i64_ge_u');
    body.brIf(this.#exitJump);
    // Four bytes for each parcel of two.
    body.localGet(this.#exitPc);
    body.op('i32_wrap_i64');
    body.i32Const(PAGE_BYTES - 2);
    body.op('i32_and');
    body.i32Const(1);
    body.op('i32_shl');
    body.memory('i32_load', this.#place.translations);
    body.localTee(entry);
    body.i32Const(SELECTOR_BITS);
    body.op('i32_shr_u');
    body.i32Const(this.#place.index);
    body.op('i32_ne');
    body.brIf(this.#exitJump);
    body.localGet(BUDGET);
    body.i32Const(this.#region.size);
    body.op('i32_lt_s');
    body.brIf(this.#exitJump);
    body.localGet(entry);
    body.i32Const((1 << SELECTOR_BITS) - 1);
    body.op('i32_and');
    body.localSet(SELECTOR);
    body.br(this.#dispatch);
  }
}

/** Steps that a block takes by itself; that of an instruction outside is taken on leaving. */
const stepsOf = ({ instructions }: Block): number => (instructions.at(-1)!.flow === 'outside' ? instructions.length - 1 : instructions.length);
