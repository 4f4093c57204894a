/** Watched memory: every engine stops after the same access, says the same of it, and is in the same state as when nobody watches. */
import { describe, expect, test } from 'vitest';
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { WatchedMemory, type WatchedRange, type WatchHit } from '../../workers/machine/watched-memory.ts';
import { A, D, PageTable, R, W, X } from '../support/page-table.ts';
import { createBench, TARGETS, type Bench, type Target } from '../support/targets.ts';
import { differences } from './lock-step.ts';
import { Random } from './random.ts';
import { beginEpisode, prepare } from './scenario.ts';

interface Watched extends Bench {
  readonly watched: WatchedMemory;
  readonly at: (label: string) => bigint;
  watch(...ranges: WatchedRange[]): void;
  /** Runs on to the next access to watched memory, or for so many steps. */
  hit(steps?: number): WatchHit | undefined;
}

function watching(bench: Bench, at: Watched['at'] = () => 0n): Watched {
  const watched = new WatchedMemory(bench.memory, bench.hart, (address) => bench.ram.read(address, 1));
  return {
    ...bench, watched, at,
    watch: (...ranges) => { watched.set(ranges); bench.executor.call('clearFastTlb'); },
    hit: (steps = 10_000) => {
      watched.forget();
      for (let left = steps; left > 0 && watched.hit === undefined;) {
        const stop = bench.executor.run(left);
        if (stop === 'wfi') break;
        left -= bench.executor.stepsTaken;
      }
      return watched.hit;
    },
  };
}

/** A program that runs `body` over and over: t0 is the address of `data`, t1 that of a page boundary with data on both sides. */
async function load(target: Target, body: string): Promise<Watched> {
  const { assembly, diagnostics } = assemble(`
        la      t0, handler
        csrw    mtvec, t0
        li      t0, 0x6000
        csrs    mstatus, t0
        la      t0, data
        la      t1, boundary
        li      a1, 0x1122334455667788
again:
${body}
        addi    s11, s11, 1
        j       again
        .balign 4
handler: j      handler
        .balign 4096
data:   .dword  0x0102030405060708, 2, 3, 4
        .space  4096 - 64
        .dword  5, 6, 7, 8
boundary: .dword 9, 10`, { origin: RAM_BASE });
  expect(diagnostics).toEqual([]);
  const bench = await createBench(target);
  for (const { address, bytes } of assembly!.sections) bench.ram.copyIn(address, bytes);
  bench.hart.pc = RAM_BASE;
  return watching(bench, (label) => assembly!.symbols.find(({ name }) => name === label)!.address);
}

const virtual = (address: bigint, bytes: number, on: WatchedRange['on']): WatchedRange => ({ space: 'virtual', address, bytes, on });

