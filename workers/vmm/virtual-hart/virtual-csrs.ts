/**
 * The virtual CSRs: what the guest kernel believes to be the supervisor registers. They are plain numbers in the VMM's memory; no
 * hardware looks at them. What a write may change is what the real hart would let it change (WARL), by the same table.
 */
import { bits } from '../../base/bits.ts';
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

export type SavedCsrs = Readonly<Record<VirtualCsr, bigint>>;

/** The bits that a CSR instruction may change. */
function writableBits({ storage }: CsrRow): bigint {
  return storage.kind === 'slot' || storage.kind === 'view' ? storage.writable : 0n;
}

const ROWS = CSRS.filter((row) => isVirtualCsr(row.name));
const WRITABLE = new Map(ROWS.map((row) => [row.name, writableBits(row)]));

const afterReset = (): Record<VirtualCsr, bigint> =>
  ({ sstatus: SSTATUS_AFTER_RESET, sie: 0n, stvec: 0n, scounteren: 0n, senvcfg: 0n, sscratch: 0n, sepc: 0n, scause: 0n, stval: 0n, sip: 0n, stimecmp: NEVER, satp: 0n });

export class VirtualCsrs {
  readonly #log: StepLog;
  #values = afterReset();

  constructor(log: StepLog) {
    this.#log = log;
  }

  get(name: VirtualCsr): bigint {
    return this.#values[name];
  }

  /** What hardware writes by itself: the cause of a trap, a pending interrupt. */
  set(name: VirtualCsr, value: bigint): void {
    const before = this.#values[name];
    this.#values[name] = value;
    this.#log.note({ on: 'virtual-csr', name, access: 'write', before, after: value });
  }

  /** What a CSR instruction reads. */
  read(name: VirtualCsr): bigint {
    const value = this.#values[name];
    this.#log.note({ on: 'virtual-csr', name, access: 'read', before: value, after: value });
    return value;
  }

  /** What a CSR instruction writes: only legal values arrive in the register. */
  write(name: VirtualCsr, value: bigint): void {
    if (name === 'satp' && !isTranslationMode(bits(value, 63, 60))) return;
    if (name === 'stvec' && !isVectorMode(bits(value, 1, 0))) return;
    // CBIE = 2 is reserved (Zicbom): the field keeps its value.
    const writable = (WRITABLE.get(name) ?? 0n) & (name === 'senvcfg' && bits(value, 5, 4) === 2n ? ~ENVCFG.CBIE : ~0n);
    const legal = (this.#values[name] & ~writable) | (value & writable);
    this.set(name, name === 'sstatus' ? withSummary(legal) : legal);
  }

  /** Raises or lowers the pending bit of an interrupt, as a device's line does. */
  setPending(interrupt: number, pending: boolean): void {
    const line = 1n << BigInt(interrupt);
    const sip = pending ? this.#values.sip | line : this.#values.sip & ~line;
    if (sip !== this.#values.sip) this.set('sip', sip);
  }

  /** All of them in the order of their numbers, for the panel. */
  list(): { readonly name: string; readonly number: number; readonly value: bigint }[] {
    return ROWS.map(({ name, number }) => ({ name, number, value: this.#values[name as VirtualCsr] }));
  }

  reset(): void {
    this.#values = afterReset();
  }

  save(): SavedCsrs {
    return { ...this.#values };
  }

  restore(saved: SavedCsrs): void {
    this.#values = { ...saved };
  }
}

/** SD says whether FS is dirty (privileged manual, "Extension Context Status in mstatus Register"). */
function withSummary(sstatus: bigint): bigint {
  return (sstatus & SSTATUS.FS) === SSTATUS.FS ? sstatus | SSTATUS.SD : sstatus & ~SSTATUS.SD;
}

/** A write of satp with any other MODE has no effect at all (privileged manual, "Supervisor Address Translation and Protection"). */
function isTranslationMode(mode: bigint): boolean {
  return mode === SATP_BARE || mode === SATP_SV39 || mode === SATP_SV48;
}

/** Direct or vectored; the other two are reserved (privileged manual, "Supervisor Trap Vector Base Address"). */
function isVectorMode(mode: bigint): boolean {
  return mode === 0n || mode === 1n;
}
