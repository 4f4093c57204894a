/**
 * CSR instructions on all numbers, in every mode: random operation and value, returns to other modes, interrupts that software makes
 * pending. What is read goes to a0 and nowhere else, with the number of the register in a7, so that what QEMU may read otherwise
 * (deviations.ts) is known.
 */
import { csrByName, csrNumber, CSRS } from '../../../workers/isa/csrs.ts';
import { instructionByName } from '../../../workers/isa/instructions/index.ts';
import type { Random } from '../../differential/random.ts';
import { item, type Item, type Unit } from '../snippet.ts';
import { interesting } from '../values.ts';
import { delegation } from './integer.ts';
import { MODES, type Context, type Kind } from './kind.ts';

const op = (name: string, operands: Record<string, number | bigint> = {}): Item => item(instructionByName(name)!, operands);

const A0 = 10, A1 = 11, A7 = 17;
/** Registers with values that some CSRs may be given, and what the harness needs back in others. */
const VALUES = [12, 13, 14] as const;
const R = { pmpaddr: 15, pmpcfg0: 5, counteren: 6, pmpcfg2: 8, environment: 1, environmentToClear: 2, compare: [3, 4], tvec: 21, satp: 22, guestStatus: 23, mprv: 9, pending: 16, injected: 18, enabled: 19, guestTables: 20, hstatus: 7, statusToClear: 24, status: 25, statusToSet: [26, 27], neverDelegated: 28, stvec: 29, mscratch: 30, mtvec: 31 } as const;

/** Faults on fetches, and calls from S: that is how the harness hears of what is delegated. Illegal and virtual instructions: QEMU 7.2 takes some for the others. */
const NEVER_DELEGATED = 0x501607n;
const EACH_BYTE = 0x0101_0101_0101_0101n;
const MPP = 3n << 11n, UXL = 3n << 32n, VS = 3n << 9n, GVA_AND_MPV = 3n << 38n, MPV = 1n << 39n, MPRV = 1n << 17n, TVM = 1n << 20n, TSR = 1n << 22n, SPV = 1n << 7n;

