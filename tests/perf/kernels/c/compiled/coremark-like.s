# Made from coremark-like.c by GCC 12.2.0: gcc -march=rv64gc -mabi=lp64d -mcmodel=medany -std=c11 -Wall -Wextra -O2 -ffreestanding -fno-builtin -fno-math-errno -ffp-contract=off -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -fno-ident -S
	.file	"coremark-like.c"
	.option nopic
	.attribute arch, "rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	1
	.type	sorted, @function
sorted:
	li	a5,1
	bleu	a1,a5,.L2
	addi	sp,sp,-80
	sd	s1,56(sp)
	sd	s3,40(sp)
	srliw	a5,a1,1
	mv	s3,a1
	sd	ra,72(sp)
	sd	s0,64(sp)
	sd	s2,48(sp)
	mv	s1,a0
	li	a1,0
.L3:
	addiw	a1,a1,1
	ld	s1,0(s1)
	mv	s2,a1
	bne	a1,a5,.L3
	call	sorted
	mv	s0,a0
	subw	a1,s3,s2
	mv	a0,s1
	call	sorted
	sd	a0,8(sp)
	sd	s0,0(sp)
	addi	a4,sp,16
	beq	s0,zero,.L20
	beq	a0,zero,.L10
.L9:
	lh	a2,8(s0)
	lh	a3,8(a0)
	mv	a5,sp
	ble	a2,a3,.L7
	mv	s0,a0
	addi	a5,sp,8
.L7:
	sd	s0,0(a4)
	ld	a3,0(s0)
	mv	a4,s0
	sd	a3,0(a5)
	ld	a5,0(sp)
	beq	a5,zero,.L8
	ld	a0,8(sp)
	mv	s0,a5
	bne	a0,zero,.L9
.L10:
	sd	s0,0(a4)
	ld	ra,72(sp)
	ld	s0,64(sp)
	ld	a0,16(sp)
	ld	s1,56(sp)
	ld	s2,48(sp)
	ld	s3,40(sp)
	addi	sp,sp,80
	jr	ra
.L2:
	sd	zero,0(a0)
	ret
.L8:
	ld	s0,8(sp)
	j	.L10
.L20:
	mv	s0,a0
	j	.L10
	.size	sorted, .-sorted
	.align	1
	.globl	kernel
	.type	kernel, @function
kernel:
	addi	sp,sp,-176
	sd	s1,152(sp)
	sd	ra,168(sp)
	sd	s0,160(sp)
	sd	s2,144(sp)
	sd	s3,136(sp)
	sd	s4,128(sp)
	sd	s5,120(sp)
	sd	s6,112(sp)
	sd	s7,104(sp)
	sd	s8,96(sp)
	sd	s9,88(sp)
	sd	s10,80(sp)
	sd	s11,72(sp)
	mv	s1,a1
	beq	a0,zero,.L85
	li	s0,65536
	addi	s0,s0,-1
	li	s4,-1640529920
	li	s8,-1723715584
	li	s2,-24576
	sd	zero,0(sp)
	sd	zero,8(sp)
	lla	s11,nodes+4096
	lla	s10,.LANCHOR0
	lla	s9,.LANCHOR0+864
	lla	s3,.LANCHOR0+1664
	lla	s6,.LANCHOR1
	mv	s5,s0
	addiw	s4,s4,-1615
	addiw	s8,s8,1871
	addi	s2,s2,1
	lla	s7,.L51
	sd	a0,16(sp)
	sd	a1,24(sp)
.L84:
	ld	a5,0(sp)
	lla	a4,nodes+16
	li	a3,0
	addw	s1,s0,a5
	mv	a1,s1
	mv	a2,s1
	li	a0,255
