/** Runs a program in assembly on a bare hart, from M mode at its entry until it waits with `wfi`. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import type { StopReason } from '../../workers/machine/executor.ts';
import { readTraps } from '../../workers/machine/hart/trap-log.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import type { TrapEvent } from '../../workers/trace/events.ts';
import { createBench, type Bench, type BenchOptions, type Target } from './targets.ts';

export interface Run extends Bench {
  readonly traps: readonly TrapEvent[];
  /** The address of a label. */
  readonly at: (label: string) => bigint;
  /** Traps as one line each: `U -> S 8 at in_user`. A trap value that is not 0 follows, as a label where it is one. */
  readonly trapLines: readonly string[];
  /** Words of 64 bits from a label on. */
  readonly words: (label: string, count: number) => bigint[];
}

const BUDGET = 200_000;

export async function runProgram(target: Target, file: URL, options?: BenchOptions): Promise<Run> {
  const { assembly, diagnostics } = assemble(readFileSync(file, 'utf8'), { origin: RAM_BASE });
  expect(diagnostics).toEqual([]);
  if (!assembly) throw new Error('the program was not assembled');
  const bench = await createBench(target, options);
  for (const section of assembly.sections) bench.ram.copyIn(section.address, section.bytes);
  bench.hart.pc = assembly.entry;
  const reason: StopReason = bench.executor.run(BUDGET);
  expect(reason, `the program ends with wfi; pc ${bench.hart.pc.toString(16)}`).toBe('wfi');

  const addresses = new Map(assembly.symbols.map(({ name, address }) => [name, address]));
  const names = new Map(assembly.symbols.map(({ name, address }) => [address, name]));
  const at = (label: string): bigint => {
    const address = addresses.get(label);
    if (address === undefined) throw new Error(`the program has no label ${label}`);
    return address;
  };
  const named = (address: bigint): string => names.get(address) ?? `0x${address.toString(16)}`;
  const traps = readTraps(bench.memory, 0);
  return {
    ...bench,
    traps,
    at,
    trapLines: traps.map(({ from, to, interrupt, cause, epc, tval }) =>
      `${from} -> ${to} ${interrupt ? 'interrupt ' : ''}${String(cause)} at ${named(epc)}${tval === 0n ? '' : ` (${named(tval)})`}`),
    words: (label, count) => Array.from({ length: count }, (_, n) => bench.ram.read(at(label) + BigInt(8 * n), 8)),
  };
}
