/** The lab's own guests, bare and under the VMM: what the guest can see must be the same to the tick. */
import { describe, expect, test } from 'vitest';
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { bareComputer, runToEnd, virtualComputer, type Computer, type End } from '../support/computers.ts';
import { imageOf, LAB_GUESTS, labGuest } from '../support/guest-image.ts';

/** What is typed into every guest, a line whenever it waits. */
const TYPED = ['', 'help\r', 'time\r', 'abc\u007fd\r', 'exit\r'];

function session(computer: Computer): End[] {
  return TYPED.map((line) => {
    if (!computer.machine.halted) computer.machine.receive(new TextEncoder().encode(line));
    return runToEnd(computer);
  });
}

describe('equivalence', () => {
  test.each(LAB_GUESTS)('E1, E2: %s prints, takes and ends the same bare and under the VMM, whatever the shadow tables', (name) => {
    const bare = session(bareComputer(labGuest(name)));
    for (const shadow of SHADOW_VARIANTS) expect(session(virtualComputer(labGuest(name), { shadow })), shadow).toEqual(bare);
    expect(bare.at(-1)?.reason, 'it comes to its end').toBeDefined();
    expect(bare.map(({ console }) => console).join(''), 'it prints').not.toBe('');
  });

  test.each(['hello.s', 'echo.s'])('E1: %s is the same with either engine, bare and under the VMM', (name) => {
    const ends = [createInterpreter, createReferenceEngine].flatMap((createEngine) =>
      [bareComputer, virtualComputer].map((computer) => session(computer(labGuest(name), { createEngine, guestRamBytes: 4 << 20 }))));
    for (const end of ends) expect(end).toEqual(ends[0]);
  });

  test.each([{ where: 'bare', boot: bareComputer }, { where: 'under the VMM', boot: virtualComputer }])('V7: a kernel begins $where with the counters open to its user, and can close them', ({ boot }) => {
    expect(runToEnd(boot(imageOf('counters.s', COUNTERS)), 1_000n).console).toBe('ic');
  });
});

/** The user reads a counter, calls, reads it again: the kernel prints each trap's cause as a letter, and closes the counters at the first. */
const COUNTERS = `
  la t0, handler
  csrw stvec, t0
  la t0, user
  csrw sepc, t0
  sret
user:
  rdinstret t0
  ecall
  rdinstret t0
  .balign 4
handler:
  csrr a0, scause
  addi a0, a0, 'a'
  li a7, 1
  ecall
  csrr t0, scounteren
  beqz t0, finish
  csrw scounteren, zero
  csrr t0, sepc
  addi t0, t0, 4
  csrw sepc, t0
  sret
finish:
  li a7, 8
  ecall
`;