.L23:
	srliw	a5,a2,12
	slliw	a5,a5,16
	srliw	a5,a5,16
	slliw	a6,a3,16
	and	a5,a5,s5
	or	a5,a5,a6
	sd	a4,-16(a4)
	sw	a5,-8(a4)
	addi	a3,a3,1
	addi	a4,a4,16
	addw	a2,s4,a2
	bne	a3,a0,.L23
	addw	a5,a1,s8
	srliw	a5,a5,12
	li	a1,256
	lla	a0,nodes
	sh	a5,-8(s11)
	sd	zero,nodes+4080,a4
	sh	a3,-6(s11)
	call	sorted
	li	a5,0
	bne	a0,zero,.L24
	j	.L25
.L87:
	mv	a0,a4
.L24:
	ld	a4,0(a0)
	sd	a5,0(a0)
	mv	a5,a0
	bne	a4,zero,.L87
.L25:
	li	a2,0
	li	a5,64
	li	a1,64
	beq	a0,zero,.L128
.L35:
	mv	a5,a0
	sext.w	a3,a2
	j	.L37
.L29:
	ld	a5,0(a5)
	beq	a5,zero,.L28
.L37:
	lhu	a4,10(a5)
	andi	a4,a4,63
	bne	a4,a3,.L29
	lhu	a3,8(a5)
	li	a4,16
.L32:
	xor	a5,s0,a3
	andi	a5,a5,1
	srli	s0,s0,1
	srli	a3,a3,1
	beq	a5,zero,.L31
	xor	s0,s0,s2
	slli	s0,s0,48
	srli	s0,s0,48
.L31:
	addiw	a4,a4,-1
	bne	a4,zero,.L32
.L28:
	addiw	a2,a2,4
	bne	a2,a1,.L35
.L34:
	slli	t3,s1,48
	srli	t3,t3,48
	slliw	a7,t3,1
	addw	a7,a7,t3
	slli	a7,a7,48
	srli	a7,a7,48
	lla	a3,.LANCHOR0+576
	lla	a1,.LANCHOR0+864
	mv	a2,a3
	li	a5,0
	addiw	t0,a7,-12
	li	t6,12
.L39:
	slli	a6,a5,48
	srli	a6,a6,48
	addw	a0,a7,a6
	addw	a4,t0,a6
	slli	a0,a0,48
	slli	a4,a4,48
	srli	a0,a0,48
	mv	t5,a1
	mv	t4,a2
	mv	t1,t3
	srli	a4,a4,48
.L38:
	addiw	t2,a0,-1
	sh	t1,0(t4)
	sh	a0,0(t5)
	addw	t1,a6,t1
	slli	a0,t2,48
	slli	t1,t1,48
	srli	a0,a0,48
	srli	t1,t1,48
	addi	t4,t4,2
	addi	t5,t5,2
	bne	a0,a4,.L38
	addiw	a5,a5,1
	addi	a2,a2,24
	addi	a1,a1,24
	bne	a5,t6,.L39
	lla	a5,.LANCHOR0
.L40:
	mv	a2,s9
	mv	a1,a5
.L44:
	mv	a0,a2
	mv	a6,a3
	li	a7,0
	addi	t3,a2,288
.L41:
	lh	a4,0(a6)
	lh	t1,0(a0)
	addi	a0,a0,24
	addi	a6,a6,2
	mulw	a4,a4,t1
	addw	a7,a4,a7
	bne	t3,a0,.L41
	sw	a7,0(a1)
	addi	a2,a2,2
	lla	a4,.LANCHOR0+888
	addi	a1,a1,4
	bne	a4,a2,.L44
	addi	a3,a3,24
	addi	a5,a5,48
	bne	s9,a3,.L40
	li	a1,0
	li	a2,0
	li	a6,12
	li	a0,12
.L43:
	remw	a4,a1,a6
	slli	a5,a2,1
	add	a5,a5,a2
	slli	a5,a5,2
	li	a3,16
	add	a5,a5,a4
	slli	a5,a5,2
	add	a5,s10,a5
	lw	a4,0(a5)
	srai	a4,a4,3
.L46:
	xor	a5,s0,a4
	andi	a5,a5,1
	srli	s0,s0,1
	srliw	a4,a4,1
	beq	a5,zero,.L45
	xor	s0,s0,s2
	slli	s0,s0,48
	srli	s0,s0,48
