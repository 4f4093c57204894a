/** The lab's own guests, bare and under the VMM: what the guest can see must be the same to the tick. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Image } from '../../workers/machine/image/image.ts';
import { bareComputer, runToEnd, virtualComputer, type Computer, type End } from '../support/computers.ts';
import { imageOf } from '../support/guest-image.ts';

const GUESTS = new URL('../../public/guests/', import.meta.url);
const load = (file: string): Image => imageOf(file, readFileSync(new URL(file, GUESTS), 'utf8'));
const guests = readdirSync(GUESTS).filter((file) => file.endsWith('.s'));

/** What is typed into every guest, a line whenever it waits. */
const TYPED = ['', 'help\r', 'time\r', 'abc\u007fd\r', 'exit\r'];

function session(computer: Computer): End[] {
  return TYPED.map((line) => {
    if (!computer.machine.halted) computer.machine.receive(new TextEncoder().encode(line));
    return runToEnd(computer);
  });
}

describe('equivalence', () => {
  test.each(guests)('E1: %s prints, takes and ends the same bare and under the VMM', (file) => {
    const bare = session(bareComputer(load(file)));
    const virtual = session(virtualComputer(load(file)));
    expect(virtual).toEqual(bare);
    expect(bare.at(-1)?.reason, 'it comes to its end').toBeDefined();
    expect(bare.map(({ console }) => console).join(''), 'it prints').not.toBe('');
  });
});
