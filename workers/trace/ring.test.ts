import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from './ring.ts';

describe('Ring', () => {
  it('keeps the last items under the numbers they came with', () => {
    const ring = new Ring<string>(3);
    for (const item of ['a', 'b', 'c', 'd']) ring.push(item);
    expect([ring.begin, ring.end]).toEqual([1, 4]);
    expect([0, 1, 2, 3, 4].map((n) => ring.get(n))).toEqual([undefined, 'b', 'c', 'd', undefined]);
  });

  it('forgets the newest when a run is taken back, and numbers go on from there', () => {
    const ring = new Ring<string>(3);
    for (const item of ['a', 'b', 'c']) ring.push(item);
    ring.truncate(1);
    ring.push('B');
    expect([0, 1, 2].map((n) => ring.get(n))).toEqual(['a', 'B', undefined]);
  });

  it('forgets all before a gap', () => {
    const ring = new Ring<string>(3);
    ring.push('a');
    ring.skipTo(10);
    ring.push('k');
    expect([0, 1, 9, 10].map((n) => ring.get(n))).toEqual([undefined, undefined, undefined, 'k']);
  });

  it('agrees with a plain array of which old items are dropped', () => {
    const command = fc.oneof(fc.constant(-1), fc.nat(30));
    fc.assert(fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const ring = new Ring<number>(8);
      const model = new Map<number, number>();
      let end = 0;
      for (const [value, end_] of commands.entries()) {
        if (end_ < 0) {
          model.set(end, value);
          ring.push(value);
          end += 1;
          model.delete(end - 9);
        } else if (end_ < end) {
          ring.truncate(end_);
          for (let n = end_; n < end; n += 1) model.delete(n);
          end = end_;
        }
        for (let n = 0; n < end + 2; n += 1) expect(ring.get(n)).toBe(model.get(n));
      }
    }), { seed: 1 });
  });
});
