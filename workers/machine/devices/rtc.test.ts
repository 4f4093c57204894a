import { beforeEach, describe, expect, test } from 'vitest';
import { REGISTER, Rtc } from './rtc.ts';

const EPOCH = 1_767_225_600;
const NANOSECONDS = BigInt(EPOCH) * 1_000_000_000n;

describe('the real-time clock', () => {
  let ticks = 0n;
  let line = false;
  let moved = 0;
  let rtc: Rtc;
  beforeEach(() => {
    ticks = 0n;
    line = false;
    moved = 0;
    rtc = new Rtc({ now: () => ticks, elapse: () => undefined, tick: () => undefined }, { set: (high) => { line = high; } }, EPOCH, () => { moved += 1; });
  });
  const now = (): bigint => rtc.read(REGISTER.timeLow, 4)! | (rtc.read(REGISTER.timeHigh, 4)! << 32n);
  const setAlarm = (time: bigint): void => {
    rtc.write(REGISTER.alarmHigh, 4, time >> 32n);
    rtc.write(REGISTER.alarmLow, 4, time & 0xffff_ffffn);
  };

  test('shows the configured moment and goes on by ten nanoseconds a tick', () => {
    expect(now()).toBe(NANOSECONDS);
    ticks = 250n;
    expect(now()).toBe(NANOSECONDS + 2500n);
  });

  test('keeps the high half as it was when the low half was read', () => {
    const low = rtc.read(REGISTER.timeLow, 4)!;
    ticks = 1n << 40n;
    expect(low | (rtc.read(REGISTER.timeHigh, 4)! << 32n)).toBe(NANOSECONDS);
  });

  test('can be set, and goes on from there', () => {
    const wanted = 0x1234_5678_9abc_def0n;
    rtc.write(REGISTER.timeHigh, 4, wanted >> 32n);
    rtc.write(REGISTER.timeLow, 4, wanted & 0xffff_ffffn);
    expect(now()).toBe(wanted);
    ticks += 1n;
    expect(now()).toBe(wanted + 10n);
  });

  test('rings at its time, once, while its interrupt is enabled, until that is cleared', () => {
    setAlarm(NANOSECONDS + 1001n);
    expect(rtc.ticksToAlarm).toBe(101n);
    expect(moved).toBe(1);
    ticks = 100n;
    rtc.update();
    expect(rtc.read(REGISTER.alarmStatus, 4)).toBe(1n);
    ticks = 101n;
    rtc.update();
    expect(rtc.read(REGISTER.alarmStatus, 4)).toBe(0n);
    expect(line, 'not enabled').toBe(false);
    rtc.write(REGISTER.interruptEnabled, 4, 1n);
    expect(line).toBe(true);
    rtc.write(REGISTER.clearInterrupt, 4, 1n);
    expect(line).toBe(false);
    expect(rtc.ticksToAlarm).toBeUndefined();
  });

  test('an alarm in the past rings at once, and one that is cleared never', () => {
    rtc.write(REGISTER.interruptEnabled, 4, 1n);
    setAlarm(NANOSECONDS - 1n);
    expect(line).toBe(true);
    rtc.write(REGISTER.clearInterrupt, 4, 1n);
    setAlarm(NANOSECONDS + 10n);
    rtc.write(REGISTER.clearAlarm, 4, 1n);
    ticks = 100n;
    rtc.update();
    expect(line).toBe(false);
  });

  test('what is saved comes back; registers are read by four bytes only', () => {
    setAlarm(NANOSECONDS + 1000n);
    const saved = rtc.save();
    rtc.reset();
    expect(rtc.ticksToAlarm).toBeUndefined();
    rtc.restore(saved);
    expect(rtc.ticksToAlarm).toBe(100n);
    expect(rtc.read(0, 8)).toBeUndefined();
    expect(rtc.write(0, 1, 0n)).toBe(false);
  });
});
