import { describe, expect, test } from 'vitest';
import type { HaltReason } from '../../trace/events.ts';
import { Finisher } from './finisher.ts';

function after(...stores: (readonly [offset: number, size: 1 | 2 | 4 | 8, value: bigint])[]): HaltReason[] {
  const reasons: HaltReason[] = [];
  const finisher = new Finisher((reason) => reasons.push(reason));
  for (const [offset, size, value] of stores) expect(finisher.write(offset, size, value)).toBe(true);
  return reasons;
}

describe('the test finisher', () => {
  test('0x5555 switches the machine off with success, 0x7777 (reset) ends the run, too', () => {
    expect(after([0, 4, 0x5555n])).toEqual([{ by: 'finisher', exitCode: 0 }]);
    expect(after([0, 2, 0x7777n])).toEqual([{ by: 'finisher', exitCode: 0 }]);
  });

  test('0x3333 fails with the exit code in the upper half, 1 if that is 0', () => {
    expect(after([0, 4, 0x002a_3333n])).toEqual([{ by: 'finisher', exitCode: 42 }]);
    expect(after([0, 4, 0x3333n])).toEqual([{ by: 'finisher', exitCode: 1 }]);
    expect(after([0, 8, 0xffff_ffff_ffff_3333n])).toEqual([{ by: 'finisher', exitCode: 0xffff }]);
  });

  test('everything else has no effect', () => {
    expect(after([0, 4, 0n], [0, 4, 0x1234n], [0, 1, 0x55n], [4, 4, 0x5555n], [0xffc, 4, 0x5555n])).toEqual([]);
  });

  test('reads 0 and ends with its page', () => {
    const finisher = new Finisher(() => undefined);
    expect([finisher.read(0), finisher.read(0xfff), finisher.read(0x1000), finisher.write(0x1000, 4, 0n)]).toEqual([0n, 0n, undefined, false]);
  });
});
