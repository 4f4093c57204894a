/**
 * Random kernels, bare and under the VMM: every trap, every register that a kernel can read, every byte of its memory and every instant is
 * the same, and the VMM is watched after each exit. `npm run fuzz -- --guests N` runs many more.
 */
import { describe, expect, test } from 'vitest';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { Random } from '../differential/random.ts';
import { HOST_OFFSET, RAM, runWatched } from '../isolation/watched.ts';
import { bareComputer, runToEnd } from '../support/computers.ts';
import { randomKernel, written } from './random-kernel.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const PIECES = 100;

describe.each(SHADOW_VARIANTS)('random kernels, shadow tables %s', (shadow) => {
  test.each(SEEDS.flatMap((seed) => [{ seed, start: 's' as const }, { seed, start: 'm' as const }]))('E1, I1: seed $seed, beginning in $start', ({ seed, start }) => {
    const image = randomKernel(new Random(seed), PIECES, start);
    const bare = bareComputer(image, { guestRamBytes: RAM, start });
    const end = runToEnd(bare, 20_000n);
    const run = runWatched(image, { steps: 60_000, exits: 5_000, shadow, start });
    expect(run.broken).toBeUndefined();
    const virtual = written((address) => run.machine.memory.read(address + HOST_OFFSET, 8));
    const real = written((address) => bare.machine.memory.read(address, 8));
    const first = real.findIndex((line, index) => virtual[index] !== line);
    // A run that was cut short has written less.
    if (first >= 0 && (run.end !== 'limit' || first < virtual.length)) expect(virtual[first], `trap ${String(first)}, after ${String(real[first - 1])}`).toBe(real[first]);
    expect(run.end === 'limit').toBe(end.reason === undefined && !bare.machine.waiting);
    // A random word may have led the kernel astray, into traps for ever.
    if (run.end === 'limit') return;
    expect(virtual.length).toBe(real.length);
    expect({ end: run.end, console: run.console, time: run.machine.clock.now() }).toEqual({ end: end.reason ?? 'waits for ever', console: end.console, time: end.time });
    expect(Buffer.compare(run.machine.memory.bytes(RAM_BASE + HOST_OFFSET, RAM), bare.machine.memory.bytes(RAM_BASE, RAM)), 'all of its memory').toBe(0);
    expect(real.length, 'it met many traps').toBeGreaterThan(5);
  });
});
