import { describe, expect, test } from 'vitest';
import { createBench, REFERENCE } from '../../../tests/support/targets.ts';
import { silentProbe } from '../../trace/probe.ts';
import { StepLog } from '../step-log.ts';
import { VIRTUAL_CSRS, VirtualCsrs } from './virtual-csrs.ts';

/** Numbers that look random and are the same every time (xorshift64). */
function randomValues(seed: bigint, count: number): bigint[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state = BigInt.asUintN(64, state ^ (state << 17n));
    return state;
  });
}

const ONES = (1n << 64n) - 1n;
const VALUES = [0n, ONES, 1n << 63n, ...Array.from({ length: 64 }, (_, n) => 1n << BigInt(n)), ...randomValues(0x1234_5678_9abc_def1n, 100)];

describe('virtual CSRs', () => {
  test.each(VIRTUAL_CSRS)('V1: %s takes the values that the real one takes', async (name) => {
    const { hart } = await createBench(REFERENCE);
    hart.writeCsr('mideleg', ONES);
    // As the firmware leaves it.
    hart.writeCsr('stimecmp', ONES);
    const csrs = new VirtualCsrs(new StepLog(silentProbe));
    expect(csrs.read(name), 'after reset').toBe(hart.readCsr(name));
    for (const value of VALUES) {
      hart.writeCsr(name, value);
      csrs.write(name, value);
      expect(csrs.read(name).toString(16), `after writing ${value.toString(16)}`).toBe(hart.readCsr(name).toString(16));
    }
  });

  test('V1: a satp with an unsupported mode is ignored as a whole', () => {
    const csrs = new VirtualCsrs(new StepLog(silentProbe));
    csrs.write('satp', 0x8000_0000_0008_0001n);
    csrs.write('satp', 0xa000_0000_0008_0002n);
    expect(csrs.get('satp')).toBe(0x8000_0000_0008_0001n);
  });

  test('V1: software cannot write the pending bits of the timer and of devices', () => {
    const csrs = new VirtualCsrs(new StepLog(silentProbe));
    csrs.setPending(5, true);
    csrs.write('sip', 0x202n);
    expect(csrs.get('sip')).toBe(0x22n);
  });

  test('the list for the panel is ordered by number and has every virtual CSR', () => {
    const list = new VirtualCsrs(new StepLog(silentProbe)).list();
    expect(list.map(({ name }) => name).toSorted()).toEqual([...VIRTUAL_CSRS].toSorted());
    expect(list.map(({ number }) => number)).toEqual(list.map(({ number }) => number).toSorted((a, b) => a - b));
  });
});
