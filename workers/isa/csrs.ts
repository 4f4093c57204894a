/**
 * The control and status registers (privileged manual, chapters 2 to 4; Zicsr and Zicntr): number, how the value is stored, what software
 * may change, the fields with their meaning. The hart's CSR access, the assembler's names, the hovers and the CSR panel derive from it.
 * The number itself says who may access a register: bits 9:8 the lowest mode, bits 11:10 = 3 read-only.
 */
import { bits } from '../base/bits.ts';
import { FIELDS, type CsrField } from './csr-fields.ts';
import type { Prose } from './row.ts';

export type { CsrField } from './csr-fields.ts';

export type CsrStorage =
  /** A slot of the hart's state; a write changes only the bits in `writable`. WARL rules beyond a mask stand in machine/hart. */
  | { readonly kind: 'slot'; readonly slot: string; readonly writable: bigint }
  /** Some bits of another CSR under another name (sstatus of mstatus). */
  | { readonly kind: 'view'; readonly of: string; readonly readable: bigint; readonly writable: bigint }
  | { readonly kind: 'constant'; readonly value: bigint }
  /** Counts: ticks of mtime, or instructions retired (cycle counts the same). M mode may write the m-names. */
  | { readonly kind: 'counter'; readonly of: 'time' | 'cycle' | 'instret'; readonly writable: boolean };

export type CsrGroup = 'status' | 'trap' | 'interrupt' | 'translation' | 'counter' | 'delegation' | 'identity' | 'protection';

export interface CsrRow {
  readonly name: string;
  readonly number: number;
  readonly group: CsrGroup;
  readonly title: Prose;
  readonly storage: CsrStorage;
  readonly fields: readonly CsrField[];
}

const ALL = 0xffff_ffff_ffff_ffffn;

/** Bits of mstatus that exist here: SIE MIE SPIE MPIE SPP MPP MPRV SUM MXR TVM TW TSR. FS and VS are zero: there is no F, no V. */
export const MSTATUS_WRITABLE = 0x7e_19aan;
/** Bits of mstatus that never change: UXL = SXL = 2 (64 bits). */
export const MSTATUS_FIXED = 0xa_0000_0000n;
export const SSTATUS_READABLE = 0x8000_0003_000d_e762n;
export const SSTATUS_WRITABLE = 0xc_0122n;
/** Interrupts that S mode can have: SSI, STI, SEI. */
export const SUPERVISOR_INTERRUPTS = 0x222n;
/** Exceptions that may be delegated to S: all but the calls from S (kept writable) and M. */
const DELEGABLE = 0xb3ffn;
/** RV64 with I, M, A, C, S and U. */
export const MISA = (2n << 62n) | 0x14_1105n;

const row = (number: number, name: string, group: CsrGroup, en: string, zh: string, storage: CsrStorage): CsrRow =>
  ({ name, number, group, title: { en, 'zh-CN': zh }, storage, fields: FIELDS[name] ?? [] });
