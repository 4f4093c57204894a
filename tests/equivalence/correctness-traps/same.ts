/** What a small kernel prints (letters.s), the same bare and in every regime and variant; and what a program of M prints on hardware with the hypervisor extension. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Executor } from '../../../workers/machine/executor.ts';
import { Machine } from '../../../workers/machine/machine.ts';
import { SHADOW_VARIANTS } from '../../../workers/vmm/shadow-paging/shadow-roots.ts';
import { bareComputer, runToEnd, virtualComputer } from '../../support/computers.ts';
import { imageOf, letterKernel } from '../../support/guest-image.ts';
import { TARGETS } from '../../support/targets.ts';

const RAM = 4 << 20;
const TICKS = 60_000n;
const VARIANTS = [...SHADOW_VARIANTS.map((shadow) => ({ shadow })), { paravirtual: true }];

/** The kernel's letters: a trap of cause 0 is a, an interrupt of cause 0 is A; a check that holds is +, else -. */
export function printed(text: string): string {
  const image = letterKernel('a small kernel', `kernel:\n${text}\n end\n${PROBE}`);
  const bare = runToEnd(bareComputer(image, { guestRamBytes: RAM }), TICKS);
  for (const variant of VARIANTS) expect(runToEnd(virtualComputer(image, { guestRamBytes: RAM, ...variant }), TICKS), JSON.stringify(variant)).toEqual(bare);
  expect(bare.reason, `it comes to its end; it printed ${bare.console}`).toEqual({ by: 'sbi', exitCode: 0 });
  return bare.console;
}

const PRELUDE = readFileSync(new URL('../../conformance/rules/prelude.s', import.meta.url), 'utf8');

/** What a program of M prints (prelude.s of the conformance rules): the causes of its traps and the registers that it shows, as numbers, on every engine. */
export function onHardware(text: string): string {
  const image = imageOf('a program of M', `${PRELUDE}\nrule:\n${text}\n j end\n`, 0x8000_0000n);
  const outputs = TARGETS.map((target) => {
    const machine = new Machine({ ramBytes: 8 << 20, createEngine: (options) => target.create(options) as Executor, start: 'm' });
    machine.boot(image);
    let console = '';
    for (let round = 0; round < 40 && !machine.halted; round += 1) {
      machine.run(20_000);
      console += new TextDecoder().decode(machine.takeConsole());
      machine.skipWait();
    }
    expect(machine.halted, console).toEqual({ by: 'finisher', exitCode: 0 });
    return console.replaceAll('\r', '');
  });
  for (const output of outputs) expect(output).toBe(outputs[0]);
  // A trap is five lines: its cause, trap value, mtval2, mtinst, and where it came from. Of these the cause, mtval2 and mtinst are kept.
  return outputs[0]!.trim().split('\n').join(' ').replace(/T(\w{16}) \w{16} (\w{16}) (\w{16}) \w{16}/g, (_, ...parts: string[]) =>
    `T${parts.slice(0, 3).map((part) => BigInt(`0x${part}`).toString(16)).join(':')}`).replace(/\b0*(\w+)\b/g, '$1');
}

/** Prints + when a register has this value, else -. Changes a0, a7, t5 and t6. */
export const check = (register: string, value: string): string => `
  mv t5, ${register}
  li t6, ${value}
  li a0, '+'
  beq t5, t6, 8f
  li a0, '-'
8:
  li a7, 1
  ecall`;

let users = 0;
/** Runs lines in virtual user mode; each trap of theirs goes on behind them, in the kernel. */
export const inUser = (text: string, status = ''): string => {
  users += 1;
  return `
  la t0, user_begin${String(users)}
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  ${status}
  la s11, user_end${String(users)}
  sret
user_begin${String(users)}:
  ${text}
  ecall
user_end${String(users)}:`;
};

/** Traps go to a handler that only looks: s2 sepc, s3 scause, s4 stval, s5 sstatus; then it goes on at s11, in the kernel, as the trap left it. */
export const PROBING = `
  la t0, probe
  csrw stvec, t0`;
export const LETTERS_AGAIN = `
  la t0, handler
  csrw stvec, t0`;
const PROBE = `
  .balign 4
probe:
  csrr s2, sepc
  csrr s3, scause
  csrr s4, stval
  csrr s5, sstatus
  jr s11`;

/** Sv39: RAM where it is, for the kernel; at 0x40000000 a table of pages (\`last\`), at 0x40200000 what \`middle\` says. */
export const PAGING = `
  la t1, root
  li t0, (0x80000000 >> 2) | 0xcf
  sd t0, 16(t1)
  la t2, middle
  srli t0, t2, 2
  ori t0, t0, 1
  sd t0, 8(t1)
  la t3, last
  srli t0, t3, 2
  ori t0, t0, 1
  sd t0, 0(t2)
  srli t1, t1, 12
  li t0, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma`;

/** An entry of \`last\` (or \`middle\`): page n leads to a label or an address, with these flags. */
export const entry = (index: number, to: string, flags: string, table = 'last'): string => `
  la t1, ${table}
  ${/^\w*[a-z_]\w*$/i.test(to) && !to.startsWith('0x') ? `la t0, ${to}` : `li t0, ${to}`}
  srli t0, t0, 12
  slli t0, t0, 10
  li t2, ${flags}
  or t0, t0, t2
  sd t0, ${String(8 * index)}(t1)`;
