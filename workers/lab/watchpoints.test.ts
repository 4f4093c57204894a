/** Watched memory as the page has it: the same accesses bare and under the VMM, forward and back, and no trace left in the machine. */
import { afterEach, describe, expect, test } from 'vitest';
import { LabPage } from '../../tests/support/lab-page.ts';
import type { LoadRequest, MachineView, Regime, WatchedAccess, Watchpoint } from '../protocol/lab-api.ts';
import { Lab } from './lab.ts';

/** Counts to 30 in memory, with a look at it and a print after each, then waits for a key and goes to sleep. */
const COUNTER = `
_start: la      s0, counter
        li      s1, 30
1:      ld      t0, 0(s0)
        addi    t0, t0, 1
        sd      t0, 0(s0)
        li      a0, '.'
        li      a7, 1
        ecall
        addi    s1, s1, -1
        bnez    s1, 1b
        wfi
        j       .
        .balign 8
counter: .dword 0`;

const pages: LabPage[] = [];
afterEach(() => { for (const page of pages.splice(0)) page.close(); });

async function labWith(regime: Regime, more: Partial<LoadRequest> = {}): Promise<{ lab: Lab; page: LabPage; counter: bigint }> {
  const lab = new Lab();
  const page = await new LabPage().connect(lab);
  pages.push(page);
  const loaded = await lab.load({ program: { kind: 'assembly', name: 'counter.s', text: COUNTER }, regime, memoryBytes: 4 << 20, ...more });
  return { lab, page, counter: loaded.ok ? loaded.program.symbols.find(({ name }) => name === 'counter')!.address : 0n };
}

const hitOf = ({ stop }: MachineView): WatchedAccess | undefined => (stop.by === 'watchpoint' ? stop.hit : undefined);

describe.each(['bare', 'trap-and-emulate'] as const)('%s', (regime) => {
  test.each(['current', 'guest-physical'] as const)('stops after each write to watched memory, by its %s address', async (space) => {
    const { lab, page, counter } = await labWith(regime);
    const watchpoint: Watchpoint = { space, address: counter, bytes: 8, on: 'write' };
    await lab.setBreakpoints({ addresses: [], causes: [], watches: [watchpoint] });
    for (let n = 1n; n <= 5n; n += 1n) {
      await lab.run();
      const view = await page.until((now) => hitOf(now)?.after === n);
      expect(hitOf(view)).toEqual({ watchpoint, by: 'instruction', access: 'write', pc: view.pc - 4n, text: 'sd t0,0(s0)', address: counter, physical: counter, bytes: 8, before: n - 1n, after: n });
    }
  });

  test('runs back from hit to hit, to the beginning, with the machine as it was there', async () => {
    const { lab, page, counter } = await labWith(regime);
    const start = await lab.stateHash();
    await lab.setBreakpoints({ addresses: [], causes: [], watches: [{ space: 'current', address: counter, bytes: 8, on: 'change' }] });
    const hashes: string[] = [];
    for (let n = 1n; n <= 4n; n += 1n) {
      await lab.run();
      await page.until((now) => hitOf(now)?.after === n);
      hashes.push(await lab.stateHash());
    }
    await lab.setBreakpoints({ addresses: [], causes: [] });
    await lab.run();
    await page.until(({ status }) => status.state === 'idle');
    await lab.pause();
    await lab.setBreakpoints({ addresses: [], causes: [], watches: [{ space: 'current', address: counter, bytes: 8, on: 'change' }] });
    for (let n = 30n; n > 0n; n -= 1n) {
      const view = await lab.runBack();
      expect(hitOf(view)).toMatchObject({ before: n - 1n, after: n });
      if (n <= 4n) expect(await lab.stateHash()).toBe(hashes[Number(n) - 1]);
    }
    expect((await lab.runBack()).stop).toEqual({ by: 'start' });
    expect(await lab.stateHash()).toBe(start);
    expect((await lab.runBack()).stop).toEqual({ by: 'start' });
  });

  test('runs back to breakpoints and to traps that were asked for', async () => {
    const { lab, page, counter } = await labWith(regime);
    const code = await lab.disassemble(0x8020_0000n, 12);
    const address = code.find(({ text }) => text.startsWith('sd '))!.address;
    await lab.run();
    await page.until(({ status }) => status.state === 'idle');
    await lab.pause();
    await lab.setBreakpoints({ addresses: [address], causes: [] });
    const positions: bigint[] = [];
    for (let n = 29n; n > 25n; n -= 1n) {
      const view = await lab.runBack();
      expect(view).toMatchObject({ pc: address, stop: { by: 'breakpoint', address } });
      expect(await lab.readMemory('current', counter, 1)).toEqual([Number(n)]);
      positions.push(view.instret);
    }
    expect([...positions].sort((a, b) => Number(b - a))).toEqual(positions);
    await lab.setBreakpoints({ addresses: [], causes: [regime === 'bare' ? 'ecall-from-supervisor' : 'ecall-from-user'] });
    const view = await lab.runBack();
    expect(view.stop).toMatchObject({ by: 'trap-breakpoint', trap: { cause: regime === 'bare' ? 9 : 8 } });
    expect(view.instret).toBeLessThan(positions.at(-1)!);
  });

  test('a step over an access says so; a watched run leaves no trace', async () => {
    const { lab, page, counter } = await labWith(regime);
    const other = await labWith(regime);
    await lab.setBreakpoints({ addresses: [], causes: [], watches: [{ space: 'current', address: counter, bytes: 1, on: 'access' }] });
    await lab.run();
    const { pc } = await page.until((view) => hitOf(view)?.access === 'read');
    expect((await lab.step('instruction', 1, 'forward')).stop).toEqual({ by: 'step' });
    const view = await lab.step('instruction', 1, 'forward');
    expect(hitOf(view)).toMatchObject({ access: 'write', pc: pc + 4n, before: 0n, after: 1n });
    while ((await other.lab.step('instruction', 1, 'forward')).instret < view.instret);
    expect(await lab.stateHash()).toBe(await other.lab.stateHash());
  });
});

