import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ToyBoard } from '../../tests/support/toy-board.ts';
import { Recorder } from '../trace/recorder.ts';
import { undoAfter } from './focus.ts';
import { Session } from './session.ts';
import { finish, Travel } from './travel.ts';

function toy(): { board: ToyBoard; session: Session; travel: Travel } {
  const board = new ToyBoard();
  const recorder = new Recorder(() => ({ ...board.instant, trap: board.trapCount - 1 }));
  board.probe = recorder;
  const session = new Session(board, recorder);
  session.checkpoint();
  return { board, session, travel: new Travel(session) };
}

/** Runs on, with a key pressed wherever only input can help. */
function runTo(session: Session, position: number): void {
  while (session.position < position) {
    if (session.advance(Math.min(97, position - session.position), true) === 'waiting') session.receive(Uint8Array.of(65 + (session.position % 26)));
    session.checkpoint(500);
  }
}

describe('time travel', () => {
  it('shows the same state whichever way one came to a moment', () => {
    const { session, travel, board } = toy();
    const hashes = new Map<number, string>();
    const consoles = new Map<number, string>();
    const note = (): void => {
      const known = hashes.get(session.position);
      if (known === undefined) {
        hashes.set(session.position, board.hash());
        consoles.set(session.position, session.console.text());
      } else {
        expect(board.hash()).toBe(known);
        expect(session.console.text()).toBe(consoles.get(session.position));
      }
    };
    runTo(session, 3000);
    const walk = fc.sample(fc.oneof(fc.record({ to: fc.nat(3000) }), fc.record({ unit: fc.constantFrom('instruction', 'trap', 'micro-step'), direction: fc.constantFrom('forward', 'back'), count: fc.nat(9) })), { numRuns: 300, seed: 7 });
    for (const move of walk) {
      if ('to' in move) finish(travel.to(move.to));
      else for (let i = 0; i < move.count; i += 1) finish(travel.step(move.unit as 'trap', move.direction as 'back'));
      note();
    }
    expect(hashes.size).toBeGreaterThan(200);
    // And a run that never went back passes the same states.
    const straight = toy();
    for (const entry of session.inputs.all) straight.session.inputs.add(entry);
    straight.session.inputs.rewind(0);
    for (const position of [...hashes.keys()].sort((a, b) => a - b)) {
      finish(straight.travel.to(position));
      expect(straight.board.hash()).toBe(hashes.get(position));
    }
  });

  it('makes micro-steps of a trap again by replay, the same as when they were recorded', () => {
    const recorded = toy();
    for (let i = 0; i < 5; i += 1) finish(recorded.travel.step('trap', 'forward'));
    const replayed = toy();
    runTo(replayed.session, 400);
    const before = replayed.board.hash();
    for (let trap = 0; trap < 5; trap += 1) {
      expect(recorded.travel.stepsOf(trap)).toHaveLength(3);
      expect(replayed.travel.stepsOf(trap)).toEqual(recorded.travel.stepsOf(trap));
    }
    expect(replayed.board.hash()).toBe(before);
    expect(replayed.session.takeRewind()).toBeUndefined();
  });

  it('walks through a trap micro-step by micro-step, forward and back', () => {
    const { travel, board } = toy();
    finish(travel.step('trap', 'forward'));
    const seen: [number | undefined, bigint | undefined][] = [];
    const look = (): void => {
      const focus = travel.focus();
      const visible = board.visible();
      if (focus) undoAfter(visible, focus.steps, focus.index);
      seen.push([focus?.index, visible.registers[1]! & 0xffn]);
    };
    look();
    for (let i = 0; i < 3; i += 1) {
      finish(travel.step('micro-step', 'forward'));
      look();
    }
    const there = [...seen];
    expect(there.map(([index]) => index)).toEqual([-1, 0, 1, 2]);
    expect(there[1]![1]! ^ there[0]![1]!).toBe(0x55n);
    expect(there[2]![1]).toBe(there[0]![1]);
    seen.length = 0;
    look();
    for (let i = 0; i < 3; i += 1) {
      finish(travel.step('micro-step', 'back'));
      look();
    }
    expect(seen.reverse()).toEqual(there);
    const trapped = board.position;
    finish(travel.step('micro-step', 'back'));
    expect(board.position).toBe(trapped - 1);
  });

  it('goes back to the beginning of the last trap, then to the one before', () => {
    const { session, travel } = toy();
    runTo(session, 500);
    const count = session.board.trapCount;
    finish(travel.step('instruction', 'forward'));
    finish(travel.step('trap', 'back'));
    expect(travel.focus()).toMatchObject({ index: -1, trap: session.board.trapCount - 1 });
    finish(travel.step('trap', 'back'));
    finish(travel.step('trap', 'back'));
    expect(session.board.trapCount).toBeGreaterThanOrEqual(count - 2);
    expect(travel.focus()?.index).toBe(-1);
    expect(finish(travel.seekTrap(4))).toBe(true);
    expect(travel.focus()).toMatchObject({ trap: 4, index: -1 });
    expect(session.takeRewind()?.traps).toBeLessThanOrEqual(5);
  });

  it('forgets the recorded future when new input comes in the past', () => {
    const { session, travel } = toy();
    runTo(session, 2000);
    const future = session.inputs.all.length;
    finish(travel.to(1000));
    session.receive(Uint8Array.of(1));
    expect(session.inputs.pending).toBe(false);
    expect(session.inputs.all.length).toBeLessThan(future);
  });

  it('reaches a far moment again without running everything anew', () => {
    const { board, session, travel } = toy();
    runTo(session, 20_000);
    const before = board.stepsRun;
    finish(travel.step('instruction', 'back'));
    expect(board.stepsRun - before).toBeLessThan(1500);
  });
});
