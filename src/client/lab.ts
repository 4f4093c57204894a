/** Everything that the page asks of the machine. The one place that calls the lab and writes state/machine.ts. */
import { MOST_WATCHPOINTS, type Breakpoints, type CheckResult, type Datum, type LabApi, type LoadRequest, type Moment, type ProgramSource, type Regime, type ShadowVariant, type StepUnit, type Watchpoint } from '../../workers/protocol/lab-api.ts';
import { i18next, problemText, type Language } from '../i18n/index.ts';
import { isRunning, takeFrame, takeSteps, useMachine } from '../state/machine.ts';
import { dismiss, notify, useWorkspace } from '../state/workspace.ts';
import { machineRuns } from './idle.ts';
import { LabClient, WorkerDied } from './lab-client.ts';

let client: LabClient | undefined;
/** What the present machine was loaded from, to load it again after a crash. */
let lastRequest: { readonly request: LoadRequest; readonly guest: string | undefined } | undefined;

function connect(): LabClient {
  client ??= new LabClient({
    frame: (frame) => {
      takeFrame(frame);
      machineRuns(frame.view.status.state === 'running');
    },
    died: (message) => {
      machineRuns(false);
      useMachine.setState({ died: message });
    },
  });
  return client;
}

/** A call whose failure is told to the reader; undefined then. */
export async function ask<T>(work: (lab: LabApi) => Promise<T>): Promise<T | undefined> {
  try {
    return await connect().call(work);
  } catch (error) {
    // The banner tells of a dead worker.
    if (error instanceof WorkerDied) return undefined;
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
    // Errors come from the worker as copies: their names are all that is left of their classes.
    notify('internal', /CompileError|WebAssembly/.test(`${name} ${message}`) ? i18next.t('notice.wasm') : i18next.t('notice.internal', { message }));
    return undefined;
  }
}

/** What the machine has beside its program. */
export type MachineParts = Pick<LoadRequest, 'passThrough' | 'disk' | 'initrd' | 'bootArguments' | 'memoryBytes'>;

/** Loads a program. False when it was refused: `refusal` says why, and the old machine stays. */
export async function load(program: ProgramSource, regime: Regime, guest?: string, machine: MachineParts & Pick<LoadRequest, 'bugs' | 'checked'> = {}): Promise<boolean> {
  const request: LoadRequest = { ...machine, program, regime };
  const result = await ask((lab) => lab.load(request));
  if (!result) return false;
  if (!result.ok) {
    useMachine.setState({ refusal: { problem: result.problem, diagnostics: result.diagnostics } });
    return false;
  }
  lastRequest = { request, guest };
  useMachine.setState({
    loaded: { info: result.program, regime, guest, source: program.kind === 'assembly' ? program.text : undefined },
    refusal: undefined,
  });
  return true;
}

/** The same program in another regime, and the guest stands where it stood. */
export async function changeRegime(regime: Regime): Promise<void> {
  const answer = await ask((lab) => lab.setRegime(regime));
  if (!answer) return;
  if (!answer.ok) {
    notify('refusal', problemText(answer.problem, i18next.language as Language));
    return;
  }
  const { loaded } = useMachine.getState();
  if (lastRequest) lastRequest = { ...lastRequest, request: { ...lastRequest.request, regime } };
  useMachine.setState({ loaded: loaded && { ...loaded, regime } });
  if (answer.same) dismiss('regime');
  else notify('regime', i18next.t('notice.otherMoment'));
}

export const setShadow = (variant: ShadowVariant): Promise<void> => move((lab) => lab.setShadow(variant));

/** All mistakes that the VMM makes from now on. */
export async function setBugs(bugs: readonly string[], checked: boolean): Promise<void> {
  const problem = await ask((lab) => lab.setBugs(bugs, checked));
  if (problem) notify('refusal', problemText(problem, i18next.language as Language));
}

export function run(): Promise<void> {
  return move((lab) => lab.run());
}

/** Frames tell where the machine got to. */
async function move(work: (lab: LabApi) => Promise<unknown>): Promise<void> {
  await ask(work);
}