.L45:
	addiw	a3,a3,-1
	bne	a3,zero,.L46
	addiw	a2,a2,1
	addiw	a1,a1,5
	bne	a2,a0,.L43
	lla	a4,.LANCHOR0+1152
	li	a1,1103515648
	li	a2,12288
	sd	zero,32(sp)
	sd	zero,40(sp)
	sd	zero,48(sp)
	sw	zero,56(sp)
	mv	a3,a4
	addiw	a1,a1,-403
	addiw	a2,a2,57
	li	a0,25
	mv	a6,s1
.L47:
	mulw	a6,a6,a1
	addi	a3,a3,1
	addw	a6,a6,a2
	srliw	a5,a6,16
	remuw	a5,a5,a0
	slli	a5,a5,32
	srli	a5,a5,32
	add	a5,s6,a5
	lbu	a5,0(a5)
	sb	a5,-1(a3)
	bne	s3,a3,.L47
	li	a5,0
	li	a1,44
	li	a6,5
	li	a0,9
	li	t1,45
	li	a7,46
	li	t4,43
	li	t3,101
.L80:
	lbu	a3,0(a4)
	beq	a3,a1,.L103
	addiw	a2,a3,-48
	andi	a2,a2,0xff
	bgtu	a5,a6,.L49
	slli	a5,a5,2
	add	a5,a5,s7
	lw	a5,0(a5)
	add	a5,a5,s7
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L51:
	.word	.L79-.L51
	.word	.L55-.L51
	.word	.L54-.L51
	.word	.L53-.L51
	.word	.L52-.L51
	.word	.L71-.L51
	.text
.L128:
	addiw	a2,a2,4
	beq	a2,a5,.L34
	addiw	a2,a2,4
	bne	a2,a5,.L128
	j	.L34
.L57:
	lw	a5,40(sp)
	addi	t5,a4,1
	addiw	a5,a5,1
	sw	a5,40(sp)
	beq	s3,t5,.L59
	lbu	a3,1(a4)
	mv	a2,a3
	beq	a3,a1,.L63
	addiw	a2,a3,-48
	andi	a2,a2,0xff
	mv	a4,t5
.L54:
	bleu	a2,a0,.L90
	bne	a3,a7,.L198
	lw	a5,48(sp)
	addi	t5,a4,1
	addiw	a5,a5,1
	sw	a5,48(sp)
	beq	s3,t5,.L59
	lbu	a3,1(a4)
	mv	a2,a3
	bne	a3,a1,.L164
.L63:
	lw	a5,32(sp)
	addi	a4,a4,2
	addiw	a5,a5,1
	sw	a5,32(sp)
	beq	s3,a4,.L59
	lbu	a3,0(a4)
	beq	a3,a2,.L103
.L160:
	addiw	a2,a3,-48
	andi	a2,a2,0xff
.L79:
	bleu	a2,a0,.L57
	beq	a3,t1,.L193
	beq	a3,a7,.L66
	bne	a3,t4,.L49
.L193:
	lw	a5,36(sp)
	addi	t5,a4,1
	addiw	a5,a5,1
	sw	a5,36(sp)
	beq	s3,t5,.L59
	lbu	a3,1(a4)
	mv	a2,a3
	beq	a3,a1,.L63
	addiw	a2,a3,-48
	andi	a2,a2,0xff
	mv	a4,t5
.L55:
	bleu	a2,a0,.L57
	beq	a3,a7,.L66
.L49:
	li	a5,6
.L48:
	slli	a3,a5,2
	addi	a2,sp,32
	addi	a3,a3,32
	add	a3,a3,a2
	lw	a2,-32(a3)
	addi	a4,a4,1
	addiw	a2,a2,1
	sw	a2,-32(a3)
	bne	s3,a4,.L80
.L59:
	addi	a2,sp,32
.L83:
	lw	a3,0(a2)
	li	a4,16
.L82:
	xor	a5,s0,a3
	andi	a5,a5,1
	srli	s0,s0,1
	srliw	a3,a3,1
	beq	a5,zero,.L81
	xor	s0,s0,s2
	slli	s0,s0,48
	srli	s0,s0,48
