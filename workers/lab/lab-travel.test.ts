/** Moving through a real run by the lab's calls, and looking around at its stops: two processes under the VMM. */
import { beforeAll, describe, expect, test } from 'vitest';
import { guestRequest } from '../../tests/support/lab-guests.ts';
import type { MachineView, Moment, ProgramInfo, StepUnit } from '../protocol/lab-api.ts';
import { Lab } from './lab.ts';

let lab: Lab;
let program: ProgramInfo;
beforeAll(async () => {
  lab = new Lab();
  const loaded = await lab.load(guestRequest('processes.s'));
  if (!loaded.ok) throw new Error(loaded.problem.message);
  program = loaded.program;
});

const symbol = (name: string): bigint => program.symbols.find((known) => known.name === name)!.address;

/** What the panes show, without when each value was last seen to change: that is not of the machine but of whoever watches. */
async function state(view: MachineView): Promise<object> {
  const values = (csrs: MachineView['real']): unknown => csrs.map(({ name, value }) => [name, value]);
  return {
    ...view, stop: undefined, counters: { ...view.counters, mips: 0 }, real: values(view.real), virtual: view.virtual && { ...view.virtual, csrs: values(view.virtual.csrs) }, hash: await lab.stateHash(),
  };
}

const valueOf = (csrs: MachineView['real'], name: string): bigint => csrs.find((csr) => csr.name === name)!.value;

describe('stepping', () => {
  const units: readonly { readonly unit: StepUnit; readonly from: Moment; readonly steps: number }[] = [
    { unit: 'instruction', from: { at: 'symbol', name: 'trap_handler', n: 2 }, steps: 20 },
    { unit: 'micro-step', from: { at: 'trap', cause: 'illegal-instruction', instruction: 'sret', n: 1 }, steps: 40 },
    { unit: 'trap', from: { at: 'start' }, steps: 30 },
  ];

  test.each(units)('back by $unit shows exactly what was there before', async ({ unit, from, steps }) => {
    const { reached, view } = await lab.goTo(from);
    expect(reached).toBe(true);
    const way = [await state(view)];
    for (let i = 0; i < steps; i += 1) way.push(await state(await lab.step(unit, 1, 'forward')));
    for (let i = steps - 1; i >= 0; i -= 1) {
      const back = await lab.step(unit, 1, 'back');
      expect(await state(back), `${unit} ${String(i)}`).toEqual(way[i]);
    }
    // And many at once lead to the same place.
    expect(await state(await lab.step(unit, steps, 'forward'))).toEqual(way[steps]);
    expect(await state(await lab.step(unit, steps, 'back'))).toEqual(way[0]);
  });

  test('an instruction that traps is one step: the guest is at the next instruction', async () => {
    const { view } = await lab.goTo({ at: 'symbol', name: 'trap_handler', n: 1 });
    expect(view.pc).toBe(symbol('trap_handler'));
    const [first] = await lab.disassemble(view.pc, 1);
    expect(first).toMatchObject({ text: 'csrrw a0,sscratch,a0', length: 4 });
    const after = await lab.step('instruction', 1, 'forward');
    expect(after.pc).toBe(view.pc + 4n);
    expect(after.counters.traps).toBe(view.counters.traps + 1);
    expect(after.registers[10]).toBe(valueOf(view.virtual!.csrs, 'sscratch'));
    expect(valueOf(after.virtual!.csrs, 'sscratch')).toBe(view.registers[10]);
  });

  test('before the start there is nothing', async () => {
    const { view } = await lab.goTo({ at: 'start' });
    for (const unit of ['instruction', 'trap', 'micro-step'] as const) expect(await state(await lab.step(unit, 2, 'back'))).toEqual(await state(view));
  });

  test('after the end there is nothing, and one can step back from it', async () => {
    const { reached, view } = await lab.goTo({ at: 'halt' });
    expect(reached).toBe(true);
    expect(view.status).toEqual({ state: 'halted', reason: { by: 'sbi', exitCode: 0 } });
    expect(view.stop).toEqual({ by: 'halt' });
    expect(await state(await lab.step('instruction', 3, 'forward'))).toEqual(await state(view));
    const back = await lab.step('instruction', 1, 'back');
    expect(back.status).toEqual({ state: 'paused' });
    const again = await lab.step('instruction', 1, 'forward');
    expect(again.status).toEqual(view.status);
    expect(await lab.stateHash()).toBe((await state(view) as { hash: string }).hash);
  });
});

