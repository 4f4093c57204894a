/**
 * The correctness traps of hardware with the hypervisor extension, on every engine. The hardware-assisted regime and Dune rest on this: what a VMM by
 * hardware, or a process in VS, must be able to count on. A trap is shown as T cause:mtval2:mtinst, a register as its number in hex.
 */
import { expect, test } from 'vitest';
import { onHardware } from './same.ts';

/** A guest in VS or VU behind two stages: guest-virtual 0x40000000 and up are pages of 2 MiB, RAM is where it is; hgatp maps gigabytes. */
const STAGES = `
  la s2, first
  la s3, middle
  la s4, second
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  # The guest's own code, of its kernel.
  li t0, (0x80000 << 10) | 0xcf
  sd t0, 16(s2)
  li t0, (0x80000 << 10) | 0xcf
  sd t0, 0(s3)
  li t0, (0xc0000 << 10) | 0xcf
  sd t0, 8(s3)
  li t0, (0x100000 << 10) | 0xcf
  sd t0, 16(s3)
  li t0, (0x80000 << 10) | 0xdf
  sd t0, 16(s4)
  # Guest-physical 0xc0000000: the same memory, without W.
  li t0, (0x80000 << 10) | 0x5b
  sd t0, 24(s4)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw vsatp, t0
  srli t0, s4, 12
  or t0, t0, t1
  csrw hgatp, t0
  hfence.gvma
  hfence.vvma`;
const TABLES = `
  j end
.balign 4096
first: .zero 4096
middle: .zero 4096
.balign 16384
second: .zero 16384
third: .zero 16384`;

test('trap 7: a write of hgatp with a mode that is not there still writes the other fields as far as they are legal, and its root is aligned to 16 KiB', () => {
  expect(onHardware(`
    csrw hgatp, zero
    li t0, (8 << 60) | 0x80003
    csrw hgatp, t0
    csrr t1, hgatp
    show t1
    li t0, (5 << 60) | 0x80007
    csrw hgatp, t0
    csrr t1, hgatp
    slli t1, t1, 20
    srli t1, t1, 20
    show t1
    csrw hgatp, zero`)).toBe('8000000000080000 80004');
});

test('trap 11: a counter that hcounteren closes to VS is a virtual instruction, one that mcounteren closes an illegal one', () => {
  expect(onHardware(`
    csrwi mcounteren, 7
    csrwi hcounteren, 5
    enter vs, 1f
  1: rdtime t1
    leave
    csrwi mcounteren, 5
    csrwi hcounteren, 7
    enter vs, 2f
  2: rdtime t1
    leave`)).toMatch(/^T16:0:\w+ T[89a]:0:0 T2:0:\w+ T[89a]:0:0$/);
});

test('trap 23: a guest-page fault tells the guest-physical address without its two lowest bits, and the instruction; for the walk, which one it was', () => {
  expect(onHardware(`${STAGES}
    csrw mideleg, zero
    enter vs, 1f
  1: li s5, 0x40200104
    sw t1, (s5)
    # The address of the operand in place of rs1: 0.
    li s5, 0x40400108
    ld t1, (s5)
    leave
    sd zero, 16(s4)
    hfence.gvma
    li t0, 1 << 8
    csrs hstatus, t0
    li s5, 0x40000000
    hlv.d t1, (s5)
    hsv.d t1, (s5)${TABLES}`)).toMatch(/^T17:30000041:602023 T15:40000042:3303 Ta:0:0 T15:20000[\da-f]+:3000 T17:20000[\da-f]+:3000$/);
});

test('trap 24: a fault of the second stage in the walk of the first is told as the access that it was for: fetch, load or store', () => {
  expect(onHardware(`${STAGES}
    # The guest's table for 0x40000000 stands where hgatp has nothing.
    li t0, (0x100000 << 10) | 1
    sd t0, 8(s2)
    hfence.vvma
    enter vs, 1f
  1: li s5, 0x40000000
    lw t1, (s5)
    sw t1, (s5)
    la s10, 2f
    jr s5
  2: leave${TABLES}`)).toBe('T15:40000000:3000 T17:40000000:3000 T14:40000000:3000 Ta:0:0');
});

test('trap 25: of two reasons to trap the one that comes first in the table of priorities is told', () => {
  expect(onHardware(`${STAGES}
    # A fetch that the first stage forbids, from where the second would, too; a misaligned atomic one before its translation; an illegal instruction before its operand.
    enter vs, 1f
  1: li s5, 0x40600000
    la s10, 2f
    jr s5
  2: addi s5, s5, 1
    amoadd.w t1, t1, (s5)
    .word 0xffffffff
    leave${TABLES}`)).toMatch(/^Tc:0:0 T[6f]:0:\w+ T2:0:0 Ta:0:0$/);
});

