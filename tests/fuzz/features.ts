/** What the machines under test have: from our own tables, so that the fuzzer grows with the machine; QEMU is told to have the same. */
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { csrByName, type CsrRow } from '../../workers/isa/csrs.ts';
import { instructionByName } from '../../workers/isa/instructions/index.ts';
import { Machine } from '../../workers/machine/machine.ts';

export interface FuzzCsr {
  readonly name: string;
  readonly number: number;
  /** What it is before each snippet; undefined where the harness keeps it (mtvec, mscratch) or nobody can write it. */
  readonly reset: bigint | undefined;
  /** Logged at each trap, not only at the end of a snippet. */
  readonly inTraps: boolean;
}

export interface Features {
  readonly float: boolean;
  readonly hypervisor: boolean;
  readonly sv48: boolean;
  readonly sstc: boolean;
  readonly svadu: boolean;
  readonly svnapot: boolean;
  readonly csrs: readonly FuzzCsr[];
}

/** All of memory for S and U mode, by the last entry: without a match they have no access (privileged manual, 3.7.1). */
export const PMP_OPEN = { pmpcfg2: 0x1fn << 56n, pmpaddr15: (1n << 54n) - 1n } as const;

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** CSRs in the order in which they are reset; the first letter says more: `!` logged at each trap, `=` never written. */
const NAMES: readonly string[] = [
  '!mstatus', '=misa', 'medeleg', 'mideleg', 'mie', '=mtvec', 'mcounteren', 'menvcfg', '=mscratch', '!mepc', '!mcause', '!mtval', 'mip',
  ...range(0, 14).map((n) => `pmpaddr${String(n)}`), 'pmpaddr15', 'pmpcfg0', 'pmpcfg2',
  'mcountinhibit', '=mvendorid', '=mhartid', '=mconfigptr',
  'sie', '=stvec', 'scounteren', 'senvcfg', 'sscratch', '!sepc', '!scause', '!stval', '=sip', 'satp', '!=sstatus',
  'stimecmp', 'fcsr',
  '!mtval2', '!mtinst', '!hstatus', 'hedeleg', 'hideleg', 'hie', 'hcounteren', 'hgeie', '!htval', 'hip', 'hvip', '!htinst', '=hgeip', 'henvcfg', 'hgatp', 'htimedelta', 'vstimecmp',
  '!vsstatus', 'vsie', '=vstvec', 'vsscratch', '!vsepc', '!vscause', '!vstval', 'vsip', 'vsatp',
];

const ENVIRONMENT = (1n << 63n) | (1n << 61n);

const RESET: Readonly<Record<string, bigint>> = {
  // UXL = 64 bits, and FS on: the registers of the floating-point unit are reset, too.
  mstatus: (2n << 32n) | (3n << 13n),
  // Not 0: QEMU 7.2 takes an empty range that ends at 0 for all of memory.
  ...Object.fromEntries(range(0, 14).map((n) => [`pmpaddr${String(n)}`, 4n])),
  ...PMP_OPEN,
  // Sstc: a comparison that is never true.
  stimecmp: (1n << 64n) - 1n,
  vstimecmp: (1n << 64n) - 1n,
  // STCE and ADUE: QEMU 7.2 always has hardware A and D.
  ...(csrByName('stimecmp') ? { menvcfg: ENVIRONMENT, henvcfg: ENVIRONMENT } : {}),
};

export const isOfHypervisor = ({ requires }: CsrRow): boolean => requires === 'H';

export const csrIsCalled = ({ reset }: FuzzCsr): boolean => reset !== undefined;

/** What our machine has now: what it says itself, and what its registers keep. */
export function features(): Features {
  const { hart } = new Machine({ ramBytes: 1 << 20, createEngine: createReferenceEngine, start: 'm' });
  const keeps = (name: string, bits: bigint): boolean => {
    hart.writeCsr(name, bits);
    return hart.readCsr(name) === bits;
  };
  const misa = hart.readCsr('misa');
  const has = (letter: string): boolean => ((misa >> BigInt(letter.charCodeAt(0) - 65)) & 1n) === 1n;
  const hypervisor = has('H');
  const float = has('D') && instructionByName('fadd.d') !== undefined;
  const csrs = NAMES.flatMap((flagged): FuzzCsr[] => {
    const name = flagged.replace(/[!=]/g, '');
    const row = csrByName(name);
    if (!row || (isOfHypervisor(row) && !hypervisor) || (row.group === 'float' && !float)) return [];
    return [{ name, number: row.number, reset: flagged.includes('=') ? undefined : RESET[name] ?? 0n, inTraps: flagged.includes('!') }];
  });
  return {
    float, hypervisor, csrs,
    sv48: keeps('satp', 9n << 60n),
    sstc: csrByName('stimecmp') !== undefined,
    svadu: keeps('menvcfg', 1n << 61n),
    svnapot: has('H') || keeps('menvcfg', 1n << 61n),
  };
}
