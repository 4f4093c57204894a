/**
 * A computer with a program in it, whatever regime it runs under: what a session needs of one. machine-board.ts builds them from machine,
 * engine and VMM; tests build a small one of their own.
 */
import type { ShadowVariant, Watchpoint } from '../protocol/lab-api.ts';
import type { WatchHit } from '../machine/watched-memory.ts';
import type { DeviceUse } from '../trace/devices.ts';
import type { EngineWork } from '../trace/engine-work.ts';
import type { HaltReason, Instant, TrapEvent } from '../trace/events.ts';
import type { BugId } from '../vmm/bugs.ts';
import type { Visible } from './focus.ts';
import type { GuestInstant } from './guest-instant.ts';
import type { Setting } from './input-log.ts';

export type BoardStop =
  | { readonly by: 'budget' }
  /** The guest waits (see `Board.waiting`). */
  | { readonly by: 'waiting' }
  /** The next instruction stands at a breakpoint; it has not run. */
  | { readonly by: 'breakpoint' }
  /** A trap that was asked for has been taken, and handled where the handler is not RISC-V code. */
  | { readonly by: 'trap' }
  /** An access to watched memory has just been made: `Board.watchHit`. */
  | { readonly by: 'watchpoint' }
  | { readonly by: 'halt'; readonly reason: HaltReason };

/** What makes a run stop by itself. Not part of the machine's state. */
export interface Stops {
  readonly addresses: readonly bigint[];
  /** Bit n: stop after a trap with exception (interrupt) cause n. */
  readonly exceptions: bigint;
  readonly interrupts: bigint;
  readonly watches: readonly Watchpoint[];
}

export const NO_STOPS: Stops = { addresses: [], exceptions: 0n, interrupts: 0n, watches: [] };
export const EVERY_TRAP: Pick<Stops, 'exceptions' | 'interrupts'> = { exceptions: 0xffff_ffff_ffff_ffffn, interrupts: 0xffff_ffff_ffff_ffffn };

export interface Board<State = unknown> {
  readonly instant: Instant;
  /** Where the guest is, by what it knows itself. */
  readonly guestInstant: GuestInstant;
  /** Instructions that the guest has retired: those of the real hart, and under a VMM also those that it emulated to completion. */
  readonly guestInstructions: bigint;
  /** Traps that the real hart has taken since the start. */
  readonly trapCount: number;
  /**
   * Steps since the start: instructions that the real hart retired plus traps that it took. It only grows while running, and a
   * run from the same state passes the same positions: so it names moments.
   */
  readonly position: number;
  /** Set once the machine has ended; it never runs again. */
  readonly halted: HaltReason | undefined;
  /**
   * Set while the guest waits for an interrupt and none is pending: until its next timer event in ticks, or for input only.
   * Running on means to skip the wait first (`skipWait`); input may end it, too.
   */
  readonly waiting: { readonly ticks: bigint | undefined } | undefined;
  /** What stands on the disk, with the guest's changes; undefined without a disk. */
  readonly diskContent?: Uint8Array | undefined;
  /** Lets the ticks until the next timer event pass, without instructions. */
  skipWait(): void;
  /** Runs this many steps at most (a trap that software on the host handles and redirects may add one). Never while waiting or halted. */
  run(steps: number): BoardStop;
  setStops(stops: Stops): void;
  /** The access that the last run stopped after; its physical address is the guest's where the guest has one. */
  readonly watchHit?: WatchHit | undefined;
  /** Characters typed at the guest's UART, now. */
  receive(bytes: Uint8Array): void;
  /** Sets something of the VMM, now; without a VMM there is nothing to set. */
  set(setting: Setting): void;
  /** What the guest printed since the last call. */
  takeConsole(): Uint8Array;
  /** The traps numbered `from` and above that are still in the hart's log, in order. */
  trapsFrom(from: number): readonly TrapEvent[];
  /** A copy of all state, sharing memory with an earlier copy. */
  save(earlier?: State): State;
  restore(state: State): void;
  /** Bytes that these copies hold together. */
  heldBytes(states: readonly State[]): number;
  visible(): Visible;
  /** How the VMM's shadow tables follow the guest's; undefined when bare. */
  readonly shadowVariant: ShadowVariant | undefined;
  /** The mistakes that the VMM makes, and whether it is stopped at the first wrong moment. */
  readonly mistakes: { readonly bugs: readonly BugId[]; readonly checked: boolean };
  /** Entries into the VMM since the start, by cause name; none when bare. */
  readonly vmExits: number;
  readonly vmExitsByCause: Readonly<Record<string, number>>;
  /** What the engine has done; undefined where there is none. It is no part of the state. */
  readonly engineWork: EngineWork | undefined;
  /** What the guest's devices have done. */
  readonly deviceUses: readonly DeviceUse[];
  /** A hash of the whole architectural state. */
  hash(): string;
}

/** The position just after this trap (if the host's software did not redirect it into another). */
export const positionAfter = (trap: TrapEvent): number => Number(trap.instret) + trap.trap + 1;
