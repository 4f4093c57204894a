/** The lab as the page has it: through its public calls and its frames, with the guest of two processes under the VMM. */
import { afterEach, describe, expect, test } from 'vitest';
import { guestRequest } from '../../tests/support/lab-guests.ts';
import { LabPage } from '../../tests/support/lab-page.ts';
import type { LoadRequest, MachineView } from '../protocol/lab-api.ts';
import { Lab } from './lab.ts';

const pages: LabPage[] = [];
afterEach(() => { for (const page of pages.splice(0)) page.close(); });

async function labWith(request: LoadRequest): Promise<{ lab: Lab; page: LabPage }> {
  const lab = new Lab();
  const page = await new LabPage().connect(lab);
  pages.push(page);
  expect(await lab.load(request)).toMatchObject({ ok: true });
  return { lab, page };
}

const atRest = ({ status }: MachineView): boolean => status.state === 'paused' || status.state === 'halted';
const halted = ({ status }: MachineView): boolean => status.state === 'halted';

/** What the panes show, without how one came there. */
function shown(view: MachineView): object {
  const { real, virtual } = view;
  const values = (csrs: MachineView['real']): unknown => csrs.map(({ name, value }) => [name, value]);
  return { ...view, stop: undefined, counters: { ...view.counters, mips: 0 }, real: values(real), virtual: virtual && { ...virtual, csrs: values(virtual.csrs) } };
}

describe('loading', () => {
  test('a loaded machine rests at its entry, in virtual S and real U', async () => {
    const { lab, page } = await labWith(guestRequest('processes.s'));
    const view = await page.until(atRest);
    expect(view).toMatchObject({ pc: 0x8020_0000n, mode: 'U', regime: 'trap-and-emulate', stop: { by: 'start' }, virtual: { mode: 'S' }, counters: { traps: 0 } });
    expect(page.frames.at(-1)?.rewound).toMatchObject({ traps: 0, consoleBytes: 0 });
    expect(await lab.isIdle()).toBe(true);
  });

  test('a load that fails says why and leaves the old machine as it was', async () => {
    const { lab } = await labWith(guestRequest('processes.s'));
    await lab.step('trap', 5, 'forward');
    const before = await lab.stateHash();
    const bad = await lab.load({ program: { kind: 'assembly', name: 'x.s', text: '_start: addd a0, a1' }, regime: 'bare' });
    expect(bad).toMatchObject({ ok: false, problem: { code: 'does-not-assemble' }, diagnostics: [{ line: 1, column: 9 }] });
    expect(await lab.load({ program: { kind: 'binary', name: 'x', bytes: new TextEncoder().encode('\x7fELF') }, regime: 'bare' })).toMatchObject({ ok: false });
    expect(await lab.load({ ...guestRequest('hello.s'), memoryBytes: 1 })).toMatchObject({ ok: false, problem: { code: 'memory-size' } });
    expect(await lab.stateHash()).toBe(before);
    expect((await lab.step('trap', 1, 'forward')).counters.traps).toBe(6);
  });

  test('reset begins anew and keeps the breakpoints', async () => {
    const { lab, page } = await labWith(guestRequest('processes.s'));
    const start = await lab.stateHash();
    await lab.setBreakpoints({ addresses: [], causes: ['ecall-from-user'] });
    await lab.run();
    const first = await page.until(({ stop }) => stop.by === 'trap-breakpoint');
    await lab.reset();
    expect(await lab.stateHash()).toBe(start);
    await page.until(({ stop }) => stop.by === 'start');
    await lab.run();
    expect(shown(await page.until(({ stop }) => stop.by === 'trap-breakpoint'))).toEqual(shown(first));
  });
});

