/**
 * The virtual CSRs: what the guest's software believes to be the registers of its hart. They are plain numbers in the VMM's memory; no
 * hardware looks at them. What a write may change is what the real hart would let it change (WARL), by the same table. A guest whose kernel
 * begins in S finds those of S mode, and the others are as firmware leaves them; one that begins in M finds them all, as after reset.
 */
import {
  CSRS, DELEGABLE_OF_GUEST, ENVCFG, GUEST_INTERRUPTS, MISA, MISA_H, MSTATUS_FIXED, SSTATUS_READABLE, SUPERVISOR_INTERRUPTS, type CsrRow,
} from '../../isa/csrs.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import { OPEN_COUNTERS } from '../../machine/firmware/sbi.ts';
import type { StepLog } from '../step-log.ts';
import { legalConfig, mayWriteAddress, PMP_ADDRESSES, PMP_CONFIGS, ProtectedRegions } from './protected-regions.ts';

export const SUPERVISOR_CSRS = ['sstatus', 'sie', 'stvec', 'scounteren', 'senvcfg', 'sscratch', 'sepc', 'scause', 'stval', 'sip', 'stimecmp', 'satp'] as const;
export const MACHINE_CSRS = [
  'mstatus', 'misa', 'medeleg', 'mideleg', 'mie', 'mtvec', 'mcounteren', 'menvcfg', 'mcountinhibit', 'mscratch', 'mepc', 'mcause', 'mtval', 'mip', 'mhartid',
  ...PMP_CONFIGS, ...PMP_ADDRESSES,
] as const;
export const VIRTUAL_CSRS = [...SUPERVISOR_CSRS, ...MACHINE_CSRS] as const;
export type VirtualCsr = (typeof VIRTUAL_CSRS)[number];

/** Registers that show a part of another one. */
const VIEWS = { sstatus: 'mstatus', sie: 'mie', sip: 'mip' } as const;
type View = keyof typeof VIEWS;
/** Where a value is kept: the registers that are no views, and what mip is put together of. */
type Stored = Exclude<VirtualCsr, View> | 'softwareInterrupts' | 'interruptLines';
const STORED: readonly Stored[] = [...VIRTUAL_CSRS.filter((name): name is Exclude<VirtualCsr, View> => !Object.hasOwn(VIEWS, name)), 'softwareInterrupts', 'interruptLines'];

/** Bits of sstatus (privileged manual, "Supervisor Status Register"). */
export const SSTATUS = { SIE: 1n << 1n, SPIE: 1n << 5n, SPP: 1n << 8n, FS: 3n << 13n, SUM: 1n << 18n, MXR: 1n << 19n, SD: 1n << 63n } as const;

/** The firmware of a real machine leaves the timer off (Sstc). */
const NEVER = (1n << 64n) - 1n;

export const SATP_BARE = 0n;
export const SATP_SV39 = 8n;
export const SATP_SV48 = 9n;

/** Bits of mstatus in its low half; those of S are where sstatus has them. */
export const STATUS_LOW = {
  SIE: 1 << 1, MIE: 1 << 3, SPIE: 1 << 5, MPIE: 1 << 7, SPP: 1 << 8, MPP: 3 << 11, FS: 3 << 13, MPRV: 1 << 17, SUM: 1 << 18, MXR: 1 << 19, TVM: 1 << 20, TW: 1 << 21, TSR: 1 << 22,
} as const;
const MPP_RESERVED = 2 << 11;

export type SavedCsrs = Readonly<Record<string, bigint>>;

const ROWS = CSRS.filter(({ name }) => isVirtualCsr(name));
const ROW_OF: ReadonlyMap<string, CsrRow> = new Map(ROWS.map((row) => [row.name, row]));

export function isVirtualCsr(name: string): name is VirtualCsr {
  return (VIRTUAL_CSRS as readonly string[]).includes(name);
}

/** Where each stands among the values; a view where what it shows stands. */
const INDEX = Object.fromEntries([
  ...STORED.map((name, index) => [name, index]), ...Object.entries(VIEWS).map(([view, of]) => [view, STORED.indexOf(of)]),
]) as Readonly<Record<VirtualCsr | Stored, number>>;

/** The bits that a CSR instruction may change, in halves, low first. The guest has no hypervisor extension, and so none of its exceptions and interrupts. */
const WRITABLE = Object.fromEntries(ROWS.map(({ name, storage }) => {
  const bits = storage.kind === 'slot' || storage.kind === 'view' ? storage.writable : 0n;
  const own = name === 'medeleg' ? bits & ~DELEGABLE_OF_GUEST : name === 'mie' ? bits & ~GUEST_INTERRUPTS : bits;
  return [name, new Int32Array(BigUint64Array.of(BigInt.asUintN(64, own)).buffer)];
})) as Readonly<Record<VirtualCsr, Int32Array>>;

