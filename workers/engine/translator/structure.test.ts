import { describe, expect, test } from 'vitest';
import { innermost, structure, type Edge } from './structure.ts';

const jump = (from: number, to: number): Edge => ({ from, to, repeats: true });
const call = (from: number, to: number): Edge => ({ from, to, repeats: false });

describe('the structure of a region', () => {
  test('a jump back to a block that is entered there only makes a loop', () => {
    const { loops, dispatched } = structure([jump(0, 1), jump(1, 2), jump(2, 1), jump(2, 3)], [0]);
    expect([...loops.values()]).toEqual([{ head: 1, last: 2 }]);
    expect([...dispatched]).toEqual([0]);
  });

  test('a loop inside a loop stays one', () => {
    const { loops } = structure([jump(0, 1), jump(1, 1), jump(1, 2), jump(2, 0)], [0]);
    expect([...loops.values()].toSorted((a, b) => a.head - b.head)).toEqual([{ head: 0, last: 2 }, { head: 1, last: 1 }]);
  });

  test('of two loops that overlap the outer one is made longer', () => {
    const { loops } = structure([jump(0, 1), jump(1, 2), jump(2, 0), jump(2, 3), jump(3, 1)], [0]);
    expect(loops.get(0)).toEqual({ head: 0, last: 3 });
    expect(loops.get(1)).toEqual({ head: 1, last: 3 });
  });

  test('a loop that is entered in its middle goes through the dispatcher', () => {
    const { loops, dispatched } = structure([jump(0, 2), jump(1, 2), jump(2, 1)], [0]);
    expect(loops.size).toBe(0);
    expect([...dispatched]).toEqual([0, 1]);
  });

  test('so does one with an entry of the region in it, and a call backward', () => {
    expect(structure([jump(0, 1), jump(1, 0)], [0, 1]).loops.size).toBe(0);
    expect(structure([call(1, 0)], [1]).dispatched).toEqual(new Set([1, 0]));
  });

  test('the innermost loop around a block is not the one that it heads', () => {
    const loops = [{ head: 0, last: 5 }, { head: 2, last: 4 }];
    expect(innermost(loops, 3)).toEqual(loops[1]);
    expect(innermost(loops, 2)).toEqual(loops[0]);
    expect(innermost(loops, 0)).toBeUndefined();
  });
});
