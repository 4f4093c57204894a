/**
 * Where QEMU 7.2 and our machine may differ and neither our machine nor the harness is wrong: QEMU deviates from the manual, or the
 * manual leaves the choice. One row each, with the reason and its clause (privileged manual unless said). Nothing else is forgiven, and
 * between our own engines nothing at all.
 */
import { csrName } from '../../workers/isa/csrs.ts';
import type { Features } from './features.ts';
import { PLACE } from './harness.ts';
import type { LogRecord, Names } from './log.ts';

export interface Deviation {
  /** Names of words that it is about. */
  readonly words: RegExp;
  /** Bits that may differ; a function sees both records when that depends on more. */
  readonly bits: bigint | ((theirs: LogRecord, ours: LogRecord, comparison: Comparison) => bigint);
  /** Only while our machine lacks this. */
  readonly without?: 'hypervisor' | 'sstc';
  readonly reason: string;
}

/** What is known of a comparison. */
export interface Comparison {
  readonly names: Names;
  readonly features: Features;
  /** The snippet keeps what it reads of CSRs in a0, and the number of the CSR in a7. */
  readonly readsCsrs: boolean;
  /** Nothing is forgiven: both are engines of ours. */
  readonly strict: boolean;
}

const ALL = (1n << 64n) - 1n;

const OPCODE_AMO = 0x2fn;
const isAmo = (word: bigint): boolean => (word & 0x7fn) === OPCODE_AMO;
const BREAKPOINT = 3n;

const CAUSES = ['mcause', 'scause', 'vscause'] as const;
/** Page faults, with the access faults of the same accesses. */
const PAGE_FAULTS: ReadonlyMap<bigint, bigint> = new Map([[12n, 1n], [13n, 5n], [15n, 7n]]);

/** Whether the trap that is recorded, or the delegated one that it tells of, has one of these causes in ours. */
const causedBy = (ours: LogRecord, names: Names, causes: readonly bigint[]): boolean =>
  CAUSES.some((name) => causes.includes(names.word(ours, name)));

/** The causes of loads, and two more than each: those of stores and AMOs. */
const LOADS: ReadonlySet<bigint> = new Set([4n, 5n, 13n, 21n]);