/** How a register is reached, found once for each instruction that names it: all in words, which cost no bigint. */
export interface VirtualRegister {
  readonly name: VirtualCsr;
  /** Its place among the values, and among their halves. */
  readonly index: number;
  readonly low: number;
  /** What of the value it shows. */
  readonly shownLow: number;
  readonly shownHigh: number;
  /** It shows, and changes, only what is delegated to S. */
  readonly delegated: boolean;
  readonly writableLow: number;
  readonly writableHigh: number;
  /** Every write of it takes a look first, or has to be followed up. */
  readonly special: boolean;
}

const SPECIAL: ReadonlySet<string> = new Set(['satp', 'stvec', 'mtvec', 'senvcfg', 'menvcfg', 'mstatus', 'sip', 'mip', ...PMP_CONFIGS, ...PMP_ADDRESSES]);

const REGISTERS: ReadonlyMap<string, VirtualRegister> = new Map(VIRTUAL_CSRS.map((name) => {
  const [writableLow, writableHigh] = WRITABLE[name];
  const shown = name === 'sstatus' ? SSTATUS_READABLE : name === 'sie' || name === 'sip' ? SUPERVISOR_INTERRUPTS : NEVER;
  return [name, {
    name, index: INDEX[name], low: 2 * INDEX[name], shownLow: Number(BigInt.asIntN(32, shown)), shownHigh: Number(BigInt.asIntN(32, shown >> 32n)),
    delegated: name === 'sie' || name === 'sip', writableLow: writableLow!, writableHigh: writableHigh!, special: SPECIAL.has(name),
  }];
}));

export const virtualRegister = (name: VirtualCsr): VirtualRegister => REGISTERS.get(name)!;

const STATUS_AT = 2 * INDEX.mstatus;
const MIE_LOW = 2 * INDEX.mie;
const MIP_LOW = 2 * INDEX.mip;
const MIDELEG_LOW = 2 * INDEX.mideleg;
const MEDELEG_LOW = 2 * INDEX.medeleg;
const SATP = 2 * INDEX.satp;
/** What mip is put together of. */
const SOFTWARE_LOW = 2 * INDEX.softwareInterrupts;
const LINES_LOW = 2 * INDEX.interruptLines;

/** As the hart is after reset (privileged manual, 3.4); A and D are set by hardware until software says otherwise (menvcfg.ADUE). */
const AFTER_RESET: Readonly<Partial<Record<Stored, bigint>>> = { mstatus: MSTATUS_FIXED, misa: MISA & ~MISA_H, menvcfg: ENVCFG.ADUE };
/** As the firmware leaves it for a kernel in S: everything is the kernel's. */
const AFTER_FIRMWARE: Readonly<Partial<Record<Stored, bigint>>> = {
  ...AFTER_RESET, stimecmp: NEVER, medeleg: NEVER, mideleg: SUPERVISOR_INTERRUPTS, mcounteren: OPEN_COUNTERS,
  menvcfg: ENVCFG.STCE | ENVCFG.ADUE, pmpcfg0: 0x1fn, pmpaddr0: (1n << 54n) - 1n,
};

const SSIP_LOW = 1 << INTERRUPT.ssi;
const STIP_LOW = 1 << INTERRUPT.sti;
const SEIP_LOW = 1 << INTERRUPT.sei;
const SUPERVISOR_LOW = Number(SUPERVISOR_INTERRUPTS);

export class VirtualCsrs {
  readonly regions = new ProtectedRegions();
  readonly #log: StepLog;
  /** The values, and the same in halves: what is asked for at every exit is asked of a half, which costs no bigint. */
  readonly #values = new BigUint64Array(STORED.length);
  readonly #halves = new Int32Array(this.#values.buffer);
  /** A value on its way in, and its halves. */
  readonly #incoming = new BigUint64Array(1);
  readonly #incomingHalves = new Int32Array(this.#incoming.buffer);
  /** The guest's own software runs in M: no firmware of ours is below its kernel. */
  #ownsMachine = false;

  constructor(log: StepLog) {
    this.#log = log;
    this.reset('s');
  }

  get ownsMachine(): boolean {
    return this.#ownsMachine;
  }

  get(name: VirtualCsr): bigint {
    const value = this.#values[INDEX[name]]!;
    switch (name) {
      case 'sstatus': return value & SSTATUS_READABLE;
      case 'sie': case 'sip': return value & this.#values[INDEX.mideleg]! & SUPERVISOR_INTERRUPTS;
      default: return value;
    }
  }

