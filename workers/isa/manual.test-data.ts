/**
 * What the manuals list for the extensions that this machine has, as facts to hold the tables against: mnemonics by extension (unprivileged
 * manual, "RV32/64G Instruction Set Listings" and the chapters of the extensions; privileged manual, "RISC-V Privileged Instruction Set
 * Listings"), and CSR numbers (privileged manual, "CSR Listing").
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const MANUAL_INSTRUCTIONS: Readonly<Record<string, readonly string[]>> = {
  I: words(`lui auipc jal jalr beq bne blt bge bltu bgeu lb lh lw lbu lhu sb sh sw addi slti sltiu xori ori andi slli srli srai add sub sll slt
    sltu xor srl sra or and fence ecall ebreak lwu ld sd addiw slliw srliw sraiw addw subw sllw srlw sraw`),
  M: words('mul mulh mulhsu mulhu div divu rem remu mulw divw divuw remw remuw'),
  A: ['w', 'd'].flatMap((size) => words('lr sc amoswap amoadd amoxor amoand amoor amomin amomax amominu amomaxu').map((name) => `${name}.${size}`)),
  F: words(`flw fsw fmadd.s fmsub.s fnmsub.s fnmadd.s fadd.s fsub.s fmul.s fdiv.s fsqrt.s fsgnj.s fsgnjn.s fsgnjx.s fmin.s fmax.s fcvt.w.s fcvt.wu.s
    fmv.x.w feq.s flt.s fle.s fclass.s fcvt.s.w fcvt.s.wu fmv.w.x fcvt.l.s fcvt.lu.s fcvt.s.l fcvt.s.lu`),
  D: words(`fld fsd fmadd.d fmsub.d fnmsub.d fnmadd.d fadd.d fsub.d fmul.d fdiv.d fsqrt.d fsgnj.d fsgnjn.d fsgnjx.d fmin.d fmax.d fcvt.s.d fcvt.d.s
    feq.d flt.d fle.d fclass.d fcvt.w.d fcvt.wu.d fcvt.d.w fcvt.d.wu fcvt.l.d fcvt.lu.d fmv.x.d fcvt.d.l fcvt.d.lu fmv.d.x`),
  C: words(`c.addi4spn c.fld c.lw c.ld c.fsd c.sw c.sd c.nop c.addi c.addiw c.li c.addi16sp c.lui c.srli c.srai c.andi c.sub c.xor c.or c.and c.subw
    c.addw c.j c.beqz c.bnez c.slli c.fldsp c.lwsp c.ldsp c.jr c.mv c.ebreak c.jalr c.add c.fsdsp c.swsp c.sdsp`),
  Zicsr: words('csrrw csrrs csrrc csrrwi csrrsi csrrci'),
  Zifencei: ['fence.i'],
  Zicbom: words('cbo.inval cbo.clean cbo.flush'),
  Zicboz: ['cbo.zero'],
  Zba: words('add.uw sh1add sh1add.uw sh2add sh2add.uw sh3add sh3add.uw slli.uw'),
  Zbb: words('andn orn xnor clz clzw ctz ctzw cpop cpopw max maxu min minu sext.b sext.h zext.h rol rolw ror rori roriw rorw orc.b rev8'),
  Zbs: words('bclr bclri bext bexti binv binvi bset bseti'),
  Zicond: words('czero.eqz czero.nez'),
  privileged: words('sret mret wfi sfence.vma'),
  Svinval: words('sinval.vma sfence.w.inval sfence.inval.ir hinval.vvma hinval.gvma'),
  H: words('hfence.vvma hfence.gvma hlv.b hlv.bu hlv.h hlv.hu hlv.w hlv.wu hlv.d hlvx.hu hlvx.wu hsv.b hsv.h hsv.w hsv.d'),
};

const numbered = (base: number, name: string, from: number, to: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, index) => [`${name}${String(from + index)}`, base + from + index]));

export const MANUAL_CSRS: Readonly<Record<string, number>> = {
  fflags: 0x001, frm: 0x002, fcsr: 0x003,
  cycle: 0xc00, time: 0xc01, instret: 0xc02, ...numbered(0xc00, 'hpmcounter', 3, 31),
  sstatus: 0x100, sie: 0x104, stvec: 0x105, scounteren: 0x106, senvcfg: 0x10a, sscratch: 0x140, sepc: 0x141, scause: 0x142, stval: 0x143, sip: 0x144,
  stimecmp: 0x14d, satp: 0x180,
  hstatus: 0x600, hedeleg: 0x602, hideleg: 0x603, hie: 0x604, hcounteren: 0x606, hgeie: 0x607, htval: 0x643, hip: 0x644, hvip: 0x645, htinst: 0x64a,
  hgeip: 0xe12, henvcfg: 0x60a, hgatp: 0x680, htimedelta: 0x605,
  vsstatus: 0x200, vsie: 0x204, vstvec: 0x205, vsscratch: 0x240, vsepc: 0x241, vscause: 0x242, vstval: 0x243, vsip: 0x244, vstimecmp: 0x24d, vsatp: 0x280,
  mvendorid: 0xf11, marchid: 0xf12, mimpid: 0xf13, mhartid: 0xf14, mconfigptr: 0xf15,
  mstatus: 0x300, misa: 0x301, medeleg: 0x302, mideleg: 0x303, mie: 0x304, mtvec: 0x305, mcounteren: 0x306,
  mscratch: 0x340, mepc: 0x341, mcause: 0x342, mtval: 0x343, mip: 0x344, mtinst: 0x34a, mtval2: 0x34b, menvcfg: 0x30a,
  pmpcfg0: 0x3a0, pmpcfg2: 0x3a2, ...numbered(0x3b0, 'pmpaddr', 0, 15),
  mcycle: 0xb00, minstret: 0xb02, ...numbered(0xb00, 'mhpmcounter', 3, 31), mcountinhibit: 0x320, ...numbered(0x320, 'mhpmevent', 3, 31),
};
