/** RV32I and RV64I: the base integer instructions (unprivileged manual, chapters 2 and 4). */
import {
  add, and, eq, extendS, extendU, geS, geU, i64, if_, imm, jump, length, let_, load, local, ltS, ltU, ne, or, pc, rs1, rs2, setRd, shl, shrS, shrU, store, sub, trap, wrap,
  callStmt, xor, type Expr, type Stmt, type Width,
} from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { bType, fenceType, iType, jType, rType, sType, shiftType, uType, wordType, type Family } from './formats.ts';

const I = (clause: string): Family => ({ extension: 'I', clause });
const IMMEDIATE = I('RV32I 2.4.1');
const REGISTER = I('RV32I 2.4.2');
const WORD = I('RV64I 4.2');
const LOADS = I('RV32I 2.6');
const JUMPS = I('RV32I 2.5.1');
const BRANCHES = I('RV32I 2.5.2');

const rd = (value: Expr): readonly Stmt[] => [setRd(value)];
/** The low 32 bits, sign-extended: the result of every 32-bit operation. */
const word = (value: Expr): readonly Stmt[] => rd(extendS(wrap(value)));
const address = add(rs1, imm);
const loadInto = (width: Width, signed: boolean): readonly Stmt[] => rd(load(width, signed, address));
const branchIf = (condition: Expr): readonly Stmt[] => [if_(condition, [jump(add(pc, imm))])];
const link = add(pc, length);

