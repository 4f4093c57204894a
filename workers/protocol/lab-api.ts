/**
 * What the page may ask of the lab in the worker. Comlink carries the calls; frames (below) come in batches on a MessagePort.
 * Only types and constants: the page imports nothing else of the lab.
 */
import type { Diagnostic } from '../isa/assemble/diagnostic.ts';
import type { Prose } from '../isa/row.ts';
import type { DeviceUse } from '../trace/devices.ts';
import type { EngineWork } from '../trace/engine-work.ts';
import type { HaltReason, Instant, Mode, StepEvent, TrapEvent } from '../trace/events.ts';
import type { AccessKind, MappingKind, Mappings, ShadowUse, Translation } from './translation.ts';

export { LEFT_FOR, type EngineWork, type LeftFor } from '../trace/engine-work.ts';
export type { DeviceUse, Strategy } from '../trace/devices.ts';
export type { BrokenRule, Difference, Effect, HaltReason, Instant, Mode, StepEvent, TrapEvent, World } from '../trace/events.ts';

export const REGIMES = ['bare', 'trap-and-emulate', 'paravirtual'] as const;
export type Regime = (typeof REGIMES)[number];

/** How the VMM's shadow page tables follow the guest's tables (vmm/shadow-paging/shadow-roots.ts says what each does). */
export const SHADOW_VARIANTS = ['lazy', 'eager', 'write-protect'] as const;
export type ShadowVariant = (typeof SHADOW_VARIANTS)[number];

/** Where a program comes from. */
export type ProgramSource =
  /** Assembly text, assembled by our assembler at `origin` (default 0x80200000, an S-mode kernel). */
  | { readonly kind: 'assembly'; readonly name: string; readonly text: string; readonly origin?: bigint }
  /** An ELF64 RISC-V executable, or (when it has no ELF magic) a flat binary placed at `origin`. */
  | { readonly kind: 'binary'; readonly name: string; readonly bytes: Uint8Array; readonly origin?: bigint };

export interface LoadRequest {
  readonly program: ProgramSource;
  readonly regime: Regime;
  /** Under the VMM: how its shadow tables follow the guest's; default `lazy`. */
  readonly shadow?: ShadowVariant;
  /** Under the VMM: mistakes for it to make, by their names in vmm/bugs.ts; default none. */
  readonly bugs?: readonly string[];
  /** With bugs: stop at the first wrong moment (lab/oracle.ts); default yes. */
  readonly checked?: boolean;
  /** Guest RAM in bytes; default 16 MiB in the page, 128 MiB on the command line. */
  readonly memoryBytes?: number;
  /** Mode at entry; default by the entry address as on QEMU (design.md 3). */
  readonly start?: 'm' | 's';
  /** What runs the instructions; default `translator`. `interpreter` is the tier below it alone, `reference` the slow oracle that tests compare with. */
  readonly engine?: EngineName;
  /** The image of the guest's disk; it is never changed. */
  readonly disk?: { readonly name: string; readonly bytes: Uint8Array };
  /** Whether the hart has the hypervisor extension; default yes, but under the VMM, whose guest never has it. */
  readonly hypervisor?: boolean;
  /** The kernel's command line (the device tree's `bootargs`). */
  readonly bootArguments?: string;
  /** A root file system for the kernel, placed high in RAM. */
  readonly initrd?: { readonly name: string; readonly bytes: Uint8Array };
  /** Whether the board has a device in slices, of which a VMM gives one through to its guest; default no. */
  readonly passThrough?: boolean;
  /** What the real-time clock shows at the start, in seconds since 1970; default the start of 2026, so that runs can be repeated. */
  readonly epoch?: number;
}

export const ENGINES = ['translator', 'interpreter', 'reference'] as const;
export type EngineName = (typeof ENGINES)[number];

/** One sentence for the user, by code so that the page can say it in its language; `message` is the English sentence. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly args: Readonly<Record<string, string>>;
}

export type LoadResult =
  | { readonly ok: true; readonly program: ProgramInfo }
  | { readonly ok: false; readonly problem: Problem; readonly diagnostics: readonly Diagnostic[] };

export interface ProgramInfo {
  readonly name: string;
  readonly entry: bigint;
  readonly start: 'm' | 's';
  readonly symbols: readonly { readonly name: string; readonly address: bigint; readonly size: number }[];
  /** For assembled programs: address of each source line that made bytes, ascending by address. 1-based lines. */
  readonly lines: readonly { readonly address: bigint; readonly line: number }[];
  readonly warnings: readonly Diagnostic[];
}

