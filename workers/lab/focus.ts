/**
 * The focus inside a trap. The VMM handles a trap at one stroke of the machine, so the machine at rest is always after the whole
 * trap; a moment between two micro-steps is shown by undoing, on a copy, the effects of the micro-steps that come later.
 */
import { MASK64 } from '../base/bits.ts';
import type { FloatView } from '../protocol/lab-api.ts';
import type { Effect, Mode, StepEvent } from '../trace/events.ts';

/** What the panes show of a hart, as a copy that may be changed. */
export interface Visible {
  pc: bigint;
  mode: Mode;
  readonly registers: bigint[];
  /** No VMM of ours changes it. */
  readonly float: FloatView;
  readonly real: Map<string, bigint>;
  virtualMode: Mode | undefined;
  readonly virtual: Map<string, bigint>;
  /** Name of the shadow root in use; undefined when bare. */
  readonly shadowRoot: string | undefined;
}

/**
 * CSRs that are views of another: a change of one is a change of the same bits of the other. The masks are the fields that the
 * supervisor's view has (privileged manual: sstatus SD, UXL, MXR, SUM, XS, FS, VS, SPP, UBE, SPIE, SIE; sie and sip SEI, STI, SSI).
 */
const VIEWS: readonly { readonly of: string; readonly view: string; readonly mask: bigint }[] = [
  { of: 'mstatus', view: 'sstatus', mask: 0x8000_0003_000d_e762n },
  { of: 'mie', view: 'sie', mask: 0x222n },
  { of: 'mip', view: 'sip', mask: 0x222n },
];

function setCsr(csrs: Map<string, bigint>, name: string, value: bigint): void {
  if (!csrs.has(name)) return;
  csrs.set(name, value);
  for (const { of, view, mask } of VIEWS) {
    const other = name === of ? view : name === view ? of : undefined;
    const old = other === undefined ? undefined : csrs.get(other);
    if (other === undefined || old === undefined) continue;
    csrs.set(other, ((old & ~mask) | (value & mask)) & MASK64);
  }
}

function undo(effect: Effect, visible: Visible): void {
  switch (effect.on) {
    case 'real-csr':
      if (effect.access === 'write') setCsr(visible.real, effect.name, effect.before);
      break;
    case 'virtual-csr':
      if (effect.access === 'write') setCsr(visible.virtual, effect.name, effect.before);
      break;
    case 'register':
      if (effect.register !== 0) visible.registers[effect.register] = effect.before;
      break;
    case 'virtual-mode':
      visible.virtualMode = effect.before;
      break;
    case 'real-mode':
      visible.mode = effect.before;
      break;
    case 'pc':
      visible.pc = effect.before;
      break;
    // Memory and devices are not part of what is copied here; readMemory asks `laterTableWrites`.
    case 'pte': case 'shadow-drop': case 'device':
      break;
  }
}

/** Takes `visible` back to just after micro-step `index` of this trap (-1: before the first). */
export function undoAfter(visible: Visible, steps: readonly StepEvent[], index: number): void {
  for (const step of steps.slice(index + 1).reverse()) for (const effect of step.effects.toReversed()) undo(effect, visible);
}

/** Page-table entries that micro-steps after `index` write: what stood there before, by physical address in the table's own space. */
export function laterTableWrites(steps: readonly StepEvent[], index: number, table: 'guest' | 'shadow'): ReadonlyMap<bigint, bigint> {
  const before = new Map<bigint, bigint>();
  for (const step of steps.slice(index + 1)) {
    for (const effect of step.effects) {
      if (effect.on === 'pte' && effect.table === table && effect.access === 'write' && !before.has(effect.at)) before.set(effect.at, effect.before);
    }
  }
  return before;
}
