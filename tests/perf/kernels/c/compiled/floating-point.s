# Made from floating-point.c by GCC 12.2.0: gcc -march=rv64gc -mabi=lp64d -mcmodel=medany -std=c11 -Wall -Wextra -O2 -ffreestanding -fno-builtin -fno-math-errno -ffp-contract=off -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -fno-ident -S
	.file	"floating-point.c"
	.option nopic
	.attribute arch, "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	1
	.globl	kernel
	.type	kernel, @function
kernel:
	addi	sp,sp,-192
	sd	s10,104(sp)
	lla	s10,.LANCHOR0
	sd	s0,184(sp)
	sd	s1,176(sp)
	mv	a2,a0
	sd	s2,168(sp)
	sd	s3,160(sp)
	sd	s4,152(sp)
	sd	s5,144(sp)
	sd	s6,136(sp)
	sd	s7,128(sp)
	sd	s8,120(sp)
	sd	s9,112(sp)
	sd	s11,96(sp)
	mv	a7,a1
	mv	t3,s10
	li	t1,9
	li	a6,0
	li	a0,0
	li	a5,0
	fld	fa0,.LC2,a4
	lla	s1,.LANCHOR0+40
	fld	fa3,.LC3,a4
	lla	s0,.LANCHOR0+160
	fld	fa4,.LC4,a4
	li	t2,11
	li	t0,7
	li	t6,5
.L3:
	addiw	a5,a5,1
	fcvt.d.w	fa5,a5
	addiw	a1,t1,-9
	mv	a3,a6
	fdiv.d	fa5,fa0,fa5
	mv	t4,a0
	fsd	fa5,0(t3)
.L2:
	remw	a4,t4,t0
	add	s4,s0,a3
	add	s2,s1,a3
	addiw	t5,a1,3
	addi	a3,a3,8
	addiw	t4,t4,1
	remw	s3,a1,t2
	addiw	a4,a4,-3
	fcvt.d.w	fa5,a4
	sext.w	a1,t5
	fmul.d	fa5,fa5,fa4
	fsd	fa5,0(s4)
	fcvt.d.w	fa5,s3
	fsub.d	fa5,fa5,fa3
	fsd	fa5,0(s2)
	bne	a1,t1,.L2
	addi	t3,t3,8
	addiw	a0,a0,5
	addi	a6,a6,24
	addiw	t1,t5,7
	bne	a5,t6,.L3
	lla	s1,.LANCHOR0+280
	flw	ft2,.LC5,a3
	mv	s3,s1
	mv	a4,s1
	li	a5,0
	li	a3,16
.L4:
	addiw	a5,a5,1
	fcvt.s.w	fa5,a5
	addi	a4,a4,4
	fdiv.s	fa5,ft2,fa5
	fsw	fa5,-4(a4)
	bne	a5,a3,.L4
	lla	a6,.LANCHOR0+344
	li	a1,8192
	mv	a4,a6
	li	a5,0
	flw	fa4,.LC6,a3
	li	a0,101
	addi	a1,a1,1872
.L5:
	remw	a3,a5,a0
	addi	a4,a4,4
	addiw	a5,a5,37
	fcvt.s.w	fa5,a3
	fmul.s	fa5,fa5,fa4
	fsw	fa5,-4(a4)
	bne	a5,a1,.L5
	li	a5,0
	beq	a2,zero,.L7
	fld	fa1,.LC0,a4
	fld	ft0,.LC7,a4
	flw	ft3,.LC1,a4
	flw	ft1,.LC8,a4
	li	a4,-4096
	li	a3,0
	li	a5,0
	lla	s5,matrix
	li	s4,5
	addi	a0,sp,96
	li	t0,5
	li	a1,24
	addi	s11,a4,-128
	li	s6,200
	li	s7,23
	li	s2,256
.L6:
	li	t1,20
	sd	a3,56(sp)
	mv	t5,a5
	mv	t4,a2
	mv	t3,a7
.L32:
	lla	a5,.LANCHOR0+160
	lla	a3,.LANCHOR0+40
	mv	a2,a3
	mv	a4,a5
	sd	t1,32(sp)
	sd	a3,40(sp)
	sd	a5,48(sp)
	lla	t2,.LANCHOR0+8
	li	s0,4
	mv	t1,t5
	mv	a3,t4
	mv	a5,t3
