/**
 * The lab as the page sees it: one computer at a time, with a program, a past and a way to watch it. Calls that move the machine are
 * done one after the other; a call that moves it stops a run first.
 */
import type {
  Breakpoints, BugInfo, CONFIGURATIONS, CheckResult, Datum, DisassembledLine, ExerciseInfo, LabApi, LoadRequest, LoadResult, MachineView, Measurement, MemorySpace, Moment, Problem, Regime, RunStatus, ShadowVariant, StepUnit, StopCause,
} from '../protocol/lab-api.ts';
import type { AccessKind, MappingKind, Mappings, ShadowUse, Translation } from '../protocol/translation.ts';
import { assemble } from '../isa/assemble/assemble.ts';
import type { Diagnostic } from '../isa/assemble/diagnostic.ts';
import type { StepEvent } from '../trace/events.ts';
import { BUGS } from '../vmm/bugs.ts';
import { checkExercise } from './check.ts';
import { exerciseInfo, EXERCISES } from './exercises/index.ts';
import { datumOf, disassembleAt, mappingsIn, readMemoryOf, translateIn } from './inspect.ts';
import { replayInto } from './guest-instant.ts';
import { noRoomFor } from './machine-board.ts';
import { measure } from './measure.ts';
import { knownBugs, open, type OpenProgram } from './open.ts';
import { goTo } from './moments.ts';
import { Publisher } from './publisher.ts';
import { Runner, type RunEnd } from './runner.ts';
import type { Advance } from './session.ts';
import { stopsOf } from './stops.ts';
import type { Job } from './travel.ts';
import { ChangeAges, machineView } from './view.ts';
import { watchStop } from './watch-stop.ts';
import { Yielder } from './yield.ts';

interface Loaded extends OpenProgram {
  readonly request: LoadRequest;
  readonly runner: Runner;
  readonly ages: ChangeAges;
  stop: StopCause;
}

/** What a step or a read answers before any program is loaded is our own bug or the page's, not the user's. */
const NOTHING_LOADED = 'No program is loaded: call load() first.';
const PAGE_MEMORY = 16 << 20;

export class Lab implements LabApi {
  private loaded: Loaded | undefined;
  private breakpoints: Breakpoints = { addresses: [], causes: [] };
  private readonly publisher = new Publisher(() => (this.loaded ? { session: this.loaded.session, view: this.view(this.loaded) } : undefined));
  private last: Promise<unknown> = Promise.resolve();
  private pending = 0;
  private abandoned = false;
  private pageVisible = true;

  // ---------------------------------------------------------------------------------------------- loading

  load(request: LoadRequest): Promise<LoadResult> {
    return this.exclusive(() => {
      const opened = open({ memoryBytes: PAGE_MEMORY, ...request });
      if (!opened.ok) return opened;
      this.use({ ...opened.open, request });
      return { ok: true, program: opened.open.program };
    });
  }

  async reset(): Promise<void> {
    await this.exclusive(() => {
      if (!this.loaded) return;
      const { session: { board }, request: before } = this.loaded;
      // What was set while it ran stays set.
      const { bugs, checked } = board.mistakes;
      const request = before.regime === 'bare' ? before : { ...before, ...(board.shadowVariant && { shadow: board.shadowVariant }), bugs, checked };
      const opened = open({ memoryBytes: PAGE_MEMORY, ...request });
      if (opened.ok) this.use({ ...opened.open, request });
    });
  }

  private use(opened: OpenProgram & { request: LoadRequest }): void {
    const { session } = opened;
    const runner = new Runner(session, () => { this.publisher.tick(); });
    runner.setVisible(this.pageVisible);
    this.loaded = { ...opened, runner, ages: new ChangeAges(), stop: { by: 'start' } };
    session.setStops(stopsOf(this.breakpoints));
    session.checkpoint();
    this.publisher.restart();
  }

  // ---------------------------------------------------------------------------------------------- moving

  async run(): Promise<void> {
    await this.exclusive(() => {
      this.start(this.need());
    });
  }

  private start(loaded: Loaded): void {
    if (loaded.session.board.halted) return;
    loaded.travel.moved();
    void loaded.runner.run().then((end) => {
      this.stopped(loaded, this.stopCause(loaded, end), end === 'trap');
    });
    this.publisher.now();
  }

  async pause(): Promise<void> {
    this.abandoned = true;
    await this.loaded?.runner.pause();
    // A job in progress gives up at its next slice; a frame tells where it got to.
    await this.last.catch(() => undefined);
    this.abandoned = false;
  }

