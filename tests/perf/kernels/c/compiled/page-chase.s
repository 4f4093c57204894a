# Made from page-chase.c by GCC 12.2.0: gcc -march=rv64gc -mabi=lp64d -mcmodel=medany -std=c11 -Wall -Wextra -O2 -ffreestanding -fno-builtin -fno-math-errno -ffp-contract=off -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -fno-ident -S
	.file	"page-chase.c"
	.option nopic
	.attribute arch, "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	1
	.globl	kernel
	.type	kernel, @function
kernel:
	mv	a2,a1
	mv	a6,a0
	mv	a4,a1
	li	a5,0
	li	a3,65536
.L2:
	sd	a5,0(a4)
	addi	a5,a5,1
	addi	a4,a4,64
	bne	a5,a3,.L2
	li	a1,4194304
	addi	a1,a1,-64
	add	a1,a2,a1
	addi	a4,a5,-1
	ld	a3,.LC0
.L3:
	slli	a5,a3,13
	xor	a3,a5,a3
	srli	a5,a3,7
	xor	a5,a5,a3
	slli	a3,a5,17
	xor	a3,a3,a5
	remu	a5,a3,a4
	ld	a0,0(a1)
	addi	a1,a1,-64
	addi	a4,a4,-1
	slliw	a5,a5,3
	slli	a5,a5,32
	srli	a5,a5,29
	add	a5,a2,a5
	ld	a7,0(a5)
	sd	a7,64(a1)
	sd	a0,0(a5)
	bne	a2,a1,.L3
	li	a7,65536
	li	a1,0
	li	a5,0
	li	a0,0
	addi	a7,a7,-1
	beq	a6,zero,.L13
.L4:
	li	a4,65536
.L6:
	slli	a5,a5,6
	add	a5,a2,a5
	ld	a5,0(a5)
	slli	a3,a0,5
	sub	a0,a3,a0
	addiw	a4,a4,-1
	add	a0,a0,a5
	bne	a4,zero,.L6
	addi	a5,a5,1
	addi	a1,a1,1
	and	a5,a5,a7
	bne	a6,a1,.L4
	ret
.L13:
	ret
	.size	kernel, .-kernel
	.section	.srodata.cst8,"aM",@progbits,8
	.align	3
.LC0:
	.dword	88172645463325252
