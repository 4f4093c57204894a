/** Zicsr, Zifencei and the privileged instructions: all that a virtual machine monitor is about. */
import { call, callStmt, and, csr, i32, i64, if_, jump, let_, local, ne, not, numberOf, or, raw, resync, rs1, rs2, setRd, stopForWfi, zimm, type Expr, type Stmt } from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { csrType, fenceIType, fenceVmaType, wordType, type Family } from './formats.ts';

const ZICSR: Family = { extension: 'Zicsr', clause: 'Zicsr 6.1', privileged: true };
const S = (clause: string): Family => ({ extension: 'S', clause, privileged: true });
const M = (clause: string): Family => ({ extension: 'M-mode', clause, privileged: true });

const old = local('old');
const isNot0 = (field: Expr): Expr => ne(field, i64(0));

/** csrrw: with rd = x0 the register is not read (so a read has no side effect); it is always written. */
const exchange = (source: Expr): readonly Stmt[] => [
  callStmt('csrCheck', csr, i32(1), raw),
  let_('new', source),
  let_('target', call('csrTarget', 'i64', csr)),
  if_(isNot0(numberOf('rd')), [let_('old', call('csrRead', 'i64', local('target'))), setRd(old)]),
  callStmt('csrWrite', local('target'), local('new')),
  resync,
];

/** csrrs and csrrc: always read; not written, and so not refused for a read-only register, when the source is x0 or 0. */
const modify = (source: Expr, field: Expr, combine: (value: Expr, bits: Expr) => Expr): readonly Stmt[] => [
  callStmt('csrCheck', csr, isNot0(field), raw),
  let_('bits', source),
  let_('target', call('csrTarget', 'i64', csr)),
  let_('old', call('csrRead', 'i64', local('target'))),
  setRd(old),
  if_(isNot0(field), [callStmt('csrWrite', local('target'), combine(call('csrBase', 'i64', local('target'), old), local('bits'))), resync]),
];

const set = (value: Expr, bits: Expr): Expr => or(value, bits);
const clear = (value: Expr, bits: Expr): Expr => and(value, not(bits));

/** `operand('zimm')` is a number already; x registers are read by number. */
export const ZICSR_ROWS: readonly InstructionRow[] = [
  csrType(ZICSR, 1, { name: 'csrrw', en: 'Swaps a CSR with a register: rd gets the old value, the CSR gets rs1.', zh: '交换 CSR 与寄存器：rd 得到旧值，CSR 得到 rs1。', meaning: exchange(rs1) }),
  csrType(ZICSR, 2, { name: 'csrrs', en: 'Reads a CSR into rd and sets the bits that are set in rs1.', zh: '把 CSR 读入 rd，并置位 rs1 中为 1 的各位。', meaning: modify(rs1, numberOf('rs1'), set) }),
  csrType(ZICSR, 3, { name: 'csrrc', en: 'Reads a CSR into rd and clears the bits that are set in rs1.', zh: '把 CSR 读入 rd，并清除 rs1 中为 1 的各位。', meaning: modify(rs1, numberOf('rs1'), clear) }),
  csrType(ZICSR, 5, { name: 'csrrwi', en: 'Reads a CSR into rd and writes a constant of 5 bits.', zh: '把 CSR 读入 rd，并写入一个 5 位常数。', meaning: exchange(zimm) }),
  csrType(ZICSR, 6, { name: 'csrrsi', en: 'Reads a CSR into rd and sets the bits of a 5-bit constant.', zh: '把 CSR 读入 rd，并按 5 位常数置位。', meaning: modify(zimm, zimm, set) }),
  csrType(ZICSR, 7, { name: 'csrrci', en: 'Reads a CSR into rd and clears the bits of a 5-bit constant.', zh: '把 CSR 读入 rd，并按 5 位常数清除。', meaning: modify(zimm, zimm, clear) }),
];

export const ZIFENCEI_ROWS: readonly InstructionRow[] = [
  fenceIType({ extension: 'Zifencei', clause: 'Zifencei 5' }, { name: 'fence.i', en: 'Makes code that was stored before visible to fetches after it.', zh: '使之前写入的代码对之后的取指可见。', meaning: [callStmt('fenceI'), resync] }),
];

export const PRIVILEGED: readonly InstructionRow[] = [
  wordType(S('Privileged 3.3.2'), 0x1020_0073, { name: 'sret', en: 'Returns from a trap to S: to the address in sepc, in the mode in sstatus.SPP. In U mode it is illegal.', zh: '从 S 的陷入返回：到 sepc 中的地址，进入 sstatus.SPP 所示的模式。在 U 模式是非法指令。', meaning: [let_('to', call('supervisorReturn', 'i64', raw)), jump(local('to')), resync] }),
  wordType(M('Privileged 3.3.2'), 0x3020_0073, { name: 'mret', en: 'Returns from a trap to M: to the address in mepc, in the mode in mstatus.MPP.', zh: '从 M 的陷入返回：到 mepc 中的地址，进入 mstatus.MPP 所示的模式。', meaning: [let_('to', call('machineReturn', 'i64', raw)), jump(local('to')), resync] }),
  wordType(S('Privileged 3.3.3'), 0x1050_0073, { name: 'wfi', en: 'Waits until an interrupt is pending.', zh: '等待，直到有中断挂起。', meaning: [callStmt('waitForInterruptCheck', raw), stopForWfi] }),
  fenceVmaType(S('Privileged 12.2.1'), 0x09, { name: 'sfence.vma', en: 'Makes changes of page tables take effect: forgets cached translations, of one address (rs1) or one address space (rs2) or all.', zh: '使页表的修改生效：丢弃缓存的地址转换，可限于一个地址（rs1）或一个地址空间（rs2）。', meaning: [callStmt('fenceVma', numberOf('rs1'), rs1, numberOf('rs2'), rs2, raw), resync] }),
];
