import { describe, expect, it } from 'vitest';
import { Checkpoints } from './checkpoints.ts';

const filled = (count: number): Checkpoints<number> => {
  const checkpoints = new Checkpoints<number>(20, 1e9, () => 0);
  for (let i = 0; i <= count; i += 1) checkpoints.add({ position: i * 1000, traps: i * 2, state: i });
  return checkpoints;
};

describe('checkpoints', () => {
  it('stand dense near the present and thin in the past, and never lose the start', () => {
    const positions = filled(1000).all.map((item) => item.position);
    expect(positions).toHaveLength(20);
    expect(positions[0]).toBe(0);
    expect(positions.slice(-4)).toEqual([997_000, 998_000, 999_000, 1_000_000]);
    // No gap is larger than about half of its distance from the present.
    for (let i = 1; i < positions.length; i += 1) {
      const distance = 1_000_000 - positions[i - 1]!;
      expect((positions[i]! - positions[i - 1]!) / distance).toBeLessThan(i === positions.length - 1 ? 1.01 : 0.75);
    }
  });

  it('find the one at or before a position, and the one before a trap', () => {
    const checkpoints = filled(10);
    expect(checkpoints.atOrBefore(3999).state).toBe(3);
    expect(checkpoints.atOrBefore(4000).state).toBe(4);
    expect(checkpoints.beforeTrap(7).state).toBe(3);
    expect(checkpoints.beforeTrap(8).state).toBe(4);
  });

  it('forget a future that will not come', () => {
    const checkpoints = filled(10);
    checkpoints.forgetAfter(4500);
    expect(checkpoints.atOrBefore(1e9).state).toBe(4);
  });

  it('drop down to the bytes allowed, keeping start and present', () => {
    const checkpoints = new Checkpoints<number>(100, 50, (states) => states.length * 10);
    for (let i = 0; i < 30; i += 1) checkpoints.add({ position: i, traps: 0, state: i });
    expect(checkpoints.all.length).toBe(5);
    expect([checkpoints.all[0]!.state, checkpoints.all.at(-1)!.state]).toEqual([0, 29]);
  });
});
