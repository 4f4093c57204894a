/**
 * The virtual CSRs: what the guest kernel believes to be the supervisor registers. They are plain numbers in the VMM's memory; no
 * hardware looks at them. What a write may change is what the real hart would let it change (WARL), by the same table.
 */
import { CSRS, ENVCFG, type CsrRow } from '../../isa/csrs.ts';
import type { StepLog } from '../step-log.ts';

export const VIRTUAL_CSRS = ['sstatus', 'sie', 'stvec', 'scounteren', 'senvcfg', 'sscratch', 'sepc', 'scause', 'stval', 'sip', 'stimecmp', 'satp'] as const;
export type VirtualCsr = (typeof VIRTUAL_CSRS)[number];

export const isVirtualCsr = (name: string): name is VirtualCsr => (VIRTUAL_CSRS as readonly string[]).includes(name);

/** Bits of sstatus (privileged manual, "Supervisor Status Register"). */
export const SSTATUS = { SIE: 1n << 1n, SPIE: 1n << 5n, SPP: 1n << 8n, FS: 3n << 13n, SUM: 1n << 18n, MXR: 1n << 19n, SD: 1n << 63n } as const;
/** UXL = 2: registers of U mode have 64 bits. Nothing else of sstatus is set after reset. */
const SSTATUS_AFTER_RESET = 2n << 32n;

/** The firmware of a real machine leaves the timer off (Sstc). */
const NEVER = (1n << 64n) - 1n;

export const SATP_BARE = 0n;
export const SATP_SV39 = 8n;
export const SATP_SV48 = 9n;

/** Bits of sstatus in its low half. */
export const STATUS_LOW = { SIE: 1 << 1, SPIE: 1 << 5, SPP: 1 << 8, FS: 3 << 13, SUM: 1 << 18, MXR: 1 << 19 } as const;

export type SavedCsrs = Readonly<Record<VirtualCsr, bigint>>;

/** The bits that a CSR instruction may change. */
function writableBits({ storage }: CsrRow): bigint {
  return storage.kind === 'slot' || storage.kind === 'view' ? storage.writable : 0n;
}

const ROWS = CSRS.filter((row) => isVirtualCsr(row.name));

/** Where each stands among the values. */
const INDEX = Object.fromEntries(VIRTUAL_CSRS.map((name, index) => [name, index])) as Readonly<Record<VirtualCsr, number>>;
const COUNT = VIRTUAL_CSRS.length;
/** The bits that a CSR instruction may change, by index; and the same in halves, low first. */
const WRITABLE = BigUint64Array.from(VIRTUAL_CSRS, (name) => BigInt.asUintN(64, writableBits(ROWS.find((row) => row.name === name)!)));
const WRITABLE_HALVES = new Int32Array(WRITABLE.buffer);
const AFTER_RESET: Readonly<Partial<Record<VirtualCsr, bigint>>> = { sstatus: SSTATUS_AFTER_RESET, stimecmp: NEVER };

const SSTATUS_LOW = 2 * INDEX.sstatus;
const SIE_LOW = 2 * INDEX.sie;
const SIP_LOW = 2 * INDEX.sip;
const SATP = 2 * INDEX.satp;

export class VirtualCsrs {
  readonly #log: StepLog;
  /** The values, and the same in halves: what is asked for at every exit is asked of a half, which costs no bigint. */
  readonly #values = new BigUint64Array(COUNT);
  readonly #halves = new Int32Array(this.#values.buffer);
  /** A value on its way in, and its halves. */
  readonly #incoming = new BigUint64Array(1);
  readonly #incomingHalves = new Int32Array(this.#incoming.buffer);

  constructor(log: StepLog) {
    this.#log = log;
    this.reset();
  }

  get(name: VirtualCsr): bigint {
    return this.#values[INDEX[name]]!;
  }