export type StepUnit = 'instruction' | 'trap' | 'micro-step';
export type RunStatus =
  | { readonly state: 'empty' | 'paused' | 'running' }
  /** The guest waits for input or its timer; the machine is running but nothing happens. */
  | { readonly state: 'idle' }
  | { readonly state: 'halted'; readonly reason: HaltReason };

/** Why a run stopped. */
export type StopCause =
  | { readonly by: 'pause' | 'step' | 'halt' | 'limit' | 'start' }
  | { readonly by: 'breakpoint'; readonly address: bigint }
  /** The guest can never go on: its trap handler traps itself. One sentence says so. */
  | { readonly by: 'stuck'; readonly message: string }
  | { readonly by: 'trap-breakpoint'; readonly trap: TrapEvent }
  | { readonly by: 'watchpoint'; readonly hit: WatchedAccess };

/** What makes a run stop by itself. */
export interface Breakpoints {
  readonly addresses: readonly bigint[];
  /** Cause names of isa/causes.ts; an unknown name stops nothing. */
  readonly causes: readonly string[];
  readonly watches?: readonly Watchpoint[];
}

export const WATCH_KINDS = ['write', 'change', 'read', 'access'] as const;
/** `change`: a write after which a watched byte is another one; `access`: read or write. */
export type WatchKind = (typeof WATCH_KINDS)[number];

/**
 * Memory that a run stops after an access to. In `current` the addresses are those that instructions use, in whatever address space; the
 * physical ones are this very memory, however it is mapped, and a device's or the VMM's writes to it stop, too.
 */
export interface Watchpoint {
  readonly space: MemorySpace;
  readonly address: bigint;
  /** 1 to MOST_WATCHED_BYTES, and not beyond the last address. */
  readonly bytes: number;
  readonly on: WatchKind;
}
export const MOST_WATCHPOINTS = 16;
export const MOST_WATCHED_BYTES = 4096;

/** The access that a run stopped after; its instruction has retired. */
export interface WatchedAccess {
  readonly watchpoint: Watchpoint;
  /** `host`: a device or the VMM wrote there. */
  readonly by: 'instruction' | 'host';
  readonly access: 'read' | 'write' | 'both';
  /** The instruction and its text; where it is not known what made the access, the text is missing. */
  readonly pc: bigint;
  readonly text?: string;
  readonly address: bigint;
  readonly physical: bigint;
  readonly bytes: number;
  readonly before: bigint;
  readonly after: bigint;
}

export interface CsrValue {
  readonly name: string;
  readonly number: number;
  readonly value: bigint;
  /** When the value last changed, or undefined when it never did. */
  readonly changedAt?: Instant;
}

/** All that the panes show of one instant. At speed a frame comes at most 20 times a second; on every stop at once. */
export interface MachineView extends Instant {
  readonly regime: Regime;
  /** How the VMM's shadow tables follow the guest's; undefined when bare. */
  readonly shadow: ShadowVariant | undefined;
  /** The mistakes that the VMM makes, and whether it is stopped at the first wrong moment (then `status` says what is wrong). */
  readonly mistakes: { readonly bugs: readonly string[]; readonly checked: boolean };
  readonly status: RunStatus;
  readonly stop: StopCause;
  readonly pc: bigint;
  readonly mode: Mode;
  /** x0..x31 as the guest sees them. */
  readonly registers: readonly bigint[];
  readonly float: FloatView;
  readonly real: readonly CsrValue[];
  /** Of the virtual hart; undefined when bare. */
  readonly virtual: VirtualView | undefined;
  /** The focus inside the last trap: which of its micro-steps has just happened (-1: before the first; undefined: no trap yet). */
  readonly micro: { readonly trap: number; readonly index: number; readonly count: number } | undefined;
  readonly counters: Counters;
}

/** The floating-point unit, which guest and hardware share. Whether it is on says FS of the guest's sstatus. */
export interface FloatView {
  /** The bits of f0..f31. */
  readonly registers: readonly bigint[];
  readonly fcsr: bigint;
}

export interface VirtualView {
  readonly mode: Mode;
  readonly csrs: readonly CsrValue[];
  /** Name of the shadow root in use, as in the VMM's source: `user`, `kernel`, `kernel-sum`, `bare`, `machine`, `machine-as-other`. */
  readonly shadowRoot: string;
  /** Why a real CSR differs from the virtual one of the same name; the page has a sentence for each. Key: CSR name. */
  readonly why: Readonly<Record<string, string>>;
}

