/**
 * Software of the machine that is TypeScript instead of RISC-V code: the built-in SBI firmware (in M) and the VMM (in S). The hardware
 * really takes the trap, then the executor stops with `host-trap` and the machine hands over by the mode that the hart is in now.
 */
import type { Probe } from '../trace/probe.ts';
import type { HaltReason } from '../trace/events.ts';
import type { Clock } from './clock.ts';
import type { Transfer } from './devices/iommu.ts';
import type { DeviceAccess } from './executor.ts';
import type { Hart, PhysicalMemory } from './hart/hart.ts';

export type Outcome =
  /** The software has ended with its own `sret` or `mret`: the hart goes on at its new pc. */
  | { readonly next: 'resume' }
  /** As `resume`, but nothing will happen before an interrupt is pending (the software ran `wfi` for its guest). */
  | { readonly next: 'wait' }
  | { readonly next: 'halt'; readonly reason: HaltReason };

export interface HostSoftware {
  /** The hart has just entered this software's trap handler. */
  handleTrap(): Outcome;
  /** A program above it may ask the host for something by HTIF: then `pollHost` is called every HTIF_INTERVAL steps. How the machine ends, if it does. */
  readonly asksHost?: boolean;
  pollHost?(): HaltReason | undefined;
  /** Plain data, structured-cloneable. What the software keeps in RAM or in CSRs is saved with the machine, not here. */
  save(): unknown;
  restore(saved: unknown): void;
}

/** The machine as the software that runs on it sees it. */
export interface HostMachine {
  readonly hart: Hart;
  readonly memory: PhysicalMemory;
  /** Memory-mapped devices of the real machine (the UART, the PLIC). */
  readonly devices: DeviceAccess;
  readonly clock: Clock;
  /** Traps that the hart has taken since reset. */
  readonly trapCount: number;
  readonly probe: Probe;
  /**
   * On a board with slices: `judge` is told what a device has reached in memory by itself; with a reason it stops the machine. No software of a real
   * machine sees this: it is for the check of whether the IOMMU does what it must.
   */
  watchTransfers(judge: (transfer: Transfer) => HaltReason | undefined): void;
  /** An SBI call of S-mode host software to the firmware below it: `ecall` with a7, a6 and arguments; gives a0 and a1. */
  firmwareCall(extension: bigint, fn: bigint, args: readonly bigint[]): { readonly error: bigint; readonly value: bigint };
}
