/**
 * Where QEMU 7.2 and our machine may differ and neither our machine nor the harness is wrong: QEMU deviates from the manual, or the
 * manual leaves the choice. One row each, with the reason and its clause (privileged manual unless said). Nothing else is forgiven, and
 * between our own engines nothing at all.
 */
import { bit } from '../../workers/base/bits.ts';
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
const ILLEGAL = 2n, BREAKPOINT = 3n, FETCH_OF_GUEST = 20n, LOAD_OF_GUEST = 21n, VIRTUAL = 22n, STORE_OF_GUEST = 23n;

const CAUSES = ['mcause', 'scause', 'vscause'] as const;
/** Page faults, with the access faults of the same accesses. */
const PAGE_FAULTS: ReadonlyMap<bigint, bigint> = new Map([[12n, 1n], [13n, 5n], [15n, 7n]]);

/** Guest-page faults, with the same. */
const GUEST_PAGE_FAULTS: ReadonlyMap<bigint, bigint> = new Map([[20n, 1n], [21n, 5n], [23n, 7n]]);

/** Whether the trap that is recorded, or the delegated one that it tells of, has one of these causes in ours. */
const causedBy = (ours: LogRecord, names: Names, causes: readonly bigint[]): boolean =>
  CAUSES.some((name) => causes.includes(names.word(ours, name)));

/** Faults that have the address of an access. */
const MEMORY_FAULTS: ReadonlySet<bigint> = new Set([0n, 1n, 4n, 5n, 6n, 7n, 12n, 13n, 15n, 20n, 21n, 23n]);

const isInterrupt = (cause: bigint): boolean => bit(cause, 63);

/** Whether a trap came through the harness's handler in S. */
function fromHarness(ours: LogRecord, names: Names): boolean {
  const mepc = names.word(ours, 'mepc');
  // In a guest these are other addresses.
  return !bit(names.word(ours, 'mstatus'), 39) && mepc >= PLACE.harness && mepc < PLACE.header;
}

/** mtinst and htinst of a fault on the entry of a page table of 64 bits: on a read, on a write (8.6.3). */
const READS_AN_ENTRY = 0x3000n;
const PSEUDO_INSTRUCTIONS: ReadonlySet<bigint> = new Set([READS_AN_ENTRY, 0x3020n]);

/** The causes of loads, and two more than each: those of stores and AMOs. */
const LOADS: ReadonlySet<bigint> = new Set([4n, 5n, 13n, 21n]);

/** Whether QEMU tells of a walk for a store or a fetch, which ours tells of, as of one for a load. */
function walkAsLoad(theirs: LogRecord, ours: LogRecord, names: Names): boolean {
  const walk = names.word(ours, fromHarness(ours, names) ? 'htinst' : 'mtinst') === READS_AN_ENTRY;
  return walk && CAUSES.some((name) => names.word(theirs, name) === LOAD_OF_GUEST && [FETCH_OF_GUEST, STORE_OF_GUEST].includes(names.word(ours, name)));
}

/** Whether what comes after this record says nothing: the programs go on differently for a reason that is forgiven. */
export const partsHere = (theirs: LogRecord, ours: LogRecord, { names, strict }: Comparison): boolean =>
  !strict && walkAsLoad(theirs, ours, names) && CAUSES.some((name) => names.word(ours, name) === FETCH_OF_GUEST);

/** FS in ours is dirty, and in QEMU not off. */
const FS = 3n << 13n;
const onlyOursIsDirty = (name: string) => (theirs: LogRecord, ours: LogRecord, { names }: Comparison): bigint =>
  (names.word(ours, name) & FS) === FS && (names.word(theirs, name) & FS) !== 0n ? FS | (1n << 63n) : 0n;