export interface Counters {
  /** That the guest has retired: on the hart, and by the VMM in its place. The same bare and virtual. */
  readonly instructions: bigint;
  readonly traps: number;
  /** Traps by `cause` name, as in isa/causes.ts (`ecall-from-user`, `supervisor-timer-interrupt`). */
  readonly trapsByCause: Readonly<Record<string, number>>;
  /** VMM exits; 0 when bare. */
  readonly vmExits: number;
  readonly vmExitsByCause: Readonly<Record<string, number>>;
  /** Devices that the guest has used, and what each byte cost. */
  readonly devices: readonly DeviceUse[];
  /** Million instructions per second over the last second of running; 0 when stopped. */
  readonly mips: number;
}

/** One batch to the page. Events that did not fit are counted in `dropped`, never silently lost. */
export interface Frame {
  readonly view: MachineView;
  readonly traps: readonly TrapEvent[];
  /** Micro-steps, when recorded in full (stepping), of the traps of this batch. */
  readonly steps: readonly StepEvent[];
  readonly dropped: number;
  /** Guest console output since the last frame, with the instant of its first byte. */
  readonly console: Uint8Array;
  /** What the engine has done so far, and when that was said (milliseconds of the worker's clock). */
  readonly engine: { readonly at: number; readonly work: EngineWork } | undefined;
  /** Set when the machine was reset, reloaded or moved back: the page forgets events and console from `from` on. */
  readonly rewound?: { readonly to: Instant; readonly traps: number; readonly consoleBytes: number };
}

export interface DisassembledLine {
  readonly address: bigint;
  readonly bytes: number;
  readonly length: 2 | 4;
  readonly text: string;
  /** `main+0x10`, when symbols are known. */
  readonly label?: string;
  readonly line?: number;
}

/** Which address space an address is in. `current` is what the guest's instruction would use now. */
export type MemorySpace = 'current' | 'guest-physical' | 'host-physical';

export interface CheckResult {
  readonly passed: boolean;
  readonly checks: readonly {
    readonly id: string;
    readonly passed: boolean;
    readonly expected: string;
    readonly actual: string;
    /** What is looked at, as a short noun phrase. */
    readonly title: Prose;
    /** When it failed: what is wrong, why, and what to look at. */
    readonly failure?: Prose;
  }[];
  readonly problem?: Problem;
  readonly diagnostics: readonly Diagnostic[];
}

/** What can be compared of one guest, the bare machine first. */
export const CONFIGURATIONS: readonly { readonly regime: Regime; readonly shadow?: ShadowVariant }[] = [
  { regime: 'bare' }, ...SHADOW_VARIANTS.map((shadow) => ({ regime: 'trap-and-emulate', shadow } as const)), { regime: 'paravirtual', shadow: 'lazy' },
];

/** A whole run of a guest, counted. */
export interface Measurement {
  readonly regime: Regime;
  readonly shadow: ShadowVariant | undefined;
  /** `limit`: it was still running; `waits`: for input that does not come; `stuck`: it can never go on. */
  readonly end: 'ended' | 'limit' | 'waits' | 'stuck';
  readonly exitCode: number | undefined;
  /** That the guest retired, and how many of them the hart ran itself: the rest the VMM emulated. */
  readonly instructions: number;
  readonly direct: number;
  /** The guest's own time. */
  readonly ticks: number;
  /** Measured on this computer; says nothing of a real chip. */
  readonly milliseconds: number;
  readonly exits: number;
  readonly exitsByCause: Readonly<Record<string, number>>;
  /** Pages of 4 KiB that shadow tables took at most. */
  readonly shadowPages: number;
  readonly console: string;
}

/** A mistake that real VMMs have made, and that ours can make. */
export interface BugInfo {
  readonly id: string;
  /** The rule of vmm/SPEC.md that it breaks. */
  readonly rule: string;
  readonly title: Prose;
  readonly sentence: Prose;
}

/** What the page needs to offer an exercise; its prose stands with the page. */
export interface ExerciseInfo {
  readonly id: string;
  readonly regime: Regime;
  /** Paragraphs, a line each; a line that begins with `- ` is an item of a list; `...` is code. */
  readonly task: Prose;
  /** Programs, with comments in each language. */
  readonly starter: Prose;
  readonly solution: Prose;
  readonly checks: readonly { readonly id: string; readonly title: Prose }[];
}

/** A question to the machine: what is the value of this thing at the present focus? Used by predictions and checks. */
export type Datum =
  | { readonly of: 'real-csr' | 'virtual-csr'; readonly name: string; readonly field?: string }
  | { readonly of: 'register'; readonly name: string }
  | { readonly of: 'virtual-mode' | 'real-mode' | 'pc' };

