/**
 * The same run, however it is cut and whatever runs it: keys come at random instants, one computer goes on to the next key at one stroke in the interpreter, the other in random
 * slices in the translator, and both have the same state at every key. SEED=n begins elsewhere; REAL_PROGRAM=FILE (with REAL_DISK=IMAGE, REAL_START=m, REAL_STEPS=n) runs a kernel of one's own besides.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../../workers/lab/open.ts';
import type { Session } from '../../workers/lab/session.ts';
import { REGIMES, type EngineName, type LoadRequest, type ProgramSource, type Regime } from '../../workers/protocol/lab-api.ts';
import { Random } from './random.ts';

const GUESTS = new URL('../../public/guests/', import.meta.url);
const SEED = Number(process.env['SEED'] ?? 1);
const KEYS = new TextEncoder().encode('help\rtime\rx');

interface Case {
  readonly name: string;
  readonly regime: Regime;
  readonly request: Omit<LoadRequest, 'regime'>;
  /** Between two keys, at most. */
  readonly steps: number;
}

function sourceOf(file: string | URL, name: string): ProgramSource {
  const bytes = readFileSync(file);
  return name.endsWith('.s') ? { kind: 'assembly', name, text: bytes.toString() } : { kind: 'binary', name, bytes: new Uint8Array(bytes), origin: 0x8020_0000n };
}

const CASES: Case[] = ['echo.s', 'processes.s', 'demand-paging/demand-paging.elf', 'floating-point/floating-point.elf'].flatMap((name) =>
  REGIMES.filter((regime) => regime !== 'paravirtual').map((regime) => ({ name, regime, request: { program: sourceOf(new URL(name, GUESTS), name), memoryBytes: 4 << 20 }, steps: 40_000 })));
const { REAL_PROGRAM, REAL_DISK, REAL_START, REAL_STEPS } = process.env;
if (REAL_PROGRAM !== undefined) {
  const disk = REAL_DISK === undefined ? {} : { disk: { name: basename(REAL_DISK), bytes: new Uint8Array(readFileSync(REAL_DISK)) } };
  const start = REAL_START === undefined ? {} : { start: REAL_START as 'm' | 's' };
  CASES.push({ name: basename(REAL_PROGRAM), regime: 'bare', request: { program: sourceOf(REAL_PROGRAM, basename(REAL_PROGRAM)), memoryBytes: 128 << 20, ...disk, ...start }, steps: Number(REAL_STEPS ?? 50_000_000) / KEYS.length });
}

test.each(CASES)(`$name, $regime, in random slices, seed ${String(SEED)}`, ({ name, regime, request, steps }) => {
  const random = new Random(SEED + name.length);
  const session = (engine: EngineName): Session => {
    const opened = open({ ...request, regime, engine });
    if (!opened.ok) throw new Error(opened.problem.message);
    return opened.open.session;
  };
  const [whole, sliced] = [session('interpreter'), session('translator')];
  const goTo = (to: Session, position: number, slice: () => number): void => {
    while (to.position < position) if (['halt', 'waiting'].includes(to.advance(Math.min(slice(), position - to.position), true))) return;
  };
  for (const [index, key] of KEYS.entries()) {
    const position = whole.position + 1 + random.below(steps);
    goTo(whole, position, () => Infinity);
    // Often a few steps, now and then many.
    goTo(sliced, position, () => 1 + random.below(random.oneIn(3) ? 40 : random.oneIn(2) ? 3000 : Math.max(4000, Math.ceil(steps / 20))));
    expect({ position: sliced.position, instant: sliced.instant, hash: sliced.board.hash() }, `key ${String(index)}, position ${String(position)}`)
      .toEqual({ position: whole.position, instant: whole.instant, hash: whole.board.hash() });
    for (const each of [whole, sliced]) each.receive(Uint8Array.of(key));
  }
  expect(sliced.console.text()).toBe(whole.console.text());
  expect(whole.console.length, 'the guest has said something').toBeGreaterThan(4);
}, 600_000);
