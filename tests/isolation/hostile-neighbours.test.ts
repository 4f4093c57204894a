/** Hostile guests beside a peaceful one, on one machine: whatever they do, it notices nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { consolesOf, runToEnd, sharedComputer, virtualComputer } from '../support/computers.ts';
import { labGuest, letterKernel } from '../support/guest-image.ts';
import { RAM, watchExits } from './watched.ts';

const HOSTILE = new URL('hostile/', import.meta.url);
const kernels = readdirSync(HOSTILE).map((name) => letterKernel(name, readFileSync(new URL(name, HOSTILE), 'utf8')));
const PIECE = 2_000;
const MOST_PIECES = 400;
/** Of the peaceful one: each exit of the others is looked at, so they have less of the time. */
const WEIGHT = 150;

test.each(SHADOW_VARIANTS)('I1, I2, G4: a peaceful guest among hostile ones, with less memory than they are promised, runs as alone, and the VMM’s memory stays as it was (%s)', (shadow) => {
  const peaceful = labGuest('processes.s');
  const alone = virtualComputer(peaceful, { guestRamBytes: RAM, shadow });
  const end = runToEnd(alone);
  const images = [peaceful, ...kernels];
  const computer = sharedComputer(images, { guestRamBytes: RAM, shadow, framesBytes: 3 * RAM, weights: [WEIGHT] });
  const { machine, vmm } = computer;
  const guest = vmm.guests[0]!;
  const watch = watchExits(computer);
  const consoles = consolesOf(computer);
  for (let piece = 0; piece < MOST_PIECES && guest.halted === undefined && watch.broken === undefined; piece += 1) {
    const { by } = machine.run(PIECE);
    consoles.take();
    if (by === 'waiting' && machine.waiting?.ticks !== undefined) machine.skipWait();
  }
  watch.compareMemory();
  expect(watch.broken).toBeUndefined();
  expect({ console: consoles.of[0], end: guest.halted, time: guest.clock.now(), instructions: guest.hart.instret })
    .toEqual({ console: end.console, end: end.reason, time: end.time, instructions: alone.vmm.virtualHart.instret });
  // All of them had their turn.
  for (const { exits, number } of vmm.guests) expect(exits, images[number]!.name).toBeGreaterThan(0);
});
