/**
 * The rules of triage, each with a small kernel that prints its traps as letters (a = cause 0, b = 1, ...; A.. for interrupts): under the
 * VMM the letters are what the rule says, and on the bare machine they are the same, at the same time.
 */
import { describe, expect, test } from 'vitest';
import { bareComputer, runToEnd, virtualComputer } from '../../tests/support/computers.ts';
import { letterKernel } from '../../tests/support/guest-image.ts';
import { hex } from '../base/bits.ts';

/** What a kernel prints, bare and under the VMM; and what the VMM did. */
function letters(text: string, typed = '') {
  const image = letterKernel('a small kernel', `kernel:\n${text}\n end`);
  const ends = [bareComputer(image), virtualComputer(image)].map((computer) => {
    computer.watch = true;
    const waits = typed === '' ? undefined : runToEnd(computer, 5_000n);
    if (waits && !computer.machine.halted) computer.machine.receive(new TextEncoder().encode(typed));
    const end = runToEnd(computer, 50_000n);
    return { ...end, console: (waits?.console ?? '') + end.console, told: computer.steps.filter(({ world }) => world === 'vmm') };
  });
  const [bare, virtual] = ends as [typeof ends[0], typeof ends[0]];
  expect({ console: virtual.console, time: virtual.time, reason: virtual.reason }).toEqual({ console: bare.console, time: bare.time, reason: bare.reason });
  expect(virtual.reason).toEqual({ by: 'sbi', exitCode: 0 });
  const at = (label: string): bigint => image.symbols.find(({ name }) => name === label)!.address;
  return { printed: virtual.console, told: virtual.told, steps: virtual.told.map(({ id }) => id), at };
}

/** Runs lines in (virtual) U mode, with paging off; each trap of theirs goes on at the next of these lines' labels. */
const inUser = (text: string): string => `
  la t0, user_begin
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  la s11, user_end
  sret
user_begin:
${text}
  ecall
user_end:`;

/** Prints a register's value when it is what it must be, as '+', else '-'. */
const check = (register: string, value: string): string => `
  li t6, ${value}
  li a0, '+'
  beq ${register}, t6, 8f
  li a0, '-'
8:
  li a7, 1
  ecall`;

