import { describe, expect, test } from 'vitest';
import { createBench, EAGER_TRANSLATION, INTERPRETER, type Bench, type Target } from '../../../tests/support/targets.ts';
import { assemble } from '../../isa/assemble/assemble.ts';
import { COUNTERS, RAM_BASE } from '../../machine/memory-layout.ts';
import { translatorWith } from './translating-engine.ts';

const TRANSLATOR: Target = { name: 'translator', create: translatorWith({ ...EAGER_TRANSLATION, limits: { instructions: 100, entries: 16 } }) };

async function load(target: Target, source: string): Promise<Bench & { readonly at: (label: string) => bigint }> {
  const { assembly, diagnostics } = assemble(source, { origin: RAM_BASE });
  expect(diagnostics).toEqual([]);
  const bench = await createBench(target);
  for (const { address, bytes } of assembly!.sections) bench.ram.copyIn(address, bytes);
  bench.hart.pc = RAM_BASE;
  return { ...bench, at: (label) => assembly!.symbols.find(({ name }) => name === label)!.address };
}

const entered = ({ memory }: Bench): bigint => memory.getBigUint64(COUNTERS.regionsEntered, true);
const state = ({ hart, memory, ram }: Bench) => ({
  pc: hart.pc, instret: hart.state('instret'), x: Array.from({ length: 32 }, (_, n) => hart.x(n)), f: Array.from({ length: 32 }, (_, n) => hart.state(`f${String(n)}`)),
  fcsr: hart.state('fcsr'), cause: hart.readCsr('mcause'), ram: ram.bytes(RAM_BASE, 0x4000).join(), memory: memory.byteLength,
});

/** Runs both in pieces and compares after each. */
async function compare(source: string, pieces: number, size = 997): Promise<Bench & { readonly at: (label: string) => bigint }> {
  const [translated, interpreted] = [await load(TRANSLATOR, source), await load(INTERPRETER, source)];
  for (let piece = 0; piece < pieces; piece += 1) {
    expect(translated.executor.run(size)).toBe(interpreted.executor.run(size));
    expect(state(translated), `piece ${String(piece)}`).toEqual(state(interpreted));
  }
  return translated;
}

const LOOP = `
        la      s0, data
1:      ld      t0, 0(s0)
        addi    t0, t0, 3
        sd      t0, 0(s0)
        addi    a0, a0, 1
        j       1b
        .balign 4096
data:   .dword  0`;

