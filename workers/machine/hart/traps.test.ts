import { beforeEach, describe, expect, test } from 'vitest';
import { MSTATUS_FIXED } from '../../isa/csrs.ts';
import type { Mode } from '../../trace/events.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import { readTraps, trapCount } from './trap-log.ts';

const INTERRUPT = 1n << 63n;
const SIE = 1n << 1n;
const MIE = 1n << 3n;
const SPIE = 1n << 5n;
const MPIE = 1n << 7n;
const SPP = 1n << 8n;
const MPP = { U: 0n, S: 1n << 11n, M: 3n << 11n };
const MPRV = 1n << 17n;
const RAW = 0x1020_0073n;

describe.each(TARGETS)('traps ($name)', (target) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench(target);
    bench.hart.writeCsr('mtvec', 0x8000_1000n);
    bench.hart.writeCsr('stvec', 0x8000_2000n);
  });
  const status = () => bench.hart.readCsr('mstatus') & ~MSTATUS_FIXED;
  const at = (mode: Mode, mstatus = 0n) => {
    bench.hart.writeCsr('mstatus', mstatus);
    bench.hart.mode = mode;
  };
  const raise = (cause: number, epc = 0x8000_0100n, tval = 0n) => { bench.executor.call('raiseException', BigInt(cause), epc, tval); };

  test('an exception that is not delegated enters M mode with the old mode and enable in the status', () => {
    at('S', MIE);
    raise(2, 0x8000_0102n, 0xffffn);
    expect(bench.hart.mode).toBe('M');
    expect(bench.hart.pc).toBe(0x8000_1000n);
    expect(['mcause', 'mepc', 'mtval'].map((name) => bench.hart.readCsr(name))).toEqual([2n, 0x8000_0102n, 0xffffn]);
    expect(status()).toBe(MPIE | MPP.S);
    expect(bench.hart.readCsr('scause')).toBe(0n);
  });

  test('a delegated exception enters S mode from U and S, and M mode from M', () => {
    bench.hart.writeCsr('medeleg', 1n << 8n);
    at('U', SIE);
    raise(8);
    expect([bench.hart.mode, bench.hart.pc, status()]).toEqual(['S', 0x8000_2000n, SPIE]);
    at('S', SIE);
    raise(8);
    expect([bench.hart.mode, status()]).toEqual(['S', SPIE | SPP]);
    at('M', MIE);
    raise(8);
    expect([bench.hart.mode, bench.hart.pc, status()]).toEqual(['M', 0x8000_1000n, MPIE | MPP.M]);
  });

  test('vectored handlers get interrupts at base + 4 * cause, exceptions at the base', () => {
    bench.hart.writeCsr('stvec', 0x8000_2001n);
    bench.executor.call('enterTrap', 1, INTERRUPT | 5n, 0n, 0n);
    expect(bench.hart.pc).toBe(0x8000_2014n);
    bench.executor.call('enterTrap', 1, 5n, 0n, 0n);
    expect(bench.hart.pc).toBe(0x8000_2000n);
  });

  test('sret restores mode and enable, clears MPRV, and leaves SPIE set and SPP at U', () => {
    bench.hart.writeCsr('sepc', 0x8000_4444n);
    at('S', SPIE | SPP | MPRV);
    expect(bench.attempt('supervisorReturn', RAW)).toEqual({ result: 0x8000_4444n });
    expect([bench.hart.mode, status()]).toEqual(['S', SIE | SPIE]);
    expect(bench.attempt('supervisorReturn', RAW)).toEqual({ result: 0x8000_4444n });
    expect([bench.hart.mode, status()]).toEqual(['U', SIE | SPIE]);
  });

  test('sret is illegal in U mode, and in S mode when TSR is set, and then changes nothing', () => {
    at('U', SPP);
    expect(bench.attempt('supervisorReturn', RAW)).toEqual({ cause: 2, tval: RAW });
    at('S', SPP | (1n << 22n));
    expect(bench.attempt('supervisorReturn', RAW)).toEqual({ cause: 2, tval: RAW });
    expect([bench.hart.mode, status()]).toEqual(['S', SPP | (1n << 22n)]);
    bench.hart.mode = 'M';
    expect(bench.attempt('supervisorReturn', RAW)).toEqual({ result: 0n });
  });

  test('mret restores mode and enable, and clears MPRV only when it leaves M mode', () => {
    bench.hart.writeCsr('mepc', 0x8000_5556n);
    at('M', MPIE | MPP.M | MPRV);
    expect(bench.attempt('machineReturn', RAW)).toEqual({ result: 0x8000_5556n });
    expect([bench.hart.mode, status()]).toEqual(['M', MIE | MPIE | MPRV]);
    expect(bench.attempt('machineReturn', RAW)).toEqual({ result: 0x8000_5556n });
    expect([bench.hart.mode, status()]).toEqual(['U', MIE | MPIE]);
    for (const mode of ['U', 'S'] as const) {
      bench.hart.mode = mode;
      expect(bench.attempt('machineReturn', RAW)).toEqual({ cause: 2, tval: RAW });
    }
  });

  test('wfi is illegal in U mode, and in S mode when TW is set', () => {
    const tried = (mode: Mode, mstatus: bigint) => { at(mode, mstatus); return 'cause' in bench.attempt('waitForInterruptCheck', RAW); };
    const TW = 1n << 21n;
    expect([tried('U', 0n), tried('S', 0n), tried('M', 0n), tried('S', TW), tried('M', TW)]).toEqual([true, false, false, true, false]);
  });

  test('ecall says the mode it came from', () => {
    const cause = (mode: Mode) => { bench.hart.mode = mode; return bench.attempt('environmentCall'); };
    expect([cause('U'), cause('S'), cause('M')]).toEqual([8, 9, 11].map((code) => ({ cause: code, tval: 0n })));
  });

  test('of all pending interrupts M takes external, software, timer, then those of S in the same order', () => {
    bench.hart.writeCsr('mie', 0xaaan);
    at('U');
    for (const code of [1, 3, 5, 7, 9, 11]) bench.hart.setInterruptPending(code, true);
    const taken: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const pending = bench.executor.call('pendingInterrupt') as bigint;
      expect(pending & INTERRUPT).toBe(INTERRUPT);
      const code = Number(BigInt.asUintN(63, pending));
      taken.push(code);
      bench.hart.setInterruptPending(code, false);
    }
    expect(taken).toEqual([11, 3, 7, 9, 1, 5]);
  });

  test.each<[Mode, bigint, boolean, boolean]>([
    ['M', 0n, false, false], ['M', MIE, true, false], ['M', SIE, false, false],
    ['S', 0n, true, false], ['S', SIE, true, true], ['U', 0n, true, true],
  ])('in %s mode with status %#x an interrupt for M is taken: %s, a delegated one: %s', (mode, mstatus, machine, supervisor) => {
    bench.hart.writeCsr('mie', 0xaaan);
    bench.hart.writeCsr('mideleg', 0x222n);
    at(mode, mstatus);
    bench.hart.setInterruptPending(7, true);
    expect(bench.executor.call('pendingInterrupt')).toBe(machine ? INTERRUPT | 7n : 0n);
    bench.hart.setInterruptPending(7, false);
    bench.hart.setInterruptPending(5, true);
    expect(bench.executor.call('pendingInterrupt')).toBe(supervisor ? INTERRUPT | 5n : 0n);
    expect(bench.executor.call('interruptWaiting')).toBe(1);
  });

  test('an interrupt is taken with the address of the next instruction and trap value 0', () => {
    bench.hart.writeCsr('mie', 0x20n);
    bench.hart.writeCsr('mideleg', 0x222n);
    bench.hart.writeCsr('stval', 99n);
    at('S', SIE);
    expect(bench.executor.call('takeInterrupt', 0x8000_0040n)).toBe(0);
    bench.hart.setInterruptPending(5, true);
    expect(bench.executor.call('takeInterrupt', 0x8000_0040n)).toBe(1);
    expect(['scause', 'sepc', 'stval'].map((name) => bench.hart.readCsr(name))).toEqual([INTERRUPT | 5n, 0x8000_0040n, 0n]);
    expect(bench.executor.call('takeInterrupt', 0x8000_2000n)).toBe(0);
  });

  test('the log has every trap, and the last 1024 of many', () => {
    bench.hart.setState('instret', 12n);
    bench.hart.setState('timeOffset', 5n);
    at('U');
    raise(13, 0x1000n, 0x2000n);
    expect(readTraps(bench.memory, 0)).toEqual([
      { kind: 'trap', trap: 0, time: 17n, instret: 12n, interrupt: false, cause: 13, from: 'U', to: 'M', epc: 0x1000n, tval: 0x2000n, handler: 0x8000_1000n },
    ]);
    for (let n = 1; n < 1030; n++) bench.executor.call('enterTrap', 1, INTERRUPT | 9n, BigInt(n), 0n);
    expect(trapCount(new Uint32Array(bench.memory.buffer))).toBe(1030);
    expect(readTraps(bench.memory, 0).map(({ trap }) => trap)).toEqual(Array.from({ length: 1024 }, (_, n) => n + 6));
    expect(readTraps(bench.memory, 1029)).toMatchObject([{ trap: 1029, interrupt: true, cause: 9, epc: 1029n }]);
  });

  test('a stop is asked for by host modes and by causes', () => {
    raise(2);
    expect(bench.executor.call('stopAfterTrap')).toBe(0);
    bench.hart.setState('hostModes', 1n << 3n);
    expect(bench.executor.call('stopAfterTrap')).toBe(1);
    bench.hart.setState('stopInterrupts', 1n << 2n);
    expect(bench.executor.call('stopAfterTrap')).toBe(1);
    bench.hart.setState('stopExceptions', 1n << 2n);
    expect(bench.executor.call('stopAfterTrap')).toBe(2);
  });
});
