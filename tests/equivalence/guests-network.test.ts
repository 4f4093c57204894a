/** Guests of one machine, which are on one switch. */
import { describe, expect, test } from 'vitest';
import { SharedMachine } from '../../workers/lab/shared-machine.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { ANSWERS, ASKS, LISTENS, networkImage } from '../support/network-programs.ts';

describe('guests on one switch', () => {
  test.each(SHADOW_VARIANTS.flatMap((shadow) => [[1, 1, 1], [1, 7, 3]].map((weights) => ({ shadow, weights }))))('G8: exchange frames: one that waits is woken, and a third hears only what is for everybody ($shadow, weights $weights)', ({ shadow, weights }) => {
    const built = SharedMachine.build([ASKS, ANSWERS, LISTENS].map((program, n) => ({ image: networkImage(program, n), weight: weights[n]! })), { memoryBytes: 4 << 20, hostBytes: 12 << 20, shadow });
    if (!built.ok) throw new Error(built.error.message);
    const consoles = ['', '', ''];
    let state: ReturnType<SharedMachine['run']> = 'goes-on';
    for (let pieces = 0; state === 'goes-on' && pieces < 50; pieces += 1) {
      state = built.value.run(10_000);
      for (const { guest, bytes } of built.value.takeConsole()) consoles[guest] = `${consoles[guest]!}${new TextDecoder().decode(bytes)}`;
    }
    // The answering and the listening one wait for more.
    expect({ state, consoles }).toEqual({ state: 'waits', consoles: ['ABCDEFGHIJ', 'ABCDEFGHIJ', '.'] });
    expect(built.value.guests.map(({ end }) => end?.exitCode)).toEqual([0, undefined, undefined]);
  });
});
