# Made from memory-copy.c by GCC 12.2.0: gcc -march=rv64gc -mabi=lp64d -mcmodel=medany -std=c11 -Wall -Wextra -O2 -ffreestanding -fno-builtin -fno-math-errno -ffp-contract=off -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -fno-ident -S
	.file	"memory-copy.c"
	.option nopic
	.attribute arch, "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	1
	.type	copy, @function
copy:
	li	a3,0
.L2:
	slli	a4,a3,32
	srli	a5,a4,29
	add	a4,a1,a5
	ld	t1,0(a4)
	ld	a7,8(a4)
	ld	a6,16(a4)
	ld	a4,24(a4)
	add	a5,a0,a5
	sd	t1,0(a5)
	sd	a7,8(a5)
	sd	a6,16(a5)
	sd	a4,24(a5)
	addiw	a3,a3,4
	bgtu	a2,a3,.L2
	ret
	.size	copy, .-copy
	.align	1
	.globl	kernel
	.type	kernel, @function
kernel:
	addi	sp,sp,-128
	sd	s2,96(sp)
	li	s2,1048576
	sd	s3,88(sp)
	sd	s11,24(sp)
	sd	ra,120(sp)
	sd	s0,112(sp)
	sd	s1,104(sp)
	sd	s4,80(sp)
	sd	s5,72(sp)
	sd	s6,64(sp)
	sd	s7,56(sp)
	sd	s8,48(sp)
	sd	s9,40(sp)
	sd	s10,32(sp)
	mv	s11,a1
	mv	s3,a0
	add	s2,a1,s2
	mv	a4,a1
	li	a5,0
	ld	a2,.LC0
	ld	a3,.LC1
.L6:
	sd	a5,0(a4)
	add	a5,a5,a2
	addi	a4,a4,8
	bne	a5,a3,.L6
	beq	s3,zero,.L11
	li	a5,1048576
	li	s9,524288
	addi	a6,a5,-8
	li	s8,1179648
	add	a5,s11,s9
	li	s7,-1048576
	li	s6,1572864
	li	s5,131072
	li	s4,4096
	sd	a5,8(sp)
	li	s1,0
	li	s10,0
	li	s0,0
	add	s8,s11,s8
	addi	s7,s7,3
	addi	s6,s6,-8
	add	s9,s11,a6
	addi	s5,s5,-1
	addi	s4,s4,3
.L10:
	li	a2,131072
	mv	a1,s11
	mv	a0,s2
	call	copy
	andi	a2,s10,1023
	slli	a2,a2,6
	li	a5,1048576
	add	a5,a2,a5
	add	a1,s8,a2
	add	a5,s11,a5
	sub	a2,s7,a2
.L8:
	lbu	a3,0(a5)
	add	a4,a5,a2
	addi	a5,a5,1
	sb	a3,0(a4)
	bne	a5,a1,.L8
	andi	a2,s10,3
	add	a5,s11,s6
	slli	a2,a2,3
.L9:
	ld	a3,0(a5)
	add	a4,a5,a2
	addi	a5,a5,-8
	sd	a3,8(a4)
	bne	s9,a5,.L9
	ld	a0,8(sp)
	li	a2,65536
	mv	a1,s2
	call	copy
	and	a5,s1,s5
	slli	a5,a5,3
	add	a5,s11,a5
	ld	a5,0(a5)
	slli	a4,s0,7
	srli	s0,s0,57
	or	s0,s0,a4
	addi	s10,s10,1
	xor	s0,s0,a5
	add	s1,s1,s4
	bne	s3,s10,.L10
.L5:
	ld	ra,120(sp)
	mv	a0,s0
	ld	s0,112(sp)
	ld	s1,104(sp)
	ld	s2,96(sp)
	ld	s3,88(sp)
	ld	s4,80(sp)
	ld	s5,72(sp)
	ld	s6,64(sp)
	ld	s7,56(sp)
	ld	s8,48(sp)
	ld	s9,40(sp)
	ld	s10,32(sp)
	ld	s11,24(sp)
	addi	sp,sp,128
	jr	ra
.L11:
	li	s0,0
	j	.L5
	.size	kernel, .-kernel
	.section	.srodata.cst8,"aM",@progbits,8
	.align	3
.LC0:
	.dword	-7046029254386353131
	.align	3
.LC1:
	.dword	-904380659375931392