export const pause = (): Promise<void> => move((lab) => lab.pause());
export const toggleRun = (): Promise<void> => (isRunning(useMachine.getState().view) ? pause() : run());
export const runBack = (): Promise<void> => move((lab) => lab.runBack());
export const reset = (): Promise<void> => move((lab) => lab.reset());
export const step = (unit: StepUnit, direction: 'forward' | 'back'): Promise<void> => move((lab) => lab.step(unit, 1, direction));
export const seekTrap = (trap: number, microStep?: number): Promise<void> => move((lab) => lab.seekTrap(trap, microStep));
export const type = (text: string): Promise<void> => move((lab) => lab.input(text));

/** True when the machine has come to that moment. */
export async function goTo(moment: Moment): Promise<boolean> {
  return (await ask((lab) => lab.goTo(moment)))?.reached === true;
}

export const datum = (of: Datum): Promise<bigint | undefined> => ask((lab) => lab.datum(of));
export const check = (exercise: string, text: string): Promise<CheckResult | undefined> => ask((lab) => lab.check(exercise, text));

/** The micro-steps of a trap: those that frames have brought, or made again by replay. */
export async function needSteps(trap: number): Promise<void> {
  if (useMachine.getState().steps.has(trap)) return;
  const steps = await ask((lab) => lab.steps(trap));
  if (steps) takeSteps(trap, steps);
}

/** The previous or next trap. At the end of what has happened, the next one is run to. */
export function stepTrap(direction: 'forward' | 'back'): Promise<void> {
  const { view, traps } = useMachine.getState();
  const at = view?.micro?.trap;
  const target = at === undefined ? undefined : direction === 'back' ? at - 1 : at + 1;
  const known = target !== undefined && target >= 0 && traps.some(({ trap }) => trap === target);
  return known ? seekTrap(target, -1) : step('trap', direction);
}

export async function setBreakpoints(breakpoints: Required<Breakpoints>): Promise<void> {
  useWorkspace.setState({ breakpoints });
  await ask((lab) => lab.setBreakpoints(breakpoints));
}

export function toggleBreakpoint(address: bigint): Promise<void> {
  const { breakpoints } = useWorkspace.getState();
  const addresses = breakpoints.addresses.includes(address) ? breakpoints.addresses.filter((other) => other !== address) : [...breakpoints.addresses, address];
  return setBreakpoints({ ...breakpoints, addresses });
}

export function toggleCauseBreakpoint(cause: string): Promise<void> {
  const { breakpoints } = useWorkspace.getState();
  const causes = breakpoints.causes.includes(cause) ? breakpoints.causes.filter((other) => other !== cause) : [...breakpoints.causes, cause];
  return setBreakpoints({ ...breakpoints, causes });
}

/** Watches memory, or no longer: one watchpoint for the same bytes in the same space. */
export function toggleWatchpoint(watchpoint: Watchpoint): Promise<void> {
  const { breakpoints } = useWorkspace.getState();
  const others = breakpoints.watches.filter((other) => !isSameMemory(other, watchpoint));
  if (others.length === breakpoints.watches.length && others.length >= MOST_WATCHPOINTS) {
    notify('watchpoints', i18next.t('notice.watchpoints', { most: MOST_WATCHPOINTS }));
    return Promise.resolve();
  }
  return setBreakpoints({ ...breakpoints, watches: others.length < breakpoints.watches.length ? others : [...others, watchpoint] });
}

export const isSameMemory = (a: Watchpoint, b: Watchpoint): boolean => a.space === b.space && a.address === b.address && a.bytes === b.bytes;

/** After a crash: a new worker with the same program at its beginning. */
export async function restart(): Promise<void> {
  client?.close();
  client = undefined;
  useMachine.setState({ died: undefined });
  if (!lastRequest) return;
  await load(lastRequest.request.program, lastRequest.request.regime, lastRequest.guest, lastRequest.request);
  await setBreakpoints(useWorkspace.getState().breakpoints);
}
