/** What a run wrote, taken apart (the writer is harness.ts). */
import { TAG, TRAP_REGISTERS } from './harness.ts';
import type { Features } from './features.ts';

export interface LogRecord {
  readonly kind: 'trap' | 'end';
  readonly words: BigUint64Array;
}

/** What one snippet did: its traps, then its last state. */
export type Outcome = readonly LogRecord[];

export interface Log {
  readonly outcomes: readonly Outcome[];
  /** Where the log ends before its time: the harness itself trapped. */
  readonly broken: string | undefined;
}

export function parseLog(bytes: Uint8Array): Log {
  const all = new BigUint64Array(bytes.length >> 3);
  new Uint8Array(all.buffer).set(bytes.subarray(0, all.byteLength));
  const outcomes: Outcome[] = [];
  let records: LogRecord[] = [];
  for (let at = 0; at < all.length;) {
    const head = all[at]!;
    const tag = head >> 56n;
    const count = Number(head & 0xffff_ffffn);
    if ((tag !== TAG.trap && tag !== TAG.end) || at + count > all.length) {
      return { outcomes, broken: `the harness trapped in snippet ${String(outcomes.length)}: mcause 0x${head.toString(16)}, mepc 0x${(all[at + 1] ?? 0n).toString(16)}` };
    }
    const kind = tag === TAG.trap ? 'trap' : 'end';
    records.push({ kind, words: all.subarray(at + 1, at + count) });
    at += count;
    if (kind === 'trap') continue;
    outcomes.push(records);
    records = [];
  }
  return { outcomes, broken: undefined };
}

/** The names of a record's words. */
export class Names {
  readonly #lists: Readonly<Record<LogRecord['kind'], readonly string[]>>;
  readonly #indices: Readonly<Record<LogRecord['kind'], ReadonlyMap<string, number>>>;

  constructor({ csrs, float }: Features) {
    const numbered = (letter: string, from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, n) => `${letter}${String(from + n)}`);
    const trap = [...TRAP_REGISTERS.map((x) => `x${String(x)}`), ...csrs.filter(({ inTraps }) => inTraps).map(({ name }) => name), 'instruction'];
    const end = [...numbered('x', 1, 31), ...csrs.map(({ name }) => name), ...(float ? numbered('f', 0, 31) : [])];
    this.#lists = { trap, end };
    this.#indices = { trap: new Map(trap.map((name, index) => [name, index])), end: new Map(end.map((name, index) => [name, index])) };
  }

  /** `memory n` is the n-th poked word. */
  of(kind: LogRecord['kind'], index: number): string {
    const list = this.#lists[kind];
    return list[index] ?? `memory ${String(index - list.length)}`;
  }

  /** A word of a record by name; 0 when it is not in this kind of record. */
  word({ kind, words }: LogRecord, name: string): bigint {
    const index = this.#indices[kind].get(name);
    return index === undefined ? 0n : words[index]!;
  }
}