  /** The low 32 bits of mstatus (and so of sstatus), mie, mip, mideleg and medeleg: no bit that the VMM looks at often is above them. */
  get statusLow(): number { return this.#halves[STATUS_AT]!; }
  get enabledLow(): number { return this.#halves[MIE_LOW]!; }
  get pendingLow(): number { return this.#halves[MIP_LOW]!; }
  get delegatedInterrupts(): number { return this.#halves[MIDELEG_LOW]!; }
  get delegatedExceptions(): number { return this.#halves[MEDELEG_LOW]!; }
  /** The high half of menvcfg. */
  get environmentHigh(): number { return this.#halves[2 * INDEX.menvcfg + 1]!; }
  /** satp in halves. */
  get satpLow(): number { return this.#halves[SATP]!; }
  get satpHigh(): number { return this.#halves[SATP + 1]!; }

  /** What a register shows, in halves. */
  low(register: VirtualRegister): number {
    const shown = this.#halves[register.low]! & register.shownLow;
    return register.delegated ? shown & this.#halves[MIDELEG_LOW]! : shown;
  }

  high(register: VirtualRegister): number {
    return this.#halves[register.low + 1]! & register.shownHigh;
  }

  /** What hardware writes by itself, in halves, to a register that is no view. */
  setWords(register: VirtualRegister, low: number, high: number): void {
    if (this.#log.detailed) {
      this.set(register.name, fromWords(low, high));
      return;
    }
    this.#halves[register.low] = low;
    this.#halves[register.low + 1] = high;
  }

  /** What hardware writes by itself: the cause of a trap, a comparison's time. A view changes what it shows. */
  set(name: VirtualCsr, value: bigint): void {
    const index = INDEX[name];
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name, access: 'write', before: this.get(name), after: value });
    if (Object.hasOwn(VIEWS, name)) {
      const shown = name === 'sstatus' ? SSTATUS_READABLE : SUPERVISOR_INTERRUPTS;
      this.#values[index] = (this.#values[index]! & ~shown) | (value & shown);
    } else {
      this.#values[index] = value;
    }
  }

  /** Changes some of the low 32 bits of mstatus, as hardware does; told as of the register that the mode in question knows. */
  setStatusLow(low: number, name: 'sstatus' | 'mstatus' = 'sstatus'): void {
    const before = this.#log.detailed ? this.get(name) : 0n;
    this.#halves[STATUS_AT] = low;
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name, access: 'write', before, after: this.get(name) });
  }

  /** What a CSR instruction reads. */
  read(name: VirtualCsr): bigint {
    const value = this.get(name);
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name, access: 'read', before: value, after: value });
    return value;
  }

  /** What csrrs and csrrc change, in its low half: what was read, but for mip, of whose SEIP software changes its own bit only (3.1.9). */
  baseLow(register: VirtualRegister, read: number): number {
    return register.name === 'mip' ? (read & ~SEIP_LOW) | (this.#halves[SOFTWARE_LOW]! & SEIP_LOW) : read;
  }

  /** What a CSR instruction writes: only legal values arrive in the register. */
  write(name: VirtualCsr, value: bigint): void {
    this.#incoming[0] = value;
    this.writeWords(virtualRegister(name), this.#incomingHalves[0]!, this.#incomingHalves[1]!);
  }

  /** The same in halves. */
  writeWords(register: VirtualRegister, low: number, high: number): void {
    const halves = this.#halves;
    let writable = register.writableLow;
    if (register.delegated) writable &= halves[MIDELEG_LOW]!;
    if (register.special) {
      const { name } = register;
      switch (name) {
        // A MODE that the hart does not have: such a write has no effect at all (privileged manual, "Supervisor Address Translation and Protection").
        case 'satp':
          if (!isTranslationMode(high >>> 28)) return;
          break;
        // Direct or vectored; the other two are reserved (privileged manual, "Supervisor Trap Vector Base Address Register").
        case 'stvec': case 'mtvec':
          if ((low & 2) !== 0) return;
          break;
        // CBIE = 2 is reserved (Zicbom): the field keeps its value.
        case 'senvcfg': case 'menvcfg':
          if ((low & CBIE) === 2 << 4) writable &= ~CBIE;
          break;
        // MPP = 2 is no mode: the field keeps its value (3.1.6.1).
        case 'mstatus':
          if ((low & STATUS_LOW.MPP) === MPP_RESERVED) writable &= ~STATUS_LOW.MPP;
          break;
        case 'sip': case 'mip':
          this.#writePending(register, low);
          return;
        case 'pmpcfg0': case 'pmpcfg2':
          this.set(name, legalConfig(this.#values[register.index]!, fromWords(low, high)));
          this.#regionsChanged();
          return;
        default:
          if (!mayWriteAddress(Number(name.slice('pmpaddr'.length)), this.#configOf)) return;
      }
    }
    const before = this.#log.detailed ? this.get(register.name) : 0n;
    const after = (halves[register.low]! & ~writable) | (low & writable);
    halves[register.low] = after;
    halves[register.low + 1] = (halves[register.low + 1]! & ~register.writableHigh) | (high & register.writableHigh);
    // SD says whether FS is dirty (privileged manual, "Extension Context Status in mstatus Register").
    if (register.low === STATUS_AT) halves[STATUS_AT + 1] = (after & STATUS_LOW.FS) === STATUS_LOW.FS ? halves[STATUS_AT + 1]! | SD_HIGH : halves[STATUS_AT + 1]! & ~SD_HIGH;
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name: register.name, access: 'write', before, after: this.get(register.name) });
    if (!register.special) return;
    if (register.name === 'menvcfg') this.#putPendingTogether();
    else if (register.name.startsWith('pmpaddr')) this.#regionsChanged();
  }

  /** Software changes its own bits of the pending ones; those of lines stay. */
  #writePending({ name }: VirtualRegister, low: number): void {
    const mine = name === 'mip' ? SUPERVISOR_LOW : SSIP_LOW & this.#halves[MIDELEG_LOW]!;
    const before = this.#log.detailed ? this.get(name) : 0n;
    this.#halves[SOFTWARE_LOW] = (this.#halves[SOFTWARE_LOW]! & ~mine) | (low & mine);
    this.#putPendingTogether();
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name, access: 'write', before, after: this.get(name) });
  }

  /** Raises or lowers an interrupt, as a device's line does; the one of software as its bit does. */
  setPending(interrupt: number, pending: boolean): void {
    const line = 1 << interrupt;
    const place = line === SSIP_LOW ? SOFTWARE_LOW : LINES_LOW;
    const before = this.#halves[place]!;
    const after = pending ? before | line : before & ~line;
    if (after === before) return;
    const sip = this.#log.detailed ? this.get('sip') : 0n;
    const mip = this.#log.detailed ? this.get('mip') : 0n;
    this.#halves[place] = after;
    this.#putPendingTogether();
    if (!this.#log.detailed) return;
    if (this.get('sip') !== sip) this.#log.note({ on: 'virtual-csr', name: 'sip', access: 'write', before: sip, after: this.get('sip') });
    else if (this.get('mip') !== mip) this.#log.note({ on: 'virtual-csr', name: 'mip', access: 'write', before: mip, after: this.get('mip') });
  }

  /** The time's comparison decides alone over STIP while it is enabled (Sstc, menvcfg.STCE, bit 63); otherwise that bit is M's software's. */
  #putPendingTogether(): void {
    const lines = this.#halves[LINES_LOW]!;
    const software = this.#halves[SOFTWARE_LOW]!;
    this.#halves[MIP_LOW] = this.environmentHigh < 0 ? (software & ~STIP_LOW) | lines : software | (lines & ~STIP_LOW);
  }

  readonly #configOf = (region: number): bigint => (this.#values[region < 8 ? INDEX.pmpcfg0 : INDEX.pmpcfg2]! >> BigInt((region % 8) * 8)) & 0xffn;

  #regionsChanged(): void {
    this.regions.set(this.#configOf, (region) => this.#values[INDEX[PMP_ADDRESSES[region]!]]!);
  }

  /** All that the guest has, in the order of their numbers, for the panel. */
  list(): { readonly name: string; readonly number: number; readonly value: bigint }[] {
    const rows = this.#ownsMachine ? ROWS : SUPERVISOR_ROWS;
    return rows.map(({ name, number }) => ({ name, number, value: this.get(name as VirtualCsr) }));
  }

  /** As after reset for a guest that begins in M, as firmware leaves them for one that begins in S. */
  reset(start: 'm' | 's'): void {
    this.#ownsMachine = start === 'm';
    const values = start === 'm' ? AFTER_RESET : AFTER_FIRMWARE;
    for (const name of STORED) this.#values[INDEX[name]] = values[name] ?? 0n;
    this.#regionsChanged();
  }

  save(): SavedCsrs {
    return { ...Object.fromEntries(STORED.map((name) => [name, this.#values[INDEX[name]]!])), ownsMachine: BigInt(this.#ownsMachine) };
  }

  restore(saved: SavedCsrs): void {
    for (const name of STORED) this.#values[INDEX[name]] = saved[name] ?? 0n;
    this.#ownsMachine = saved['ownsMachine'] === 1n;
    this.#regionsChanged();
  }
}

export const fromWords = (low: number, high: number): bigint => BigInt(high >>> 0) << 32n | BigInt(low >>> 0);
const SUPERVISOR_ROWS = SUPERVISOR_CSRS.map((name) => ROW_OF.get(name)!).toSorted((a, b) => a.number - b.number);
/** SD is bit 63: the highest of the high half. */
const SD_HIGH = 1 << 31;
const CBIE = Number(ENVCFG.CBIE);

export function isTranslationMode(mode: number): boolean {
  return mode === Number(SATP_BARE) || mode === Number(SATP_SV39) || mode === Number(SATP_SV48);
}
