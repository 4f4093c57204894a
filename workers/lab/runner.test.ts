/** Full speed in wall time: what waits costs nothing, what is hidden costs little, and pause is felt after one slice. Counted in slices, so that a slow machine changes nothing. */
import { expect, test, vi, type MockInstance } from 'vitest';
import { Runner } from './runner.ts';
import { open } from './open.ts';
import type { Session } from './session.ts';

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

interface Running {
  readonly session: Session;
  readonly runner: Runner;
  /** Slices so far. */
  readonly slices: MockInstance<Session['advance']>;
}

function start(text: string): Running {
  const opened = open({ program: { kind: 'assembly', name: 'guest.s', text }, regime: 'bare', memoryBytes: 4 << 20 });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { session } = opened.open;
  const slices = vi.spyOn(session, 'advance');
  const runner = new Runner(session, () => undefined);
  return { session, runner, slices };
}

const BUSY = '_start: addi a0, a0, 1\n        j _start';
/** Counts keys. */
const WAITING = `
_start: li      s0, 0x10000000
        li      t0, 1
        sb      t0, 1(s0)               # interrupts of the UART
        li      t1, 0xc000000
        sw      t0, 40(t1)              # priority of source 10
        li      t2, 0xc002080
        li      t3, 1 << 10
        sw      t3, 0(t2)               # enabled for S
        li      t0, 1 << 9
        csrs    sie, t0
1:      wfi
        lbu     t0, 0(s0)
        addi    a0, a0, 1
        j       1b`;
/** A tick each 20 ms of its own time, a few instructions of work at each. */
const TICKING = `
_start: li      t0, 1 << 5
        csrs    sie, t0
1:      rdtime  t1
        li      t2, 2000000
        add     a0, t1, t2
        li      a7, 0
        ecall
        wfi
        addi    s1, s1, 1
        j       1b`;

test('a guest that waits for a key makes no slices, and goes on at once when one comes', async () => {
  const { session, runner, slices } = start(WAITING);
  const end = runner.run();
  await vi.waitFor(() => { expect(runner.idle).toBe(true); });
  slices.mockClear();
  await sleep(200);
  expect(slices).not.toHaveBeenCalled();
  session.receive(Uint8Array.of(65));
  runner.wake();
  await vi.waitFor(() => { expect(session.board.visible().registers[10]).toBe(1n); });
  await vi.waitFor(() => { expect(runner.idle).toBe(true); });
  await runner.pause();
  expect(await end).toBe('pause');
});

test('a guest with a ticking timer lives at the speed of its own clock, with some slices for each tick', async () => {
  const { session, runner, slices } = start(TICKING);
  const end = runner.run();
  await vi.waitFor(() => { expect(session.board.visible().registers[9]).toBeGreaterThan(2n); });
  slices.mockClear();
  const before = session.board.visible().registers[9]!;
  const began = performance.now();
  await sleep(300);
  const ticks = Number(session.board.visible().registers[9]! - before);
  expect(ticks).toBeLessThanOrEqual((performance.now() - began) / 20 + 2);
  expect(slices.mock.calls.length).toBeLessThanOrEqual(3 * (ticks + 2));
  await runner.pause();
  expect(await end).toBe('pause');
});

test.each([['busy', BUSY], ['ticking', TICKING]])('a hidden page lets a %s guest run a few times a second only, and a shown one at once', async (_, text) => {
  const { runner, slices } = start(text);
  runner.setVisible(false);
  void runner.run();
  await sleep(50);
  slices.mockClear();
  const began = performance.now();
  await sleep(500);
  expect(slices.mock.calls.length).toBeLessThanOrEqual((performance.now() - began) / 200 + 2);
  slices.mockClear();
  runner.setVisible(true);
  await vi.waitFor(() => { expect(slices.mock.calls.length).toBeGreaterThan(4); });
  await runner.pause();
});

test.each([true, false])('a pause comes after the slice that runs, at the latest; shown: %s', async (visible) => {
  const { runner, slices } = start(BUSY);
  runner.setVisible(visible);
  const end = runner.run();
  await vi.waitFor(() => { expect(slices.mock.calls.length).toBeGreaterThan(2); });
  slices.mockClear();
  const began = performance.now();
  await runner.pause();
  expect(slices.mock.calls.length).toBeLessThanOrEqual(1);
  expect(await end).toBe('pause');
  if (!visible) expect(performance.now() - began, 'it did not sleep to the end').toBeLessThan(190);
});
