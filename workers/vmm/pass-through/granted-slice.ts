/**
 * Pass-through: one slice of a real device, given to the guest as it is. The shadow table leads the guest's loads and stores straight to the
 * slice's page of registers, so none of them traps. But the device moves data by itself, at the addresses that the guest tells it, which are
 * only what the guest takes for physical: the IOMMU, which the VMM fills with exactly the guest's memory, makes real addresses of them, and
 * keeps the device from all others. Only the slice's interrupt still comes to the VMM first.
 */
import { guestPhysical, hostPhysical, PAGE_SIZE, type GuestPhysical, type HostPhysical } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { AccessSize } from '../../machine/devices/device.ts';
import { IOMMU_ON, IOMMU_REGISTER, type Transfer } from '../../machine/devices/iommu.ts';
import { SLICE_BYTES, SLICE_REGISTER } from '../../machine/devices/sliced-dma.ts';
import type { DeviceAccess } from '../../machine/executor.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';
import type { HostMachine } from '../../machine/host-software.ts';
import { ADDRESS, SLICE_INTERRUPT } from '../../machine/peripherals.ts';
import type { Bugs } from '../bugs.ts';
import { SUPERPAGE, type GuestMemory } from '../guest-memory.ts';
import type { Prose } from '../../isa/row.ts';
import type { HaltReason } from '../../trace/events.ts';
import { haltFor } from '../self-check.ts';
import type { PoolShare } from '../shadow-paging/page-pool.ts';
import { ENTRIES, entryFor, isLeaf, PTE, tableIndex, tableOf } from '../shadow-paging/sv39.ts';
import { SATP_SV39 } from '../virtual-hart/virtual-csrs.ts';

/** The first slice is the VMM's own; the guest gets the next one, and finds it where a bare machine has the first. */
const GIVEN = 1;
/** What a guest tells its slice; a store to the status makes it 0. */
const TOLD = [SLICE_REGISTER.source, SLICE_REGISTER.destination, SLICE_REGISTER.length, SLICE_REGISTER.status, SLICE_REGISTER.interrupt];
/** Devices set no marks, so they are there from the start. */
const REACHABLE = PTE.V | PTE.R | PTE.W | PTE.U | PTE.A | PTE.D;

export interface GrantedSliceParts {
  readonly host: HostMachine;
  readonly pool: PoolShare;
  readonly guest: GuestMemory;
  readonly bugs: Bugs;
  /** Whether the VMM is stopped at what it does wrong. */
  readonly checks: () => boolean;
}

export class GrantedSlice {
  readonly name = 'hypervisible,slice';
  /** Where the guest finds it, and where it really is. */
  readonly at: GuestPhysical = guestPhysical(BigInt(ADDRESS.slices));
  readonly registers: HostPhysical = hostPhysical(BigInt(ADDRESS.slices + GIVEN * SLICE_BYTES));
  /** At the real interrupt controller, and at the guest's. */
  readonly realInterrupt = SLICE_INTERRUPT + GIVEN;
  readonly interrupt = SLICE_INTERRUPT;
  readonly #devices: DeviceAccess;
  readonly #memory: PhysicalMemory;
  readonly #pool: PoolShare;
  readonly #guest: GuestMemory;
  readonly #bugs: Bugs;
  readonly #checks: () => boolean;
  #table: HostPhysical | undefined;

