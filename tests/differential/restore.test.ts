/** Going back in time keeps decoded and translated code as far as it is still that of the memory: what runs then is what ran the first time. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Machine } from '../../workers/machine/machine.ts';
import { boot, type Engine } from '../perf/run.ts';
import { BENCHMARKS, imageOf, programImage } from '../perf/suite.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';

const text = (file: string): string => readFileSync(new URL(`../perf/${file}`, import.meta.url), 'utf8');
const STEPS = 3001;

const machineWith = (name: string, engine: Engine, environment: 'bare' | 'trap-and-emulate'): Machine => {
  const benchmark = BENCHMARKS.find((other) => other.name === name)!;
  return boot(imageOf(benchmark, 400, environment, text), engine, environment);
};

/** A kernel that writes an instruction over another in its loop, round by round. */
const REWRITES = `
        .globl  _start
_start: la      s0, place
        la      s1, words
        li      s2, 0
loop:   andi    t0, s2, 1
        slli    t0, t0, 2
        add     t0, t0, s1
        lw      t1, 0(t0)
        sw      t1, 0(s0)
        fence.i
        li      t2, 20
1:      add     a1, a1, a0
place:  addi    a0, a0, 1
        addi    t2, t2, -1
        bnez    t2, 1b
        addi    s2, s2, 1
        j       loop
        .balign 4
words:  addi    a0, a0, 1
        addi    a0, a0, 7
`;

describe('a machine that goes back', () => {
  for (const engine of ['eager', 'interpreter'] as const) {
    const machines: Readonly<Record<string, () => Machine>> = {
      'code that is written as it goes': () => boot(programImage('rewrites', REWRITES, RAM_BASE), engine, 'bare'),
      'coremark-like': () => machineWith('coremark-like', engine, 'bare'),
      'demand-fault': () => machineWith('demand-fault', engine, 'bare'),
      'cold-code': () => machineWith('cold-code', engine, 'bare'),
      'process-trap': () => machineWith('process-trap', engine, 'bare'),
      'integer-mix under the VMM': () => machineWith('integer-mix', engine, 'trap-and-emulate'),
    };
    test.each(Object.keys(machines))(`passes the same states again: %s, ${engine}`, (name) => {
      const machine = machines[name]!();
      machine.run(20_000);
      const saved = [machine.save()];
      const hashes = [machine.hash()];
      for (let moment = 1; moment < 8; moment += 1) {
        machine.run(STEPS);
        saved.push(machine.save(saved.at(-1)));
        hashes.push(machine.hash());
      }
      // Back by different distances, and on from there over moments that were passed before.
      for (const [to, moments] of [[3, 2], [0, 7], [6, 1], [1, 3], [5, 2]] as const) {
        machine.restore(saved[to]!);
        expect(machine.hash()).toBe(hashes[to]);
        for (let moment = to + 1; moment <= to + moments; moment += 1) {
          machine.run(STEPS);
          expect(machine.hash(), `from ${String(to)} to ${String(moment)}`).toBe(hashes[moment]);
        }
      }
    });
  }

  test('holds its translated code, unless PMP was another then', () => {
    const machine = boot(programImage('loop', '_start: li t0, -1\n csrw pmpaddr0, t0\n1: addi a0, a0, 1\n bnez a0, 1b', RAM_BASE), 'eager', 'bare');
    const atFirst = machine.save();
    machine.run(1000);
    const hot = machine.save(atFirst);
    expect(machine.executor.work.regions).toBeGreaterThan(0);
    machine.run(1000);
    machine.restore(hot);
    expect(machine.executor.work.regions).toBeGreaterThan(0);
    machine.restore(atFirst);
    expect(machine.executor.work.regions).toBe(0);
  });
});
