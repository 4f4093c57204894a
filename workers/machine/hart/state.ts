/**
 * The state of a hart as named slots in linear memory. x registers come first (x0 stays 0; slot `discard` takes writes to x0).
 * CSRs that are only views of another (sstatus of mstatus, sie of mie, sip of mip) have no slot of their own.
 * Everything here is architectural or counted state and goes into a snapshot, except where a comment says otherwise.
 */
import type { Type } from '../../isa/meaning.ts';

export interface Slot {
  readonly name: string;
  readonly type: Type;
  /** Byte offset in linear memory. */
  readonly offset: number;
}

/** x1..x31 stand at 8..255; x0 at 0. */
export const xOffset = (register: number): number => register * 8;

const names: readonly (readonly [name: string, type: Type])[] = [
  ['discard', 'i64'], // takes writes to x0; not state
  ['pc', 'i64'],
  // Retired instructions since reset (minstret and mcycle are this plus their written offsets).
  ['instret', 'i64'],
  // Virtual time in ticks: mtime = instret + timeOffset. Idle time and the VMM's own work are added to the offset.
  ['timeOffset', 'i64'],
  ['mode', 'i32'], // 0 U, 1 S, 3 M
  // Modes whose trap handler is not RISC-V code: bit 1 = S (a VMM), bit 3 = M (built-in firmware).
  ['hostModes', 'i32'],
  // Set by mmio callbacks or procedures to leave the loop after this instruction (1 = device).
  ['stopRequest', 'i32'],
  // Where the user asked to stop: a bit per exception cause and per interrupt cause.
  ['stopExceptions', 'i64'],
  ['stopInterrupts', 'i64'],
  // LR/SC: the reserved physical address, or -1.
  ['reservation', 'i64'],
  // Trap log: how many records were ever written; the ring index is this modulo TRAP_LOG_ENTRIES. Not state.
  ['trapCount', 'i64'],
  ['mstatus', 'i64'], ['misa', 'i64'], ['medeleg', 'i64'], ['mideleg', 'i64'], ['mie', 'i64'], ['mip', 'i64'],
  ['mtvec', 'i64'], ['mcounteren', 'i64'], ['mcountinhibit', 'i64'], ['mscratch', 'i64'], ['mepc', 'i64'], ['mcause', 'i64'], ['mtval', 'i64'],
  ['menvcfg', 'i64'], ['mcycleOffset', 'i64'], ['minstretOffset', 'i64'],
  ['stvec', 'i64'], ['scounteren', 'i64'], ['sscratch', 'i64'], ['sepc', 'i64'], ['scause', 'i64'], ['stval', 'i64'], ['satp', 'i64'], ['senvcfg', 'i64'],
  ['mhartid', 'i64'],
  // PMP is held and read back; it is enforced from the conformance issue on.
  ['pmpcfg0', 'i64'], ['pmpcfg2', 'i64'],
  ['pmpaddr0', 'i64'], ['pmpaddr1', 'i64'], ['pmpaddr2', 'i64'], ['pmpaddr3', 'i64'], ['pmpaddr4', 'i64'], ['pmpaddr5', 'i64'], ['pmpaddr6', 'i64'], ['pmpaddr7', 'i64'],
  ['pmpaddr8', 'i64'], ['pmpaddr9', 'i64'], ['pmpaddr10', 'i64'], ['pmpaddr11', 'i64'], ['pmpaddr12', 'i64'], ['pmpaddr13', 'i64'], ['pmpaddr14', 'i64'], ['pmpaddr15', 'i64'],
  // A fault found by a procedure, until the engine raises it: cause + 1 (0 = none) and tval. Not state between instructions.
  ['faultCause', 'i64'], ['faultTval', 'i64'],
  // The linear-memory offset of RAM and its size in bytes, for the procedures of the memory unit. Configuration.
  ['ramOffset', 'i32'], ['ramBytes', 'i32'],
  // Set to 1 by the engine's deviceRead and deviceWrite when no device answers; the procedure that called clears it.
  ['busError', 'i32'],
];

/** Every slot by name. */
export const SLOTS: ReadonlyMap<string, Slot> = new Map(
  names.map(([name, type], index) => [name, { name, type, offset: 256 + index * 8 }]),
);

export function slot(name: string): Slot {
  const found = SLOTS.get(name);
  if (!found) throw new Error(`Internal error: no hart state slot ${name}`);
  return found;
}
