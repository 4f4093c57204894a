/**
 * Where QEMU 7.2 and our machine may differ and neither our machine nor the harness is wrong: QEMU deviates from the manual, or the
 * manual leaves the choice. One row each, with the reason and its clause (privileged manual unless said). Nothing else is forgiven, and
 * between our own engines nothing at all.
 */
import { PLACE } from './harness.ts';
import type { LogRecord, Names } from './log.ts';

export interface Deviation {
  /** Names of words that it is about. */
  readonly words: RegExp;
  /** Bits that may differ; a function sees both records when that depends on more. */
  readonly bits: bigint | ((theirs: LogRecord, ours: LogRecord, names: Names) => bigint);
  readonly reason: string;
}

const ALL = (1n << 64n) - 1n;

const OPCODE_AMO = 0x2fn;
const isAmo = (word: bigint): boolean => (word & 0x7fn) === OPCODE_AMO;
const BREAKPOINT = 3n;

/** Whether the trap that is recorded, or the delegated one that it tells of, has one of these causes in ours. */
const causedBy = (ours: LogRecord, names: Names, causes: readonly bigint[]): boolean =>
  (['mcause', 'scause', 'vscause'] as const).some((name) => causes.includes(names.word(ours, name)));

/** The causes of loads, and two more than each: those of stores and AMOs. */
const LOADS: ReadonlySet<bigint> = new Set([4n, 5n, 13n, 21n]);

export const DEVIATIONS: readonly Deviation[] = [
  { words: /^(mvendorid|marchid|mimpid|mconfigptr)$/, bits: ALL, reason: 'Identity of the implementation (3.1.2 to 3.1.4).' },
  {
    words: /^(m|s|vs)cause$/,
    bits: (theirs, ours, names) => {
      const amo = isAmo(names.word(ours, 'instruction'));
      const asLoad = (name: string): boolean => LOADS.has(names.word(theirs, name)) && names.word(ours, name) === names.word(theirs, name) + 2n;
      // A cause in S may be that of an earlier trap; a trap that came through S is a call from the harness in M.
      const mepc = names.word(ours, 'mepc');
      const stale = mepc < PLACE.harness || mepc >= PLACE.header;
      return (amo && asLoad('mcause')) || ((amo || stale) && (asLoad('scause') || asLoad('vscause'))) ? 0x1an : 0n;
    },
    reason: 'QEMU with one hart carries out an AMO as a load and a store and reports faults of the load as such; faults of an AMO are store/AMO faults (table 3.6, unprivileged manual 14.4).',
  },
  {
    words: /^(m|s|vs)tval$/,
    bits: (_theirs, ours, names) => (causedBy(ours, names, [BREAKPOINT]) ? ALL : 0n),
    reason: 'The trap value of ebreak may be 0, as in QEMU, or its address, as here (3.1.16).',
  },
  {
    words: /^(m|s|vs)tval$/,
    bits: (_theirs, ours, names) => (causedBy(ours, names, [5n, 7n]) ? 7n : 0n),
    reason: 'QEMU takes a misaligned access to where nothing is apart, and reports the aligned piece; ours reports the part that faults, here its first byte (3.1.16).',
  },
];

/** The bits of a word that count. */
export function counting(name: string, theirs: LogRecord, ours: LogRecord, names: Names): bigint {
  let forgiven = 0n;
  for (const { words, bits } of DEVIATIONS) {
    if (words.test(name)) forgiven |= typeof bits === 'bigint' ? bits : bits(theirs, ours, names);
  }
  return ALL & ~forgiven;
}
