/** A VMM as guest of the VMM (public/guests/nested-vmm.s), and a copy of it as its guest in turn. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { RAM, runWatched } from '../isolation/watched.ts';
import { bareComputer, runToEnd } from '../support/computers.ts';
import { imageOf } from '../support/guest-image.ts';

const SOURCE = readFileSync(new URL('../../public/guests/nested-vmm.s', import.meta.url), 'utf8');
const nested = (levels: number): ReturnType<typeof imageOf> => imageOf(`${String(levels)} VMMs`, SOURCE.replace('.equ LAST_LEVEL,   2', `.equ LAST_LEVEL,   ${String(levels)}`));
const reportOf = (console: string, level: number): string | undefined => new RegExp(`VMM ${String(level)}: the guest has ended (.*)\\n`).exec(console)?.[1];

test('E1: what VMM 2 does for the kernel is what VMM 1 does for it when nothing is between, and VMM 1 is entered many times for each of its exits', () => {
  const [one, two] = [1, 2].map((levels) => runToEnd(bareComputer(nested(levels), { guestRamBytes: RAM })).console) as [string, string];
  expect(reportOf(two, 2)).toBeDefined();
  expect(reportOf(two, 2)).toBe(reportOf(one, 1));
  const exits = (report: string | undefined): number => Number(/after (\d+) exits/.exec(report ?? '')?.[1]);
  expect(exits(reportOf(two, 1))).toBeGreaterThan(5 * exits(reportOf(two, 2)));
  for (const line of ['kernel: in supervisor mode', 'process: in user mode', 'kernel: the timer took the processor', 'kernel: the process has ended']) {
    expect(one).toContain(`[1] ${line}`);
    expect(two).toContain(`[1] [2] ${line}`);
  }
});

test.each(SHADOW_VARIANTS)('E1, I1: three VMMs, one above the other, and nobody reaches what is not his (%s)', (shadow) => {
  const bare = runToEnd(bareComputer(nested(2), { guestRamBytes: RAM }));
  const run = runWatched(nested(2), { steps: 3_000_000, exits: 100_000, shadow });
  expect(run.broken).toBeUndefined();
  expect({ console: run.console, end: run.end, time: run.machine.clock.now() }).toEqual({ console: bare.console, end: bare.reason, time: bare.time });
  expect(run.end).toEqual({ by: 'sbi', exitCode: 0 });
});