/** Runs until this is true (or the limit is reached). The unit of lessons: "go to the first sret", "to trap 3". */
export type Moment =
  | { readonly at: 'start' }
  /** The n-th trap (from 1) with this cause name, counted from the start of the run; focus before its first micro-step. */
  | { readonly at: 'trap'; readonly cause?: string; readonly n: number; /** The row's name in the ISA table: `csrrs`, not `csrr`. */ readonly instruction?: string; /** Counted from the first time the pc reached this symbol. */ readonly after?: string }
  | { readonly at: 'symbol'; readonly name: string; readonly n: number }
  | { readonly at: 'console'; readonly text: string }
  | { readonly at: 'halt' };

export interface LabApi {
  /** Replaces the machine. On failure the old machine stays as it was. */
  load(request: LoadRequest): Promise<LoadResult>;
  /** The same program from its beginning; keeps breakpoints. */
  reset(): Promise<void>;
  /** Starts running at full speed; comes back at once. Frames tell the rest. */
  run(): Promise<void>;
  pause(): Promise<void>;
  /**
   * Back to where the run would last have stopped by itself: a breakpoint, a trap that was asked for, an access to watched memory; to the
   * start when there is none.
   */
  runBack(): Promise<MachineView>;
  /** One step of this size (count times), forwards or back; comes back when done, with the view. */
  step(unit: StepUnit, count: number, direction: 'forward' | 'back'): Promise<MachineView>;
  /** Moves to a moment, from the start when it lies behind. False when the limit was reached first. */
  goTo(moment: Moment): Promise<{ readonly reached: boolean; readonly view: MachineView }>;
  /** The instant of an event, backwards or forwards. */
  seekTrap(trap: number, microStep?: number): Promise<MachineView>;
  /** Typed text for the guest's UART. */
  input(text: string): Promise<void>;
  /**
   * The same program in another regime, from its beginning up to where the guest stands now, with all input at the same moments of the guest. `same` is false
   * where the guest does not come to this moment there; it then stands as near as it came. On failure the machine stays as it was.
   */
  setRegime(regime: Regime): Promise<{ readonly ok: true; readonly same: boolean } | { readonly ok: false; readonly problem: Problem }>;
  /** How the shadow tables follow the guest's, from now on. All are filled anew; the guest goes on. */
  setShadow(variant: ShadowVariant): Promise<void>;
  /** All mistakes that the VMM makes from now on, and whether it is stopped at the first wrong moment. From there, the wrong exit is taken back first. */
  setBugs(bugs: readonly string[], checked: boolean): Promise<Problem | undefined>;
  /** Runs the program with what was typed so far from its beginning in another machine, to its end or so many instructions; the present one is left alone. */
  measure(configuration: (typeof CONFIGURATIONS)[number], limit: number): Promise<{ readonly ok: true; readonly measurement: Measurement } | { readonly ok: false; readonly problem: Problem }>;
  /** The mistakes that there are. */
  bugs(): Promise<readonly BugInfo[]>;
  setBreakpoints(breakpoints: Breakpoints): Promise<void>;
  readMemory(space: MemorySpace, address: bigint, length: number): Promise<readonly (number | undefined)[]>;
  disassemble(address: bigint, count: number, before?: number): Promise<readonly DisassembledLine[]>;
  /** An address in every table on its way, and what such an access does now. */
  translate(va: bigint, access: AccessKind): Promise<Translation>;
  /** All pages that a table maps (of the memory map: where the guest's memory stands), as runs. */
  mappings(of: MappingKind): Promise<Mappings>;
  /** The memory that shadow tables take; undefined when bare. */
  shadowUse(): Promise<ShadowUse | undefined>;
  datum(datum: Datum): Promise<bigint | undefined>;
  /** Assembles without loading: diagnostics as you type. */
  assemble(text: string): Promise<readonly Diagnostic[]>;
  /** Assembles and runs an exercise's solution and judges it. */
  check(exercise: string, text: string): Promise<CheckResult>;
  /** The exercises in the order of the lessons. */
  exercises(): Promise<readonly ExerciseInfo[]>;
  /** The micro-steps of one trap (recorded, or made again by replay). */
  steps(trap: number): Promise<readonly StepEvent[]>;
  /** Frames from now on. The page hands each frame's credit back with `credit()` so that a slow page is never flooded. */
  connect(port: MessagePort): Promise<void>;
  /** Hash of the whole architectural state, for replay and tests. */
  stateHash(): Promise<string>;
  /** True when nothing is under way: no call, no running machine. The idle signal for tests. */
  isIdle(): Promise<boolean>;
  /** The page is hidden: slow down; shown: go on. */
  setVisible(visible: boolean): Promise<void>;
}

export type FromPage = { readonly type: 'credit' };
export type ToPage = { readonly type: 'frame'; readonly frame: Frame };