/** `virtual`: V may be 1. Then TVM and TSR are 0: in QEMU 7.2 they are for VS, too, where only hstatus has a say (8.2.1). */
function registers(random: Random, { features, kept }: Context, virtual: boolean): bigint[] {
  // Never 0: QEMU 7.2 looks at the value where the manual looks at the register's number to say whether a CSR is written (unprivileged, 6.1).
  const x = Array.from({ length: 31 }, () => interesting(random) || 1n);
  const set = (register: number, value: bigint): void => { x[register - 1] = value; };
  // Nothing is locked, and nothing is written that cannot be read: a reserved combination, which may become anything.
  const pmpcfg = (): bigint => {
    const any = random.double() & ~(EACH_BYTE * 0xe0n);
    return any | ((any & (EACH_BYTE * 2n)) >> 1n);
  };
  set(R.pmpcfg0, pmpcfg());
  // QEMU 7.2 would have the bits above, and takes an empty range that ends at 0 for all of memory.
  set(R.pmpaddr, (interesting(random) & ((1n << 54n) - 1n)) || 1n);
  // The last entry gives S and U memory: QEMU 7.2 lets them have it when no entry is on.
  set(R.pmpcfg2, (pmpcfg() & ((1n << 56n) - 1n)) | (0x1fn << 56n));
  set(R.counteren, random.double() & 7n);
  // STCE and ADUE stay as they are, and a comparison with the time is true or false for ever: QEMU's time is another.
  const constant = (1n << 63n) | (1n << 61n);
  set(R.environment, random.double() | constant);
  set(R.environmentToClear, random.double() & ~constant);
  set(R.compare[0], 1n);
  set(R.compare[1], (1n << 64n) - 1n);
  // QEMU 7.2 lets mip be written where hvip is meant (VSEIP, VSTIP), drops VSTIP with Sstc, and has LCOFI and SGEI.
  set(R.pending, interesting(random) & ~0x3440n);
  set(R.injected, interesting(random) & ~0x40n);
  set(R.enabled, interesting(random) & ~0x3000n);
  // QEMU 7.2 keeps any mode in vsatp and hgatp.
  set(R.guestTables, (BigInt(random.pick([0, 8, 9])) << 60n) | (random.double() & ((1n << 60n) - 1n)));
  set(R.tvec, interesting(random) & ~2n);
  set(R.satp, (BigInt(random.pick(features.sv48 ? [0, 0, 1, 3, 8, 9, 11, 15] : [0, 0, 1, 3, 8])) << 60n) | (random.double() & ((1n << 60n) - 1n)));
  // What QEMU 7.2 would keep and is no state here: MPP = 2, UXL other than 2, VS without V, MPV without H, or with MPP = M. No combination of these makes it.
  const nothing = MPP | UXL | VS | (virtual ? TVM | TSR : GVA_AND_MPV);
  const status = (): bigint => random.double() & ~nothing;
  set(R.statusToClear, status() | (random.oneIn(2) ? MPP : 0n));
  const written = status() | (2n << 32n);
  set(R.status, random.pick([written, written | (1n << 11n), (written | MPP) & ~MPV]));
  set(R.statusToSet[0], (status() & ~MPV) | (2n << 32n) | (random.oneIn(2) && !virtual ? MPP : 0n));
  set(R.statusToSet[1], (status() & ~MPV) | (2n << 32n) | (1n << 11n));
  set(R.guestStatus, (random.double() & 0xc_6122n) | (2n << 32n));
  set(R.mprv, MPRV);
  set(R.hstatus, interesting(random) & ~(virtual ? 0n : SPV));
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

function statusFor(random: Random, how: string): number {
  if (how === 'csrrc') return R.statusToClear;
  return how === 'csrrs' ? random.pick(R.statusToSet) : random.pick([R.status, ...R.statusToSet]);
}

const HGATP = 0x680;

/** One access to a CSR, with what it needs so that the harness goes on. */
function csrUnit(random: Random, csr: number, virtual: boolean): Unit {
  // TVM, which then may be 1, is for hgatp, too (8.2.10), but not in QEMU 7.2.
  if (csr === HGATP && !virtual) return [];
  // a0 is 0 when the access traps.
  const tag = [op('addi', { rd: A0, rs1: 0, imm: 0 }), op('addi', { rd: A7, rs1: 0, imm: BigInt.asIntN(12, BigInt(csr)) })];
  // An illegal instruction whose trap value is 0 everywhere.
  const told = random.oneIn(2) ? [{ word: 0, length: 2 } as const] : [];
  const how = random.pick(['csrrw', 'csrrs', 'csrrc']);
  const value = random.oneIn(8) ? 0 : random.pick(VALUES);
  const again = access('csrrs', A0, csr, 0);
  switch (NAMES.get(csr)) {
    // What they read has to do with time: only whether they may be accessed.
    case 'mtvec': return [...tag, access(how, A0, csr, R.tvec), access('csrrw', A0, csr, R.mtvec), ...told];
    case 'stvec': case 'vstvec': return [...tag, access(how, A0, csr, R.tvec), access('csrrw', A0, csr, R.stvec), ...told];
    case 'mscratch': return [...tag, access(how, A0, csr, value), access('csrrw', A0, csr, R.mscratch), ...told];
    case 'medeleg': case 'hedeleg': return [...tag, access(how, A0, csr, value), access('csrrc', A0, csr, R.neverDelegated), ...told];
    case 'vsatp': case 'hgatp': return [...tag, access(random.pick(['csrrw', 'csrrs']), A0, csr, R.guestTables), ...told];
    case 'satp': return [...tag, access(how, A0, csr, R.satp), ...told];
    case 'mip': return [...tag, access(random.pick(['csrrs', 'csrrc']), A0, csr, R.pending), ...told];
    case 'hip': return [...tag, access(how, A0, csr, R.pending), ...told];
    // What is written to vsie and vsip QEMU 7.2 does not shift (8.2.13): bit 2 where bit 1 is meant. In VS sie and sip are these.
    case 'vsie': case 'vsip': return [...tag, access('csrrs', A0, csr, 0), ...told];
    case 'sip': return [...tag, virtual ? access('csrrs', A0, csr, 0) : access(how, A0, csr, R.pending), ...told];
    case 'hvip': return [...tag, access(how, A0, csr, R.injected), ...told];
    case 'mie': case 'hie': return [...tag, access(how, A0, csr, R.enabled), ...told];
    case 'sie': return [...tag, virtual ? access('csrrs', A0, csr, 0) : access(how, A0, csr, R.enabled), ...told];
    // QEMU 7.2 drops what is written.
    case 'htinst': return [...tag, access('csrrs', A0, csr, 0), ...told];
    case 'hstatus': return [...tag, access(how, A0, csr, R.hstatus), ...told];
    // QEMU 7.2 keeps every bit in vsstatus, and has them in mstatus while V = 1.
    case 'vsstatus': return [...tag, access(random.pick(['csrrw', 'csrrs']), A0, csr, R.guestStatus), ...told];
    case 'sstatus': return [...tag, access(how, A0, csr, statusFor(random, how)), ...told];
    // MPRV is not left on: QEMU 7.2 keeps it when mret leaves M (the manual, 3.1.6.3, clears it), and then the harness would have it.
    case 'mstatus': return [...tag, access(how, A0, csr, statusFor(random, how)), access('csrrc', 0, named('mstatus'), R.mprv), ...told];
    // The bits of counters that are always zero here may be zero or not (3.1.11).
    case 'mcounteren': case 'scounteren': case 'hcounteren': return [...tag, access(how, A0, csr, R.counteren), ...told];
    case 'menvcfg': case 'henvcfg': return [...tag, access(how, A0, csr, how === 'csrrc' ? R.environmentToClear : R.environment), ...told];
    case 'stimecmp': case 'vstimecmp': return [...tag, access('csrrw', A0, csr, random.pick(R.compare)), ...told];
    case 'htimedelta': return [...tag, op('csrrwi', { rd: A0, csr, zimm: random.below(32) }), ...told];
    case 'pmpcfg0': return [...tag, access(random.pick(['csrrw', 'csrrs']), A0, csr, R.pmpcfg0), ...told];
    case 'pmpcfg2': return [...tag, access(random.pick(['csrrw', 'csrrs']), A0, csr, R.pmpcfg2), ...told];
    case 'pmpaddr15': return [...tag, access('csrrs', A0, csr, 0), ...told];
    default: {
      if (NAMES.get(csr)?.startsWith('pmpaddr')) return [...tag, access(random.pick(['csrrw', 'csrrs']), A0, csr, R.pmpaddr), ...told];
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

/** Not the triggers: QEMU has some. */
const isTrigger = (number: number): boolean => number >= 0x7a0 && number < 0x7b0;
const EXISTING = CSRS.map(({ number }) => number).filter((number) => !isTrigger(number));
const STATUS = ['mstatus', 'sstatus', 'mie', 'mip', 'sie', 'sip', 'mideleg', 'medeleg', 'mcounteren', 'scounteren', 'hstatus', 'hedeleg', 'hideleg', 'hvip', 'hie', 'hip', 'vsstatus', 'vsie', 'vsip'].flatMap((name) => csrByName(name)?.number ?? []);

function anyNumber(random: Random): number {
  const number = random.below(4096);
  return isTrigger(number) ? 0 : number;
}

function unit(random: Random, virtual: boolean): Unit {
  const choice = random.below(20);
  if (choice < 9) return csrUnit(random, random.pick(EXISTING), virtual);
  if (choice < 14) return csrUnit(random, random.pick(STATUS), virtual);
  if (choice < 16) return csrUnit(random, anyNumber(random), virtual);
  if (choice < 18) return returnUnit(random);
  if (choice < 19) return [op('sfence.vma', { rs1: random.pick([0, 12]), rs2: random.pick([0, 13]) })];
  return [op(random.pick(['ecall', 'mret', 'sret']))].filter(({ word }) => word !== RETURNS.mret && word !== RETURNS.sret);
}

const RETURNS = { mret: op('mret').word, sret: op('sret').word };

export const CSR: Kind = {
  name: 'csr',
  possible: () => true,
  snippet: (random, context) => {
    const virtual = context.features.hypervisor && random.oneIn(2);
    const mode = random.pick(virtual ? [MODES.m, MODES.s, MODES.vs, MODES.vs, MODES.vu] : [MODES.m, MODES.m, MODES.s, MODES.u]);
    return {
      setup: [
        ...(random.oneIn(2) ? [{ csr: named('medeleg'), value: delegation(random) & ~NEVER_DELEGATED }] : []),
        ...(random.oneIn(2) ? [{ csr: named('mideleg'), value: random.double() }] : []),
        ...(random.oneIn(2) ? [{ csr: named('mcounteren'), value: random.double() & 7n }] : []),
      ],
      pokes: [],
      body: Array.from({ length: 3 + random.below(16) }, () => unit(random, virtual)),
      mstatus: mode | (random.oneIn(3) ? random.double() & (virtual ? 0x2c_01aan : 0x7c_01aan) : 0n),
      x: registers(random, context, virtual), f: [], fcsr: 0n, entry: undefined, bodyAt: undefined, readsCsrs: true,
    };
  },
};