describe('running', () => {
  test('runs to the end; the frames together hold every trap, in order, and the whole console', async () => {
    const { lab, page } = await labWith(guestRequest('processes.s'));
    await lab.run();
    const end = await page.until(halted);
    expect(end.status).toEqual({ state: 'halted', reason: { by: 'sbi', exitCode: 0 } });
    expect(page.console).toMatch(/^Two processes.*15 times\.\n$/s);
    expect(page.traps.map(({ trap }) => trap)).toEqual(Array.from({ length: end.counters.traps }, (_, index) => index));
    expect(page.dropped).toBe(0);
    expect(end.counters.vmExits).toBe(Object.values(end.counters.vmExitsByCause).reduce((sum, count) => sum + count));
    expect(end.counters.trapsByCause).toMatchObject({ 'supervisor-timer-interrupt': 15 });
    await lab.run();
    expect(await lab.isIdle(), 'a machine that has ended does not run again').toBe(true);
  });

  test('an endless guest can be paused, stepped and run on', async () => {
    const { lab, page } = await labWith({ program: { kind: 'assembly', name: 'x.s', text: '_start: addi a0, a0, 1\n j _start' }, regime: 'bare' });
    await lab.run();
    await page.until(({ status, instret }) => status.state === 'running' && instret > 1000n);
    expect(await lab.isIdle()).toBe(false);
    await lab.pause();
    const paused = await page.until(atRest);
    expect(paused.stop).toEqual({ by: 'pause' });
    expect((await lab.step('instruction', 3, 'forward')).instret).toBe(paused.instret + 3n);
    await lab.run();
    await page.until(({ status, instret }) => status.state === 'running' && instret > paused.instret + 3n);
    // A step stops the run first.
    expect((await lab.step('instruction', 1, 'back')).status.state).toBe('paused');
    expect(await lab.isIdle()).toBe(true);
  });

  test.each(['bare', 'trap-and-emulate'] as const)('%s: a guest that jumps to nowhere without a trap handler stops, with a sentence', async (regime) => {
    const { lab, page } = await labWith({ program: { kind: 'assembly', name: 'x.s', text: '_start: li t0, 0x4000\n jr t0' }, regime });
    await lab.run();
    const { stop, status } = await page.until((view) => view.counters.traps > 0 && atRest(view));
    expect(stop).toMatchObject({ by: 'stuck', message: expect.stringMatching(/^The guest .* at 0x0\): .*stvec points\.$/) as unknown });
    expect(status).toEqual({ state: 'paused' });
    expect(await lab.isIdle()).toBe(true);
  });

  test('stops at breakpoints by address, before the instruction, and goes on from there', async () => {
    const { lab, page } = await labWith(guestRequest('processes.s'));
    const loaded = await lab.load(guestRequest('processes.s'));
    const handler = loaded.ok ? loaded.program.symbols.find(({ name }) => name === 'trap_handler')!.address : 0n;
    await lab.setBreakpoints({ addresses: [handler], causes: [] });
    const stops: bigint[] = [];
    for (let i = 0; i < 3; i += 1) {
      await lab.run();
      const { instret, pc } = await page.until(({ stop, instret: now }) => stop.by === 'breakpoint' && !stops.includes(now));
      expect(pc).toBe(handler);
      stops.push(instret);
    }
    expect([...stops].sort((a, b) => Number(a - b))).toEqual(stops);
  });

  test('stops at breakpoints by cause, with the focus before the first micro-step', async () => {
    const { lab, page } = await labWith(guestRequest('processes.s'));
    await lab.setBreakpoints({ addresses: [], causes: ['supervisor-timer-interrupt'] });
    await lab.run();
    const view = await page.until(({ stop }) => stop.by === 'trap-breakpoint');
    expect(view.stop).toMatchObject({ trap: { interrupt: true, cause: 5, trap: view.counters.traps - 1 } });
    expect(view.micro).toMatchObject({ index: -1, trap: view.counters.traps - 1 });
    expect(view.micro!.count).toBeGreaterThan(2);
  });

  test('a waiting guest is idle until somebody types', async () => {
    const { lab, page } = await labWith(guestRequest('echo.s'));
    await lab.run();
    await page.until(({ status }) => status.state === 'idle');
    await lab.input('help\r');
    await page.until(({ status }) => status.state === 'idle' && page.console.includes('the time register'));
    await lab.input('exit\r');
    expect((await page.until(halted)).status).toMatchObject({ reason: { exitCode: 0 } });
    expect(page.console).toContain('Goodbye.');
  });
});

describe('the page is never flooded', () => {
  test('no frame comes without credit; what did not fit is counted', async () => {
    const { lab, page } = await labWith(guestRequest('processes.s'));
    await page.until(atRest);
    page.answering = false;
    // A trap storm: thousands of traps while the page answers nothing.
    await lab.load({ program: { kind: 'assembly', name: 'x.s', text: '_start: csrw sscratch, a0\n j _start' }, regime: 'trap-and-emulate' });
    const before = page.frames.length;
    await lab.run();
    await lab.goTo({ at: 'trap', n: 3000 });
    expect(page.frames.length - before).toBeLessThanOrEqual(2);
    page.answering = true;
    while (page.unanswered > 0) page.credit();
    const last = await page.until(({ counters }) => counters.traps >= 3000);
    expect(page.traps.length + page.dropped).toBe(last.counters.traps);
    expect(page.dropped).toBeGreaterThan(0);
    expect(page.unanswered).toBe(0);
  });

  test('strange messages on the port change nothing', async () => {
    const { lab, page } = await labWith(guestRequest('hello.s'));
    await page.until(atRest);
    page.answering = false;
    for (const message of [undefined, null, 7, 'credit', {}, { type: 'frame' }, [{ type: 'credit' }]]) page.send(message);
    const frames = page.frames.length;
    for (let i = 0; i < 6; i += 1) await lab.step('instruction', 1, 'forward');
    await new Promise((resolve) => setImmediate(resolve));
    expect(page.frames.length - frames).toBeLessThanOrEqual(2);
  });
});
