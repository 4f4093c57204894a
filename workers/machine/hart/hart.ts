/**
 * The hart as software on the machine (built-in firmware, the VMM) and the lab's views reach it. Values are unsigned 64-bit bigints.
 * The class that implements it stands in hart-view.ts; this is the contract.
 */
import type { Mode } from '../../trace/events.ts';

export interface Hart {
  /** x0..x31; writes to x0 are discarded. */
  x(register: number): bigint;
  setX(register: number, value: bigint): void;
  pc: bigint;
  mode: Mode;
  /** Instructions retired since reset. */
  readonly instret: bigint;
  /** A CSR by its name in isa/csrs.ts, read and written as by a CSR instruction of M mode: views, WARL and side effects included. */
  readCsr(name: string): bigint;
  writeCsr(name: string, value: bigint): void;
  /** Sets or clears an interrupt-pending bit of mip from outside: a device's line, or (SSI and STI) the firmware's own bit. */
  setInterruptPending(interrupt: number, pending: boolean): void;
  /** Puts mip together anew: to be called when time has passed outside the engine. */
  updatePending(): void;
  /** The instruction `sret` (in S) or `mret` (in M), executed by the host software: the status stacks move, pc and mode change. */
  sret(): void;
  mret(): void;
  /** The instruction `sfence.vma`: all, one address, one address space, or one address of one space. */
  fenceVma(va?: bigint, asid?: bigint): void;
  /** hfence.vvma and hfence.gvma for every address, ASID and VMID. */
  fenceGuests(): void;
  /** The hardware's trap entry, for an exception or interrupt raised by the host side (firmware redirecting a trap to S). */
  enterTrap(to: Mode, cause: bigint, epc: bigint, tval: bigint): void;
  /**
   * The slots of the hart's state (hart/state.ts) in words of 8 bytes and, for those in a hurry, of 4, low half first: at a slot's offset
   * divided by 8 or 4. To be read, and written where the slot is not one of a CSR with rules of its own.
   */
  readonly wide: BigUint64Array;
  readonly words: Uint32Array;
  /** A slot of the hart's state by name (hart/state.ts), for tools and tests. */
  state(slot: string): bigint;
  setState(slot: string, value: bigint): void;
}

/** Physical memory as the bus sees it. Addresses are host-physical; every method says how it refuses. */
export interface PhysicalMemory {
  readonly base: bigint;
  readonly size: number;
  contains(address: bigint, length: number): boolean;
  /** Little-endian, zero-extended. Asserts that the address is RAM: callers check `contains` for addresses that a guest chose. */
  read(address: bigint, size: 1 | 2 | 4 | 8): bigint;
  /** Four aligned bytes, for those in a hurry; the address must be RAM, and is a number. */
  word(address: number): number;
  /** As `read`; tells the executor when decoded code may have changed. */
  write(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): void;
  /** A live view. Do not keep it across a restore; do not write through it. */
  bytes(address: bigint, length: number): Uint8Array;
  /** Copies bytes in (loader, DMA). */
  copyIn(address: bigint, bytes: Uint8Array): void;
}
