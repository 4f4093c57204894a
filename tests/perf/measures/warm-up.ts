/** How long a hot loop takes from cold to 80 % of the speed that it comes to: the lab's own slices, with a new machine. */
import { SliceBudget } from '../../../workers/lab/pacing.ts';
import { boot, step } from '../run.ts';

/** Long enough for V8 to have done all that it will do. */
const WATCHED_MS = 1500;
/** Speeds are taken over so many milliseconds at least: clocks in a page tick every 0.1 ms. */
const WINDOW_MS = 5;
const ENOUGH = 0.8;

export interface WarmUp {
  readonly milliseconds: number;
  /** Million steps per second at the end. */
  readonly speed: number;
}

export function measureWarmUp(image: Uint8Array): WarmUp {
  const machine = boot(image, 'translator', 'bare');
  const slices = new SliceBudget();
  const windows: { readonly end: number; readonly speed: number }[] = [];
  const began = performance.now();
  let [windowBegan, steps] = [began, 0];
  for (let now = began; now - began < WATCHED_MS && !machine.halted;) {
    const [before, at] = [machine.position, performance.now()];
    step(machine, slices.budget);
    now = performance.now();
    slices.took(machine.position - before, now - at);
    steps += machine.position - before;
    if (now - windowBegan < WINDOW_MS) continue;
    windows.push({ end: now - began, speed: steps / (now - windowBegan) / 1000 });
    [windowBegan, steps] = [now, 0];
  }
  const late = windows.slice(windows.length >> 1).map(({ speed }) => speed).toSorted((a, b) => a - b);
  const speed = late[late.length >> 1]!;
  return { milliseconds: windows.find((window) => window.speed >= ENOUGH * speed)!.end, speed };
}