.L8:
	fld	ft5,-8(t2)
	mv	s9,a4
	mv	s8,a2
	addi	a4,a4,24
	addi	a2,a2,24
	subw	t6,s4,s0
	mv	t5,a2
	mv	t4,t2
	mv	t3,a4
	sd	s0,8(sp)
	sd	a4,16(sp)
	sd	a2,24(sp)
.L10:
	fmv.d	fa4,fa1
	addi	a2,sp,72
	mv	a4,a2
	mv	s0,t5
	mv	a7,s8
.L11:
	fld	fa3,0(s0)
	fld	fa5,0(a7)
	addi	a4,a4,8
	addi	a7,a7,8
	fsub.d	fa5,fa5,fa3
	addi	s0,s0,8
	fmul.d	fa3,fa5,fa5
	fsd	fa5,-8(a4)
	fadd.d	fa4,fa4,fa3
	bne	a4,a0,.L11
	fsqrt.d	fa5,fa4
	fld	ft4,0(t4)
	mv	a7,t3
	mv	a4,s9
	fmul.d	fa4,fa4,fa5
	fdiv.d	fa4,fa1,fa4
.L12:
	fld	fa5,0(a2)
	fld	fa3,0(a4)
	addi	a4,a4,8
	fmul.d	fa2,fa5,ft4
	fmul.d	fa5,fa5,ft5
	addi	a7,a7,8
	addi	a2,a2,8
	fmul.d	fa2,fa2,fa4
	fmul.d	fa5,fa5,fa4
	fsub.d	fa3,fa3,fa2
	fsd	fa3,-8(a4)
	fld	fa3,-8(a7)
	fadd.d	fa5,fa3,fa5
	fsd	fa5,-8(a7)
	bne	a2,a0,.L12
	addiw	t6,t6,1
	addi	t3,t3,24
	addi	t4,t4,8
	addi	t5,t5,24
	bne	t6,t0,.L10
	ld	s0,8(sp)
	ld	a4,16(sp)
	ld	a2,24(sp)
	addiw	s0,s0,-1
	addi	t2,t2,8
	bne	s0,zero,.L8
	mv	t5,t1
	mv	t4,a3
	mv	t3,a5
	ld	t1,32(sp)
	ld	a3,40(sp)
	ld	a5,48(sp)
.L9:
	mv	a2,a3
	li	a4,0
.L14:
	add	a7,a5,a4
	fld	fa4,0(a7)
	fld	fa5,0(a2)
	addi	a2,a2,8
	fmul.d	fa4,fa4,fa1
	addi	a4,a4,8
	fadd.d	fa5,fa5,fa4
	fsd	fa5,-8(a2)
	bne	a4,a1,.L14
	addi	a5,a5,24
	addi	a3,a3,24
	bne	a5,s3,.L9
	addiw	t1,t1,-1
	fld	fa2,40(s10)
	bne	t1,zero,.L32
	ld	a3,56(sp)
	mv	a5,t5
	mv	a2,t4
	fcvt.d.lu	fa4,a3
	mv	a7,t3
	lla	t6,matrix
	li	t5,0
.L17:
	addiw	t3,t5,1
	mv	t1,t6
	li	a4,0
	sext.w	t4,t5
.L20:
	beq	a4,t4,.L50
	fcvt.d.w	fa5,t3
	fdiv.d	fa5,fa0,fa5
.L19:
	addiw	a4,a4,1
	fsd	fa5,0(t1)
	addi	t1,t1,8
	addiw	t3,t3,2
	bne	a4,a1,.L20
	addi	t5,t5,1
	addi	t6,t6,192
	bne	t5,a1,.L17
	fld	fa5,0(s5)
	lla	t6,matrix+192
	li	t3,0
	fdiv.d	fa4,fa5,ft0
	li	s8,-192
	li	s0,0
	sd	a3,16(sp)
	mv	a4,a5
.L22:
	add	t5,s8,s11
	sext.w	t2,s0
	addiw	a5,s0,1
	add	t5,t5,t3
	mv	t1,s8
	mv	t4,t6
	sd	s8,8(sp)
.L26:
	fld	fa3,0(t4)
	mv	a3,t4
	mv	s9,t2
	fdiv.d	fa3,fa3,fa5
