# Made from integer-mix.c by GCC 12.2.0: gcc -march=rv64gc -mabi=lp64d -mcmodel=medany -std=c11 -Wall -Wextra -O2 -ffreestanding -fno-builtin -fno-math-errno -ffp-contract=off -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -fno-ident -S
	.file	"integer-mix.c"
	.option nopic
	.attribute arch, "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	1
	.globl	kernel
	.type	kernel, @function
kernel:
	addi	sp,sp,-112
	sd	s5,64(sp)
	sd	s0,104(sp)
	sd	s1,96(sp)
	sd	s2,88(sp)
	sd	s3,80(sp)
	sd	s4,72(sp)
	sd	s6,56(sp)
	sd	s7,48(sp)
	sd	s8,40(sp)
	sd	s9,32(sp)
	sd	s10,24(sp)
	sd	s11,16(sp)
	lla	s5,state
	ld	a4,.LC0
	li	a5,8192
	sd	a4,0(s5)
	mv	t0,a0
	add	t3,a1,a5
	beq	a0,zero,.L3
	mv	t1,a1
	addi	a5,a5,1
	li	a6,4096
	add	s2,t1,a5
	li	a5,-8192
	mv	a1,a4
	li	s4,0
	li	a2,0
	ld	a0,.LC1
	add	a6,t1,a6
	li	t4,10
	li	t2,1024
	li	t6,9
	li	s7,2
	li	s1,49
	li	s3,50
	li	s6,52
	sub	s11,a5,t1
	mv	s10,t0
.L2:
	mv	a4,t1
.L4:
	slli	a3,a1,13
	xor	a3,a3,a1
	srli	a5,a3,7
	xor	a5,a5,a3
	slli	a1,a5,17
	xor	a1,a1,a5
	sw	a1,0(a4)
	addi	a4,a4,4
	bne	a6,a4,.L4
	li	t5,10
	li	t0,512
	mv	a7,a2
.L5:
	slli	s8,t0,2
	add	s8,t1,s8
	mv	a2,t0
.L11:
	lw	s9,0(s8)
	mv	a5,a2
	bltu	a2,t0,.L38
	sd	s8,8(sp)
	j	.L6
.L9:
	sw	s8,0(a4)
	bltu	a5,t0,.L23
.L6:
	subw	s0,a5,t0
	slli	a4,s0,32
	srli	a3,a4,30
	add	a3,t1,a3
	sext.w	a4,a5
	lw	s8,0(a3)
	slli	a5,a4,32
	srli	a4,a5,30
	add	a4,t1,a4
	sext.w	a5,s0
	bltu	s9,s8,.L9
	ld	s8,8(sp)
.L8:
	sw	s9,0(a4)
	addiw	a2,a2,1
	addi	s8,s8,4
	bne	a2,t2,.L11
	addiw	t5,t5,-1
	srli	t0,t0,1
	bne	t5,zero,.L5
	mv	a2,a7
	mv	s0,t1
	li	s9,0
	li	t0,1
.L10:
	lw	a5,4(s0)
	lw	a4,0(s0)
	andi	a7,t0,15
	subw	a4,a5,a4
	slli	a4,a4,32
	srli	a4,a4,32
	xor	a4,a4,a2
	mul	a4,a4,a0
	srli	a2,a4,29
	xor	a2,a2,a4
	beq	a7,zero,.L39
.L12:
	beq	a2,zero,.L15
	mv	a5,a2
	li	a3,0
.L16:
	addi	a7,a5,-1
	addiw	a4,a3,1
	and	a5,a5,a7
	sext.w	a3,a4
	bne	a5,zero,.L16
	slli	a4,a4,32
	srli	a4,a4,32
	add	a2,a2,a4
.L15:
	addiw	t0,t0,1
	addi	s0,s0,4
	bne	t0,t2,.L10
	bleu	s9,s7,.L17
	addiw	a5,s9,-3
	slli	a5,a5,32
	srli	a5,a5,32
	mv	a4,t3
	add	a5,a5,s2
	j	.L19
.L18:
	addi	a4,a4,1
	beq	a4,a5,.L17
.L19:
	lbu	a3,0(a4)
	bne	a3,s1,.L18
	lbu	a3,1(a4)
	bne	a3,s3,.L18
	lbu	a7,2(a4)
	add	a3,s11,a4
	xor	a3,a3,a2
	bleu	a7,s6,.L18
	mul	a3,a3,a0
	addi	a4,a4,1
	srli	a2,a3,29
	xor	a2,a2,a3
	bne	a4,a5,.L19
.L17:
	addi	s4,s4,1
	bne	s10,s4,.L2
	sd	a1,0(s5)
	mv	t0,a2
.L3:
	ld	s0,104(sp)
	ld	s1,96(sp)
	ld	s2,88(sp)
	ld	s3,80(sp)
	ld	s4,72(sp)
	ld	s5,64(sp)
	ld	s6,56(sp)
	ld	s7,48(sp)
	ld	s8,40(sp)
	ld	s9,32(sp)
	ld	s10,24(sp)
	ld	s11,16(sp)
	mv	a0,t0
	addi	sp,sp,112
	jr	ra
.L39:
	slli	a3,a1,13
	xor	a3,a3,a1
	srli	a4,a3,7
	xor	a4,a4,a3
	slli	a3,a4,17
	ori	a5,a5,1
	xor	a3,a3,a4
	slli	a5,a5,32
	srli	a5,a5,32
	mv	a4,a3
.L13:
	mv	a1,a5
	remu	a5,a4,a5
	mv	a4,a1
	bne	a5,zero,.L13
	xor	a4,a2,a1
	mul	a4,a4,a0
	slli	a5,a3,13
	xor	a3,a5,a3
	srli	a5,a3,7
	xor	a5,a5,a3
	slli	a1,a5,17
	slli	s8,s9,32
	xor	a1,a1,a5
	srli	s8,s8,32
	mv	a5,a1
	srli	a2,a4,29
	xor	a2,a2,a4
	add	s8,t3,s8
	sd	a2,8(sp)
.L14:
	remu	a3,a5,t4
	slli	a4,a7,32
	srli	a4,a4,32
	add	a4,s8,a4
	mv	a2,a5
	addiw	a7,a7,1
	addiw	a3,a3,48
	sb	a3,0(a4)
	divu	a5,a5,t4
	bgtu	a2,t6,.L14
	ld	a2,8(sp)
	addw	s9,a7,s9
	j	.L12
.L23:
	ld	s8,8(sp)
	mv	a4,a3
	j	.L8
.L38:
	sw	s9,0(s8)
	addiw	a2,a2,1
	addi	s8,s8,4
	j	.L11
	.size	kernel, .-kernel
	.section	.srodata.cst8,"aM",@progbits,8
	.align	3
.LC0:
	.dword	88172645463325252
	.align	3
.LC1:
	.dword	-7046029254386353131
	.section	.sbss,"aw",@nobits
	.align	3
	.type	state, @object
	.size	state, 8
state:
	.zero	8
