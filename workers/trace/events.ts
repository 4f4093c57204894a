/**
 * What can be seen of a run: one tagged union. Every event carries its instant (ticks and retired instructions), so that a pane can
 * move the focus to it. 64-bit values are bigints.
 */
import type { Prose } from '../isa/row.ts';
import type { StepId } from './steps.ts';

/** S is HS on a machine with the hypervisor extension; VU and VS are U and S with V = 1. */
export type Mode = 'U' | 'S' | 'M' | 'VU' | 'VS';
/** Whose doing an event is; also the colour of it on the screen. */
export type World = 'hardware' | 'vmm' | 'guest-kernel' | 'guest-user' | 'firmware';

export interface Instant {
  /** mtime ticks. */
  readonly time: bigint;
  /** Instructions retired by the hart. */
  readonly instret: bigint;
}

/** The hart took a trap: the hardware's own part of it. One per trap, always recorded (from the trap log), in every regime. */
export interface TrapEvent extends Instant {
  readonly kind: 'trap';
  /** Which trap of this run, from 0; a VMM's steps for this trap carry the same number. */
  readonly trap: number;
  readonly interrupt: boolean;
  readonly cause: number;
  readonly from: Mode;
  readonly to: Mode;
  /** The address of the trapped instruction (becomes sepc or mepc), the trap value, the handler's address. */
  readonly epc: bigint;
  readonly tval: bigint;
  readonly handler: bigint;
  /** Under a VMM: which guest's trap it was, and its virtual mode before and after the VMM handled it. */
  readonly guest?: { readonly number: number; readonly before: Mode; readonly after: Mode };
}

/**
 * One micro-step of the VMM's (or firmware's) handling of a trap. `id` names the step: the same literal stands in the VMM's source,
 * where the page finds the line, and in trace/steps.ts, where the sentence stands.
 */
export interface StepEvent extends Instant {
  readonly kind: 'step';
  readonly trap: number;
  /** Order within the trap, from 0. */
  readonly index: number;
  readonly id: StepId;
  readonly world: World;
  /** What the sentence mentions, ready to show. */
  readonly args: Readonly<Record<string, string>>;
  /** What this step changed or looked at, with old and new values: enough to show the machine before or after the step. */
  readonly effects: readonly Effect[];
}

export type Effect =
  | { readonly on: 'real-csr' | 'virtual-csr'; readonly name: string; readonly access: 'read' | 'write'; readonly before: bigint; readonly after: bigint }
  | { readonly on: 'register'; readonly register: number; readonly before: bigint; readonly after: bigint }
  | { readonly on: 'virtual-mode'; readonly before: Mode; readonly after: Mode }
  | { readonly on: 'real-mode'; readonly before: Mode; readonly after: Mode }
  | { readonly on: 'pc'; readonly before: bigint; readonly after: bigint }
  /** A page-table entry read or written: whose table, its level, where it stands (physical in that space). */
  | { readonly on: 'pte'; readonly table: 'guest' | 'shadow'; readonly level: number; readonly va: bigint; readonly at: bigint; readonly access: 'read' | 'write'; readonly before: bigint; readonly after: bigint }
  /** Shadow entries dropped: how many. */
  | { readonly on: 'shadow-drop'; readonly root: string; readonly count: number }
  | { readonly on: 'device'; readonly device: string; readonly register: string; readonly access: 'read' | 'write'; readonly value: bigint };

/** Why the machine stopped of itself. */
export type HaltReason =
  | { readonly by: 'finisher' | 'htif' | 'sbi'; readonly exitCode: number }
  /** The guest can never do anything again, or the VMM refuses to go on; `message` is one sentence that says who is wrong and where. */
  | { readonly by: 'stuck'; readonly exitCode: number; readonly message: string; /** Set when the VMM has done wrong (a bug that was turned on). */ readonly broken?: BrokenRule };

/** A rule of vmm/SPEC.md that the VMM has broken, and how. */
export interface BrokenRule {
  /** Its number: S1. */
  readonly rule: string;
  readonly sentence: Prose;
  /** What the guest finds after this exit, and what it finds under a VMM without mistakes; empty where the guest cannot see the mistake yet. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly of: 'exit' | 'pc' | 'virtual-mode' | 'register' | 'float' | 'virtual-csr' | 'instructions' | 'time' | 'waiting' | 'end';
  /** Of a register: its name. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}