describe.each(TARGETS)('$name', (target) => {
  /** The instruction at `here`, what is watched (from `data`), what is told: at which distance from `data`, how many bytes, which access, before and after. */
  const SINGLE: readonly [name: string, body: string, watch: readonly [at: number, bytes: number, on: WatchedRange['on']], told: readonly [at: number, bytes: number, access: WatchHit['access'], before: bigint, after: bigint]][] = [
    ['a load', 'here: ld a0, 0(t0)', [0, 8, 'read'], [0, 8, 'read', 0x102030405060708n, 0x102030405060708n]],
    ['a load of one byte of a longer range', 'here: lb a0, 3(t0)', [0, 32, 'access'], [3, 1, 'read', 5n, 5n]],
    ['a store that touches the last byte', 'here: sw a1, 4(t0)', [7, 1, 'write'], [4, 4, 'write', 0x1020304n, 0x55667788n]],
    ['a store of what changes', 'here: sd a1, 0(t0)', [0, 8, 'change'], [0, 8, 'write', 0x102030405060708n, 0x1122334455667788n]],
    ['a compressed store', 'mv a5, t0\nhere: c.sd a1, 8(a5)', [8, 8, 'write'], [8, 8, 'write', 2n, 0x1122334455667788n]],
    ['a compressed load', 'mv a5, t0\nhere: c.lw a4, 16(a5)', [16, 4, 'read'], [16, 4, 'read', 3n, 3n]],
    ['an atomic instruction, which reads and writes', 'here: amoadd.d a0, a1, (t0)', [0, 8, 'access'], [0, 8, 'both', 0x102030405060708n, 0x122436485a6c7e90n]],
    ['an atomic instruction that changes nothing, to who asks for reads', 'here: amoor.d a0, zero, (t0)', [0, 8, 'read'], [0, 8, 'read', 0x102030405060708n, 0x102030405060708n]],
    ['lr', 'here: lr.w a0, (t0)', [0, 4, 'read'], [0, 4, 'read', 0x5060708n, 0x5060708n]],
    ['sc that succeeds', 'lr.w a0, (t0)\nhere: sc.w a0, a1, (t0)', [0, 4, 'write'], [0, 4, 'write', 0x5060708n, 0x55667788n]],
    ['a floating-point load', 'here: fld ft0, 8(t0)', [8, 8, 'read'], [8, 8, 'read', 2n, 2n]],
    ['a floating-point store', 'fmv.w.x ft1, a1\nhere: fsw ft1, 12(t0)', [12, 1, 'write'], [12, 4, 'write', 0n, 0x55667788n]],
    ['a misaligned load', 'here: lw a0, 5(t0)', [8, 1, 'read'], [5, 4, 'read', 0x02010203n, 0x02010203n]],
    ['a misaligned store', 'here: sh a1, 7(t0)', [8, 1, 'change'], [7, 2, 'write', 0x0201n, 0x7788n]],
    ['the first half of a store across pages', 'here: sd a1, -3(t1)', [4096 - 8, 8, 'write'], [4093, 3, 'write', 0n, 0x667788n]],
    ['the second half of a store across pages', 'here: sd a1, -3(t1)', [4096, 1, 'write'], [4096, 5, 'write', 9n, 0x1122334455n]],
    ['the second half of a load across pages', 'here: ld a0, -2(t1)', [4096, 8, 'read'], [4096, 6, 'read', 9n, 9n]],
    ['a block of zeros', 'here: cbo.zero (t0)', [24, 1, 'change'], [24, 8, 'write', 4n, 0n]],
  ];
  test.each(SINGLE)('stops after %s', async (_, body, [at, bytes, on], [told, size, access, before, after]) => {
    const machine = await load(target, body);
    const data = machine.at('data');
    machine.watch(virtual(data + BigInt(at), bytes, on));
    expect(machine.hit()).toEqual({ range: 0, by: 'instruction', access, pc: machine.at('here'), address: data + BigInt(told), physical: data + BigInt(told), bytes: size, before, after });
    expect([0n, machine.at('again')], 'the instruction has retired').not.toContain(machine.hart.pc);
    expect(machine.hart.pc - machine.at('here'), 'and the next has not').toBeLessThanOrEqual(4n);
  });

  test.each([
    ['a write to who asks for reads', 'sd a1, 0(t0)', [0, 8, 'read']],
    ['a read to who asks for writes', 'ld a0, 0(t0)', [0, 8, 'write']],
    ['a write of the same to who asks for changes', 'ld a0, 0(t0)\nsd a0, 0(t0)', [0, 8, 'change']],
    ['a change of the byte beside', 'sb a1, 1(t0)', [0, 1, 'change']],
    ['what stands just before and behind', 'ld a0, 0(t0)\nsd a1, 16(t0)', [8, 8, 'access']],
    ['sc that fails', 'sc.w a0, a1, (t0)', [0, 4, 'write']],
    ['an access that faults', 'sd a1, 0(zero)', [-0x8000_0000, 8, 'access']],
  ] as const)('does not tell %s', async (_, body, [at, bytes, on]) => {
    const machine = await load(target, body);
    machine.watch(virtual(BigInt.asUintN(64, machine.at('data') + BigInt(at)), bytes, on));
    expect(machine.hit(3000)).toBeUndefined();
  });

  test('stops in the middle of a loop that is hot, each time, at the exact step', async () => {
    const machine = await load(target, 'addi s1, s1, 1\nandi s2, s1, 15\nbnez s2, 1f\nhere: sd s1, 8(t0)\n1: ld a0, 0(t0)');
    machine.executor.run(4000);
    machine.watch(virtual(machine.at('data') + 8n, 8, 'write'));
    const first = machine.hit()!.after;
    for (let n = 1n; n < 20n; n += 1n) {
      const retired = machine.hart.state('instret');
      expect(machine.hit()).toMatchObject({ pc: machine.at('here'), before: first + 16n * (n - 1n), after: first + 16n * n });
      expect(machine.hart.state('instret') - retired).toBe(16n * 6n + 1n);
    }
    machine.watch();
    expect(machine.hit()).toBeUndefined();
  });

  test('a range is watched by its virtual address wherever it is mapped, or by its physical address under every name', async () => {
    const machine = await load(target, 'sd s11, 0(t0)\nsd s11, 0(t1)');
    const table = new PageTable(machine.ram, RAM_BASE + 0x8_0000n);
    for (let n = 0n; n < 8n; n += 1n) table.map(RAM_BASE + n * 4096n, RAM_BASE + n * 4096n, R | W | X | A | D);
    const [one, other] = [0x1000_0000n, 0x1000_1000n];
    table.map(one, machine.at('data'), R | W | A | D);
    table.map(other, machine.at('data'), R | W | A | D);
    machine.executor.run(60);
    machine.hart.mode = 'S';
    machine.hart.writeCsr('satp', table.satp());
    machine.hart.setX(5, one);
    machine.hart.setX(6, other);
    machine.watch(virtual(one, 8, 'write'));
    expect(machine.hit()).toMatchObject({ address: one, physical: machine.at('data') });
    expect(machine.hit()).toMatchObject({ address: one });
    machine.watch({ space: 'physical', address: machine.at('data'), bytes: 8, on: 'write' });
    expect([machine.hit(), machine.hit()].map((hit) => hit!.address)).toEqual([other, one]);
  });

  test('of several ranges the one that was touched is told', async () => {
    const machine = await load(target, 'ld a0, 0(t0)\nsd s11, 16(t0)');
    const data = machine.at('data');
    machine.watch(virtual(data + 8n, 8, 'access'), virtual(data, 8, 'read'), virtual(data + 16n, 1, 'change'));
    expect([machine.hit(), machine.hit(), machine.hit()].map((hit) => hit!.range)).toEqual([1, 2, 1]);
  });

  test('what is written from outside is told of physical memory', async () => {
    const machine = await load(target, 'nop');
    const { ram, watched, at, hart } = machine;
    machine.watch({ space: 'physical', address: at('data') + 6n, bytes: 8, on: 'change' });
    ram.onWrite = (address, bytes) => { watched.written(address, bytes); };
    ram.copyIn(at('data'), ram.bytes(at('data'), 32).slice());
    ram.write(at('data') + 14n, 2, 0x7777n);
    expect(watched.hit).toBeUndefined();
    ram.write(at('data') + 8n, 4, 0x99n);
    expect(watched.hit).toEqual({ range: 0, by: 'host', access: 'write', pc: hart.pc, address: at('data') + 8n, physical: at('data') + 8n, bytes: 4, before: 2n, after: 0x99n });
  });
});

