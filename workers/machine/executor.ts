/**
 * What the machine needs of whatever runs its instructions. An engine (workers/engine) implements it; the machine and the VMM
 * know only this, so an exit is a value, whoever ran the code.
 */
import type { Type } from '../isa/meaning.ts';
import type { EngineWork } from '../trace/engine-work.ts';

/** Why `run` came back. The hart's state in memory is exact at every one of these. */
export type StopReason =
  /** The budget is used up: exactly that many instructions retired (or trapped, see Executor.run). */
  | 'budget'
  /** `wfi` retired and nothing is pending. */
  | 'wfi'
  /** A trap was taken to a mode whose handler is not RISC-V code (firmware in M, the VMM in S): see slot `hostModes`. */
  | 'host-trap'
  /** The next instruction stands at a breakpoint address; it has not run. */
  | 'breakpoint'
  /** A trap with a cause that the user asked to stop at has just been taken by the hart (slots `stopExceptions`, `stopInterrupts`). */
  | 'trap-breakpoint'
  /** A device asked to stop (test finisher, HTIF); the instruction that did it has retired. */
  | 'device';

export type Callable = (...args: (bigint | number)[]) => bigint | number | undefined;

export interface Executor {
  readonly name: string;
  /**
   * Runs until `budget` steps are used or something stops it. A step is one instruction retired, or one trap taken (so a guest
   * that traps for ever still comes back). Interrupts are looked for on entry and whenever they may have become deliverable.
   * Retired instructions are counted exactly in slot `instret`; steps taken are returned by `stepsTaken`.
   */
  run(budget: number): StopReason;
  /** Steps used by the last `run`. */
  readonly stepsTaken: number;
  /** What it has done since it was built. */
  readonly work: EngineWork;
  /** Calls a procedure of the hart (translate, csrRead, enterTrap ...). i64 are bigints. Guest faults come back as in the procedure's own docs. */
  call(procedure: string, ...args: (bigint | number)[]): bigint | number | undefined;
  /** The same procedure, for those who call it often: an i64 is a bigint both ways, not reduced to its 64 bits. */
  procedure(procedure: string): Callable;
  /** The types of a procedure, for tools. */
  signature(procedure: string): { readonly params: readonly Type[]; readonly result: Type | undefined };
  /** RAM [offset, offset+length) was changed from outside (loader, DMA, restore): drop what was decoded from it. */
  codeChanged(offset: number, length: number): void;
  /** Drops every cache that is not architectural state (after a restore). */
  dropCaches(): void;
  /** Drops only what is remembered of addresses (after a restore that told of all changed RAM by `codeChanged`, and that changed nothing of PMP). */
  dropAddresses(): void;
  /** Sets the addresses (virtual, as seen by the pc) before which `run` stops with `breakpoint`. */
  setBreakpoints(addresses: readonly bigint[]): void;
}

/** Memory-mapped devices as an engine reaches them; sizes are 1, 2, 4 or 8 bytes. A value that does not exist is an access fault. */
export interface DeviceAccess {
  /** The value read (zero-extended), or undefined where no device answers: a load access fault. */
  readDevice(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined;
  /** False where no device answers: a store access fault. */
  writeDevice(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): boolean;
}