const slot = (name: string, writable = ALL): CsrStorage => ({ kind: 'slot', slot: name, writable });
const constant = (value: bigint): CsrStorage => ({ kind: 'constant', value });
const counter = (of: 'time' | 'cycle' | 'instret', writable = false): CsrStorage => ({ kind: 'counter', of, writable });
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const CSRS: readonly CsrRow[] = [
  // Supervisor
  row(0x100, 'sstatus', 'status', 'Supervisor status', '监管者状态', { kind: 'view', of: 'mstatus', readable: SSTATUS_READABLE, writable: SSTATUS_WRITABLE }),
  row(0x104, 'sie', 'interrupt', 'Supervisor interrupt enable', '监管者中断使能', { kind: 'view', of: 'mie', readable: SUPERVISOR_INTERRUPTS, writable: SUPERVISOR_INTERRUPTS }),
  row(0x105, 'stvec', 'trap', 'Supervisor trap vector', '监管者陷入向量', slot('stvec')),
  row(0x106, 'scounteren', 'counter', 'Counters open to U mode', '对 U 模式开放的计数器', slot('scounteren', 7n)),
  row(0x10a, 'senvcfg', 'status', 'Supervisor environment configuration', '监管者环境配置', slot('senvcfg', 1n)),
  row(0x140, 'sscratch', 'trap', 'Supervisor scratch', '监管者暂存', slot('sscratch')),
  row(0x141, 'sepc', 'trap', 'Supervisor exception pc', '监管者异常 pc', slot('sepc', ALL - 1n)),
  row(0x142, 'scause', 'trap', 'Supervisor cause', '监管者陷入原因', slot('scause')),
  row(0x143, 'stval', 'trap', 'Supervisor trap value', '监管者陷入值', slot('stval')),
  row(0x144, 'sip', 'interrupt', 'Supervisor interrupt pending', '监管者中断挂起', { kind: 'view', of: 'mip', readable: SUPERVISOR_INTERRUPTS, writable: 0x2n }),
  row(0x180, 'satp', 'translation', 'Supervisor address translation', '监管者地址转换', slot('satp')),
  // Machine
  row(0x300, 'mstatus', 'status', 'Machine status', '机器状态', slot('mstatus', MSTATUS_WRITABLE)),
  row(0x301, 'misa', 'identity', 'ISA and extensions', '指令集与扩展', slot('misa', 0n)),
  row(0x302, 'medeleg', 'delegation', 'Exceptions delegated to S', '委托给 S 的异常', slot('medeleg', DELEGABLE)),
  row(0x303, 'mideleg', 'delegation', 'Interrupts delegated to S', '委托给 S 的中断', slot('mideleg', SUPERVISOR_INTERRUPTS)),
  row(0x304, 'mie', 'interrupt', 'Machine interrupt enable', '机器中断使能', slot('mie', 0xaaan)),
  row(0x305, 'mtvec', 'trap', 'Machine trap vector', '机器陷入向量', slot('mtvec')),
  row(0x306, 'mcounteren', 'counter', 'Counters open to S mode', '对 S 模式开放的计数器', slot('mcounteren', 7n)),
  row(0x30a, 'menvcfg', 'status', 'Machine environment configuration', '机器环境配置', slot('menvcfg', 1n)),
  row(0x320, 'mcountinhibit', 'counter', 'Counters that stand still', '停止计数的计数器', slot('mcountinhibit', 0n)),
  row(0x340, 'mscratch', 'trap', 'Machine scratch', '机器暂存', slot('mscratch')),
  row(0x341, 'mepc', 'trap', 'Machine exception pc', '机器异常 pc', slot('mepc', ALL - 1n)),
  row(0x342, 'mcause', 'trap', 'Machine cause', '机器陷入原因', slot('mcause')),
  row(0x343, 'mtval', 'trap', 'Machine trap value', '机器陷入值', slot('mtval')),
  row(0x344, 'mip', 'interrupt', 'Machine interrupt pending', '机器中断挂起', slot('mip', SUPERVISOR_INTERRUPTS)),
  row(0x3a0, 'pmpcfg0', 'protection', 'Physical memory protection, regions 0 to 7', '物理内存保护，区域 0 至 7', slot('pmpcfg0')),
  row(0x3a2, 'pmpcfg2', 'protection', 'Physical memory protection, regions 8 to 15', '物理内存保护，区域 8 至 15', slot('pmpcfg2')),
  ...range(0, 15).map((n) => row(0x3b0 + n, `pmpaddr${String(n)}`, 'protection', `End of protected region ${String(n)}`, `保护区域 ${String(n)} 的边界`, slot(`pmpaddr${String(n)}`, (1n << 54n) - 1n))),
  row(0xb00, 'mcycle', 'counter', 'Cycles (one per instruction here)', '周期数（此处每条指令一个周期）', counter('cycle', true)),
  row(0xb02, 'minstret', 'counter', 'Instructions retired', '已退休指令数', counter('instret', true)),
  ...range(3, 31).map((n) => row(0xb00 + n, `mhpmcounter${String(n)}`, 'counter', `Event counter ${String(n)} (none here)`, `事件计数器 ${String(n)}（此处没有）`, constant(0n))),
  ...range(3, 31).map((n) => row(0x320 + n, `mhpmevent${String(n)}`, 'counter', `Event of counter ${String(n)} (none here)`, `计数器 ${String(n)} 的事件（此处没有）`, constant(0n))),
  row(0xf11, 'mvendorid', 'identity', 'Vendor (0: not given)', '厂商（0：未提供）', constant(0n)),
  row(0xf12, 'marchid', 'identity', 'Architecture (0: not given)', '架构（0：未提供）', constant(0n)),
  row(0xf13, 'mimpid', 'identity', 'Implementation (0: not given)', '实现（0：未提供）', constant(0n)),
  row(0xf14, 'mhartid', 'identity', 'Number of this hart', '本 hart 的编号', slot('mhartid', 0n)),
  row(0xf15, 'mconfigptr', 'identity', 'Configuration structure (0: none)', '配置结构（0：没有）', constant(0n)),
  // User
  row(0xc00, 'cycle', 'counter', 'Cycles (one per instruction here)', '周期数（此处每条指令一个周期）', counter('cycle')),
  row(0xc01, 'time', 'counter', 'Ticks of the machine’s clock', '机器时钟的滴答数', counter('time')),
  row(0xc02, 'instret', 'counter', 'Instructions retired', '已退休指令数', counter('instret')),
  ...range(3, 31).map((n) => row(0xc00 + n, `hpmcounter${String(n)}`, 'counter', `Event counter ${String(n)} (none here)`, `事件计数器 ${String(n)}（此处没有）`, constant(0n))),
];

/** 0 = U, 1 = S, 3 = M: the lowest mode that may access this register. */
export const csrPrivilege = (number: number): number => (number >> 8) & 3;
export const csrIsReadOnly = (number: number): boolean => number >> 10 === 3;

const byName = new Map(CSRS.map((csr) => [csr.name, csr]));
const byNumber = new Map(CSRS.map((csr) => [csr.number, csr]));

export const csrByName = (name: string): CsrRow | undefined => byName.get(name);
export const csrByNumber = (number: number): CsrRow | undefined => byNumber.get(number);
/** The name of a CSR, or its number when it does not exist here. */
export const csrName = (number: number): string => byNumber.get(number)?.name ?? `0x${number.toString(16)}`;

/** The number of a CSR that the caller knows to exist. */
export function csrNumber(name: string): number {
  const csr = byName.get(name);
  if (!csr) throw new Error(`Internal error: no CSR ${name}`);
  return csr.number;
}

/** The value of one field, or undefined when this register has no such field. Several fields of one name do not exist. */
export function csrField(name: string, field: string, value: bigint): bigint | undefined {
  const found = byName.get(name)?.fields.find((candidate) => candidate.name === field);
  return found && bits(value, found.high, found.low);
}