export const DEVIATIONS: readonly Deviation[] = [
  ...['mstatus', 'sstatus', 'vsstatus'].map((name): Deviation => ({
    words: new RegExp(`^${name}$`), bits: onlyOursIsDirty(name),
    reason: 'QEMU 7.2 leaves FS as it is when an instruction writes no f register but accrues exceptions in fcsr, which is state of the unit, too (3.1.6.7).',
  })),
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
      const stale = !fromHarness(ours, names);
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
    words: /^((m|s|vs)(cause|tval)|mtval2|htval)$/,
    bits: (theirs, ours, { names }) => {
      const crosses = (name: string): boolean => {
        const [a, b] = [names.word(theirs, name), names.word(ours, name)];
        return (a & 0xfffn) === 0n && a > b && a - b < 8n;
      };
      return causedBy(ours, names, [7n, 15n, 23n]) && (['mtval', 'stval', 'vstval'] as const).some(crosses) ? ALL : 0n;
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
  {
    words: /^((m|s|vs)cause|mtval2|htval|[mh]tinst)$/,
    bits: (theirs, ours, { names }) => (CAUSES.some((name) => GUEST_PAGE_FAULTS.get(names.word(theirs, name)) === names.word(ours, name)) ? ALL : 0n),
    reason: 'A guest that reaches, by a translation that is allowed, where nothing is: QEMU 7.2 has a guest-page fault, the manual an access fault (3.6.1; 8.6.3 tells the instruction).',
  },
  { words: /^medeleg$/, bits: 1n << 11n, reason: 'QEMU 7.2 can delegate calls from M, a bit that is always zero (3.1.8).' },
  { words: /^[msh]envcfg$/, bits: 0xf0n, reason: 'QEMU 7.2 has the fields of Zicbom and Zicboz without these extensions, and any value in them (3.1.18).' },
  { words: /^[mh]envcfg$/, bits: 1n << 62n, reason: 'QEMU 7.2 has PBMTE without Svpbmt (3.1.18).' },
  { words: /^[mh]envcfg$/, bits: 1n << 61n, reason: 'QEMU 7.2 has no ADUE: it always updates A and D by hardware (Svadu).' },
  { words: /^[mh]envcfg$/, bits: 1n << 63n, without: 'sstc', reason: 'QEMU 7.2 has STCE without Sstc.' },
  { words: /^(mideleg|mie|mip|hie|hip)$/, bits: 1n << 12n, reason: 'QEMU 7.2 has SGEI without guest external interrupts (GEILEN = 0: 8.4.2, hardwired to zero).' },
  { words: /^hgatp$/, bits: (3n << 58n) | 3n, reason: 'QEMU 7.2 keeps bits 59:58, and the low bits of the root of 16 KiB, which are always zero (8.2.10).' },
  { words: /^vsstatus$/, bits: ALL & ~0x3_000c_6122n, reason: 'QEMU 7.2 keeps what is written, also where vsstatus has no field (8.2.11).' },
  {
    words: /^mstatus$/,
    bits: (_theirs, ours, { names }) => (ours.kind === 'trap' && bit(names.word(ours, 'mstatus'), 39) && MEMORY_FAULTS.has(names.word(ours, 'mcause')) && names.word(ours, 'mtval') !== 0n ? 0n : 1n << 38n),
    reason: 'QEMU 7.2 sets GVA for every trap value that is not 0, and never clears it; it says whether the value is a guest’s virtual address, which may be 0 (8.4.1).',
  },
  {
    words: /^hstatus$/,
    bits: (_theirs, ours, { names }) => (ours.kind === 'trap' && fromHarness(ours, names) && MEMORY_FAULTS.has(names.word(ours, 'scause')) && names.word(ours, 'stval') !== 0n ? 0n : 1n << 6n),
    reason: 'The same of hstatus.GVA (8.2.1).',
  },
  { words: /^hstatus$/, bits: ALL & ~0x70_03c0n, reason: 'QEMU 7.2 keeps what is written, also where hstatus has no field; VSXL = 2, VGEIN = 0 (GEILEN = 0) and VSBE = 0 are all there is here (8.2.1).' },
  {
    words: /^mcause$/,
    bits: (theirs, ours, { names }) => {
      const [a, b, mstatus, word] = [names.word(theirs, 'mcause'), names.word(ours, 'mcause'), names.word(ours, 'mstatus'), names.word(ours, 'instruction')];
      const fromVu = bit(mstatus, 39) && (mstatus & (3n << 11n)) === 0n;
      // The last of too many traps has no instruction in its record.
      const returnOrFence = [0x102n, 0x105n].includes(word >> 20n) || word >> 25n === 9n;
      const ofSupervisor = word === 0n || ((word & 0x707fn) === 0x73n ? returnOrFence : ((word >> 28n) & 3n) === 1n);
      return a === ILLEGAL && b === VIRTUAL && fromVu && ofSupervisor ? 0x14n : 0n;
    },
    reason: 'What is of S, from VU mode: a virtual-instruction exception (8.6.1), which QEMU 7.2 has only for what is of HS.',
  },
  { words: /^vsip$/, bits: 0x220n, reason: 'QEMU 7.2 shows only VSSIP in vsip, where all that hideleg names is seen (8.2.13).' },
  { words: /^sip$/, bits: (_theirs, ours, { names }) => (bit(names.word(ours, 'mstatus'), 39) ? 0x220n : 0n), reason: 'The same of sip in VS.' },
  {
    words: /^((m|s|vs)cause|mepc)$/,
    bits: (theirs, ours, { names }) => {
      const some = CAUSES.some((name) => isInterrupt(names.word(theirs, name)) && isInterrupt(names.word(ours, name)) && names.word(theirs, name) !== names.word(ours, name));
      return some ? 0x3fn | (fromHarness(ours, names) ? 0xfcn : 0n) : 0n;
    },
    reason: 'Of several pending interrupts QEMU 7.2 takes the one with the lowest number, where the manual has an order (3.1.9, 8.4.3). With it goes the place in a vectored handler.',
  },
  {
    words: /^((m|s)cause|instruction)$/, bits: (theirs, ours, { names }) => (walkAsLoad(theirs, ours, names) ? ALL : 0n),
    reason: 'QEMU 7.2 reports every fault of the G stage on a page table as that of a load; it is that of the original access (8.5.3). After a fetch that is reported so the programs go on differently.',
  },
  ...(['mtinst', 'htinst'] as const).map((name): Deviation => ({
    words: new RegExp(`^${name}$`),
    bits: (theirs, ours, { names }) => (names.word(theirs, name) === 0n && !PSEUDO_INSTRUCTIONS.has(names.word(ours, name)) ? ALL : 0n),
    reason: 'Zero is allowed where the instruction is told (8.6.3), and is what QEMU 7.2 has for lr and floating-point accesses; the pseudo-instructions of walks are not optional.',
  })),
  {
    words: /^htinst$/, bits: (_theirs, ours, { names }) => (ours.kind === 'trap' && fromHarness(ours, names) ? 0n : ALL),
    reason: 'QEMU 7.2 drops what is written to htinst (8.2.9): until a trap to HS writes it, it is what an earlier snippet left.',
  },
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
