/** What the machines under test have: from our own tables, so that the fuzzer grows with the machine; QEMU is told to have the same. */
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { csrByName, csrByNumber } from '../../workers/isa/csrs.ts';
import { INSTRUCTIONS } from '../../workers/isa/instructions/index.ts';
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
  '!mtval2', '!mtinst', '!hstatus', 'hedeleg', 'hideleg', 'hie', 'hcounteren', 'hgeie', '!htval', 'hip', 'hvip', '!htinst', '=hgeip', 'henvcfg', 'hgatp',
  '!vsstatus', 'vsie', '=vstvec', 'vsscratch', '!vsepc', '!vscause', '!vstval', 'vsip', 'vsatp',
];

const ENVIRONMENT = (1n << 63n) | (1n << 61n);

const RESET: Readonly<Record<string, bigint>> = {
  mstatus: 2n << 32n,
  ...PMP_OPEN,
  // Sstc: a comparison that is never true.
  stimecmp: (1n << 64n) - 1n,
  // STCE and ADUE: QEMU 7.2 always has hardware A and D.
  ...(csrByName('stimecmp') ? { menvcfg: ENVIRONMENT, henvcfg: ENVIRONMENT } : {}),
};

const misa = (): bigint => {
  const storage = csrByName('misa')?.storage;
  if (storage?.kind === 'constant') return storage.value;
  return 0n;
};

/** Whether satp takes a mode. */
function modeKept(mode: bigint): boolean {
  const { hart } = new Machine({ ramBytes: 1 << 20, createEngine: createReferenceEngine, start: 'm' });
  hart.writeCsr('satp', mode << 60n);
  return hart.readCsr('satp') >> 60n === mode;
}

export const csrIsCalled = ({ reset }: FuzzCsr): boolean => reset !== undefined;

/** What our machine has now. */
export function features({ misaValue = misa() }: { readonly misaValue?: bigint } = {}): Features {
  const has = (letter: string): boolean => ((misaValue >> BigInt(letter.charCodeAt(0) - 65)) & 1n) === 1n;
  const instruction = (name: string): boolean => INSTRUCTIONS.some((row) => row.name === name);
  const csrs = NAMES.flatMap((flagged): FuzzCsr[] => {
    const name = flagged.replace(/[!=]/g, '');
    const row = csrByName(name);
    if (!row) return [];
    return [{ name, number: row.number, reset: flagged.includes('=') ? undefined : RESET[name] ?? 0n, inTraps: flagged.includes('!') }];
  });
  return {
    float: has('D') && instruction('fadd.d'),
    hypervisor: csrByNumber(0x600) !== undefined && instruction('hfence.gvma'),
    sv48: modeKept(9n),
    sstc: csrByName('stimecmp') !== undefined,
    svadu: csrByName('menvcfg')?.fields.some(({ name }) => name === 'ADUE') ?? false,
    svnapot: false,
    csrs,
  };
}
