import { beforeEach, describe, expect, test } from 'vitest';
import { PageTable, R } from '../../../tests/support/page-table.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../memory-layout.ts';

describe.each(TARGETS)('the hart as software in TypeScript reaches it ($name)', (target) => {
  let bench: Bench;
  beforeEach(async () => { bench = await createBench(target); });

  test('after reset it stands in M mode at the first instruction, with every register zero', () => {
    const { hart } = bench;
    expect([hart.mode, hart.pc, hart.instret]).toEqual(['M', RAM_BASE, 0n]);
    for (let n = 0; n < 32; n++) expect(hart.x(n)).toBe(0n);
    for (const name of ['satp', 'mie', 'mip', 'medeleg', 'mtvec']) expect(hart.readCsr(name), name).toBe(0n);
  });

  test('x0 stays zero and registers are unsigned', () => {
    bench.hart.setX(0, 5n);
    bench.hart.setX(31, -1n);
    expect([bench.hart.x(0), bench.hart.x(31)]).toEqual([0n, 0xffff_ffff_ffff_ffffn]);
  });

  test('sret and mret move the pc and the mode', () => {
    const { hart } = bench;
    hart.writeCsr('mepc', 0x8000_1234n);
    hart.writeCsr('mstatus', 1n << 11n);
    hart.mret();
    expect([hart.mode, hart.pc]).toEqual(['S', 0x8000_1234n]);
    hart.writeCsr('sepc', 0x1000n);
    hart.sret();
    expect([hart.mode, hart.pc]).toEqual(['U', 0x1000n]);
  });

  test('what U mode may not do is our own mistake', () => {
    bench.hart.mode = 'U';
    expect(() => { bench.hart.sret(); }).toThrow('sret faulted in U mode');
  });

  test('a pending bit of mip is set and cleared alone', () => {
    const { hart } = bench;
    hart.setInterruptPending(7, true);
    hart.setInterruptPending(9, true);
    hart.setInterruptPending(7, false);
    expect(hart.readCsr('mip')).toBe(1n << 9n);
  });

  test('a trap that is raised from here enters the handler as the hardware would', () => {
    const { hart } = bench;
    hart.writeCsr('stvec', 0x8000_2000n);
    hart.mode = 'U';
    hart.enterTrap('S', 13n, 0x400n, 0x500n);
    expect([hart.mode, hart.pc, hart.readCsr('scause'), hart.readCsr('sepc'), hart.readCsr('stval')]).toEqual(['S', 0x8000_2000n, 13n, 0x400n, 0x500n]);
  });

  test('a fence forgets all, an address, an address space, or an address of a space', () => {
    const { hart, ram } = bench;
    const table = new PageTable(ram, RAM_BASE + 0x4_0000n);
    const [here, there] = [0x4000_0000n, 0x4000_1000n];
    hart.mode = 'S';
    const known = (fence: () => void): boolean[] => {
      hart.writeCsr('satp', table.satp(3n));
      for (const va of [here, there]) table.map(va, RAM_BASE, R);
      for (const va of [here, there]) expect(bench.attempt('translate', va, 0)).toEqual({ result: RAM_BASE });
      for (const va of [here, there]) table.map(va, RAM_BASE, 0n);
      fence();
      const answer = [here, there].map((va) => 'result' in bench.attempt('translate', va, 0));
      hart.fenceVma();
      return answer;
    };
    expect(known(() => { hart.fenceVma(); })).toEqual([false, false]);
    expect(known(() => { hart.fenceVma(here); })).toEqual([false, true]);
    expect(known(() => { hart.fenceVma(undefined, 3n); })).toEqual([false, false]);
    expect(known(() => { hart.fenceVma(there, 3n); })).toEqual([true, false]);
    expect(known(() => { hart.fenceVma(there, 4n); })).toEqual([true, true]);
  });
});
