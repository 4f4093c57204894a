/** Several machines on one switch: each runs its own driver of the network card, in M mode. */
import { describe, expect, test } from 'vitest';
import { ANSWERS, ASKS, LISTENS, networkImage } from '../../tests/support/network-programs.ts';
import { createInterpreter } from '../engine/interpreter/interpreter.ts';
import { createTranslator } from '../engine/translator/translating-engine.ts';
import { Switch } from './devices/virtio/network.ts';
import { Machine, type EngineFactory } from './machine.ts';

const ROUND = 100;

/** Machines on one switch that run in rounds: each a hundred steps, in this order. */
class Net {
  readonly #machines: readonly Machine[];
  readonly #consoles: string[];

  constructor(programs: readonly string[], createEngine: EngineFactory) {
    const network = new Switch();
    this.#machines = programs.map((program, n) => {
      const machine = new Machine({ ramBytes: 4 << 20, createEngine, start: 'm', network: { to: network, address: Uint8Array.of(2, 0, 0, 0, 0, n) } });
      machine.boot(networkImage(program, n));
      return machine;
    });
    this.#consoles = programs.map(() => '');
  }

  run(rounds: number): this {
    for (let round = 0; round < rounds; round += 1) {
      for (const [n, machine] of this.#machines.entries()) {
        machine.run(ROUND);
        this.#consoles[n] = this.#consoles[n]! + new TextDecoder().decode(machine.takeConsole());
      }
    }
    return this;
  }

  get consoles(): readonly string[] { return this.#consoles; }
  get hashes(): readonly string[] { return this.#machines.map((machine) => machine.hash()); }
  get first(): Machine { return this.#machines[0]!; }
  save(): unknown[] { return this.#machines.map((machine) => machine.save()); }
  restore(saved: unknown[]): void { for (const [n, machine] of this.#machines.entries()) machine.restore(saved[n] as ReturnType<Machine['save']>); }
}

describe.each([{ engine: 'interpreter', createEngine: createInterpreter }, { engine: 'translator', createEngine: createTranslator }])('machines on one switch ($engine)', ({ createEngine }) => {
  const PROGRAMS = [ASKS, ANSWERS, LISTENS];

  test('exchange frames: one that waits is woken, and a third hears only what is for everybody', () => {
    const net = new Net(PROGRAMS, createEngine).run(60);
    expect(net.consoles).toEqual(['ABCDEFGHIJ', 'ABCDEFGHIJ', '.']);
    expect(net.first.halted).toMatchObject({ by: 'finisher', exitCode: 0 });
  });

  test('run in the same rounds they are the same at every one, and go on alike from what was saved in the middle', () => {
    const [one, other] = [new Net(PROGRAMS, createEngine).run(12), new Net(PROGRAMS, createEngine).run(12)];
    expect(other.hashes).toEqual(one.hashes);
    const middle = one.save();
    const end = one.run(30).hashes;
    one.restore(middle);
    expect(one.run(30).hashes).toEqual(end);
    const fresh = new Net(PROGRAMS, createEngine);
    fresh.restore(middle);
    expect(fresh.run(30).hashes).toEqual(end);
  });
});
