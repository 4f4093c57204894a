import { describe, expect, test } from 'vitest';
import { Clint } from './clint.ts';

const MSIP = 0x0, MTIMECMP = 0x4000, MTIME = 0xbff8;
const NEVER = (1n << 64n) - 1n;

function board() {
  const lines = { software: false, timer: false };
  const time = { now: 0n };
  const clock = { now: () => time.now, elapse: (ticks: bigint) => { time.now += ticks; }, tick: () => { time.now += 1n; } };
  const clint = new Clint(clock, { set: (high) => { lines.software = high; } }, { set: (high) => { lines.timer = high; } });
  return { clint, lines, time };
}

describe('the CLINT', () => {
  test('raises the timer from the tick at which mtime reaches mtimecmp, and lowers it when mtimecmp is written', () => {
    const { clint, lines, time } = board();
    clint.write(MTIMECMP, 8, 100n);
    expect([lines.timer, clint.ticksToTimer]).toEqual([false, 100n]);
    time.now = 99n;
    clint.update();
    expect([lines.timer, clint.ticksToTimer]).toEqual([false, 1n]);
    time.now = 100n;
    clint.update();
    expect([lines.timer, clint.ticksToTimer]).toEqual([true, undefined]);
    clint.write(MTIMECMP, 8, 101n);
    expect(lines.timer).toBe(false);
  });

  test('says after reset that the timer never comes', () => {
    const { clint } = board();
    clint.reset();
    expect([clint.ticksToTimer, clint.read(MTIMECMP, 8)]).toEqual([undefined, NEVER]);
  });

  test('can be set in halves, as 32-bit software does', () => {
    const { clint } = board();
    clint.write(MTIMECMP + 4, 4, 0x1234_5678n);
    clint.write(MTIMECMP, 4, 0x9abc_def0n);
    expect([clint.read(MTIMECMP, 8), clint.read(MTIMECMP, 4), clint.read(MTIMECMP + 4, 4)]).toEqual([0x1234_5678_9abc_def0n, 0x9abc_def0n, 0x1234_5678n]);
  });

  test('shows the time, whole and in halves', () => {
    const { clint, time } = board();
    time.now = 0x1_0000_0002n;
    expect([clint.read(MTIME, 8), clint.read(MTIME, 4), clint.read(MTIME + 4, 4)]).toEqual([0x1_0000_0002n, 2n, 1n]);
  });

  test('lets time be set forward, never back', () => {
    const { clint, lines, time } = board();
    clint.write(MTIMECMP, 8, 500n);
    clint.write(MTIME, 8, 1000n);
    expect([time.now, lines.timer]).toEqual([1000n, true]);
    clint.write(MTIME, 8, 10n);
    expect(time.now).toBe(1000n);
  });

  test('raises the software interrupt with bit 0 of msip, and only that bit is kept', () => {
    const { clint, lines } = board();
    clint.write(MSIP, 4, 0xffff_ffffn);
    expect([lines.software, clint.read(MSIP, 4)]).toEqual([true, 1n]);
    clint.write(MSIP, 4, 0xffff_fffen);
    expect([lines.software, clint.read(MSIP, 4)]).toEqual([false, 0n]);
  });

  test('other harts are not there: their registers read 0', () => {
    const { clint, lines } = board();
    expect(clint.write(MSIP + 4, 4, 1n)).toBe(true);
    expect(clint.write(MTIMECMP + 8, 8, 0n)).toBe(true);
    expect([clint.read(MSIP + 4, 4), clint.read(MTIMECMP + 8, 8), lines]).toEqual([0n, 0n, { software: false, timer: false }]);
  });

  test.each([[MTIME, 1], [MTIME, 2], [MTIME + 4, 8], [MTIME + 2, 4], [0x1_0000, 4]] as const)('refuses the access at %i of %i bytes', (offset, size) => {
    const { clint } = board();
    expect([clint.read(offset, size), clint.write(offset, size, 0n)]).toEqual([undefined, false]);
  });

  test('is the same after save and restore, its lines, too', () => {
    const one = board();
    one.clint.write(MSIP, 4, 1n);
    one.clint.compare = 7n;
    const two = board();
    two.time.now = 8n;
    two.clint.restore(structuredClone(one.clint.save()));
    expect(two.clint.save()).toEqual(one.clint.save());
    expect(two.lines).toEqual({ software: true, timer: true });
  });
});