describe('triage', () => {
  test('T1: ecall of the user goes to its kernel, with sepc at the ecall; ecall of the kernel is answered, and it goes on behind', () => {
    const { printed, told, at } = letters(`
      ${inUser('user_call: ecall')}
      li a7, 0x10
      li a6, 0
      ecall
      mv s3, a1
      ${check('s3', '0x2000000')}`);
    expect(printed).toBe('i+');
    expect(told.find(({ id }) => id === 'virtual-trap.sepc')?.args['value']).toBe(hex(at('user_call')));
  });

  test('T2: privileged instructions of the kernel are carried out; those of the user, and those of M mode, are its own illegal instructions', () => {
    const privileged = 'csrr t1, sscratch\n sfence.vma\n csrw stvec, t1';
    const { printed, steps } = letters(`
      li t1, 77
      csrw sscratch, t1
      csrr s2, sscratch
      ${check('s2', '77')}
      sfence.vma
      try csrr t0, mscratch
      try mret
      ${privileged.split('\n').map((line, n) => inUser(line).replace(/user_(begin|end)/g, `user${String(n)}_$1`)).join('\n')}
      csrr s3, stval
      ${check('s3', '0x10531073')}`);
    expect(printed).toBe('+ccccc+');
    expect(steps.filter((id) => id === 'triage.illegal-instruction')).toHaveLength(5);
  });

  test('T3: csrrs and csrrc with x0 do not write, so read-only registers can be read; a counter is read where it is open', () => {
    const { printed } = letters(`
      try csrrs t0, cycle, zero
      try csrrci t0, time, 0
      try csrrs t0, cycle, sp
      try csrrw zero, instret, zero
      try csrr t0, hpmcounter3
      csrw scounteren, zero
      ${inUser('rdcycle t0')}`);
    expect(printed).toBe('cccc');
  });

  test('T4: a page fault of the guest comes with its cause and its address; a hidden one never comes', () => {
    const { printed, steps } = letters(`
      ${PAGING}
      la t0, page
      sd t0, (t0)
      li t1, 0x40000123
      try lbu t2, (t1)
      csrr s2, stval
      ${check('s2', '0x40000123')}
      try sb t2, (t1)
      try jr t1`);
    expect(printed).toBe('n+pm');
    expect(steps.filter((id) => id === 'triage.hidden-fault').length).toBeGreaterThan(1);
    expect(steps.filter((id) => id === 'triage.true-fault')).toHaveLength(3);
  });

  test('T5: where there is neither RAM nor a device, the access faults as it did: fetch, load or store', () => {
    expect(letters('li t1, 0x40000000\n try lw t0, (t1)\n try sw t0, (t1)\n try jr t1').printed).toBe('fhb');
  });

  test('T6: loads and stores of a device are done, of 2-byte instructions, too; misaligned and refused ones are access faults', () => {
    const { printed, steps } = letters(`
      li s0, 0x10000000
      li t1, 'U'
      sb t1, (s0)
      lbu s2, 5(s0)
      ${check('s2', '0x60')}
      li s1, 0xc000000
      li a5, 5
      c.sw a5, 40(s1)
      c.lw a4, 40(s1)
      ${check('a4', '5')}
      try lw t0, 5(s0)
      try lh t0, (s0)
      try ld t0, (s1)
      try sw t0, 2(s1)`);
    expect(printed).toBe('U++fffh');
    expect(steps).toContain('device.refused');
  });

  test('T6: atomics and floating-point loads and stores of a device are done as the bare machine does them; what the device refuses changes no register', () => {
    const { printed } = letters(`
      ${setFloatState(1)}
      # A priority of the interrupt controller: 4 bytes, 3 bits of it are kept.
      li s1, 0xc000028
      li t1, 5
      sw t1, (s1)
      li t1, 2
      amoswap.w s2, t1, (s1)
      ${check('s2', '5')}
      amoadd.w s2, t1, (s1)
      amoor.w s3, t1, (s1)
      ${check('s2', '2')}
      ${check('s3', '4')}
      # Nothing else may use a reservation, and a store-conditional uses it up.
      lr.w s2, (s1)
      li t1, 3
      sc.w s3, t1, (s1)
      sc.w s4, t1, (s1)
      lw s5, (s1)
      ${check('s2', '6')}
      ${check('s3', '0')}
      ${check('s4', '1')}
      ${check('s5', '3')}
      lr.w s2, (s1)
      sc.w s3, t1, (sp)
      sc.w s4, t1, (s1)
      ${check('s3', '1')}
      ${check('s4', '1')}
      lr.w s2, (sp)
      sc.w s3, t1, (s1)
      sc.w s4, t1, (sp)
      ${check('s3', '1')}
      ${check('s4', '1')}
      flw fa0, (s1)
      fmv.x.d s2, fa0
      ${check('s2', '0xffffffff00000003')}
      li t1, 4
      fmv.w.x fa1, t1
      fsw fa1, (s1)
      lw s2, (s1)
      ${check('s2', '4')}
      # mtimecmp: 8 bytes.
      li s1, 0x2004000
      li t1, -1
      fmv.d.x fa0, t1
      fsd fa0, (s1)
      amominu.d s2, t1, (s1)
      fld fa1, (s1)
      fmv.x.d s3, fa1
      ${check('s2', '-1')}
      ${check('s3', '-1')}
      li s1, 0xc000000
      li s2, 77
      try amoadd.d s2, s2, (s1)
      try lr.d s2, (s1)
      try fld fa1, (s1)
      fmv.x.d s3, fa1
      ${check('s2', '77')}
      ${check('s3', '-1')}
      try sc.d s2, s2, (s1)
      li s1, 0xc000002
      try amoadd.w s2, s2, (s1)
      try lr.w s2, (s1)
      try flw fa1, (s1)`);
    expect(printed).toMatch(/^\++hff\+\+h[a-z]*$/);
    expect(printed.replaceAll('+', '')).toBe('hffhgef');
  });

  test('T6: a kernel in S finds the CLINT that its device tree names: its time, its comparison and its software interrupt, which M alone would see', () => {
    const { printed } = letters(`
      li s1, 0x2000000
      li t1, 1
      sw t1, (s1)
      lw s2, (s1)
      ${check('s2', '1')}
      li t0, 0x2004000
      sd t1, (t0)
      ld s2, (t0)
      ${check('s2', '1')}
      csrr s2, sip
      ${check('s2', '0')}
      li t0, 0x200bff8
      rdtime s2
      ld s3, (t0)
      sub s3, s3, s2
      sltiu s3, s3, 4
      ${check('s3', '1')}
      # Time is set forward, over the time of a timer that was set: it rings, and not later than it would have.
      rdtime a0
      li t1, 2000
      add a0, a0, t1
      li a7, 0
      ecall
      li t2, 0x20
      csrw sie, t2
      ld s3, (t0)
      li t1, 5000
      add s3, s3, t1
      la s11, 1f
      csrsi sstatus, 2
      sd s3, (t0)
      ebreak
    1:
      li a0, -1
      li a7, 0
      ecall
      # The same with the interrupt off: it is pending.
      rdtime a0
      addi a0, a0, 1000
      ecall
      ld s3, (t0)
      add s3, s3, t1
      sd s3, (t0)
      nop
      csrr s2, sip
      ${check('s2', '0x20')}`);
    expect(printed).toBe('++++F+');
  });

  test('T7: ebreak and misaligned atomics are its own', () => {
    expect(letters('try ebreak\n li t1, 0x80300001\n try lr.w t0, (t1)\n try amoadd.w t0, t0, (t1)').printed).toMatch(/^d[eg][eg]$/);
  });

  test('T8: the timer is pending in sip from its time on, and taken when sie and sstatus let it', () => {
    const { printed } = letters(`
      rdtime a0
      addi a0, a0, 50
      li a7, 0
      ecall
      li t0, 100
    1:
      addi t0, t0, -1
      bnez t0, 1b
      csrr s2, sip
      ${check('s2', '0x20')}
      li t0, 0x20
      csrw sie, t0
      la s11, 2f
      csrsi sstatus, 2
      j 1b
    2:
      li a0, -1
      li a7, 0
      ecall
      csrr s3, sip
      ${check('s3', '0')}`);
    expect(printed).toBe('+F+');
  });

  test('T9: a write of sip, sie or sstatus that lets an interrupt in is followed by it at once', () => {
    const set = 'csrw sie, zero\n csrci sstatus, 2\n csrwi sip, 2';
    const { printed } = letters(`
      ${set}
      la s11, 1f
      csrwi sie, 2
      csrsi sstatus, 2
      ebreak
    1:
      ${set}
      csrsi sstatus, 2
      la s11, 2f
      csrwi sie, 2
      ebreak
    2:
      csrwi sip, 0
      csrwi sie, 2
      csrsi sstatus, 2
      la s11, 3f
      csrwi sip, 2
      ebreak
    3:
      csrwi sip, 0`);
    expect(printed).toBe('BBB');
  });

  test('T10: wfi waits for what sie enables, whatever sstatus says, and goes on without a trap', () => {
    const { printed, steps } = letters(`
      li t0, 0x20
      csrw sie, t0
      rdtime s2
      li a7, 0
      addi a0, s2, 1000
      ecall
      wfi
      rdtime s3
      sub s3, s3, s2
      sltiu s4, s3, 1000
      ${check('s4', '0')}
      # Pending already: it does not wait.
      rdtime s2
      wfi
      rdtime s3
      sub s3, s3, s2
      sltiu s4, s3, 5
      ${check('s4', '1')}`);
    expect(printed).toBe('++');
    expect(steps.filter((id) => id === 'wfi.wait')).toHaveLength(1);
  });

  test('T8, T10: a key ends a wait, and is the guest\'s interrupt when it has arranged for it', () => {
    const { printed } = letters(`
      li s0, 0x10000000
      li t0, 1
      sb t0, 1(s0)
      li s1, 0xc000000
      sw t0, 40(s1)
      li s1, 0xc002080
      li t0, 1024
      sw t0, (s1)
      li t0, 0x200
      csrw sie, t0
      wfi
      li s1, 0xc201004
      lw s2, (s1)
      ${check('s2', '10')}
      lbu s3, (s0)
      ${check('s3', '0x6b')}
      sw s2, (s1)
      csrr s4, sip
      ${check('s4', '0')}`, 'k');
    expect(printed).toBe('+++');
  });
});

