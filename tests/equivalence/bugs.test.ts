/**
 * Each bug of the VMM that can be turned on, with a kernel that meets it: the VMM's check of itself stops at the first wrong moment and names the
 * rule, or what the kernel sees is not what it sees on the bare machine. Without the bug neither happens.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Image } from '../../workers/machine/image/image.ts';
import { BUGS, type BugId } from '../../workers/vmm/bugs.ts';
import { RAM, runWatched } from '../isolation/watched.ts';
import { bareComputer, runToEnd } from '../support/computers.ts';
import { letterKernel } from '../support/guest-image.ts';

const [MACROS, ...KERNELS] = readFileSync(new URL('bugs.s', import.meta.url), 'utf8').split(/^# bug /m) as [string, ...string[]];
const kernels = new Map(KERNELS.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n'))]));
const kernelFor = (id: string): Image => letterKernel(`a kernel for ${id}`, `${MACROS}${kernels.get(id) ?? ''}`);

/** What the check finds; the others show in what the guest sees. SIE that was not stacked shows as an interrupt that is due at once. */
const FOUND_BY_CHECK: Partial<Record<BugId, string>> = {
  'sie-not-stacked': 'T9', 'interrupts-forgotten': 'T9', 'root-not-changed': 'S1', 'user-pages-executable': 'S2', 'writable-before-dirty': 'S3', 'accessed-forgotten': 'S3',
  'fence-skipped': 'S4', 'fence-one-piece': 'S4', 'misaligned-superpage': 'S7', escape: 'I1',
};

function run(id: BugId, bugs: readonly BugId[]) {
  const { broken, end, console } = runWatched(kernelFor(id), { steps: 20_000, exits: 500, bugs });
  return { broken, seen: { end, console } };
}

describe('a bug of the VMM', () => {
  test.each(BUGS.map(({ id, rule }) => ({ id, rule })))('$rule: $id is found, and names its rule', ({ id, rule }) => {
    expect(kernels.has(id), 'there is a kernel for it').toBe(true);
    const bare = runToEnd(bareComputer(kernelFor(id), { guestRamBytes: RAM }), 10_000n);
    const right = run(id, []);
    expect(right).toEqual({ broken: undefined, seen: { end: bare.reason, console: bare.console } });

    const wrong = run(id, [id]);
    const byCheck = FOUND_BY_CHECK[id];
    if (byCheck === undefined) expect(wrong.seen).not.toEqual(right.seen);
    else expect(wrong.seen.end).toEqual({ by: 'stuck', exitCode: 1, message: expect.stringMatching(`^The VMM has broken its rule ${byCheck}: `) as string });
    expect([rule, 'T9']).toContain(byCheck ?? rule);
  });

  test('all of them together, and none, end in something clear', () => {
    const all = runWatched(kernelFor('escape'), { steps: 20_000, exits: 500, bugs: BUGS.map(({ id }) => id) });
    expect(all.end === 'limit' || all.end === 'waits for ever' || all.end.by === 'stuck').toBe(true);
  });

  test('is named and told in both languages, and breaks a rule of the specification', () => {
    const specification = readFileSync(new URL('../../workers/vmm/SPEC.md', import.meta.url), 'utf8');
    for (const { id, rule, title, sentence } of BUGS) {
      expect(specification, id).toContain(`- ${rule}. `);
      for (const language of ['en', 'zh-CN'] as const) expect(title[language].length * sentence[language].length, id).toBeGreaterThan(0);
    }
    expect(new Set(BUGS.map(({ id }) => id)).size).toBe(BUGS.length);
  });
});
