/** Programs in assembly beside this file; what they did is read from the hart's trap log and from their results. */
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../support/program.ts';
import { TARGETS } from '../../support/targets.ts';

describe.each(TARGETS)('privilege ($name)', (target) => {
  const run = (name: string) => runProgram(target, new URL(`${name}.s`, import.meta.url));

  test('exceptions go to M, to S where they are delegated, and never to a less privileged mode', async () => {
    const { trapLines } = await run('delegation');
    expect(trapLines).toEqual([
      'M -> M 2 at in_machine (0x5a801073)',
      'U -> S 8 at in_user',
      'U -> S 2 at user_illegal (0x100022f3)',
      'U -> M 3 at user_breakpoint (user_breakpoint)',
      'U -> S 2 at user_machine_csr (0x300022f3)',
      'U -> S 2 at user_fence (0x12000073)',
      'U -> S 2 at user_wfi (0x10500073)',
      'U -> M 3 at user_leaves (user_leaves)',
      'S -> S 2 at in_supervisor (0x300022f3)',
      'S -> M 9 at supervisor_call',
      'S -> S 2 at supervisor_mret (0x30200073)',
      'S -> M 3 at supervisor_leaves (supervisor_leaves)',
    ]);
  });

  test('interrupts come by priority, to the mode they are for, as soon as it lets them', async () => {
    const { traps, at } = await run('interrupts');
    const seen = traps.map(({ from, to, interrupt, cause, epc }) => ({ from, to, interrupt, cause, epc }));
    const machine = { from: 'M', to: 'M', interrupt: true, epc: at('machine_taken') };
    const supervisor = { from: 'S', to: 'S', interrupt: true, epc: at('supervisor_taken') };
    const user = { from: 'U', to: 'S', interrupt: true, epc: at('in_user') };
    expect(seen).toEqual([
      { ...machine, cause: 9 }, { ...machine, cause: 1 }, { ...machine, cause: 5 },
      { ...supervisor, cause: 9 }, { ...supervisor, cause: 1 }, { ...supervisor, cause: 5 },
      { ...user, cause: 9 }, { ...user, cause: 1 }, { ...user, cause: 5 },
      { from: 'U', to: 'M', interrupt: false, cause: 8, epc: at('in_user') + 4n },
    ]);
  });

  test('TVM, TW and TSR make S mode trap on satp, sfence.vma, wfi and sret, and on nothing else', async () => {
    const { traps, at } = await run('virtualization-traps');
    expect(traps.map(({ from, to, cause, epc }) => [from, to, cause, epc])).toEqual([
      ...['in_supervisor', 'write_satp', 'fence_all', 'fence_address', 'wait', 'return'].map((label) => ['S', 'M', 2, at(label)]),
      // mcounteren is 0, so time is closed.
      ['S', 'M', 2, at('leave') - 4n],
      ['S', 'M', 9, at('leave')],
    ]);
  });

  test('counters count what retires, start where they were set, and are open bit by bit', async () => {
    const { words, trapLines } = await run('counters');
    expect(words('results', 4)).toEqual([3n, 1000n, 8n, 1n]);
    expect(trapLines).toEqual([
      'M -> M 2 at trapped (0x5a802373)',
      'S -> M 2 at closed_time (0xc01022f3)',
      'S -> M 2 at closed_hpm (0xc03022f3)',
      'S -> M 2 at write_counter (0xc0001073)',
      'U -> M 2 at in_user (0xc00022f3)',
      'U -> M 2 at user_time (0xc01022f3)',
      'U -> M 8 at user_leaves',
    ]);
  });

  test('Sv39 faults where the manual says, sets A and D, and keeps translations until they are fenced', async () => {
    const { words, trapLines } = await run('sv39');
    expect(words('results', 17)).toEqual([
      0xan, 0x47n, 0xc7n, 0xan, 0xbn, 0xbn, 0xbn, 0xan, 0xan, 0xbn, 0x1122_3344_5566_7788n, 0x1122_3344n,
      0xan, 0xan, 0x1122_3344n, 0xan, 0xan,
    ]);
    expect(trapLines).toEqual([
      'S -> S 13 at gone (0x40000000)',
      'S -> S 15 at gone_too (0x40000000)',
      'S -> S 15 at read_only (0x40001000)',
      'S -> S 15 at amo_read_only (0x40001000)',
      'S -> S 12 at 0x40001000 (0x40001000)',
      'S -> S 13 at execute_only (0x40002000)',
      'S -> S 13 at execute_only_again (0x40002000)',
      'S -> S 13 at user_page (0x40003000)',
      'S -> S 12 at 0x40003000 (0x40003000)',
      'S -> S 13 at misaligned_superpage (0x40200000)',
      'S -> S 13 at not_canonical (0x8040000000)',
      'S -> S 13 at over_the_end (0x40004000)',
      'S -> S 13 at not_in_this_space (0x40006008)',
    ]);
  });

  test('stored code is what runs after fence.i', async () => {
    const { words } = await run('self-modifying');
    expect(words('results', 5)).toEqual([1n, 7n, 7n, 9n, 190n]);
  });

  test('a store-conditional needs an unused reservation of its place, and both need alignment', async () => {
    const { words, trapLines, at } = await run('reservations');
    expect(words('results', 7)).toEqual([0n, 1n, 1n, 1n, 0x1_ffff_ffffn, 0xffff_ffff_ffff_ffffn, 0n]);
    const address = `(0x${(at('place') + 4n).toString(16)})`;
    expect(trapLines).toEqual([
      'M -> M 11 at between', `M -> M 4 at misaligned_lr ${address}`, `M -> M 6 at misaligned_sc ${address}`, `M -> M 6 at misaligned_amo ${address}`,
    ]);
  });
});