  step(unit: StepUnit, count: number, direction: 'forward' | 'back'): Promise<MachineView> {
    return this.exclusive(async () => {
      const loaded = this.need();
      const { position } = loaded.session;
      for (let i = 0; i < count && !this.abandoned; i += 1) {
        if (direction === 'forward' && loaded.session.board.halted) break;
        await this.drive(loaded.travel.step(unit, direction));
      }
      const { halted, watchHit } = loaded.session.board;
      return this.stopped(loaded, halted ? { by: 'halt' } : watchHit && loaded.session.position > position ? this.stopCause(loaded, 'watchpoint') : { by: 'step' });
    });
  }

  goTo(moment: Moment): Promise<{ readonly reached: boolean; readonly view: MachineView }> {
    return this.exclusive(async () => {
      const loaded = this.need();
      const reached = (await this.drive(goTo(loaded, moment))) === true;
      return { reached, view: this.stopped(loaded, reached ? { by: loaded.session.board.halted ? 'halt' : 'step' } : { by: 'limit' }) };
    });
  }

  runBack(): Promise<MachineView> {
    return this.exclusive(async () => {
      const loaded = this.need();
      const end = await this.drive(loaded.travel.previousStop());
      return this.stopped(loaded, end === undefined ? { by: 'pause' } : end === 'start' ? { by: 'start' } : this.stopCause(loaded, end));
    });
  }

  seekTrap(trap: number, microStep?: number): Promise<MachineView> {
    return this.exclusive(async () => {
      const loaded = this.need();
      await this.drive(loaded.travel.seekTrap(trap, microStep));
      return this.stopped(loaded, { by: 'step' });
    });
  }

  input(text: string): Promise<void> {
    const { session, runner } = this.need();
    session.receive(new TextEncoder().encode(text));
    runner.wake();
    if (!runner.isRunning) this.publisher.now();
    return Promise.resolve();
  }

  // ---------------------------------------------------------------------------------------------- choices while the guest runs

  setRegime(regime: Regime): Promise<{ readonly ok: true; readonly same: boolean } | { readonly ok: false; readonly problem: Problem }> {
    return this.whileRunning(async (loaded) => {
      const request: LoadRequest = { ...loaded.request, regime };
      // Of mistakes only those that were made from the beginning are not in the log.
      const opened = open({ memoryBytes: PAGE_MEMORY, ...request, ...(regime === 'bare' && { bugs: [] }) });
      if (!opened.ok) return { ok: false, problem: opened.problem };
      opened.open.session.checkpoint();
      const same = await this.drive(replayInto(loaded.session, opened.open.session));
      if (same !== undefined) this.use({ ...opened.open, request });
      return { ok: true, same: same === true };
    });
  }

  async setShadow(variant: ShadowVariant): Promise<void> {
    await this.whileRunning(({ session }) => { session.set({ kind: 'shadow', variant }); });
  }

  setBugs(names: readonly string[], checked: boolean): Promise<Problem | undefined> {
    return this.whileRunning(async ({ session, travel, request }) => {
      const bugs = knownBugs(names);
      if (!bugs.ok) return bugs.error;
      const { halted } = session.board;
      if (halted?.by === 'stuck' && halted.broken) await this.drive(travel.to(session.position - 1));
      try {
        session.set({ kind: 'bugs', bugs: bugs.value, checked });
      } catch (error) {
        // There is no room for the second machine that mistakes are found by.
        if (!(error instanceof RangeError)) throw error;
        return noRoomFor(request.memoryBytes ?? PAGE_MEMORY);
      }
      return undefined;
    });
  }

  async measure(configuration: (typeof CONFIGURATIONS)[number], limit: number): Promise<{ readonly ok: true; readonly measurement: Measurement } | { readonly ok: false; readonly problem: Problem }> {
    const { request, session: { inputs } } = this.need();
    const opened = open({ memoryBytes: PAGE_MEMORY, ...request, bugs: [], ...configuration });
    if (!opened.ok) return { ok: false, problem: opened.problem };
    const job = measure(opened.open, configuration.regime, { limit, inputs: inputs.all.slice(0, inputs.received) });
    // Between its slices others have their turn, the present machine too.
    const yielder = new Yielder();
    try {
      for (;;) {
        const { done, value } = job.next();
        if (done) return { ok: true, measurement: value };
        await yielder.yield();
      }
    } finally {
      yielder.close();
    }
  }

  bugs(): Promise<readonly BugInfo[]> {
    return Promise.resolve(BUGS);
  }

  /** Changes something of the machine at rest; then it goes on, if it was running. */
  private whileRunning<T>(work: (loaded: Loaded) => T | Promise<T>): Promise<T> {
    const running = this.loaded?.runner.isRunning === true;
    return this.exclusive(async () => {
      const result = await work(this.need());
      const loaded = this.need();
      if (running) this.start(loaded);
      else this.stopped(loaded, { by: loaded.session.board.halted ? 'halt' : 'step' });
      return result;
    });
  }

  setBreakpoints(breakpoints: Breakpoints): Promise<void> {
    this.breakpoints = breakpoints;
    this.loaded?.session.setStops(stopsOf(breakpoints));
    return Promise.resolve();
  }