  constructor({ host, pool, guest, bugs, checks }: GrantedSliceParts) {
    this.#devices = host.devices;
    this.#memory = host.memory;
    this.#pool = pool;
    this.#guest = guest;
    this.#bugs = bugs;
    this.#checks = checks;
    host.watchTransfers((transfer) => this.#judge(transfer));
  }

  /**
   * Before the guest starts: from now on its slice reaches the guest's memory, and no slice reaches anything else. All of that memory is given to
   * the guest now: a device cannot wait for a page.
   */
  start(): void {
    this.#table = this.#pool.allocate();
    for (let gpa = BigInt(this.#guest.base); gpa < BigInt(this.#guest.base) + BigInt(this.#guest.bytes);) {
      const page = this.#guest.toHost(guestPhysical(gpa));
      const superpage = gpa % SUPERPAGE === 0n ? this.#guest.superpage(gpa) : undefined;
      if (page !== undefined) this.#map(gpa, superpage ?? page, superpage === undefined ? 0 : 1);
      gpa += superpage === undefined ? BigInt(PAGE_SIZE) : SUPERPAGE;
    }
    this.#tellIommu(IOMMU_REGISTER.tables + 8 * GIVEN, (SATP_SV39 << 60n) | (this.#table >> 12n));
    this.useIommu();
  }

  /** On, unless the VMM makes the mistake of leaving it off. */
  useIommu(): void {
    this.#tellIommu(IOMMU_REGISTER.control, this.#bugs['iommu-off'] ? 0n : IOMMU_ON);
  }

  /** The guest is gone: its slice reaches nothing, the next owner does not find what it was told last, and the table is nobody's. */
  stop(): void {
    this.#tellIommu(IOMMU_REGISTER.tables + 8 * GIVEN, 0n);
    for (const register of TOLD) this.write(register, 8, 0n);
    if (this.#table !== undefined) this.#release(this.#table, 2);
    this.#table = undefined;
  }

  #release(table: bigint, level: number): void {
    for (let index = 0; level > 0 && index < ENTRIES; index += 1) {
      const entry = this.#memory.read(table + BigInt(8 * index), 8);
      if ((entry & PTE.V) !== 0n && !isLeaf(entry)) this.#release(tableOf(entry), level - 1);
    }
    this.#pool.release(table);
  }

  #map(gpa: bigint, page: HostPhysical, size: 0 | 1): void {
    let table = this.#table!;
    for (let level = 2; level > size; level -= 1) {
      const at = table + 8n * tableIndex(gpa, level);
      let entry = this.#memory.read(at, 8);
      if (entry === 0n) {
        entry = entryFor(this.#pool.allocate(), PTE.V);
        this.#memory.write(at, 8, entry);
      }
      table = hostPhysical(tableOf(entry));
    }
    this.#memory.write(table + 8n * tableIndex(gpa, size), 8, entryFor(page, REACHABLE));
  }

  #tellIommu(register: number, value: bigint): void {
    this.#devices.writeDevice(BigInt(ADDRESS.iommu + register), 8, value);
  }

  /** Whether a guest-physical address is one of the slice's. */
  isAt(address: bigint): boolean {
    return address >= this.at && address < this.at + BigInt(SLICE_BYTES);
  }

  /** An access that cannot be let through, because the guest's own M mode stands in the way: the VMM carries it out. */
  read(offset: number, size: AccessSize): bigint | undefined {
    return this.#devices.readDevice(this.registers + BigInt(offset), size);
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    return this.#devices.writeDevice(this.registers + BigInt(offset), size, value);
  }

  /** Bytes that the device has moved. */
  get moved(): number {
    return Number(this.read(SLICE_REGISTER.moved, 8) ?? 0n);
  }

  /** Where the IOMMU's table stands. The state of the slice itself is the real machine's, which resets, saves and restores it. */
  save(): bigint | undefined { return this.#table; }
  restore(table: bigint | undefined): void { this.#table = table === undefined ? undefined : hostPhysical(table); }

  /** What the device has just reached, whatever the IOMMU says. */
  #judge({ device, access, address, length }: Transfer): HaltReason | undefined {
    if (device !== GIVEN || !this.#checks() || this.#guest.owns(address, length)) return undefined;
    const read = access === 'read';
    return haltFor({ rule: 'I3', sentence: {
      en: `The guest's slice of a device has ${read ? 'read' : 'written'} ${String(length)} bytes at ${hex(address)}, which are not the guest's memory.`,
      'zh-CN': `客户机的设备切片${read ? '读取' : '写入'}了 ${hex(address)} 处的 ${String(length)} 字节，那不是客户机的内存。`,
    } });
  }

  /** One sentence about an entry of the IOMMU's table that leads elsewhere, or undefined. */
  brokenTable(table: bigint | undefined = this.#table, level = 2): Prose | undefined {
    if (table === undefined) return undefined;
    if (!this.#pool.holds(table)) return { en: `A table of the IOMMU at ${hex(table)} does not stand in the VMM's pool.`, 'zh-CN': `IOMMU 位于 ${hex(table)} 的表不在 VMM 的页池中。` };
    for (let index = 0; index < ENTRIES; index += 1) {
      const entry = this.#memory.read(table + BigInt(8 * index), 8);
      if ((entry & PTE.V) === 0n) continue;
      if (!isLeaf(entry)) {
        const broken = level === 0 ? { en: 'A table of the IOMMU points on below the last level.', 'zh-CN': 'IOMMU 的表在最后一级之下还指向一张表。' } : this.brokenTable(tableOf(entry), level - 1);
        if (broken !== undefined) return broken;
      } else if (!this.#guest.owns(tableOf(entry), PAGE_SIZE * ENTRIES ** level)) {
        return { en: `The IOMMU lets the guest's slice reach ${hex(tableOf(entry))}, which is not the guest's memory.`, 'zh-CN': `IOMMU 让客户机的切片可以触及 ${hex(tableOf(entry))}，那不是客户机的内存。` };
      }
    }
    return undefined;
  }
}
