/**
 * CSR instructions on all numbers, in every mode: random operation and value, returns to other modes, interrupts that software makes
 * pending. What is read goes to a0 and nowhere else, with the number of the register in a7, so that what QEMU may read otherwise
 * (deviations.ts) is known.
 */
import { CSRS } from '../../../workers/isa/csrs.ts';
import { csrNumber } from '../../../workers/isa/csrs.ts';
import { instructionByName } from '../../../workers/isa/instructions/index.ts';
import type { Random } from '../../differential/random.ts';
import { item, type Item, type Unit } from '../snippet.ts';
import { interesting } from '../values.ts';
import { delegation } from './integer.ts';
import { MODES, type Context, type Kind } from './kind.ts';

const op = (name: string, operands: Record<string, number | bigint> = {}): Item => item(instructionByName(name)!, operands);

const A0 = 10, A1 = 11, A7 = 17;
/** Registers with values that some CSRs may be given, and what the harness needs back in others. */
const VALUES = [12, 13, 14, 15, 16, 18, 19, 20] as const;
const R = { pmpcfg0: 5, counteren: 6, pmpcfg2: 8, tvec: 21, satp: [22, 23], mprv: 9, statusToClear: 24, status: [25, 26], statusToSet: 27, neverDelegated: 28, stvec: 29, mscratch: 30, mtvec: 31 } as const;

/** Faults on fetches, and calls from S: that is how the harness hears of what is delegated. */
const NEVER_DELEGATED = 0x101203n;
const EACH_BYTE = 0x0101_0101_0101_0101n;
const MPP = 3n << 11n, UXL = 3n << 32n, VS = 3n << 9n, GVA_AND_MPV = 3n << 38n, MPRV = 1n << 17n;

function registers(random: Random, { features, kept }: Context): bigint[] {
  // Never 0: QEMU 7.2 looks at the value where the manual looks at the register's number to say whether a CSR is written (unprivileged, 6.1).
  const x = Array.from({ length: 31 }, () => interesting(random) || 1n);
  const set = (register: number, value: bigint): void => { x[register - 1] = value; };
  const pmpcfg = (): bigint => random.double() & ~(EACH_BYTE * 0xe0n);
  set(R.pmpcfg0, pmpcfg());
  // The last entry gives S and U memory: QEMU 7.2 lets them have it when no entry is on.
  set(R.pmpcfg2, (pmpcfg() & ((1n << 56n) - 1n)) | (0x1fn << 56n));
  set(R.counteren, random.double() & 7n);
  set(R.tvec, interesting(random) & ~2n);
  for (const register of R.satp) set(register, (BigInt(random.pick(features.sv48 ? [0, 0, 1, 3, 8, 9, 11, 15] : [0, 0, 1, 3, 8])) << 60n) | (random.double() & ((1n << 60n) - 1n)));
  // What QEMU 7.2 would keep and is no state here: MPP = 2, UXL other than 2, VS without V, MPV without H. No combination of these makes it.
  const nothing = MPP | UXL | VS | (features.hypervisor ? 0n : GVA_AND_MPV);
  const status = (): bigint => random.double() & ~nothing;
  set(R.statusToClear, status() | (random.oneIn(2) ? MPP : 0n));
  for (const register of R.status) set(register, status() | (2n << 32n) | (random.oneIn(2) ? MPP : 0n));
  set(R.statusToSet, status() | (2n << 32n) | (1n << 11n));
  set(R.mprv, MPRV);
  set(R.neverDelegated, NEVER_DELEGATED);
  set(R.stvec, kept.stvec);
  set(R.mscratch, kept.mscratch);
  set(R.mtvec, kept.mtvec);
  return x;
}

const counts = (number: number): boolean => (number >= 0xb00 && number < 0xb20) || (number >= 0xc00 && number < 0xc20) || (number >= 0x320 && number < 0x340);
const NAMES = new Map(CSRS.map(({ name, number }) => [number, name]));

const access = (how: string, rd: number, csr: number, rs1: number): Item => op(how, { rd, csr, rs1 });
const named = (name: string): number => csrNumber(name);