.L24:
	add	s8,t1,a3
	add	s8,s8,t3
	fld	ft4,0(s8)
	fld	fa5,0(a3)
	addi	a3,a3,8
	fmul.d	ft4,fa3,ft4
	addiw	s9,s9,1
	fsub.d	fa5,fa5,ft4
	fsd	fa5,-8(a3)
	bne	s9,a1,.L24
	addi	t4,t4,192
	beq	t5,t1,.L25
	fld	fa5,-192(t6)
	addi	t1,t1,-192
	j	.L26
.L50:
	fadd.d	fa5,fa4,ft0
	j	.L19
.L25:
	mul	a5,a5,s6
	ld	s8,8(sp)
	addi	s0,s0,1
	addi	t6,t6,200
	addi	s8,s8,-192
	addi	t3,t3,192
	add	a5,s5,a5
	fld	fa5,0(a5)
	fdiv.d	fa3,fa5,ft0
	fmul.d	fa4,fa4,fa3
	bne	s0,s7,.L22
	fadd.d	fa3,fa4,fa2
	ld	a3,16(sp)
	fmv.s	fa2,ft3
	mv	a5,a4
	lla	t3,.LANCHOR0+344
	li	t4,0
.L27:
	fmv.w.x	fa4,zero
	mv	t1,t3
	mv	a4,s1
.L28:
	flw	fa5,0(a4)
	flw	ft4,0(t1)
	addi	a4,a4,4
	addi	t1,t1,4
	fmul.s	fa5,fa5,ft4
	fadd.s	fa4,fa4,fa5
	bne	a6,a4,.L28
	fmul.s	fa5,fa4,ft1
	flt.s	a4,fa4,fa2
	fsw	fa5,0(t3)
	beq	a4,zero,.L29
	fmv.s	fa2,fa4
.L29:
	addiw	t4,t4,1
	addi	t3,t3,4
	bne	t4,s2,.L27
	lla	t1,.LANCHOR0+1368
	lla	a4,.LANCHOR0+344
.L31:
	flw	fa5,0(a4)
	addi	t1,t1,4
	addi	a4,a4,12
	fadd.s	fa5,fa5,ft2
	lla	s0,.LANCHOR0+536
	fsw	fa5,-4(t1)
	bne	s0,a4,.L31
	fcvt.d.s	fa2,fa2
	slli	t1,a5,5
	srli	a4,a5,59
	fadd.d	fa5,fa2,fa3
	or	a4,a4,t1
	addi	a3,a3,1
	fmv.x.d	a5,fa5
	xor	a5,a4,a5
	bne	a2,a3,.L6
.L7:
	ld	s0,184(sp)
	sd	a5,0(a7)
	ld	s1,176(sp)
	ld	s2,168(sp)
	ld	s3,160(sp)
	ld	s4,152(sp)
	ld	s5,144(sp)
	ld	s6,136(sp)
	ld	s7,128(sp)
	ld	s8,120(sp)
	ld	s9,112(sp)
	ld	s10,104(sp)
	ld	s11,96(sp)
	mv	a0,a5
	addi	sp,sp,192
	jr	ra
	.size	kernel, .-kernel
	.section	.srodata.cst8,"aM",@progbits,8
	.align	3
.LC0:
	.word	1202590843
	.word	1065646817
	.section	.srodata.cst4,"aM",@progbits,4
	.align	2
.LC1:
	.word	1900671690
	.section	.srodata.cst8
	.align	3
.LC2:
	.word	0
	.word	1072693248
	.align	3
.LC3:
	.word	0
	.word	1075118080
	.align	3
.LC4:
	.word	0
	.word	1069547520
	.section	.srodata.cst4
	.align	2
.LC5:
	.word	1056964608
	.align	2
.LC6:
	.word	1008981770
	.section	.srodata.cst8
	.align	3
.LC7:
	.word	0
	.word	1077411840
	.section	.srodata.cst4
	.align	2
.LC8:
	.word	1048576000
	.bss
	.align	3
	.set	.LANCHOR0,. + 0
	.type	mass, @object
	.size	mass, 40
mass:
	.zero	40
	.type	position, @object
	.size	position, 120
position:
	.zero	120
	.type	velocity, @object
	.size	velocity, 120
velocity:
	.zero	120
	.type	taps, @object
	.size	taps, 64
taps:
	.zero	64
	.type	samples, @object
	.size	samples, 1088
samples:
	.zero	1088
	.type	matrix, @object
	.size	matrix, 4608
matrix:
	.zero	4608