export const RV64I: readonly InstructionRow[] = [
  uType(I('RV32I 2.4.1'), 0x37, { name: 'lui', en: 'Loads the upper 20 bits of a 32-bit constant; the lower 12 become 0.', zh: '装入 32 位常数的高 20 位；低 12 位为 0。', meaning: rd(imm) }),
  uType(I('RV32I 2.4.1'), 0x17, { name: 'auipc', en: 'Adds the upper 20 bits of a constant to the address of this instruction: the first half of any pc-relative address.', zh: '把常数的高 20 位加到本指令的地址上：pc 相对地址的前一半。', meaning: rd(add(pc, imm)) }),
  jType(JUMPS, 0x6f, { name: 'jal', en: 'Jumps, and keeps the address of the next instruction in rd: a call.', zh: '跳转，并把下一条指令的地址存入 rd：即调用。', meaning: [setRd(link), jump(add(pc, imm))] }),
  iType(JUMPS, 0x67, 0, { name: 'jalr', en: 'Jumps to rs1 + imm (bit 0 cleared), and keeps the address of the next instruction in rd.', zh: '跳转到 rs1 + imm（第 0 位清零），并把下一条指令的地址存入 rd。', meaning: [let_('to', and(address, i64(-2))), setRd(link), jump(local('to'))] }, 'rd, imm(rs1)'),

  bType(BRANCHES, 0, { name: 'beq', en: 'Branches when rs1 equals rs2.', zh: 'rs1 等于 rs2 时分支。', meaning: branchIf(eq(rs1, rs2)) }),
  bType(BRANCHES, 1, { name: 'bne', en: 'Branches when rs1 differs from rs2.', zh: 'rs1 不等于 rs2 时分支。', meaning: branchIf(ne(rs1, rs2)) }),
  bType(BRANCHES, 4, { name: 'blt', en: 'Branches when rs1 is less than rs2, both signed.', zh: '按有符号数比较，rs1 小于 rs2 时分支。', meaning: branchIf(ltS(rs1, rs2)) }),
  bType(BRANCHES, 5, { name: 'bge', en: 'Branches when rs1 is at least rs2, both signed.', zh: '按有符号数比较，rs1 大于等于 rs2 时分支。', meaning: branchIf(geS(rs1, rs2)) }),
  bType(BRANCHES, 6, { name: 'bltu', en: 'Branches when rs1 is less than rs2, both unsigned.', zh: '按无符号数比较，rs1 小于 rs2 时分支。', meaning: branchIf(ltU(rs1, rs2)) }),
  bType(BRANCHES, 7, { name: 'bgeu', en: 'Branches when rs1 is at least rs2, both unsigned.', zh: '按无符号数比较，rs1 大于等于 rs2 时分支。', meaning: branchIf(geU(rs1, rs2)) }),

  ...([['lb', 0, 1, true, 'a byte, sign-extended', '一个字节并符号扩展'], ['lh', 1, 2, true, '2 bytes, sign-extended', '2 个字节并符号扩展'], ['lw', 2, 4, true, '4 bytes, sign-extended', '4 个字节并符号扩展'], ['ld', 3, 8, false, '8 bytes', '8 个字节'], ['lbu', 4, 1, false, 'a byte, zero-extended', '一个字节并零扩展'], ['lhu', 5, 2, false, '2 bytes, zero-extended', '2 个字节并零扩展'], ['lwu', 6, 4, false, '4 bytes, zero-extended', '4 个字节并零扩展']] as const)
    .map(([name, funct3, width, signed, en, zh]) => iType(LOADS, 0x03, funct3, { name, en: `Loads ${en}, from the address rs1 + imm.`, zh: `从地址 rs1 + imm 加载${zh}。`, meaning: loadInto(width, signed) }, 'rd, imm(rs1)')),
  ...([['sb', 0, 1, 'the low byte', '的最低字节'], ['sh', 1, 2, 'the low 2 bytes', '的低 2 个字节'], ['sw', 2, 4, 'the low 4 bytes', '的低 4 个字节'], ['sd', 3, 8, 'all 8 bytes', '的全部 8 个字节']] as const)
    .map(([name, funct3, width, en, zh]) => sType(LOADS, funct3, { name, en: `Stores ${en} of rs2 at the address rs1 + imm.`, zh: `把 rs2 ${zh}存到地址 rs1 + imm。`, meaning: [store(width, address, rs2)] })),

  iType(IMMEDIATE, 0x13, 0, { name: 'addi', en: 'Adds a constant.', zh: '加一个常数。', meaning: rd(add(rs1, imm)) }),
  iType(IMMEDIATE, 0x13, 2, { name: 'slti', en: 'Gives 1 when rs1 is less than the constant (signed), else 0.', zh: '按有符号数比较，rs1 小于常数时为 1，否则为 0。', meaning: rd(extendU(ltS(rs1, imm))) }),
  iType(IMMEDIATE, 0x13, 3, { name: 'sltiu', en: 'Gives 1 when rs1 is less than the sign-extended constant (unsigned), else 0.', zh: '按无符号数与符号扩展后的常数比较，rs1 较小时为 1，否则为 0。', meaning: rd(extendU(ltU(rs1, imm))) }),
  iType(IMMEDIATE, 0x13, 4, { name: 'xori', en: 'Exclusive or with a constant; with -1 it inverts all bits.', zh: '与常数按位异或；与 -1 异或即按位取反。', meaning: rd(xor(rs1, imm)) }),
  iType(IMMEDIATE, 0x13, 6, { name: 'ori', en: 'Sets the bits that are set in the constant.', zh: '与常数按位或。', meaning: rd(or(rs1, imm)) }),
  iType(IMMEDIATE, 0x13, 7, { name: 'andi', en: 'Keeps only the bits that are set in the constant.', zh: '与常数按位与。', meaning: rd(and(rs1, imm)) }),
  shiftType(IMMEDIATE, 0x13, 1, 0x00, { name: 'slli', en: 'Shifts left by a constant.', zh: '左移常数位。', meaning: rd(shl(rs1, imm)) }),
  shiftType(IMMEDIATE, 0x13, 5, 0x00, { name: 'srli', en: 'Shifts right by a constant; zeros come in.', zh: '逻辑右移常数位；高位补零。', meaning: rd(shrU(rs1, imm)) }),
  shiftType(IMMEDIATE, 0x13, 5, 0x20, { name: 'srai', en: 'Shifts right by a constant; copies of the sign come in.', zh: '算术右移常数位；高位补符号位。', meaning: rd(shrS(rs1, imm)) }),

  rType(REGISTER, 0x33, 0, 0x00, { name: 'add', en: 'Adds two registers; overflow is ignored.', zh: '两个寄存器相加；忽略溢出。', meaning: rd(add(rs1, rs2)) }),
  rType(REGISTER, 0x33, 0, 0x20, { name: 'sub', en: 'Subtracts rs2 from rs1.', zh: 'rs1 减 rs2。', meaning: rd(sub(rs1, rs2)) }),
  rType(REGISTER, 0x33, 1, 0x00, { name: 'sll', en: 'Shifts rs1 left by the low 6 bits of rs2.', zh: '把 rs1 左移 rs2 的低 6 位所示的位数。', meaning: rd(shl(rs1, rs2)) }),
  rType(REGISTER, 0x33, 2, 0x00, { name: 'slt', en: 'Gives 1 when rs1 is less than rs2 (signed), else 0.', zh: '按有符号数比较，rs1 小于 rs2 时为 1，否则为 0。', meaning: rd(extendU(ltS(rs1, rs2))) }),
  rType(REGISTER, 0x33, 3, 0x00, { name: 'sltu', en: 'Gives 1 when rs1 is less than rs2 (unsigned), else 0.', zh: '按无符号数比较，rs1 小于 rs2 时为 1，否则为 0。', meaning: rd(extendU(ltU(rs1, rs2))) }),
  rType(REGISTER, 0x33, 4, 0x00, { name: 'xor', en: 'Exclusive or of two registers.', zh: '两个寄存器按位异或。', meaning: rd(xor(rs1, rs2)) }),
  rType(REGISTER, 0x33, 5, 0x00, { name: 'srl', en: 'Shifts rs1 right by the low 6 bits of rs2; zeros come in.', zh: '把 rs1 逻辑右移 rs2 的低 6 位所示的位数。', meaning: rd(shrU(rs1, rs2)) }),
  rType(REGISTER, 0x33, 5, 0x20, { name: 'sra', en: 'Shifts rs1 right by the low 6 bits of rs2; copies of the sign come in.', zh: '把 rs1 算术右移 rs2 的低 6 位所示的位数。', meaning: rd(shrS(rs1, rs2)) }),
  rType(REGISTER, 0x33, 6, 0x00, { name: 'or', en: 'Bitwise or of two registers.', zh: '两个寄存器按位或。', meaning: rd(or(rs1, rs2)) }),
  rType(REGISTER, 0x33, 7, 0x00, { name: 'and', en: 'Bitwise and of two registers.', zh: '两个寄存器按位与。', meaning: rd(and(rs1, rs2)) }),

  iType(WORD, 0x1b, 0, { name: 'addiw', en: 'Adds a constant in 32 bits and sign-extends the result.', zh: '以 32 位加一个常数，结果符号扩展。', meaning: word(add(rs1, imm)) }),
  shiftType(WORD, 0x1b, 1, 0x00, { name: 'slliw', en: 'Shifts left in 32 bits and sign-extends the result.', zh: '以 32 位左移，结果符号扩展。', meaning: rd(extendS(shl(wrap(rs1), wrap(imm)))) }),
  shiftType(WORD, 0x1b, 5, 0x00, { name: 'srliw', en: 'Shifts the low 32 bits right, zeros coming in, and sign-extends the result.', zh: '把低 32 位逻辑右移，结果符号扩展。', meaning: rd(extendS(shrU(wrap(rs1), wrap(imm)))) }),
  shiftType(WORD, 0x1b, 5, 0x20, { name: 'sraiw', en: 'Shifts the low 32 bits right with their sign, and sign-extends the result.', zh: '把低 32 位算术右移，结果符号扩展。', meaning: rd(extendS(shrS(wrap(rs1), wrap(imm)))) }),
  rType(WORD, 0x3b, 0, 0x00, { name: 'addw', en: 'Adds in 32 bits and sign-extends the result.', zh: '以 32 位相加，结果符号扩展。', meaning: word(add(rs1, rs2)) }),
  rType(WORD, 0x3b, 0, 0x20, { name: 'subw', en: 'Subtracts in 32 bits and sign-extends the result.', zh: '以 32 位相减，结果符号扩展。', meaning: word(sub(rs1, rs2)) }),
  rType(WORD, 0x3b, 1, 0x00, { name: 'sllw', en: 'Shifts left in 32 bits by the low 5 bits of rs2, and sign-extends the result.', zh: '以 32 位左移 rs2 低 5 位所示的位数，结果符号扩展。', meaning: rd(extendS(shl(wrap(rs1), wrap(rs2)))) }),
  rType(WORD, 0x3b, 5, 0x00, { name: 'srlw', en: 'Shifts the low 32 bits right by the low 5 bits of rs2, and sign-extends the result.', zh: '把低 32 位逻辑右移 rs2 低 5 位所示的位数，结果符号扩展。', meaning: rd(extendS(shrU(wrap(rs1), wrap(rs2)))) }),
  rType(WORD, 0x3b, 5, 0x20, { name: 'sraw', en: 'Shifts the low 32 bits right with their sign by the low 5 bits of rs2, and sign-extends the result.', zh: '把低 32 位算术右移 rs2 低 5 位所示的位数，结果符号扩展。', meaning: rd(extendS(shrS(wrap(rs1), wrap(rs2)))) }),

  fenceType(I('RV32I 2.7'), { name: 'fence', en: 'Orders memory accesses before it with those after it, as other harts and devices see them; one hart in order has nothing to do.', zh: '使其前后的访存在其他 hart 和设备看来有序；单个顺序执行的 hart 无需做任何事。', meaning: [] }),
  wordType(I('RV32I 2.8'), 0x0000_0073, { name: 'ecall', en: 'Calls the environment: from U the kernel (a system call), from S the firmware (SBI). It always traps.', zh: '调用执行环境：从 U 调用内核（系统调用），从 S 调用固件（SBI）。它总会陷入。', meaning: [callStmt('environmentCall')] }),
  wordType(I('RV32I 2.8'), 0x0010_0073, { name: 'ebreak', en: 'Traps with the cause breakpoint, for debuggers.', zh: '以断点原因陷入，供调试器使用。', meaning: [trap(i64(3), pc)] }),
];
