import { describe, expect, test } from 'vitest';
import { createBench, REFERENCE, type Bench } from '../../../tests/support/targets.ts';
import { silentProbe } from '../../trace/probe.ts';
import { StepLog } from '../step-log.ts';
import { MACHINE_CSRS, SUPERVISOR_CSRS, VIRTUAL_CSRS, VirtualCsrs, type VirtualCsr } from './virtual-csrs.ts';

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

function agree(name: VirtualCsr, hart: Bench['hart'], csrs: VirtualCsrs): void {
  expect(csrs.read(name), 'after reset').toBe(hart.readCsr(name));
  for (const value of VALUES) {
    hart.writeCsr(name, value);
    csrs.write(name, value);
    expect(csrs.read(name).toString(16), `after writing ${value.toString(16)}`).toBe(hart.readCsr(name).toString(16));
  }
}

/** A hart without the hypervisor extension, as the guest's is, and with no region open. */
async function afterReset(): Promise<Bench['hart']> {
  const { hart } = await createBench(REFERENCE, { hypervisor: false });
  hart.writeCsr('pmpcfg0', 0n);
  hart.writeCsr('pmpaddr0', 0n);
  return hart;
}

describe('virtual CSRs', () => {
  test.each(SUPERVISOR_CSRS)('V1: %s takes the values that the real one takes', async (name) => {
    const { hart } = await createBench(REFERENCE);
    hart.writeCsr('mideleg', ONES);
    // As the firmware leaves it.
    hart.writeCsr('stimecmp', ONES);
    agree(name, hart, new VirtualCsrs(new StepLog(silentProbe)));
  });

  test.each(VIRTUAL_CSRS)('V1: %s of a guest that begins in M takes the values that the real one takes after reset', async (name) => {
    const hart = await afterReset();
    const csrs = new VirtualCsrs(new StepLog(silentProbe));
    csrs.reset('m');
    agree(name, hart, csrs);
  });

  test('V1: what is locked of the guest’s protected regions stays, and so does the address below a locked TOR region', async () => {
    const hart = await afterReset();
    const csrs = new VirtualCsrs(new StepLog(silentProbe));
    csrs.reset('m');
    const writes = [
      ['pmpaddr0', 0x2000_0000n], ['pmpaddr1', 0x2000_1000n], ['pmpcfg0', 0x8f1fn], ['pmpaddr0', 1n], ['pmpaddr1', 2n], ['pmpcfg0', 0n],
      ['pmpaddr7', 5n], ['pmpcfg2', 0x8an], ['pmpcfg2', 0x8bn], ['pmpaddr7', 6n], ['pmpaddr8', 7n],
    ] as const;
    for (const [name, value] of writes) {
      hart.writeCsr(name, value);
      csrs.write(name, value);
      for (const each of MACHINE_CSRS) expect(csrs.read(each).toString(16), `${each} after ${name}`).toBe(hart.readCsr(each).toString(16));
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

  test('the list for the panel is ordered by number and has what the guest has', () => {
    const csrs = new VirtualCsrs(new StepLog(silentProbe));
    for (const [start, names] of [['s', SUPERVISOR_CSRS], ['m', VIRTUAL_CSRS]] as const) {
      csrs.reset(start);
      const list = csrs.list();
      expect(list.map(({ name }) => name).toSorted()).toEqual([...names].toSorted());
      expect(list.map(({ number }) => number)).toEqual(list.map(({ number }) => number).toSorted((a, b) => a - b));
    }
  });
});
