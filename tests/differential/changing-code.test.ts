/**
 * Hot code that is no longer what it was: written through another name, by a device, mapped elsewhere, in another address space or another guest, forbidden. What an engine
 * has decoded, translated or remembered of a page must not outlive any of it. Every engine, one body; the sums that the programs make say what ran.
 */
import { describe, expect, test } from 'vitest';
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { COUNTERS, RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { A, D, PageTable, R, U, V, W, X } from '../support/page-table.ts';
import { createBench, TARGETS, type Bench, type Target } from '../support/targets.ts';

const page = (n: number): bigint => RAM_BASE + BigInt(n) * 4096n;
/** Two physical pages with a function each: one adds 1 to a0, the other 1000. */
const [ONE, THOUSAND] = [page(512), page(513)];
const CALLED = 0x4000_0000n;
const ALIAS = 0x5000_0000n;
const ROUNDS = 6;
const CALLS = 40;
/** What is found when the functions take turns. */
const TURNS = BigInt((ROUNDS / 2) * CALLS) * 1001n;

interface Prepared {
  /** Registers of the program. */
  readonly x: Readonly<Record<number, bigint>>;
  readonly satp?: bigint;
}

const words = (...list: number[]): Uint8Array => new Uint8Array(new Uint32Array(list).buffer);
const ADD_ONE = 0x0015_0513;
const ADD_THOUSAND = 0x3e85_0513;
const RET = 0x0000_8067;

/** Runs a program that begins in M at `_start` and ends with wfi, of which `prepare` makes the tables. Its a0. */
async function run(target: Target, text: string, prepare: (bench: Bench) => Prepared): Promise<bigint> {
  const { assembly, diagnostics } = assemble(text, { origin: RAM_BASE });
  expect(diagnostics).toEqual([]);
  const bench = await createBench(target, { ramBytes: 4 << 20 });
  for (const { address, bytes } of assembly!.sections) bench.ram.copyIn(address, bytes);
  bench.ram.copyIn(ONE, words(ADD_ONE, RET));
  bench.ram.copyIn(THOUSAND, words(ADD_THOUSAND, RET));
  for (const [register, value] of Object.entries(prepare(bench).x)) bench.hart.setX(Number(register), value);
  bench.hart.pc = assembly!.entry;
  expect(bench.executor.run(50_000), `ends with wfi; pc ${bench.hart.pc.toString(16)}`).toBe('wfi');
  if (target.name === 'translator') expect(bench.memory.getBigUint64(COUNTERS.regionsEntered, true), 'translated code ran').toBeGreaterThan(20n);
  return bench.hart.x(10);
}

const identity = (table: PageTable): void => { for (let n = 0; n < 4; n += 1) table.map(page(n), page(n), R | W | X | A | D); };

/** S mode: calls what stands at s0 CALLS times, then changes something, ROUNDS times over; ends in M. */
const inSupervisor = (change: string, more = ''): string => `
_start: la      t0, trap
        csrw    mtvec, t0
        csrw    satp, s1
        li      t0, 0x800
        csrs    mstatus, t0
        la      t0, kernel
        csrw    mepc, t0
        sfence.vma
        li      s11, ${String(ROUNDS)}
        mret
kernel: li      s10, ${String(CALLS)}
1:      jalr    s0
        addi    s10, s10, -1
        bnez    s10, 1b
${change}
        addi    s11, s11, -1
        bnez    s11, kernel
        ecall
        .balign 4
trap:
${more}
        wfi
        j       .`;

const S0 = 8, S1 = 9, S2 = 18, S3 = 19, S4 = 20, S5 = 21;

describe.each(TARGETS)('$name', (target) => {
  const mapped = (bench: Bench, leaf: bigint): { table: PageTable; entry: bigint } => {
    const table = new PageTable(bench.ram, page(64));
    identity(table);
    const entry = table.map(CALLED, leaf, R | X | A | D);
    // The tables themselves, so that the program can change them.
    for (let n = 64; n < 96; n += 1) table.map(page(n), page(n), R | W | A | D);
    return { table, entry };
  };
  const bits = (pa: bigint, flags: bigint): bigint => ((pa >> 12n) << 10n) | flags | V;
  const turn = bits(ONE, 0n) ^ bits(THOUSAND, 0n);

  test.each([
    ['of its address', 'sfence.vma s0, zero'], ['of its address and address space', 'sfence.vma s0, s4'], ['of its address space', 'sfence.vma zero, s4'], ['of everything', 'sfence.vma'],
    ['by Svinval', 'sfence.w.inval\n        sinval.vma s0, s4\n        sfence.inval.ir'],
  ])('a page mapped elsewhere is called there after a fence %s', async (_, fence) => {
    expect(await run(target, inSupervisor(`        ld      t0, 0(s2)\n        xor     t0, t0, s3\n        sd      t0, 0(s2)\n        ${fence}`), (bench) => {
      const { table, entry } = mapped(bench, ONE);
      return { x: { [S0]: CALLED, [S1]: table.satp(3n), [S2]: entry, [S3]: turn, [S4]: 3n } };
    })).toBe(TURNS);
  });

  test('two address spaces take turns without a fence', async () => {
    expect(await run(target, inSupervisor('        xor     s1, s1, s3\n        csrw    satp, s1'), (bench) => {
      const one = new PageTable(bench.ram, page(64));
      const other = new PageTable(bench.ram, page(96));
      for (const [table, leaf] of [[one, ONE], [other, THOUSAND]] as const) {
        identity(table);
        table.map(CALLED, leaf, R | X | A | D);
      }
      return { x: { [S0]: CALLED, [S1]: one.satp(1n), [S3]: one.satp(1n) ^ other.satp(2n) } };
    })).toBe(TURNS);
  });

  test.each([['a word', 'sw      t0, 0(s2)'], ['a word that is atomic', 'amoswap.w zero, t0, (s2)'], ['halves', 'sh      t0, 0(s2)\n        srli    t0, t0, 16\n        sh      t0, 2(s2)'],
    ['a misaligned double word across the page before', 'slli    t0, t0, 16\n        sd      t0, -2(s2)']])('code is written through another name, as %s', async (_, store) => {
    expect(await run(target, inSupervisor(`        xor     s4, s4, s3\n        mv      t0, s4\n        ${store}\n        sw      s5, 4(s2)\n        fence.i`), (bench) => {
      const { table } = mapped(bench, ONE);
      table.map(ALIAS, ONE, R | W | A | D);
      table.map(ALIAS - 4096n, page(8), R | W | A | D);
      return { x: { [S0]: CALLED, [S1]: table.satp(), [S2]: ALIAS, [S3]: BigInt(ADD_ONE ^ ADD_THOUSAND), [S4]: BigInt(ADD_ONE), [S5]: BigInt(RET) } };
    })).toBe(TURNS);
  });

  test('a superpage is split, and put together again', async () => {
    // Both functions are in the superpage at page 512; the table that takes its place maps the first one to the second.
    expect(await run(target, inSupervisor('        ld      t0, 0(s2)\n        xor     t0, t0, s3\n        sd      t0, 0(s2)\n        sfence.vma s0, zero'), (bench) => {
      const { table, entry } = mapped(bench, THOUSAND);
      const split = table.entryAt(CALLED, 1);
      const pointer = bench.ram.read(split, 8);
      const whole = bits(page(512), R | X | A | D);
      bench.ram.write(split, 8, whole);
      expect(entry).toBeGreaterThan(0n);
      return { x: { [S0]: CALLED, [S1]: table.satp(), [S2]: split, [S3]: pointer ^ whole } };
    })).toBe(TURNS);
  });

  test('protection that is taken away and given back stops hot code each time', async () => {
    // M takes the right to execute from the page, S runs into it, M gives it back.
    const text = inSupervisor('        ecall', `        csrr    t0, mcause
        li      t1, 1
        beq     t0, t1, denied
        li      t1, 1
        beq     s11, t1, done
        li      t0, 0x1f19
        csrw    pmpcfg0, t0
        csrr    t0, mepc
        addi    t0, t0, 4
        csrw    mepc, t0
        sfence.vma
        mret
denied: li      t0, 100000
        add     a0, a0, t0
        li      t0, 0x1f1f
        csrw    pmpcfg0, t0
        sfence.vma
        mret
done:`).replace('_start:', `_start: li      t0, (${String(ONE)} >> 2) | 0x1ff
        csrw    pmpaddr0, t0
        li      t0, -1
        csrw    pmpaddr1, t0
        li      t0, 0x1f1f
        csrw    pmpcfg0, t0
        `);
    expect(await run(target, text, (bench) => {
      const { table } = mapped(bench, ONE);
      return { x: { [S0]: CALLED, [S1]: table.satp() } };
    })).toBe(BigInt(ROUNDS * CALLS) + BigInt(ROUNDS - 1) * 100_000n);
  });

  /** HS: a guest in VS calls CALLS times and comes back by ecall; then something is changed. */
  const inGuest = (change: string): string => `
_start: la      t0, done
        csrw    mtvec, t0
        li      t0, 1 << 10
        csrw    medeleg, t0
        la      t0, trap
        csrw    stvec, t0
        csrw    hgatp, s1
        csrw    vsatp, s2
        li      t0, 0x800
        csrs    mstatus, t0
        la      t0, host
        csrw    mepc, t0
        li      s11, ${String(ROUNDS)}
        mret
host:   li      t0, 0x180
        csrs    hstatus, t0
        li      t0, 0x100
        csrs    sstatus, t0
        la      t0, guest
        csrw    sepc, t0
        sret
        .balign 4
trap:
${change}
        addi    s11, s11, -1
        bnez    s11, host
        ecall
        .balign 4
done:   wfi
        j       .
        .balign 4
guest:  li      s10, ${String(CALLS)}
1:      jalr    s0
        addi    s10, s10, -1
        bnez    s10, 1b
        ecall`;

  const guestTables = (bench: Bench, first: number, leaf: bigint): { stage: PageTable; entry: bigint } => {
    const stage = new PageTable(bench.ram, page(first), { wide: true });
    for (let n = 0; n < 4; n += 1) stage.map(page(n), page(n), R | W | X | U | A | D);
    return { stage, entry: stage.map(CALLED, leaf, R | X | U | A | D) };
  };

  test.each([['all', 'hfence.gvma'], ['this guest', 'hfence.gvma zero, s4'], ['this address', 'hfence.gvma s5, zero'], ['this address of this guest', 'hfence.gvma s5, s4'],
    ['this address, by Svinval', 'sfence.w.inval\n        hinval.gvma s5, s4\n        sfence.inval.ir']])('memory of a guest that stands elsewhere is called there after a fence of %s', async (_, fence) => {
    expect(await run(target, inGuest(`        ld      t0, 0(s2)\n        xor     t0, t0, s3\n        sd      t0, 0(s2)\n        ${fence}`).replace('csrw    vsatp, s2', 'csrw    vsatp, zero'), (bench) => {
      const { stage, entry } = guestTables(bench, 64, ONE);
      return { x: { [S0]: CALLED, [S1]: stage.satp(7n), [S2]: entry, [S3]: turn, [S4]: 7n, [S5]: CALLED >> 2n } };
    })).toBe(TURNS);
  });

  test('two guests take turns without a fence', async () => {
    expect(await run(target, inGuest('        xor     s1, s1, s3\n        csrw    hgatp, s1').replace('csrw    vsatp, s2', 'csrw    vsatp, zero'), (bench) => {
      const [one, other] = [guestTables(bench, 64, ONE).stage.satp(1n), guestTables(bench, 96, THOUSAND).stage.satp(2n)];
      return { x: { [S0]: CALLED, [S1]: one, [S3]: one ^ other } };
    })).toBe(TURNS);
  });

  test.each([['all', 'hfence.vvma'], ['this address space', 'hfence.vvma zero, s4'], ['this address', 'hfence.vvma s0, zero'], ['this address of this space', 'hfence.vvma s0, s4'],
    ['this address, by Svinval', 'sfence.w.inval\n        hinval.vvma s0, s4\n        sfence.inval.ir']])('a guest’s page that is mapped elsewhere is called there after a fence of %s', async (_, fence) => {
    expect(await run(target, inGuest(`        ld      t0, 0(s5)\n        xor     t0, t0, s3\n        sd      t0, 0(s5)\n        ${fence}`), (bench) => {
      const stage = new PageTable(bench.ram, page(64), { wide: true });
      // The guest-physical addresses are the real ones.
      for (const n of [0, 1, 2, 3, 512, 513, ...Array.from({ length: 8 }, (__, at) => 96 + at)]) stage.map(page(n), page(n), R | W | X | U | A | D);
      const own = new PageTable(bench.ram, page(96));
      identity(own);
      return { x: { [S0]: CALLED, [S1]: stage.satp(7n), [S2]: own.satp(5n), [S3]: turn, [S4]: 5n, [S5]: own.map(CALLED, ONE, R | X | A | D) } };
    })).toBe(TURNS);
  });

  test('code that changed from outside, as by a device, runs as it is then', async () => {
    const text = inSupervisor('        ecall', '        csrr    t0, mepc\n        addi    t0, t0, 4\n        csrw    mepc, t0');
    const { assembly } = assemble(text, { origin: RAM_BASE });
    const bench = await createBench(target, { ramBytes: 4 << 20 });
    for (const { address, bytes } of assembly!.sections) bench.ram.copyIn(address, bytes);
    const functions = [words(ADD_ONE, RET), words(ADD_THOUSAND, RET)];
    bench.ram.copyIn(ONE, functions[0]!);
    const { table } = mapped(bench, ONE);
    bench.hart.setX(S0, CALLED);
    bench.hart.setX(S1, table.satp());
    bench.hart.pc = RAM_BASE;
    for (let round = 1; round <= ROUNDS; round += 1) {
      expect(bench.executor.run(50_000)).toBe('wfi');
      bench.ram.copyIn(ONE, functions[round % 2]!);
      bench.hart.mode = 'S';
      bench.hart.pc = bench.hart.readCsr('mepc');
    }
    expect(bench.hart.x(10)).toBe(TURNS);
  });
});