describe('moments', () => {
  test('each kind is reached, from before and from behind', async () => {
    const seen = new Map<string, object>();
    const moments: readonly Moment[] = [
      { at: 'start' },
      { at: 'trap', n: 7 },
      { at: 'trap', cause: 'supervisor-timer-interrupt', n: 3 },
      { at: 'trap', cause: 'illegal-instruction', instruction: 'sret', n: 2 },
      { at: 'symbol', name: 'trap_handler', n: 4 },
      { at: 'console', text: 'getpid says 1' },
      { at: 'halt' },
    ];
    for (const moment of [...moments, ...moments.toReversed(), moments[3]!, moments[1]!]) {
      const { reached, view } = await lab.goTo(moment);
      expect(reached, JSON.stringify(moment)).toBe(true);
      const now = await state(view);
      const key = JSON.stringify(moment);
      if (seen.has(key)) expect(now, key).toEqual(seen.get(key));
      else seen.set(key, now);
    }
    expect(new Set([...seen.values()].map((now) => (now as { hash: string }).hash)).size).toBe(moments.length);
  });

  test('a trap is shown before its first micro-step, as hardware is about to take it from the guest', async () => {
    const { view } = await lab.goTo({ at: 'trap', cause: 'illegal-instruction', instruction: 'sret', n: 1 });
    expect(view.micro).toMatchObject({ index: -1, trap: view.counters.traps - 1 });
    const [line] = await lab.disassemble(view.pc, 1);
    expect(line?.text).toBe('sret');
    expect(view).toMatchObject({ mode: 'U', virtual: { mode: 'S', shadowRoot: 'kernel' } });
    const done = await lab.step('instruction', 1, 'forward');
    expect(done).toMatchObject({ mode: 'U', virtual: { mode: 'U', shadowRoot: 'user' }, pc: 0x1_0000n });
    expect(done.micro!.index).toBe(done.micro!.count - 1);
  });

  test('console text is met at the very step that completes it', async () => {
    await lab.goTo({ at: 'console', text: 'Two processes' });
    const hash = await lab.stateHash();
    await lab.step('instruction', 1, 'back');
    expect(await lab.stateHash()).not.toBe(hash);
    await lab.goTo({ at: 'console', text: 'Two processes' });
    expect(await lab.stateHash()).toBe(hash);
  });

  test('what never comes is not reached, and says so', async () => {
    for (const moment of [{ at: 'symbol', name: 'nobody', n: 1 }, { at: 'trap', cause: 'breakpoint', n: 1 }, { at: 'console', text: 'no such text' }, { at: 'trap', n: 1_000_000 }] as const) {
      const { reached, view } = await lab.goTo(moment);
      expect(reached, JSON.stringify(moment)).toBe(false);
      expect(view.stop).toEqual({ by: 'limit' });
    }
  });

  test('seekTrap goes to a micro-step of any trap', async () => {
    const steps = await lab.steps(20);
    expect(steps.length).toBeGreaterThan(2);
    for (const index of [1, -1, steps.length - 1, 0]) {
      const view = await lab.seekTrap(20, index);
      expect(view.micro).toEqual({ trap: 20, index, count: steps.length });
      expect(view.counters.traps).toBe(21);
    }
  });
});

