/** From traps to what the timeline draws in a window of time: who ran when, and the crossings. Merged by pixel, so that a million traps draw as fast as ten. */
import type { Mode, TrapEvent } from '../../../workers/protocol/lab-api.ts';

export type Lane = 'firmware' | 'vmm' | 'guest-kernel' | 'guest-user';
/** From the top: the more privileged, the higher. */
export const LANES: readonly Lane[] = ['firmware', 'vmm', 'guest-kernel', 'guest-user'];

/** In instructions retired; `pixels` wide. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
}

export interface Segment {
  readonly world: Lane;
  readonly from: number;
  readonly to: number;
  /** Bare: somewhere in here the kernel returned to its user; no trap says where. */
  readonly unsure: boolean;
}

export interface Drawn {
  readonly segments: readonly Segment[];
  readonly crossings: readonly { readonly at: number; readonly low: Lane; readonly high: Lane; readonly world: Lane }[];
}

const laneOf = (mode: Mode): Lane => (mode === 'U' ? 'guest-user' : 'guest-kernel');

/** Who runs after this trap, and who before the next one. */
function runsBetween(trap: TrapEvent, next: TrapEvent | undefined, virtual: boolean, mode: Mode): readonly Lane[] {
  if (virtual) return [laneOf(trap.guest?.after ?? next?.guest?.before ?? 'S')];
  const begins = trap.to === 'M' ? trap.from : trap.to;
  const ends = next?.from ?? mode;
  return begins === ends ? [laneOf(begins)] : [laneOf(begins), laneOf(ends)];
}

export function lanes(traps: readonly TrapEvent[], window: Window, now: number, virtual: boolean, mode: Mode): Drawn {
  const pixel = (window.to - window.from) / window.pixels;
  const segments: Segment[] = [];
  const crossings = new Map<string, Drawn['crossings'][number]>();
  const add = (world: Lane, from: number, to: number, unsure: boolean): void => {
    if (to < window.from || from > window.to) return;
    const last = segments.findLast((segment) => segment.world === world);
    // Pieces closer than a pixel are one piece to the eye.
    if (last && last.unsure === unsure && from - last.to < pixel) segments[segments.indexOf(last)] = { ...last, to: Math.min(to, window.to) };
    else segments.push({ world, from: Math.max(from, window.from), to: Math.min(to, window.to), unsure });
  };
  const first = traps[0];
  if (first && first.trap === 0) add(virtual ? laneOf(first.guest?.before ?? 'S') : laneOf(first.from), window.from, Number(first.instret), false);
  if (!first) add(laneOf('S'), 0, now, false);
  for (const [index, trap] of traps.entries()) {
    const at = Number(trap.instret);
    const next = traps[index + 1];
    const end = next ? Number(next.instret) : Math.max(now, at);
    const worlds = runsBetween(trap, next, virtual, mode);
    for (const world of worlds) add(world, at, end, worlds.length > 1);
    if (at < window.from || at > window.to) continue;
    const high: Lane = trap.to === 'M' ? 'firmware' : virtual ? 'vmm' : 'guest-kernel';
    const low = virtual ? laneOf(trap.guest?.before ?? 'S') : laneOf(trap.from);
    crossings.set(`${high} ${low} ${String(Math.round((at - window.from) / pixel))}`, { at, low, high, world: high });
  }
  return { segments, crossings: [...crossings.values()] };
}