export const DEVIATIONS: readonly Deviation[] = [
  { words: /^(mvendorid|marchid|mimpid|mconfigptr)$/, bits: ALL, reason: 'Identity of the implementation (3.1.2 to 3.1.4).' },
  {
    words: /^(m|s|vs)cause$/,
    bits: (theirs, ours, { names }) => {
      const amo = isAmo(names.word(ours, 'instruction'));
      const asLoad = (name: string): boolean => {
        const [a, b] = [names.word(theirs, name), names.word(ours, name)];
        return LOADS.has(a) && (b === a + 2n || (a === 5n && (b === 15n || b === 23n)));
      };
      // A cause in S may be that of an earlier trap; a trap that came through S is a call from the harness in M.
      const mepc = names.word(ours, 'mepc');
      const stale = mepc < PLACE.harness || mepc >= PLACE.header;
      return (amo && asLoad('mcause')) || ((amo || stale) && (asLoad('scause') || asLoad('vscause'))) ? 0x1an : 0n;
    },
    reason: 'QEMU with one hart carries out an AMO as a load and a store and reports faults of the load as such; faults of an AMO are store/AMO faults (table 3.6, unprivileged manual 14.4).',
  },
  {
    words: /^(m|s|vs)tval$/,
    bits: (_theirs, ours, { names }) => (causedBy(ours, names, [BREAKPOINT]) ? ALL : 0n),
    reason: 'The trap value of ebreak may be 0, as in QEMU, or its address, as here (3.1.16).',
  },
  {
    words: /^(m|s|vs)tval$/,
    bits: (_theirs, ours, { names }) => (causedBy(ours, names, [5n, 7n]) ? 7n : 0n),
    reason: 'QEMU takes a misaligned access to where nothing is apart, and reports the aligned piece; ours reports the part that faults, here its first byte (3.1.16).',
  },
  {
    words: /^(m|s|vs)(cause|tval)$/,
    bits: (theirs, ours, { names }) => {
      const crosses = (name: string): boolean => {
        const [a, b] = [names.word(theirs, name), names.word(ours, name)];
        return (a & 0xfffn) === 0n && a > b && a - b < 8n;
      };
      return causedBy(ours, names, [7n, 15n]) && (['mtval', 'stval', 'vstval'] as const).some(crosses) ? ALL : 0n;
    },
    reason: 'A misaligned store into two pages: QEMU looks at the second page first, and reports that one when both fault; the order of the parts is free (3.6.4).',
  },
  { words: /^(m|s|vs)epc$/, bits: 1n, reason: 'QEMU 7.2 keeps bit 0, which is always zero (3.1.14).' },
  { words: /^(mideleg|mie|mip|sie|sip|hideleg|hie|hip|vsie|vsip)$/, bits: 1n << 13n, reason: 'QEMU 7.2 has bit 13 (LCOFI) without Sscofpmf.' },
  { words: /^pmpaddr/, bits: 0x3ffn << 54n, reason: 'QEMU 7.2 keeps bits 63:54, which are always zero (3.7.1).' },
  { words: /^mcountinhibit$/, bits: ALL, reason: 'A counter that cannot be inhibited has a zero bit (3.1.12).' },
  { words: /^(mideleg|mie|mip)$/, bits: 0x1444n, without: 'hypervisor', reason: 'QEMU 7.2 has the bits of interrupts of VS and of guests without H.' },
  { words: /^medeleg$/, bits: 0xf0_0400n, without: 'hypervisor', reason: 'QEMU 7.2 has the bits of exceptions of VS and of guests without H.' },
  {
    words: /^(m|s|vs)cause$/,
    bits: (theirs, ours, { names, readsCsrs }) => (readsCsrs && CAUSES.some((name) => PAGE_FAULTS.get(names.word(theirs, name)) === names.word(ours, name)) ? 0xfn : 0n),
    reason: 'A page table where nothing is: QEMU 7.2 has a page fault, the manual an access fault (4.3.2, step 2). Only random values of satp are such.',
  },
  { words: /^medeleg$/, bits: 1n << 11n, reason: 'QEMU 7.2 can delegate calls from M, a bit that is always zero (3.1.8).' },
  { words: /^[msh]envcfg$/, bits: 0xf0n, reason: 'QEMU 7.2 has the fields of Zicbom and Zicboz without these extensions, and any value in them (3.1.18).' },
  { words: /^[mh]envcfg$/, bits: 1n << 62n, reason: 'QEMU 7.2 has PBMTE without Svpbmt (3.1.18).' },
  { words: /^[mh]envcfg$/, bits: 1n << 61n, reason: 'QEMU 7.2 has no ADUE: it always updates A and D by hardware (Svadu).' },
  { words: /^[mh]envcfg$/, bits: 1n << 63n, without: 'sstc', reason: 'QEMU 7.2 has STCE without Sstc.' },
];

/** The name of the CSR that was read last, in snippets that keep its number in a7. */
const lastRead = (record: LogRecord, names: Names): string => csrName(Number(names.word(record, 'x17') & 0xfffn));

/** The bits of a word that count. */
export function counting(name: string, theirs: LogRecord, ours: LogRecord, comparison: Comparison): bigint {
  const { names, features, readsCsrs } = comparison;
  const meant = readsCsrs && name === 'x10' ? lastRead(ours, names) : name;
  let forgiven = 0n;
  for (const { words, bits, without } of DEVIATIONS) {
    if (words.test(meant) && !(without && features[without])) forgiven |= typeof bits === 'bigint' ? bits : bits(theirs, ours, comparison);
  }
  return ALL & ~forgiven;
}
