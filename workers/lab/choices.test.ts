/** What may be chosen while a guest runs: its regime, and how the shadow tables follow its own. The guest does not notice. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REGIMES, SHADOW_VARIANTS, type LoadRequest, type Regime } from '../protocol/lab-api.ts';
import { replayInto } from './guest-instant.ts';
import { Lab } from './lab.ts';
import { open } from './open.ts';
import type { Session } from './session.ts';
import { finish } from './travel.ts';

const GUESTS = new URL('../../public/guests/', import.meta.url);
const requestFor = (guest: string, regime: Regime): LoadRequest =>
  ({ program: { kind: 'assembly', name: guest, text: readFileSync(new URL(guest, GUESTS), 'utf8') }, regime, memoryBytes: 4 << 20, engine: 'interpreter' });

function start(guest: string, regime: Regime): Session {
  const opened = open(requestFor(guest, regime));
  if (!opened.ok) throw new Error(opened.problem.message);
  opened.open.session.checkpoint();
  return opened.open.session;
}

const TYPED = ['help\r', 'time\r', 'exit\r'];

/** Runs on, typing a line whenever the guest waits for one. */
function go(session: Session, steps: number, typed: string[]): void {
  const last = session.position + steps;
  while (session.position < last && !session.board.halted) {
    if (session.advance(last - session.position, true) !== 'waiting') continue;
    const line = typed.shift();
    if (line === undefined) return;
    session.receive(new TextEncoder().encode(line));
  }
}

const seen = (session: Session): unknown => ({ at: session.board.guestInstant, end: session.board.halted, console: session.console.text() });

describe('the regime', () => {
  test.each(['processes.s', 'echo.s'])('of %s is another from any moment on, and the guest stands where it stood', (guest) => {
    const straight = start(guest, 'bare');
    go(straight, 10_000_000, [...TYPED]);
    const typed = [...TYPED];
    let session = start(guest, 'bare');
    for (let turn = 0; turn < 12 && !session.board.halted; turn += 1) {
      go(session, 1 + turn * 1777, typed);
      const other = start(guest, REGIMES[(turn + 1) % REGIMES.length]!);
      expect(finish(replayInto(session, other)), `turn ${String(turn)}`).toBe(true);
      expect(seen(other)).toEqual(seen(session));
      expect(other.inputs.received).toBe(session.inputs.received);
      session = other;
    }
    go(session, 10_000_000, typed);
    expect(seen(session)).toEqual(seen(straight));
  });

  test('of a guest that asks whether it is one stands at the same time at least', () => {
    const session = start('paravirtual.s', 'bare');
    go(session, 5000, []);
    const other = start('paravirtual.s', 'paravirtual');
    expect(finish(replayInto(session, other))).toBe(false);
    expect(other.instant.time).toBe(session.instant.time);
  });

  test('is refused with the reason where the program cannot have it, and the machine stays', async () => {
    const lab = new Lab();
    await lab.load({ ...requestFor('hello.s', 'bare'), hypervisor: true });
    await lab.step('instruction', 7, 'forward');
    const before = await lab.stateHash();
    expect(await lab.setRegime('trap-and-emulate')).toMatchObject({ ok: false, problem: { code: 'hypervisor-needs-bare' } });
    expect(await lab.stateHash()).toBe(before);
  });

  test('changes under the hands of a reader: the same moment, the console so far, and the mistakes of the VMM come back with it', async () => {
    const lab = new Lab();
    await lab.load(requestFor('processes.s', 'trap-and-emulate'));
    await lab.setBugs(['timer-first'], true);
    await lab.step('trap', 9, 'forward');
    const here = await lab.step('instruction', 1, 'forward');
    expect(await lab.setRegime('bare')).toEqual({ ok: true, same: true });
    const bare = await lab.step('instruction', 0, 'forward');
    expect({ time: bare.time, pc: bare.pc, regime: bare.regime, mode: bare.mode, bugs: bare.mistakes.bugs }).toEqual({ time: here.time, pc: here.pc, regime: 'bare', mode: here.virtual!.mode, bugs: [] });
    expect(await lab.setRegime('trap-and-emulate')).toEqual({ ok: true, same: true });
    expect((await lab.step('instruction', 0, 'forward')).mistakes).toEqual({ bugs: ['timer-first'], checked: true, pieces: false });
  });
});

describe('the way that shadow tables follow the guest’s', () => {
  test.each(['processes.s', 'echo.s'])('S5: changes under %s at any moment, and the guest goes on as on the bare machine', (guest) => {
    const straight = start(guest, 'bare');
    go(straight, 10_000_000, [...TYPED]);
    const session = start(guest, 'trap-and-emulate');
    const typed = [...TYPED];
    for (let turn = 0; turn < 40 && !session.board.halted; turn += 1) {
      go(session, 1 + turn * 97, typed);
      session.set({ kind: 'shadow', variant: SHADOW_VARIANTS[(turn * 5 + 1) % 3]! });
    }
    go(session, 10_000_000, typed);
    expect(seen(session)).toEqual(seen(straight));
    // Going back takes it back, and the way forward is the same once more.
    const [hash, position] = [session.board.hash(), session.position];
    session.returnBefore(0);
    expect(session.board.shadowVariant).toBe('lazy');
    session.advance(position, true);
    session.advance(position, true);
    expect(session.board.hash()).toBe(hash);
  });
});
