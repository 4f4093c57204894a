import { describe, expect, test } from 'vitest';
import { createBench, TARGETS } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../../machine/memory-layout.ts';

const words = (...list: number[]): number[] => list;

describe.each(TARGETS)('running instructions ($name)', (target) => {
  const load = async (...program: number[]) => {
    const bench = await createBench(target);
    program.forEach((word, index) => { bench.ram.write(RAM_BASE + BigInt(index * 4), 4, BigInt(word >>> 0)); });
    return bench;
  };

  test('a loop retires exactly the budget and stops there', async () => {
    // addi a0, zero, 0; addi a0, a0, 1; jal zero, -4
    const { hart, executor } = await load(...words(0x0000_0513, 0x0015_0513, 0xffdf_f06f));
    expect(executor.run(1001)).toBe('budget');
    expect(executor.stepsTaken).toBe(1001);
    expect(hart.x(10)).toBe(500n);
    expect(hart.state('instret')).toBe(1001n);
    expect(hart.pc).toBe(RAM_BASE + 4n);
    expect(executor.run(1)).toBe('budget');
    expect(hart.x(10)).toBe(501n);
  });
});