test('what the VMM writes into the memory of its guest stops, too', async () => {
  // A guest page table: the VMM sets the bits A and D of the entry that it uses.
  const text = `
_start: la      t0, root
        srli    t3, t0, 12
        li      t4, 8 << 60
        or      t4, t4, t3
        li      t2, (0x80000000 >> 2) | 0x0f
        sd      t2, 16(t0)
        csrw    satp, t4
        sfence.vma
        nop
        wfi
        j       .
        .balign 4096
root:   .space  4096`;
  const lab = new Lab();
  const page = await new LabPage().connect(lab);
  pages.push(page);
  const loaded = await lab.load({ program: { kind: 'assembly', name: 'table.s', text }, regime: 'trap-and-emulate', memoryBytes: 4 << 20 });
  const root = loaded.ok ? loaded.program.symbols.find(({ name }) => name === 'root')!.address : 0n;
  await lab.setBreakpoints({ addresses: [], causes: [], watches: [{ space: 'guest-physical', address: root + 16n, bytes: 8, on: 'change' }] });
  await lab.run();
  await page.until((view) => hitOf(view)?.by === 'instruction');
  await lab.run();
  const view = await page.until((now) => hitOf(now)?.by === 'host');
  expect(hitOf(view)).toMatchObject({ access: 'write', physical: root + 16n, before: 0x2000000fn, after: 0x2000004fn });
});

test('physical memory is watched before the guest has been given it, and across pages', async () => {
  const text = `
_start: li      t0, 0x80100ffd
        li      t1, 0x1122334455667788
        sw      t1, 0(t0)
        wfi
        j       .`;
  const lab = new Lab();
  const page = await new LabPage().connect(lab);
  pages.push(page);
  await lab.load({ program: { kind: 'assembly', name: 'late.s', text }, regime: 'trap-and-emulate', memoryBytes: 4 << 20 });
  await lab.setBreakpoints({ addresses: [], causes: [], watches: [{ space: 'current', address: 0n, bytes: 1, on: 'read' }, { space: 'guest-physical', address: 0x8010_0f00n, bytes: 0x200, on: 'write' }] });
  await lab.run();
  const view = await page.until((now) => hitOf(now) !== undefined);
  expect(hitOf(view)).toMatchObject({ watchpoint: { bytes: 0x200 }, by: 'instruction', address: 0x8010_0ffdn, physical: 0x8010_0ffdn, bytes: 3, before: 0n, after: 0x667788n });
});
