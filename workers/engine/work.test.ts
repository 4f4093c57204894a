import { expect, test } from 'vitest';
import { createBench, INTERPRETER, REFERENCE, TRANSLATOR, type Bench, type Target } from '../../tests/support/targets.ts';
import { assemble } from '../isa/assemble/assemble.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import { translatorWith } from './translator/translating-engine.ts';

async function after(target: Target, source: string, steps: number): Promise<Bench> {
  const { assembly, diagnostics } = assemble(source, { origin: RAM_BASE });
  expect(diagnostics).toEqual([]);
  const bench = await createBench(target);
  for (const { address, bytes } of assembly!.sections) bench.ram.copyIn(address, bytes);
  bench.hart.pc = RAM_BASE;
  bench.executor.run(steps);
  return bench;
}

const LOOP = `
1:      addi    a0, a0, 1
        ld      t0, 0(sp)
        csrr    t1, misa
        bnez    a0, 1b
`;

test.each([REFERENCE, INTERPRETER, TRANSLATOR])('every step of the $name is counted once, as translated or as interpreted', async (target) => {
  const { executor } = await after(target, `la sp, data\n${LOOP}\n.data\ndata: .dword 7`, 5000);
  const { translated, interpreted } = executor.work;
  expect(translated + interpreted).toBe(5000);
  expect(translated > 1000).toBe(target === TRANSLATOR);
  executor.run(123);
  expect(executor.work.translated + executor.work.interpreted).toBe(5123);
});

test('each time that a region is entered it is left for one reason', async () => {
  // Each round calls a function in another page, which no region spans, and does a misaligned load out of line.
  const { executor } = await after(TRANSLATOR, `
        la      s0, data
1:      ld      t1, 1(s0)
        call    2f
        addi    a0, a0, 1
        bnez    a0, 1b
        .balign 4096
2:      addi    a2, a2, 1
        ret
        .data
        .balign 4096
data:   .dword  7, 8
`, 20_000);
  const { entered, left, made, regions, dropped, evicted, regionInstructions, codeBytes, compileMilliseconds } = executor.work;
  expect(Object.values(left).reduce((sum, count) => sum + count, 0)).toBe(entered);
  expect(Object.values(left).every((count) => count >= 0)).toBe(true);
  expect(left.instruction).toBeGreaterThan(100);
  expect(left.region).toBeGreaterThan(100);
  expect(made).toBe(regions + dropped + evicted);
  expect(regionInstructions).toBeGreaterThanOrEqual(regions * 2);
  expect(codeBytes).toBeGreaterThan(100);
  expect(compileMilliseconds).toBeGreaterThanOrEqual(0);
});

test('a time slice that ends in a loop is counted as such', async () => {
  const { executor } = await after(TRANSLATOR, '1: addi a0, a0, 1\n bnez a0, 1b', 2000);
  const before = executor.work.left.budget;
  for (let n = 0; n < 50; n += 1) executor.run(1000);
  const { left, entered } = executor.work;
  expect(left.budget + left.interpreter).toBeGreaterThan(before);
  expect(Object.values(left).reduce((sum, count) => sum + count, 0)).toBe(entered);
});

test('what too many regions push out is counted', async () => {
  const target: Target = { name: 'translator', create: translatorWith({ samplePeriod: 5, samplesToTranslate: 1, limits: { instructions: 12, entries: 8 }, mostRegions: 2, batch: 1 }) };
  const { executor } = await after(target, `1: ${'addi a1, a1, 1\n'.repeat(200)} j 1b`, 20_000);
  const { evicted, regions, made, dropped } = executor.work;
  expect(evicted).toBeGreaterThan(0);
  expect(regions).toBeLessThanOrEqual(2);
  expect(made).toBe(regions + dropped + evicted);
});

test('every engine counts the same walks of page tables', async () => {
  const source = `
        la      t0, root
        la      t1, leaf
        srli    t2, t1, 2
        li      t3, (0x80000000 >> 2) | 0xcf
        sd      t3, 16(t0)
        srli    t0, t0, 12
        li      t1, 8
        slli    t1, t1, 60
        or      t0, t0, t1
        csrw    satp, t0
        li      t0, 0x1800
        csrc    mstatus, t0
        li      t0, 0x800
        csrs    mstatus, t0
        la      t0, kernel
        csrw    mepc, t0
        mret
kernel: sfence.vma
        ld      t4, leaf
        j       kernel
        .data
        .balign 4096
root:   .zero   4096
leaf:   .zero   4096
`;
  const walks = await Promise.all([REFERENCE, INTERPRETER, TRANSLATOR].map(async (target) => (await after(target, source, 600)).executor.work.walks));
  expect(walks[0]).toBeGreaterThan(100);
  expect(walks[1]).toBe(walks[0]);
  expect(walks[2]).toBe(walks[0]);
});

test('breakpoints that are set again as they were forget no translated code; others forget all of it', async () => {
  const { executor } = await after(TRANSLATOR, '1: addi a0, a0, 1\n bnez a0, 1b', 2000);
  const { regions } = executor.work;
  expect(regions).toBeGreaterThan(0);
  executor.setBreakpoints([]);
  expect(executor.work.regions).toBe(regions);
  executor.setBreakpoints([RAM_BASE]);
  expect(executor.work.regions).toBe(0);
  expect(executor.run(100)).toBe('breakpoint');
});