describe('looking', () => {
  beforeAll(async () => { await lab.goTo({ at: 'trap', cause: 'supervisor-timer-interrupt', n: 2 }); });

  test('memory in each space: the guest’s page stands elsewhere in real memory', async () => {
    const code = symbol('program_2');
    const [virtual, guest, host] = await Promise.all([
      lab.readMemory('current', 0x1_0000n, 16), lab.readMemory('guest-physical', code, 16), lab.readMemory('host-physical', code + 0x100_0000n, 16),
    ]);
    expect(virtual).toEqual(guest);
    expect(host).toEqual(guest);
    expect(guest.every((byte) => byte !== undefined)).toBe(true);
    expect(await lab.readMemory('guest-physical', 0x1000_0000n, 2), 'a device is no memory').toEqual([undefined, undefined]);
    expect(await lab.readMemory('current', 0x9_0000n, 1), 'not mapped').toEqual([undefined]);
  });

  test('the guest’s walk ends in guest-physical memory, the shadow’s in real memory', async () => {
    const { guest, shadow } = await lab.translate(0x1_0000n, 'load');
    const code = symbol('program_2');
    expect(guest).toMatchObject({ table: 'guest', result: { ok: true, pa: code } });
    expect(guest.levels.map(({ level }) => level)).toEqual([2, 1, 0]);
    expect(shadow).toMatchObject({ table: 'shadow', result: { ok: true, pa: code + 0x100_0000n } });
    const { guest: nothing } = await lab.translate(0x9_0000n, 'load');
    expect(nothing.result.ok).toBe(false);
  });

  test('disassembly has labels, source lines and what stands before', async () => {
    const at = symbol('trap_handler');
    const lines = await lab.disassemble(at, 3, 2);
    expect(lines.map(({ address }) => address - at)).toEqual([-8n, -4n, 0n, 4n, 8n]);
    expect(lines[2]).toMatchObject({ label: 'trap_handler', text: 'csrrw a0,sscratch,a0' });
    const source = guestRequest('processes.s').program;
    expect(source.kind === 'assembly' && source.text.split('\n')[lines[2]!.line! - 1]).toMatch(/csrrw a0, sscratch, a0/);
  });

  test('a datum is what the panes show', async () => {
    const view = await lab.seekTrap((await lab.step('instruction', 1, 'forward')).counters.traps - 1);
    expect(await lab.datum({ of: 'pc' })).toBe(view.pc);
    expect(await lab.datum({ of: 'real-csr', name: 'sepc' })).toBe(valueOf(view.real, 'sepc'));
    expect(await lab.datum({ of: 'virtual-csr', name: 'sstatus' })).toBe(valueOf(view.virtual!.csrs, 'sstatus'));
    expect(await lab.datum({ of: 'virtual-csr', name: 'sstatus', field: 'SPP' })).toBe((valueOf(view.virtual!.csrs, 'sstatus') >> 8n) & 1n);
    expect(await lab.datum({ of: 'register', name: 'sp' })).toBe(view.registers[2]);
    expect(await lab.datum({ of: 'real-mode' })).toBe(0n);
    expect(await lab.datum({ of: 'virtual-mode' })).toBe(view.virtual!.mode === 'S' ? 1n : 0n);
  });

  test('looking and asking for old micro-steps moves nothing', async () => {
    const hash = await lab.stateHash();
    const early = await lab.steps(3);
    expect(early.length).toBeGreaterThan(1);
    expect(await lab.steps(1_000_000)).toEqual([]);
    expect(await lab.stateHash()).toBe(hash);
  });
});

test('a run that was typed into replays to the same state, and new input in the past begins another future', async () => {
  const shell = new Lab();
  await shell.load(guestRequest('echo.s'));
  await shell.goTo({ at: 'console', text: '$ ' });
  await shell.input('help\r');
  const { reached, view } = await shell.goTo({ at: 'console', text: 'Anything else' });
  expect(reached).toBe(true);
  const hash = await shell.stateHash();
  await shell.goTo({ at: 'start' });
  expect((await shell.goTo({ at: 'console', text: 'Anything else' })).view.instret).toBe(view.instret);
  expect(await shell.stateHash()).toBe(hash);
  await shell.step('trap', 3, 'back');
  await shell.step('trap', 3, 'forward');
  await shell.goTo({ at: 'console', text: '$ ' });
  expect((await shell.goTo({ at: 'console', text: 'help  this' })).reached).toBe(true);
  await shell.goTo({ at: 'start' });
  await shell.goTo({ at: 'console', text: '$ ' });
  // Just before “help” was typed.
  await shell.step('instruction', 1, 'back');
  await shell.input('exit\r');
  expect((await shell.goTo({ at: 'console', text: 'Goodbye' })).reached).toBe(true);
  expect((await shell.goTo({ at: 'console', text: 'this text' })).reached).toBe(false);
});
