/** Builds what the panes show of one instant: the machine as it rests, taken back to the focus inside its last trap. */
import type { CsrValue, MachineView, Regime, RunStatus, StopCause } from '../protocol/lab-api.ts';
import { csrNumber } from '../isa/csrs.ts';
import type { Instant } from '../trace/events.ts';
import { undoAfter } from './focus.ts';
import type { Session } from './session.ts';
import type { Travel } from './travel.ts';
import { whyTheyDiffer } from './why.ts';

/** When each CSR was last seen to change. Going back in time forgets what had not happened yet. */
export class ChangeAges {
  private readonly known = new Map<string, { value: bigint; at: Instant | undefined }>();

  /** The instant of the last change of this CSR, given its value now. */
  at(key: string, value: bigint, now: Instant): Instant | undefined {
    const last = this.known.get(key);
    if (!last) {
      this.known.set(key, { value, at: undefined });
      return undefined;
    }
    const inFuture = last.at !== undefined && last.at.time > now.time;
    if (last.value !== value) this.known.set(key, { value, at: now });
    else if (inFuture) this.known.set(key, { value, at: undefined });
    return this.known.get(key)?.at;
  }
}

export interface ViewRequest {
  readonly session: Session;
  readonly travel: Travel;
  readonly regime: Regime;
  readonly ages: ChangeAges;
  readonly status: RunStatus;
  readonly stop: StopCause;
  readonly mips: number;
}

export function machineView({ session, travel, regime, ages, status, stop, mips }: ViewRequest): MachineView {
  const { board } = session;
  const instant = session.instant;
  const visible = board.visible();
  // While running nobody stands inside a trap, and making steps again would cost time.
  const focus = status.state === 'running' || status.state === 'idle' ? undefined : travel.focus();
  if (focus) undoAfter(visible, focus.steps, focus.index);
  const csrs = (kind: string, values: ReadonlyMap<string, bigint>): CsrValue[] =>
    [...values].map(([name, value]) => {
      const changedAt = ages.at(`${kind} ${name}`, value, instant);
      return { name, number: csrNumber(name), value, ...(changedAt && { changedAt }) };
    });
  const real = csrs('real', visible.real);
  const virtual = csrs('virtual', visible.virtual);
  return {
    ...instant,
    regime,
    shadow: board.shadowVariant,
    mistakes: board.mistakes,
    status,
    stop,
    pc: visible.pc,
    mode: visible.mode,
    registers: visible.registers,
    float: visible.float,
    real,
    virtual: visible.virtualMode === undefined
      ? undefined
      : { mode: visible.virtualMode, csrs: virtual, shadowRoot: visible.shadowRoot ?? '', why: whyTheyDiffer(real, virtual) },
    micro: focus && { trap: focus.trap, index: focus.index, count: focus.steps.length },
    counters: {
      instructions: board.guestInstructions,
      traps: board.trapCount,
      trapsByCause: session.counts.byCause(),
      vmExits: regime === 'bare' ? 0 : board.vmExits,
      vmExitsByCause: board.vmExitsByCause,
      devices: board.deviceUses,
      mips,
    },
  };
}