  /** The low 32 bits of sstatus, of sie, and of sip and sie together: no bit that the VMM looks at often is above them. */
  get statusLow(): number { return this.#halves[SSTATUS_LOW]!; }
  get enabledLow(): number { return this.#halves[SIE_LOW]!; }
  get pendingLow(): number { return this.#halves[SIP_LOW]!; }
  /** satp in halves. */
  get satpLow(): number { return this.#halves[SATP]!; }
  get satpHigh(): number { return this.#halves[SATP + 1]!; }

  /** What hardware writes by itself: the cause of a trap, a pending interrupt. */
  set(name: VirtualCsr, value: bigint): void {
    const index = INDEX[name];
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name, access: 'write', before: this.#values[index]!, after: value });
    this.#values[index] = value;
  }

  /** Changes some of the low 32 bits of sstatus, as hardware does. */
  setStatusLow(low: number): void {
    if (this.#log.detailed) this.set('sstatus', (this.get('sstatus') & ~0xffff_ffffn) | BigInt(low >>> 0));
    else this.#halves[SSTATUS_LOW] = low;
  }

  /** What a CSR instruction reads. */
  read(name: VirtualCsr): bigint {
    const value = this.#values[INDEX[name]]!;
    if (this.#log.detailed) this.#log.note({ on: 'virtual-csr', name, access: 'read', before: value, after: value });
    return value;
  }

  /** What a CSR instruction writes: only legal values arrive in the register. */
  write(name: VirtualCsr, value: bigint): void {
    const index = INDEX[name];
    this.#incoming[0] = value;
    const incoming = this.#incomingHalves;
    if (name === 'satp' && !isTranslationMode(incoming[1]! >>> 28)) return;
    // Direct or vectored; the other two are reserved (privileged manual, "Supervisor Trap Vector Base Address").
    if (name === 'stvec' && (incoming[0]! & 2) !== 0) return;
    let writableLow = WRITABLE_HALVES[2 * index]!;
    const writableHigh = WRITABLE_HALVES[2 * index + 1]!;
    // CBIE = 2 is reserved (Zicbom): the field keeps its value.
    if (name === 'senvcfg' && (incoming[0]! & CBIE) === 2 << 4) writableLow &= ~CBIE;
    const halves = this.#halves;
    incoming[0] = (halves[2 * index]! & ~writableLow) | (incoming[0]! & writableLow);
    incoming[1] = (halves[2 * index + 1]! & ~writableHigh) | (incoming[1]! & writableHigh);
    // SD says whether FS is dirty (privileged manual, "Extension Context Status in mstatus Register").
    if (name === 'sstatus') incoming[1] = (incoming[0] & FS_LOW) === FS_LOW ? incoming[1] | SD_HIGH : incoming[1] & ~SD_HIGH;
    this.set(name, this.#incoming[0]);
  }

  /** Raises or lowers the pending bit of an interrupt, as a device's line does. */
  setPending(interrupt: number, pending: boolean): void {
    const line = 1n << BigInt(interrupt);
    const before = this.get('sip');
    const sip = pending ? before | line : before & ~line;
    if (sip !== before) this.set('sip', sip);
  }

  /** All of them in the order of their numbers, for the panel. */
  list(): { readonly name: string; readonly number: number; readonly value: bigint }[] {
    return ROWS.map(({ name, number }) => ({ name, number, value: this.get(name as VirtualCsr) }));
  }

  reset(): void {
    for (const name of VIRTUAL_CSRS) this.#values[INDEX[name]] = AFTER_RESET[name] ?? 0n;
  }

  save(): SavedCsrs {
    return Object.fromEntries(VIRTUAL_CSRS.map((name) => [name, this.get(name)])) as SavedCsrs;
  }

  restore(saved: SavedCsrs): void {
    for (const name of VIRTUAL_CSRS) this.#values[INDEX[name]] = saved[name];
  }
}

const FS_LOW = Number(SSTATUS.FS);
/** SD is bit 63: the highest of the high half. */
const SD_HIGH = 1 << 31;
const CBIE = Number(ENVCFG.CBIE);

/** A write of satp with any other MODE has no effect at all (privileged manual, "Supervisor Address Translation and Protection"). */
function isTranslationMode(mode: number): boolean {
  return mode === Number(SATP_BARE) || mode === Number(SATP_SV39) || mode === Number(SATP_SV48);
}
