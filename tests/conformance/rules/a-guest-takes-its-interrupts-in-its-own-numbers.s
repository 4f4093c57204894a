# QEMU 7.2 takes them by number; the order is external, software, timer (8.2.3). What it prints here:
# hvip raises VSSI, VSTI and VSEI; with hideleg the guest sees causes 1, 5 and 9 in vectored order (8.2.2 and 8.6.2).
rule:
  # QEMU 7.2 sets the fixed bits of mideleg only when it is written.
  csrw mideleg, zero
  la t0, table
  ori t0, t0, 1
  csrw vstvec, t0
  li t0, 0x444
  csrw hideleg, t0
  csrw hie, t0
  csrw hvip, t0
  li s5, 0
  li t0, 2
  csrw vsstatus, t0
  enter vs, 1f
1: nop
  nop
  nop
  leave
  show s5
  csrr t1, vscause
  show t1
  # Not delegated: to HS with causes 10, 6 and 2.
  csrw hideleg, zero
  li t0, 0x444
  csrw hie, t0
  csrw hvip, t0
  la t0, in_hs
  csrw stvec, t0
  li s5, 0
  enter vs, 2f
2: nop
  nop
  nop
  leave
  show s5
  j end
.balign 256
table:
  j 0f
  j 1f
  j 0f
  j 0f
  j 0f
  j 5f
  j 0f
  j 0f
  j 0f
  j 9f
0: li t4, 0xff
  j 3f
1: li t4, 1
  j 3f
5: li t4, 5
  j 3f
9: li t4, 9
3: csrr t0, scause
  andi t0, t0, 255
  slli s5, s5, 8
  or s5, s5, t4
  slli s5, s5, 8
  or s5, s5, t0
  # Only the hypervisor can lower the timer's and the external one; the guest no longer wants them.
  li t1, 1
  sll t1, t1, t4
  csrc sie, t1
  sret
.balign 4
in_hs:
  csrr t0, scause
  slli s5, s5, 8
  andi t0, t0, 255
  or s5, s5, t0
  li t1, 1
  sll t1, t1, t0
  csrc hie, t1
  sret
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: 0000090901010505
# expect: 8000000000000005
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: 00000000000a0206