/** Random programs, page tables and modes: all engines stop at the same accesses, and the run is the one without watching. */
test.each([1, 2, 3])('random accesses to random ranges, seed %i', async (seed) => {
  const random = new Random(seed + 7000);
  const programSeed = random.word();
  const benches = await Promise.all([...TARGETS, TARGETS[0]!].map(async (target) => watching(await createBench(target))));
  const [scenario] = benches.map((bench) => prepare(new Random(programSeed), bench));
  const engines = benches.slice(0, -1);
  const unwatched = benches.at(-1)!;
  let hits = 0;
  for (let episode = 0; episode < 120; episode += 1) {
    beginEpisode(random, scenario!, benches);
    const ranges = Array.from({ length: 4 }, (): WatchedRange => ({
      space: random.pick(['virtual', 'physical']), on: random.pick(['read', 'write', 'change', 'access']), bytes: 1 + random.below(0x8_0000),
      address: random.pick([RAM_BASE + 0x8000n, 0x80_0000n, 0x40_0000_0000n - 0x80_0000n, 0x40_0000n]) + BigInt(random.below(0x2000)),
    }));
    for (const engine of engines) engine.watch(...ranges);
    for (let steps = 0; steps < 240;) {
      const budget = 1 + random.below(60);
      const [told, ...others] = engines.map((engine) => {
        engine.watched.forget();
        const stop = engine.executor.run(budget);
        return { stop, steps: engine.executor.stepsTaken, hit: engine.watched.hit };
      });
      for (const other of others) expect(other, `episode ${String(episode)}, step ${String(steps)}`).toEqual(told);
      if (told!.hit) hits += 1;
      unwatched.executor.run(told!.steps);
      for (const engine of engines) expect(differences(engine, unwatched).filter((line) => !line.startsWith('watch')), 'as without watching').toEqual([]);
      if (told!.stop === 'host-trap' || told!.stop === 'breakpoint') break;
      steps += Math.max(1, told!.steps);
    }
  }
  expect(hits).toBeGreaterThan(4);
});