/** The FS of sstatus as a letter from 0, and SD. */
const printFloatState = `
  csrr s5, sstatus
  srli s6, s5, 13
  andi s6, s6, 3
  addi a0, s6, '0'
  li a7, 1
  ecall
  srli s6, s5, 63
  addi a0, s6, '0'
  ecall`;
const setFloatState = (state: number): string => `
  li t0, 0x6000
  csrc sstatus, t0
  li t0, ${String(state << 13)}
  csrs sstatus, t0`;

describe('floating point', () => {
  test('V8: off, its instructions and registers are illegal for kernel and user; on, they run without an exit', () => {
    const { printed } = letters(`
      try fadd.d fa0, fa0, fa1
      try csrr t0, fcsr
      try csrwi frm, 1
      ${setFloatState(1)}
      try fmv.d.x fa0, zero
      ${setFloatState(0)}
      ${inUser('fld fa0, (sp)')}`);
    expect(printed).toBe('cccc');

    const { printed: results, steps } = letters(`
      ${setFloatState(1)}
      li t1, 0x4008000000000000
      fmv.d.x fa0, t1
      fadd.d fa1, fa0, fa0
      fsqrt.d fa2, fa1
      ${inUser('fmul.d fa3, fa1, fa1\n frflags s4')}
      fmv.x.d s3, fa3
      ${check('s3', '0x4042000000000000')}
      ${check('s4', '1')}`);
    expect(results).toBe('i++');
    expect(steps.filter((id) => id === 'triage.illegal-instruction')).toEqual([]);
  });

  test('V8: what the hardware makes dirty the guest sees as dirty; what reads only stays clean', () => {
    const { printed, steps } = letters(`
      ${setFloatState(2)}
      la t1, kernel
      fsd fa0, -64(sp)
      feq.d t2, fa0, fa0
      ${printFloatState}
      fcvt.d.w fa0, t1
      ${printFloatState}
      ${setFloatState(1)}
      csrwi frm, 1
      ${printFloatState}
      ${setFloatState(2)}
      ${printFloatState}`);
    expect(printed).toBe('20313120');
    expect(steps.filter((id) => id === 'exit.float-dirty')).toHaveLength(2);
  });
});

/** Turns paging on, with RAM where it is and nothing else. */
const PAGING = `
  li t0, (0x80000000 >> 2) | 0xcf
  la t1, root
  sd t0, 16(t1)
  srli t1, t1, 12
  li t0, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma`;