describe('translated code', () => {
  test('runs a hot loop, exact to the instruction', async () => {
    const bench = await compare(LOOP, 40);
    const before = entered(bench);
    expect(before).toBeGreaterThan(0n);
    const { executor, hart } = bench;
    const a0 = hart.x(10);
    executor.run(5_000_000);
    expect(hart.x(10) - a0).toBe(1_000_000n);
    expect(entered(bench) - before, 'one entry did it').toBeLessThan(5n);
  });

  test.each([1, 2, 7, 64, 101])('stops after %i steps wherever that is', async (size) => {
    await compare(LOOP, 120, size);
  });

  test('follows calls, returns and indirect jumps', async () => {
    const bench = await compare(`
        la      sp, stack
1:      li      a0, 9
        call    fib
        add     s1, s1, a0
        la      t0, table
        andi    t1, s1, 8
        add     t0, t0, t1
        ld      t0, 0(t0)
        jr      t0
left:   addi    s2, s2, 1
        j       1b
right:  addi    s3, s3, 1
        j       1b
fib:    li      t0, 2
        bltu    a0, t0, 2f
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      a0, 16(sp)
        addi    a0, a0, -1
        call    fib
        sd      a0, 8(sp)
        ld      a0, 16(sp)
        addi    a0, a0, -2
        call    fib
        ld      t0, 8(sp)
        add     a0, a0, t0
        ld      ra, 24(sp)
        addi    sp, sp, 32
2:      ret
        .balign 4096
table:  .dword  left, right
        .space  2048
stack:`, 60);
    expect(entered(bench)).toBeGreaterThan(0n);
  });

  test.each([13, 29, 57, 200])('goes from page to page, with a budget of %i that may not be enough for the next region', async (size) => {
    const bench = await compare(`
        la      s0, data
1:      call    there
        addi    a0, a0, 1
        addi    a0, a0, 2
        j       1b
        .balign 8192
there:  andi    t0, a0, 16
        addi    a1, a1, 1
        beqz    t0, 2f
        lbu     t1, 1(s0)
        csrr    t2, mscratch
        lhu     t1, 1(s0)
        addi    a1, a1, 2
2:      csrw    mscratch, a1
        addi    a1, a1, 3
        ret
        .balign 4096
data:   .dword  0x1122334455667788`, 300, size);
    expect(entered(bench)).toBeGreaterThan(0n);
  });

  test('a loop that writes its own code runs what it wrote', async () => {
    const bench = await compare(`
        la      s0, change
        lw      s1, 0(s0)
        li      s2, 0x00100000
1:      li      t1, 50
2:      addi    t1, t1, -1
change: addi    a0, a0, 1
        bnez    t1, 2b
        xor     s1, s1, s2
        sw      s1, 0(s0)
        fence.i
        j       1b`, 60);
    expect(entered(bench)).toBeGreaterThan(0n);
  });

  test('memory changed from outside is run as it is then', async () => {
    const bench = await load(TRANSLATOR, LOOP);
    bench.executor.run(5000);
    const change = RAM_BASE + 20n;
    expect(bench.ram.read(change, 4)).toBe(0x0015_0513n);
    const before = bench.hart.x(10);
    bench.ram.write(change, 4, 0x0025_0513n);
    bench.executor.run(5000);
    expect(bench.hart.x(10) - before).toBe(2000n);
  });

  test('stops at a breakpoint inside a loop that was hot, and goes on when it is taken away', async () => {
    const { executor, hart } = await load(TRANSLATOR, LOOP);
    executor.run(5000);
    const inside = RAM_BASE + 16n;
    executor.setBreakpoints([inside]);
    expect(executor.run(5000)).toBe('breakpoint');
    expect(hart.pc).toBe(inside);
    executor.setBreakpoints([]);
    expect(executor.run(5000)).toBe('budget');
  });

  test('floating point in a loop gives the same bits and flags', async () => {
    const bench = await compare(`
        li      t0, 0x6000
        csrs    mstatus, t0
        li      t0, 3
        fcvt.d.l ft1, t0
        li      t0, 1
        fcvt.d.l ft0, t0
1:      fdiv.d  ft2, ft0, ft1
        fadd.d  ft0, ft0, ft2
        fmul.d  ft3, ft2, ft2
        fmadd.d ft4, ft3, ft2, ft0
        feq.d   t1, ft4, ft0
        fcvt.s.d ft5, ft4
        fcvt.l.d t2, ft4, rtz
        j       1b`, 40);
    expect(entered(bench)).toBeGreaterThan(0n);
  });

  test('atomics and wide products in a loop', async () => {
    const bench = await compare(`
        la      s0, word
        li      s1, -7
1:      amoadd.d t0, s1, (s0)
        amomax.w t1, t0, (s0)
        mulh    t2, t0, s1
        mulhu   t3, t2, t0
        lr.d    t4, (s0)
        sc.d    t5, t3, (s0)
        j       1b
        .balign 4096
word:   .dword  0x123456789abcdef`, 40);
    expect(entered(bench)).toBeGreaterThan(0n);
  });

  test('a fault in a hot loop has the state of the instruction that faulted', async () => {
    await compare(`
        la      t0, handler
        csrw    mtvec, t0
        la      s0, handler
again:  mv      s1, s0
1:      ld      t1, 0(s1)
        addi    s1, s1, 16
        addi    a0, a0, 1
        j       1b
        .balign 4
handler: addi   a1, a1, 1
        csrr    t2, mepc
        la      t2, again
        csrw    mepc, t2
        mret`, 300, 9973);
  });

  test.each([
    ['by a constant', 'csrsi sstatus, 2', 'csrci sstatus, 2'],
    ['by a register', 'csrs sstatus, s6', 'csrc sstatus, s6'],
    ['by a new value', 'csrr t1, sstatus\n ori t1, t1, 2\n csrw sstatus, t1', 'csrr t1, sstatus\n andi t1, t1, -3\n csrrw t1, sstatus, t1'],
  ])('lets a waiting interrupt in exactly where sstatus enables it %s, and none where it does not', async (_, enable, disable) => {
    const bench = await compare(`
        csrwi   mideleg, 2
        csrwi   mie, 2
        la      t0, handler
        csrw    stvec, t0
        li      s6, 2
        li      t0, 0x800
        csrs    mstatus, t0
        la      t0, 1f
        csrw    mepc, t0
        li      t0, -1
        csrw    pmpaddr0, t0
        csrwi   pmpcfg0, 0x1f
        mret
1:      la      s5, enabled
loop:   addi    s0, s0, 1
        ${disable}
        andi    t0, s0, 3
        bnez    t0, 2f
        csrsi   sip, 2                  # every fourth time one waits
        addi    s2, s2, 1
2:      ${enable}
enabled:
        csrr    t0, sstatus
        andi    t0, t0, 2
        add     s3, s3, t0
        j       loop
        .balign 4
handler:
        csrci   sip, 2
        addi    s1, s1, 1
        csrr    t0, sepc
        bne     t0, s5, wrong
        sret
wrong:  addi    s4, s4, 1
        sret`, 60);
    const { executor, hart } = bench;
    executor.run(100_000);
    expect(entered(bench)).toBeGreaterThan(0n);
    expect([hart.x(18) > 1000n, hart.x(18) - hart.x(9) <= 1n, hart.x(20)], 'all taken, and none at another place').toEqual([true, true, 0n]);
    expect(2n * hart.x(8) - hart.x(19), 'SIE is set every time').toBeLessThanOrEqual(2n);
  });
});