/** One access to a CSR, with what it needs so that the harness goes on. */
function csrUnit(random: Random, csr: number): Unit {
  // a0 is 0 when the access traps.
  const tag = [op('addi', { rd: A0, rs1: 0, imm: 0 }), op('addi', { rd: A7, rs1: 0, imm: BigInt.asIntN(12, BigInt(csr)) })];
  const told = random.oneIn(2) ? [op('c.ebreak')] : [];
  const how = random.pick(['csrrw', 'csrrs', 'csrrc']);
  const value = random.oneIn(8) ? 0 : random.pick(VALUES);
  const again = access('csrrs', A0, csr, 0);
  switch (NAMES.get(csr)) {
    // What they read has to do with time: only whether they may be accessed.
    case 'mtvec': return [...tag, access(how, A0, csr, R.tvec), access('csrrw', A0, csr, R.mtvec), ...told];
    case 'stvec': case 'vstvec': return [...tag, access(how, A0, csr, R.tvec), access('csrrw', A0, csr, R.stvec), ...told];
    case 'mscratch': return [...tag, access(how, A0, csr, value), access('csrrw', A0, csr, R.mscratch), ...told];
    case 'medeleg': return [...tag, access(how, A0, csr, value), access('csrrc', A0, csr, R.neverDelegated), ...told];
    case 'satp': case 'vsatp': return [...tag, access(how, A0, csr, random.pick(R.satp)), ...told];
    // MPRV is not left on: QEMU 7.2 keeps it when mret leaves M (the manual, 3.1.6.3, clears it), and then the harness would have it.
    case 'mstatus': case 'vsstatus': case 'sstatus': return [...tag, access(how, A0, csr, how === 'csrrc' ? R.statusToClear : random.pick([...R.status, R.statusToSet])), access('csrrc', 0, named('mstatus'), R.mprv), ...told];
    // The bits of counters that are always zero here may be zero or not (3.1.11).
    case 'mcounteren': case 'scounteren': case 'hcounteren': return [...tag, access(how, A0, csr, R.counteren), ...told];
    case 'pmpcfg0': return [...tag, access(random.pick(['csrrw', 'csrrs', 'csrrc']), A0, csr, R.pmpcfg0), ...told];
    case 'pmpcfg2': return [...tag, access(random.pick(['csrrw', 'csrrs']), A0, csr, R.pmpcfg2), ...told];
    case 'pmpaddr15': return [...tag, access('csrrs', A0, csr, value), ...told];
    default: {
      if (counts(csr)) return [access(how, 0, csr, random.oneIn(2) ? 0 : value)];
      if (random.oneIn(6)) return [...tag, op(`${how}i`, { rd: random.oneIn(4) ? 0 : A0, csr, zimm: random.below(32) }), ...told];
      return [...tag, access(how, random.oneIn(4) ? 0 : A0, csr, value), ...(random.oneIn(4) ? [again] : []), ...told];
    }
  }
}

/** Goes on after itself in another mode, if this one may. */
function returnUnit(random: Random): Unit {
  const [epc, back] = random.oneIn(2) ? ['mepc', 'mret'] : ['sepc', 'sret'];
  return [op('auipc', { rd: A1, imm: 0 }), op('addi', { rd: A1, rs1: A1, imm: 16 }), access('csrrw', 0, named(epc), A1), op(back)];
}

const EXISTING = CSRS.map(({ number }) => number);
const STATUS = ['mstatus', 'sstatus', 'mie', 'mip', 'sie', 'sip', 'mideleg', 'medeleg', 'mcounteren', 'scounteren'].map(named);

function unit(random: Random): Unit {
  const choice = random.below(20);
  if (choice < 9) return csrUnit(random, random.pick(EXISTING));
  if (choice < 14) return csrUnit(random, random.pick(STATUS));
  if (choice < 16) return csrUnit(random, random.below(4096));
  if (choice < 18) return returnUnit(random);
  if (choice < 19) return [op('sfence.vma', { rs1: random.pick([0, 12]), rs2: random.pick([0, 13]) })];
  return [op(random.pick(['ecall', 'ebreak', 'mret', 'sret']))].filter(({ word }) => word !== RETURNS.mret && word !== RETURNS.sret);
}

const RETURNS = { mret: op('mret').word, sret: op('sret').word };

export const CSR: Kind = {
  name: 'csr',
  possible: () => true,
  snippet: (random, context) => ({
    setup: [
      ...(random.oneIn(2) ? [{ csr: named('medeleg'), value: delegation(random) }] : []),
      ...(random.oneIn(2) ? [{ csr: named('mideleg'), value: random.double() }] : []),
      ...(random.oneIn(2) ? [{ csr: named('mcounteren'), value: random.double() & 7n }] : []),
    ],
    pokes: [],
    body: Array.from({ length: 3 + random.below(16) }, () => unit(random)),
    mstatus: random.pick([MODES.m, MODES.m, MODES.s, MODES.u]) | (random.oneIn(3) ? random.double() & 0x7c_01aan : 0n),
    x: registers(random, context), f: [], fcsr: 0n, entry: undefined, bodyAt: undefined, readsCsrs: true,
  }),
};
