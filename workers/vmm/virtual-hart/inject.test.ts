import { describe, expect, test } from 'vitest';
import { createBench, REFERENCE, type Bench } from '../../../tests/support/targets.ts';
import { silentProbe } from '../../trace/probe.ts';
import { RealHart } from '../real-hart.ts';
import { StepLog } from '../step-log.ts';
import { injectException, injectInterrupt, virtualSret } from './inject.ts';
import { SSTATUS } from './virtual-csrs.ts';
import { VirtualHart, type VirtualMode } from './virtual-hart.ts';

const INTERRUPT_BIT = 1n << 63n;
const PC = 0x8020_1234n;
const log = new StepLog(silentProbe);

/** A virtual hart on one bench, and a second real hart that shows what hardware does in the same state. */
async function both(mode: VirtualMode, sstatus: bigint, stvec: bigint): Promise<{ virtual: VirtualHart; hardware: Bench['hart'] }> {
  const virtual = new VirtualHart(new RealHart((await createBench(REFERENCE)).hart, log), log);
  const { hart: hardware } = await createBench(REFERENCE);
  virtual.mode = mode;
  virtual.csrs.write('sstatus', sstatus);
  virtual.csrs.write('stvec', stvec);
  virtual.pc = PC;
  hardware.writeCsr('sstatus', sstatus);
  hardware.writeCsr('stvec', stvec);
  hardware.mode = mode;
  hardware.pc = PC;
  return { virtual, hardware };
}

/** Two harts agree on what software can see of a trap. */
function agree(virtual: VirtualHart, hardware: Bench['hart']): void {
  for (const name of ['sstatus', 'scause', 'sepc', 'stval'] as const) expect(virtual.csrs.get(name).toString(16), name).toBe(hardware.readCsr(name).toString(16));
  expect(virtual.mode).toBe(hardware.mode);
  expect(virtual.pc.toString(16)).toBe(hardware.pc.toString(16));
}

const STATUSES = [0n, SSTATUS.SIE, SSTATUS.SPIE, SSTATUS.SPP, SSTATUS.SIE | SSTATUS.SPIE, SSTATUS.SIE | SSTATUS.SPP, SSTATUS.SUM | SSTATUS.MXR | SSTATUS.SIE, (1n << 64n) - 1n];
const CASES = (['U', 'S'] as const).flatMap((mode) => STATUSES.map((status) => ({ mode, status })));

describe('virtual traps', () => {
  test.each(CASES)('V2: an exception in virtual $mode with sstatus $status is as in hardware', async ({ mode, status }) => {
    const { virtual, hardware } = await both(mode, status, 0x8020_0100n);
    injectException(virtual, log, 13, 0xdead_beefn);
    hardware.enterTrap('S', 13n, PC, 0xdead_beefn);
    agree(virtual, hardware);
  });

  test.each([0x8020_0100n, 0x8020_0101n])('V3: exceptions and interrupts go where stvec %s sends them in hardware', async (stvec) => {
    for (const interrupt of [1, 5, 9]) {
      const { virtual, hardware } = await both('U', SSTATUS.SIE, stvec);
      injectInterrupt(virtual, log, interrupt);
      hardware.enterTrap('S', INTERRUPT_BIT | BigInt(interrupt), PC, 0n);
      agree(virtual, hardware);
    }
    const { virtual, hardware } = await both('S', 0n, stvec);
    injectException(virtual, log, 8, 0n);
    hardware.enterTrap('S', 8n, PC, 0n);
    agree(virtual, hardware);
  });

  test.each(STATUSES)('V4: sret with sstatus %s is as in hardware', async (status) => {
    const { virtual, hardware } = await both('S', status, 0n);
    virtual.csrs.write('sepc', 0x1_0002n);
    hardware.writeCsr('sepc', 0x1_0002n);
    virtualSret(virtual, log);
    hardware.sret();
    expect(virtual.csrs.get('sstatus')).toBe(hardware.readCsr('sstatus'));
    expect(virtual.mode).toBe(hardware.mode);
    expect(virtual.pc).toBe(0x1_0002n);
  });
});

describe('which interrupt the guest takes', () => {
  const setUp = async (mode: VirtualMode, status: bigint, sie: bigint, sip: bigint): Promise<number | undefined> => {
    const { virtual } = await both(mode, status, 0n);
    virtual.csrs.write('sie', sie);
    virtual.csrs.set('sip', sip);
    return virtual.deliverableInterrupt();
  };

  test('V5: external comes before software, and software before timer', async () => {
    expect(await setUp('S', SSTATUS.SIE, 0x222n, 0x222n)).toBe(9);
    expect(await setUp('S', SSTATUS.SIE, 0x222n, 0x022n)).toBe(1);
    expect(await setUp('S', SSTATUS.SIE, 0x222n, 0x020n)).toBe(5);
  });

  test('V5: in virtual S nothing comes while SIE is clear; in virtual U it does', async () => {
    expect(await setUp('S', 0n, 0x222n, 0x222n)).toBeUndefined();
    expect(await setUp('U', 0n, 0x222n, 0x222n)).toBe(9);
  });

  test('V5: what sie does not enable never comes', async () => {
    expect(await setUp('U', SSTATUS.SIE, 0x200n, 0x022n)).toBeUndefined();
  });
});
