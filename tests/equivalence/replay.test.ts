/** A run is a function of the program, the configuration and the recorded input: it can be done again, from its start or from any checkpoint. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { open } from '../../workers/lab/open.ts';
import type { Session } from '../../workers/lab/session.ts';
import type { LoadRequest } from '../../workers/protocol/lab-api.ts';
import { Random } from '../differential/random.ts';
import { bareComputer, runToEnd, virtualComputer } from '../support/computers.ts';
import { LAB_GUESTS, labGuest } from '../support/guest-image.ts';

const REGIMES = ['bare', 'trap-and-emulate'] as const;
const CASES = LAB_GUESTS.flatMap((name) => REGIMES.map((regime) => ({ name, regime })));
const MEMORY = 4 << 20;
const SEED = 20260;
/** Moments that are compared on the way; hashing all of memory takes a while. */
const MOST_MOMENTS = 5;

function start(name: string, regime: LoadRequest['regime']): Session {
  const bytes = readFileSync(new URL(`../../public/guests/${name}`, import.meta.url));
  const program: LoadRequest['program'] = name.endsWith('.s') ? { kind: 'assembly', name, text: bytes.toString() } : { kind: 'binary', name, bytes: new Uint8Array(bytes) };
  const opened = open({ program, regime, memoryBytes: MEMORY });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { session } = opened.open;
  session.checkpoint();
  return session;
}

interface Moment {
  readonly position: number;
  readonly hash: string;
  readonly console: string;
}

const moment = (session: Session): Moment => ({ position: session.position, hash: session.board.hash(), console: session.console.text() });

/** Runs in pieces of random length, types now and then while the guest runs, and whatever it waits for; to the end. */
function record(session: Session): Moment[] {
  const random = new Random(SEED);
  const lines = ['help\r', 'time\r', 'x\u007fexit\r'];
  const moments: Moment[] = [];
  for (;;) {
    const by = session.advance(500 + random.below(moments.length < MOST_MOMENTS ? 20_000 : 300_000), true);
    if (by === 'halt') return [...moments, moment(session)];
    if (by === 'waiting') session.receive(new TextEncoder().encode(lines.shift() ?? '\r'));
    else {
      if (random.oneIn(8)) session.receive(Uint8Array.of(97 + random.below(26), 13));
      if (moments.length < MOST_MOMENTS) moments.push(moment(session));
      session.checkpoint(5_000);
    }
  }
}

describe('replay', () => {
  test.each(CASES)(`$name, $regime: the recorded input gives the same run again (seed ${String(SEED)})`, ({ name, regime }) => {
    const recorded = start(name, regime);
    const moments = record(recorded);
    const again = start(name, regime);
    for (const entry of recorded.inputs.all) again.inputs.add(entry);
    again.inputs.rewind(0);
    for (const known of moments) {
      again.advance(known.position - again.position, true);
      expect(moment(again)).toEqual(known);
    }
    expect(again.advance(1, true)).toBe('halt');
  });

  test.each(CASES)('E3: $name, $regime: from checkpoints on the way it comes to the same end', ({ name, regime }) => {
    const session = start(name, regime);
    const moments = record(session);
    const end = moments.at(-1)!;
    const random = new Random(SEED + 1);
    for (let round = 0; round < 2; round += 1) {
      session.returnBefore(random.below(end.position));
      while (session.advance(1 + random.below(end.position), true) !== 'halt');
      expect(moment(session)).toEqual(end);
    }
  });
});

describe('a checkpoint', () => {
  const BOOTS = [{ where: 'bare', boot: bareComputer }, { where: 'under the VMM', boot: virtualComputer }] as const;

  test.each(BOOTS)('E3: can be taken $where with one engine and continued with the other', ({ boot }) => {
    const image = labGuest('processes.s');
    const computer = (createEngine: typeof createInterpreter) => boot(image, { createEngine, guestRamBytes: MEMORY });
    const here = computer(createInterpreter);
    here.machine.run(9_000);
    const saved = structuredClone(here.machine.save());
    const there = computer(createReferenceEngine);
    there.machine.restore(saved);
    expect(there.machine.hash()).toBe(here.machine.hash());
    here.machine.takeConsole();
    for (const { machine } of [here, there]) machine.run(20_000);
    expect(there.machine.hash()).toBe(here.machine.hash());
    expect(there.machine.takeConsole()).toEqual(here.machine.takeConsole());
  });

  test.each(BOOTS)('E3: taken again and again $where changes nothing', ({ boot }) => {
    const straight = boot(labGuest('processes.s'));
    const end = runToEnd(straight);
    const { machine } = boot(labGuest('processes.s'));
    let state = machine.save();
    for (;;) {
      if (machine.run(12_007).by === 'halt') break;
      if (machine.waiting) machine.skipWait();
      state = machine.save(state);
      machine.restore(state);
    }
    expect(machine.clock.now()).toBe(end.time);
    expect(machine.hash()).toBe(straight.machine.hash());
  });
});
