/** What is said of a difference. */
import { csrName } from '../../workers/isa/csrs.ts';
import { decode } from '../../workers/isa/decode.ts';
import { disassemble } from '../../workers/isa/disassemble.ts';
import { hex } from '../../workers/base/bits.ts';
import type { Names, Outcome } from './log.ts';
import { layOut, type Snippet } from './snippet.ts';
import type { Failure } from './session.ts';

function written(word: number, at: bigint): string {
  const decoded = decode(word);
  return decoded ? disassemble(decoded, at) : 'no instruction';
}

function listing({ body, entry, bodyAt }: Snippet): string[] {
  const { bytes, size } = layOut(body);
  const view = new DataView(bytes.buffer);
  const lines: string[] = [];
  for (let at = 0; at < size;) {
    const half = view.getUint16(at, true);
    const long = (half & 3) === 3;
    const word = long ? view.getUint32(at, true) : half;
    lines.push(`    +${hex(at, 2).slice(2)}  ${hex(word, long ? 8 : 4).slice(2).padEnd(8)}  ${written(word, BigInt(at))}`);
    at += long ? 4 : 2;
  }
  if (entry !== undefined) lines.unshift(`    entered at ${hex(entry)}`);
  if (bodyAt !== undefined) lines.unshift(`    stands at ${hex(bodyAt)}`);
  return lines;
}

/** Three to a line. */
const rows = (list: readonly string[]): string[] => Array.from({ length: Math.ceil(list.length / 3) }, (_, n) => `    ${list.slice(3 * n, 3 * n + 3).map((text) => text.padEnd(26)).join('').trimEnd()}`);

/** Pokes of a page table or data, without the zeros. */
function pokes({ pokes: list }: Snippet): string[] {
  return list.flatMap(({ address, value }, index) => (value === 0n ? [] : [`    memory ${String(index)}: ${hex(address)} = ${hex(value, 16)}`]));
}

/** The last state of both, word by word; where they differ with a mark. */
function states(theirs: Outcome, ours: Outcome, names: Names, them: string, us: string): string[] {
  // After one of them has trapped once more than the other, the rest says nothing.
  const length = Math.min(theirs.length, ours.length);
  return Array.from({ length }, (_, n) => n).flatMap((n) => {
    const [a, b] = [theirs[n]!, ours[n]!];
    if (a.kind !== b.kind) return [];
    const some = a;
    const title = some.kind === 'trap' ? `  trap ${String(n)}` : '  final state';
    const rows = Array.from({ length: Math.min(a.words.length, b.words.length) }, (__, index) => {
      const [x, y] = [a.words[index]!, b.words[index]!];
      // Of the final state registers and memory that are equal, and zeros, are left out.
      if (x === y && some.kind === 'end' && (x === 0n || /^(memory|x\d|f\d)/.test(names.of(some.kind, index)))) return '';
      return `    ${names.of(some.kind, index).padEnd(12)} ${hex(x, 16)} ${hex(y, 16)}${x === y ? '' : '  <'}`;
    }).filter((row) => row !== '');
    return [`${title.padEnd(16)} ${them.padEnd(18)} ${us}`, ...rows];
  });
}

/** What the two machines are called. */
export interface MachineNames { readonly theirs: string; readonly ours: string }

export function report({ snippet, differences, theirs, ours }: Failure, names: Names, machines: MachineNames): string {
  const first = differences.slice(0, 8).map(({ where, name, theirs: x, ours: y }) => `  ${where}: ${name} is ${hex(x)} in ${machines.theirs} and ${hex(y)} in ${machines.ours}`);
  return [
    ...first,
    `  mstatus ${hex(snippet.mstatus)}${snippet.fcsr === 0n ? '' : `, fcsr ${hex(snippet.fcsr)}`}`,
    ...snippet.setup.map(({ csr, value }) => `  setup: ${csrName(csr)} = ${hex(value)}`),
    ...pokes(snippet),
    '  body, with x registers:',
    ...listing(snippet),
    ...rows(snippet.x.map((value, index) => `x${String(index + 1)} = ${hex(value)}`)),
    ...states(theirs, ours, names, machines.theirs, machines.ours),
  ].join('\n');
}