  // ---------------------------------------------------------------------------------------------- looking

  readMemory(space: MemorySpace, address: bigint, length: number): Promise<readonly (number | undefined)[]> {
    return Promise.resolve(readMemoryOf(this.need(), space, address, length));
  }

  disassemble(address: bigint, count: number, before = 0): Promise<readonly DisassembledLine[]> {
    return Promise.resolve(disassembleAt(this.need(), address, count, before));
  }

  translate(va: bigint, access: AccessKind): Promise<Translation> {
    return Promise.resolve(translateIn(this.need(), va, access));
  }

  mappings(of: MappingKind): Promise<Mappings> {
    return Promise.resolve(mappingsIn(this.need(), of));
  }

  shadowUse(): Promise<ShadowUse | undefined> {
    return Promise.resolve(this.need().inspector.shadowUse);
  }

  datum(datum: Datum): Promise<bigint | undefined> {
    return Promise.resolve(datumOf(this.view(this.need()), datum));
  }

  steps(trap: number): Promise<readonly StepEvent[]> {
    return Promise.resolve(this.need().travel.stepsOf(trap));
  }

  stateHash(): Promise<string> {
    return Promise.resolve(this.need().session.board.hash());
  }

  // ---------------------------------------------------------------------------------------------- assembler and exercises

  assemble(text: string): Promise<readonly Diagnostic[]> {
    return Promise.resolve(assemble(text).diagnostics);
  }

  check(exercise: string, text: string): Promise<CheckResult> {
    return Promise.resolve(checkExercise(exercise, text));
  }

  exercises(): Promise<readonly ExerciseInfo[]> {
    return Promise.resolve(EXERCISES.map(exerciseInfo));
  }

  // ---------------------------------------------------------------------------------------------- the page

  connect(port: MessagePort): Promise<void> {
    this.publisher.connect(port);
    return Promise.resolve();
  }

  isIdle(): Promise<boolean> {
    return Promise.resolve(this.pending === 0 && this.loaded?.runner.isRunning !== true);
  }

  setVisible(visible: boolean): Promise<void> {
    this.pageVisible = visible;
    this.loaded?.runner.setVisible(visible);
    return Promise.resolve();
  }

  // ---------------------------------------------------------------------------------------------- inside

  private need(): Loaded {
    if (!this.loaded) throw new Error(NOTHING_LOADED);
    return this.loaded;
  }

  /** Does `work` after all that was asked before, with the machine at rest. */
  private exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    this.pending += 1;
    const result = this.last.catch(() => undefined).then(async () => {
      await this.loaded?.runner.pause();
      return work();
    }).finally(() => { this.pending -= 1; });
    this.last = result;
    return result;
  }

  /** Drives a job with the message loop alive between its slices. Undefined when it was given up. */
  private async drive<T>(job: Job<T>): Promise<T | undefined> {
    let yielder: Yielder | undefined;
    try {
      for (;;) {
        const { done, value } = job.next();
        if (done) return value;
        if (this.abandoned) return undefined;
        yielder ??= new Yielder();
        await yielder.yield();
      }
    } finally {
      yielder?.close();
    }
  }

  private stopCause(loaded: Loaded, end: RunEnd | Advance): StopCause {
    const { session, runner } = loaded;
    const { board, recorder } = session;
    switch (end) {
      case 'pause': case 'halt': return { by: end };
      case 'budget': case 'waiting': return { by: 'step' };
      case 'breakpoint': return { by: 'breakpoint', address: board.visible().pc };
      case 'watchpoint': return watchStop(loaded);
      case 'stuck': return { by: 'stuck', message: runner.problem ?? '' };
      case 'trap': {
        const trap = recorder.traps.get(board.trapCount - 1);
        return trap ? { by: 'trap-breakpoint', trap } : { by: 'pause' };
      }
    }
  }

  /** The machine came to rest: tells the page at once. */
  private stopped(loaded: Loaded, stop: StopCause, atTrap = false): MachineView {
    loaded.stop = stop;
    if (atTrap) loaded.travel.moved('trap');
    const view = this.view(loaded);
    if (loaded === this.loaded) this.publisher.now();
    return view;
  }

  private view({ session, travel, request, ages, stop, runner }: Loaded): MachineView {
    return machineView({ session, travel, regime: request.regime, ages, stop, status: statusOf(session.board.halted, runner, session.board.waiting), mips: runner.speed.millionPerSecond });
  }
}

function statusOf(halted: Loaded['session']['board']['halted'], runner: Runner, waiting: Loaded['session']['board']['waiting']): RunStatus {
  if (halted) return { state: 'halted', reason: halted };
  if (!runner.isRunning) return { state: 'paused' };
  return { state: runner.idle && waiting ? 'idle' : 'running' };
}