test('trap 26: with FS off in sstatus or in vsstatus a floating-point instruction of a guest is illegal, never virtual', () => {
  expect(onHardware(`
    li t0, 0x6000
    csrc mstatus, t0
    csrs vsstatus, t0
    enter vs, 1f
  1: fmv.d.x fa0, zero
    leave
    li t0, 0x6000
    csrs mstatus, t0
    csrc vsstatus, t0
    enter vs, 2f
  2: fmv.d.x fa0, zero
    csrr t1, fcsr
    leave
    li t0, 0x6000
    csrs vsstatus, t0
    enter vs, 3f
  3: fmv.d.x fa0, zero
    leave`)).toBe('T2:0:0 Ta:0:0 T2:0:0 T2:0:0 Ta:0:0 Ta:0:0');
});

test('trap 27: what HS may do and VU may not is a virtual instruction; what nobody below M may do is an illegal one', () => {
  expect(onHardware(`
    enter vu, 1f
  1: csrr t1, sscratch
    sret
    sfence.vma
    csrr t1, mscratch
    .word 0xffffffff
    leave
    enter vs, 2f
  2: csrr t1, sscratch
    csrr t1, hstatus
    hfence.gvma
    csrr t1, mscratch
    leave`)).toBe('T16:0:0 T16:0:0 T16:0:0 T2:0:0 T2:0:0 T8:0:0 T16:0:0 T16:0:0 T2:0:0 Ta:0:0');
});

test('trap 28: wfi of a guest goes on with what is pending and enabled; with VTW it is a virtual instruction, with TW an illegal one', () => {
  expect(onHardware(`
    csrw mideleg, zero
    li t0, 4
    csrw hideleg, t0
    csrw hie, t0
    csrw hvip, t0
    csrw vsstatus, zero
    enter vs, 1f
  1: wfi
    leave
    csrw hvip, zero
    li t0, 1 << 21
    csrs hstatus, t0
    enter vs, 2f
  2: wfi
    leave
    li t0, 1 << 21
    csrs mstatus, t0
    csrc hstatus, t0
    enter vs, 3f
  3: wfi
    leave`)).toBe('Ta:0:0 T16:0:0 Ta:0:0 T2:0:0 Ta:0:0');
});

test('trap 29: vstimecmp is compared with the time and htimedelta, around the end of 64 bits; -1 takes it back', () => {
  expect(onHardware(`
    li t0, 1 << 63
    csrs menvcfg, t0
    csrs henvcfg, t0
    li t0, -1
    csrw vstimecmp, t0
    csrr t1, hip
    show t1
    csrw vstimecmp, zero
    csrr t1, hip
    show t1
    # The guest's time is before zero: far in the future of an unsigned comparison, then past.
    li t0, -1 << 40
    csrw htimedelta, t0
    li t1, -1 << 41
    csrw vstimecmp, t1
    csrr t1, hip
    show t1
    li t1, -1
    csrw vstimecmp, t1
    csrr t1, hip
    show t1`)).toBe('0 40 40 0');
});

test('trap 30: after hgatp has changed for the same VMID, hfence.gvma makes the guest see the new second stage', () => {
  expect(onHardware(`${STAGES}
    la s5, third
    li t0, (0x80000 << 10) | 0xdf
    sd t0, 16(s5)
    li t0, 1 << 8
    csrs hstatus, t0
    li s6, 0x40200000
    hlv.b t1, (s6)
    srli t0, s5, 12
    li t1, 8 << 60
    or t0, t0, t1
    csrr s7, vsatp
    csrw vsatp, zero
    csrw hgatp, t0
    csrw vsatp, s7
    hfence.gvma
    hlv.b t1, (s6)
    li s6, 0x40000000
    hlv.b t1, (s6)${TABLES}`)).toMatch(/^T15:30000000:\w+$/);
});

test('trap 38: an address that a process in VS passes is translated with its rights or faults; its exceptions go to its own handler first, its calls to the host', () => {
  expect(onHardware(`${STAGES}
    # Page faults and breakpoints are the process's; its call to the host cannot be kept from it.
    li t0, (1 << 13) | (1 << 3)
    csrw medeleg, t0
    ori t0, t0, 1 << 10
    csrw hedeleg, t0
    la t0, own_handler
    csrw vstvec, t0
    li s7, 0
    enter vs, 1f
  1: li s5, 0x40600000
    lw t1, (s5)
    ebreak
    leave
    show s7
    # The host looks at what it was passed: there, and not there.
    li t0, 1 << 8
    csrs hstatus, t0
    li s5, 0x40000000
    hlv.b t1, (s5)
    li s5, 0x40600000
    hlv.b t1, (s5)
    j end
    .balign 4
  own_handler:
    csrr t0, scause
    slli s7, s7, 8
    or s7, s7, t0
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    sret${TABLES}`)).toMatch(/^Ta:0:0 d03 Td:0:\w+$/);
});
