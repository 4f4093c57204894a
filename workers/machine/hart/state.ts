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
/** f0..f31 stand at the end of the page, in one piece: an instruction's slot holds their distance from here. */
export const F_REGISTERS = 0xf00;
export const fOffset = (register: number): number => F_REGISTERS + register * 8;

const names: readonly (readonly [name: string, type: Type])[] = [
  ['discard', 'i64'], // takes writes to x0; not state
  ['pc', 'i64'],
  // Retired instructions since reset (minstret and mcycle are this plus their written offsets).
  ['instret', 'i64'],
  // Virtual time in ticks: mtime = instret + timeOffset. Idle time and the VMM's own work are added to the offset.
  ['timeOffset', 'i64'],
  ['mode', 'i32'], // 0 U, 1 S (HS, or VS when `virt` is 1), 3 M
  ['virt', 'i32'], // the virtualization mode V of the H extension: 1 in VS and VU
  // Modes whose trap handler is not RISC-V code: bit 1 = S (a VMM), bit 3 = M (built-in firmware). Never VS.
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
  // Where mip comes from: lines of devices, bits that software wrote (SSIP, STIP, SEIP); mip itself is what they give together.
  ['interruptLines', 'i64'], ['softwareInterrupts', 'i64'],
  ['mtvec', 'i64'], ['mcounteren', 'i64'], ['mcountinhibit', 'i64'], ['mscratch', 'i64'], ['mepc', 'i64'], ['mcause', 'i64'], ['mtval', 'i64'],
  ['menvcfg', 'i64'], ['mcycleOffset', 'i64'], ['minstretOffset', 'i64'],
  ['stvec', 'i64'], ['scounteren', 'i64'], ['sscratch', 'i64'], ['sepc', 'i64'], ['scause', 'i64'], ['stval', 'i64'], ['satp', 'i64'], ['senvcfg', 'i64'],
  ['mhartid', 'i64'],
  ['stimecmp', 'i64'],
  // The hypervisor's registers and those of its guest (privileged manual, 8.2).
  ['mtval2', 'i64'], ['mtinst', 'i64'],
  ['hstatus', 'i64'], ['hedeleg', 'i64'], ['hideleg', 'i64'], ['hvip', 'i64'], ['hcounteren', 'i64'], ['henvcfg', 'i64'],
  ['htval', 'i64'], ['htinst', 'i64'], ['hgatp', 'i64'], ['htimedelta', 'i64'],
  ['vsstatus', 'i64'], ['vstvec', 'i64'], ['vsscratch', 'i64'], ['vsepc', 'i64'], ['vscause', 'i64'], ['vstval', 'i64'], ['vsatp', 'i64'], ['vstimecmp', 'i64'],
  ['pmpcfg0', 'i64'], ['pmpcfg2', 'i64'],
  ['pmpaddr0', 'i64'], ['pmpaddr1', 'i64'], ['pmpaddr2', 'i64'], ['pmpaddr3', 'i64'], ['pmpaddr4', 'i64'], ['pmpaddr5', 'i64'], ['pmpaddr6', 'i64'], ['pmpaddr7', 'i64'],
  ['pmpaddr8', 'i64'], ['pmpaddr9', 'i64'], ['pmpaddr10', 'i64'], ['pmpaddr11', 'i64'], ['pmpaddr12', 'i64'], ['pmpaddr13', 'i64'], ['pmpaddr14', 'i64'], ['pmpaddr15', 'i64'],
  // A fault found by a procedure, until the engine raises it: cause + 1 (0 = none) and tval. Not state between instructions.
  ['faultCause', 'i64'], ['faultTval', 'i64'],
  // What else a fault has to say to M or HS: the guest-physical address, shifted right by 2, of a guest-page fault; the pseudo-instruction
  // when it was a page-table access of the walk; and whether the last translated access was one of V = 1. Not state between instructions.
  ['faultGuest', 'i64'], ['faultPseudo', 'i64'], ['accessVirtual', 'i32'],
  // How many entries the table of PMP regions has (mmu/pmp.ts); derived from the registers.
  ['pmpCount', 'i32'],
  // The TLB holds pieces of larger pages (mmu/tlb.ts). What the second stage found for the walk that asked: its leaf and its level.
  ['tlbHasPieces', 'i32'], ['secondLeaf', 'i64'], ['secondLevel', 'i32'],
  // The linear-memory offset of RAM and its size in bytes, for the procedures of the memory unit. Configuration.
  ['ramOffset', 'i32'], ['ramBytes', 'i32'],
  // The floating-point control and status register: frm 7:5, fflags 4:0 (F, 20.2).
  ['fcsr', 'i64'],
  // Set to 1 by the engine's deviceRead and deviceWrite when no device answers; the procedure that called clears it.
  ['busError', 'i32'],
  // The first PMP region lets everything pass, for every mode (mmu/pmp.ts); derived from the registers.
  ['pmpOpen', 'i32'],
  // Counts the fences of second stages: what was remembered of them before the last one is not looked at (mmu/second-stage.ts).
  ['guestFences', 'i64'],
  // Watched memory (mmu/watchpoints.ts): how many ranges there are, and what the last access to one of them was. Not state.
  ['watchCount', 'i32'], ['watchHit', 'i32'], ['watchRange', 'i32'], ['watchBy', 'i32'], ['watchPc', 'i64'], ['watchAddress', 'i64'], ['watchPhysical', 'i64'], ['watchSize', 'i32'],
  ['watchBefore', 'i64'], ['watchAfter', 'i64'],
];

/** Every slot by name. */
export const SLOTS: ReadonlyMap<string, Slot> = new Map<string, Slot>([
  ...names.map(([name, type], index): [string, Slot] => [name, { name, type, offset: 256 + index * 8 }]),
  ...Array.from({ length: 32 }, (_, n): [string, Slot] => [`f${String(n)}`, { name: `f${String(n)}`, type: 'i64', offset: fOffset(n) }]),
]);

export function slot(name: string): Slot {
  const found = SLOTS.get(name);
  if (!found) throw new Error(`Internal error: no hart state slot ${name}`);
  return found;
}
