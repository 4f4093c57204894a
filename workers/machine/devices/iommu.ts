/**
 * What stands between devices that move data by themselves and memory. Each such device has a number; switched on, the IOMMU leads its
 * addresses through the Sv39 table that was set for this number, and what the table does not allow is not done. Switched off, as after a
 * reset, a device's address is the physical one, wherever that is. A small one of our own, with the tables of the privileged manual; all
 * registers have 8 bytes:
 *
 *   0x000  control         bit 0: on
 *   0x008  fault device    the number of the device that was last refused something, plus 1; 0: none yet
 *   0x010  fault address   what it asked for
 *   0x100  table of device 0, as satp has it: MODE 8 (Sv39) and the page of the first table; 0: it reaches nothing. The next ones follow.
 */
import { PTE } from '../mmu/page-table.ts';
import type { AccessSize, Device } from './device.ts';
import type { DmaMemory } from './virtio/queue.ts';
import { readPart, withPart } from './wide-register.ts';

export const IOMMU_REGISTER = { control: 0x000, faultDevice: 0x008, faultAddress: 0x010, tables: 0x100 } as const;
export const IOMMU_ON = 1n;
export const IOMMU_SIZE = 0x1000;
const SV39 = 8n;
const PAGE = 4096;
const PAGE_MASK = ~0xfffn;

/** Memory that a device has really reached, at its physical address: for whoever checks that it may. */
export interface Transfer {
  readonly device: number;
  readonly access: 'read' | 'write';
  readonly address: bigint;
  readonly length: number;
}

/** Memory as one device reaches it: all of a transfer, or nothing. */
export interface DevicePort {
  read(address: bigint, length: number): Uint8Array | undefined;
  write(address: bigint, bytes: Uint8Array): boolean;
}

interface Saved {
  readonly control: bigint;
  readonly faultDevice: bigint;
  readonly faultAddress: bigint;
  readonly tables: readonly bigint[];
}

interface Piece {
  readonly address: bigint;
  readonly length: number;
}

export class Iommu implements Device {
  readonly name = 'hypervisible,iommu';
  /** Told of what was reached; never asked before. */
  watch: ((transfer: Transfer) => void) | undefined;
  readonly #memory: DmaMemory;
  #state: Saved;

  constructor(memory: DmaMemory, devices: number) {
    this.#memory = memory;
    this.#state = { control: 0n, faultDevice: 0n, faultAddress: 0n, tables: new Array<bigint>(devices).fill(0n) };
  }

  port(device: number): DevicePort {
    return {
      read: (address, length) => {
        const pieces = this.#pieces(device, address, length, 'read');
        if (!pieces) return undefined;
        const bytes = new Uint8Array(length);
        let at = 0;
        for (const piece of pieces) {
          bytes.set(this.#memory.bytes(piece.address, piece.length), at);
          at += piece.length;
          this.watch?.({ device, access: 'read', ...piece });
        }
        return bytes;
      },
      write: (address, bytes) => {
        const pieces = this.#pieces(device, address, bytes.length, 'write');
        let at = 0;
        for (const piece of pieces ?? []) {
          this.#memory.copyIn(piece.address, bytes.subarray(at, at + piece.length));
          at += piece.length;
          this.watch?.({ device, access: 'write', ...piece });
        }
        return pieces !== undefined;
      },
    };
  }

  /** Where a transfer goes, page by page; undefined, and noted as a fault, when any of it may not be. */
  #pieces(device: number, address: bigint, length: number, access: Transfer['access']): readonly Piece[] | undefined {
    const pieces: Piece[] = [];
    for (let done = 0; done < length;) {
      const at = BigInt.asUintN(64, address + BigInt(done));
      const size = Math.min(length - done, PAGE - Number(at & 0xfffn));
      const physical = this.#translate(device, at, access);
      if (physical === undefined || !this.#memory.contains(physical, size)) {
        this.#state = { ...this.#state, faultDevice: BigInt(device + 1), faultAddress: at };
        return undefined;
      }
      pieces.push({ address: physical, length: size });
      done += size;
    }
    return pieces;
  }

  #translate(device: number, address: bigint, access: Transfer['access']): bigint | undefined {
    if ((this.#state.control & IOMMU_ON) === 0n) return address;
    const root = this.#state.tables[device]!;
    if (root >> 60n !== SV39 || address >> 38n !== 0n) return undefined;
    let table = (root & ((1n << 44n) - 1n)) << 12n;
    for (let level = 2n; level >= 0n; level -= 1n) {
      const at = table + 8n * ((address >> (12n + 9n * level)) & 511n);
      if (!this.#memory.contains(at, 8)) return undefined;
      const entry = this.#memory.read(at, 8);
      const page = ((entry >> 10n) & ((1n << 44n) - 1n)) << 12n;
      // What is beyond the page number is reserved.
      if ((entry & PTE.V) === 0n || entry >> 54n !== 0n) return undefined;
      if ((entry & (PTE.R | PTE.W | PTE.X)) === 0n) {
        table = page;
        continue;
      }
      const within = (1n << (12n + 9n * level)) - 1n;
      // Devices set no marks: A and D must be set already.
      const needed = PTE.U | PTE.A | (access === 'read' ? PTE.R : PTE.R | PTE.W | PTE.D);
      return (entry & needed) === needed && (page & within & PAGE_MASK) === 0n ? page | (address & within) : undefined;
    }
    return undefined;
  }

  read(offset: number, size: AccessSize): bigint | undefined {
    const { control, faultDevice, faultAddress, tables } = this.#state;
    return readPart(offset, size, (register) => {
      switch (register) {
        case IOMMU_REGISTER.control: return control;
        case IOMMU_REGISTER.faultDevice: return faultDevice;
        case IOMMU_REGISTER.faultAddress: return faultAddress;
        default: return tables[(register - IOMMU_REGISTER.tables) / 8] ?? 0n;
      }
    });
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    return withPart(this, offset, size, value, (register, whole) => {
      if (register === IOMMU_REGISTER.control) this.#state = { ...this.#state, control: whole & IOMMU_ON };
      const device = (register - IOMMU_REGISTER.tables) / 8;
      if (device in this.#state.tables) this.#state = { ...this.#state, tables: this.#state.tables.with(device, whole) };
    });
  }

  reset(): void {
    this.#state = { control: 0n, faultDevice: 0n, faultAddress: 0n, tables: this.#state.tables.map(() => 0n) };
  }

  save(): Saved { return this.#state; }
  restore(saved: unknown): void { this.#state = saved as Saved; }
}