.L81:
	addiw	a4,a4,-1
	bne	a4,zero,.L82
	addi	a2,a2,4
	addi	a5,sp,60
	bne	a2,a5,.L83
	ld	a5,8(sp)
	ld	a3,0(sp)
	addi	a4,a5,1
	li	a5,40960
	addiw	a5,a5,-457
	addw	a5,a5,a3
	sd	a5,0(sp)
	ld	a5,16(sp)
	sd	a4,8(sp)
	bne	a5,a4,.L84
	ld	s1,24(sp)
	mv	a0,s0
.L22:
	ld	ra,168(sp)
	ld	s0,160(sp)
	sd	a0,0(s1)
	ld	s2,144(sp)
	ld	s1,152(sp)
	ld	s3,136(sp)
	ld	s4,128(sp)
	ld	s5,120(sp)
	ld	s6,112(sp)
	ld	s7,104(sp)
	ld	s8,96(sp)
	ld	s9,88(sp)
	ld	s10,80(sp)
	ld	s11,72(sp)
	addi	sp,sp,176
	jr	ra
.L66:
	lw	a5,44(sp)
	addi	a3,a4,1
	addiw	a5,a5,1
	sw	a5,44(sp)
	beq	s3,a3,.L59
	lbu	a5,1(a4)
	beq	a5,a1,.L75
	addiw	a5,a5,-48
	andi	a2,a5,0xff
	mv	a4,a3
.L53:
	bgtu	a2,a0,.L49
	lw	a5,48(sp)
	addi	t5,a4,1
	addiw	a5,a5,1
	sw	a5,48(sp)
	beq	s3,t5,.L59
	lbu	a3,1(a4)
	beq	a3,a1,.L75
.L164:
	addiw	a2,a3,-48
	andi	a2,a2,0xff
	mv	a4,t5
.L52:
	bleu	a2,a0,.L91
.L198:
	bne	a3,t3,.L49
	lw	a5,52(sp)
	addi	t5,a4,1
	addiw	a5,a5,1
	sw	a5,52(sp)
	beq	s3,t5,.L59
	lbu	a3,1(a4)
	mv	a2,a3
	beq	a3,a1,.L63
	addiw	a2,a3,-48
	andi	a2,a2,0xff
	mv	a4,t5
.L71:
	bleu	a2,a0,.L92
.L200:
	bne	a3,t1,.L49
	lw	a5,52(sp)
	addi	a4,a4,1
	addiw	a5,a5,1
	sw	a5,52(sp)
	beq	s3,a4,.L59
	lbu	a3,0(a4)
	beq	a3,a1,.L103
	addiw	a2,a3,-48
	andi	a2,a2,0xff
	bgtu	a2,a0,.L200
.L92:
	li	a5,5
	j	.L48
.L91:
	li	a5,4
	j	.L48
.L75:
	lw	a5,32(sp)
	addi	a4,a4,2
	addiw	a5,a5,1
	sw	a5,32(sp)
	beq	s3,a4,.L59
	lbu	a3,0(a4)
	bne	a3,a1,.L160
.L103:
	li	a5,0
	j	.L48
.L90:
	li	a5,2
	j	.L48
.L85:
	li	a0,65536
	addi	a0,a0,-1
	j	.L22
	.size	kernel, .-kernel
	.bss
	.align	3
	.set	.LANCHOR0,. + 0
	.type	product, @object
	.size	product, 576
product:
	.zero	576
	.type	left, @object
	.size	left, 288
left:
	.zero	288
	.type	right, @object
	.size	right, 288
right:
	.zero	288
	.type	text, @object
	.size	text, 512
text:
	.zero	512
	.type	nodes, @object
	.size	nodes, 4096
nodes:
	.zero	4096
	.section	.rodata
	.align	3
	.set	.LANCHOR1,. + 0
	.type	characters.0, @object
	.size	characters.0, 26
characters.0:
	.string	"0123456789.+-e,5,7.2e1x,8"
