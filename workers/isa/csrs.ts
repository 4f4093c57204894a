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
  /** Some bits of another CSR under another name (sstatus of mstatus); `shift`: they stand so many places lower here (vsie of mie, frm of fcsr). */
  | { readonly kind: 'view'; readonly of: string; readonly readable: bigint; readonly writable: bigint; readonly shift?: 1 | 5 }
  /** A slot of which the bits in `bits` are read-only zero while they are clear in another register (henvcfg and menvcfg). */
  | { readonly kind: 'gated'; readonly slot: string; readonly writable: bigint; readonly by: string; readonly bits: bigint }
  | { readonly kind: 'constant'; readonly value: bigint }
  /** Counts: ticks of mtime, or instructions retired (cycle counts the same). M mode may write the m-names. */
  | { readonly kind: 'counter'; readonly of: 'time' | 'cycle' | 'instret'; readonly writable: boolean };

export type CsrGroup = 'status' | 'trap' | 'interrupt' | 'translation' | 'counter' | 'delegation' | 'identity' | 'protection' | 'hypervisor' | 'debug' | 'float';

export interface CsrRow {
  readonly name: string;
  readonly number: number;
  readonly group: CsrGroup;
  readonly title: Prose;
  readonly storage: CsrStorage;
  readonly fields: readonly CsrField[];
  /** Does not exist on a machine without this extension. */
  readonly requires?: 'H';
}

const ALL = 0xffff_ffff_ffff_ffffn;

/** Bits of mstatus that exist here: SIE MIE SPIE MPIE SPP MPP FS MPRV SUM MXR TVM TW TSR. VS is zero: there is no V. SD says that FS = 3. */
export const MSTATUS_WRITABLE = 0x7e_79aan;
/** Bits of mstatus that never change: UXL = SXL = 2 (64 bits). */
export const MSTATUS_FIXED = 0xa_0000_0000n;
export const SSTATUS_READABLE = 0x8000_0003_000d_e762n;
export const SSTATUS_WRITABLE = 0xc_6122n;
/** Interrupts that S mode can have: SSI, STI, SEI. */
export const SUPERVISOR_INTERRUPTS = 0x222n;
/** Interrupts that a guest of the H extension can have (VSSI, VSTI, VSEI), as they stand in mip, mie, hideleg and hvip. */
export const GUEST_INTERRUPTS = 0x444n;
/** Exceptions that HS may delegate to VS: none of the calls from above U, no guest-page fault, no virtual instruction (8.2.2). */
const DELEGABLE_TO_GUEST = 0xb1ffn;
/** What medeleg holds beside, with the H extension: the call from VS, guest-page faults and virtual instructions. */
export const DELEGABLE_OF_GUEST = 0xf0_0400n;
/** menvcfg and henvcfg: Sstc (bit 63) and hardware updates of A and D (bit 61). */
export const ENVCFG = { STCE: 1n << 63n, ADUE: 1n << 61n, CBZE: 1n << 7n, CBCFE: 1n << 6n, CBIE: 3n << 4n, FIOM: 1n } as const;
const ENVCFG_WRITABLE = Object.values(ENVCFG).reduce((all, bits) => all | bits, 0n);
/** hstatus: VTSR VTW VTVM HU SPVP SPV GVA are writable; VSXL = 2. VGEIN and VSBE are 0: no guest external interrupts, no big-endian guests. */
export const HSTATUS_WRITABLE = 0x70_03c0n;
export const HSTATUS_FIXED = 2n << 32n;
export const VSSTATUS_FIXED = 2n << 32n;
/** The bit of misa that says H. */
export const MISA_H = 1n << 7n;
/** Exceptions that may be delegated to S: all but the calls from S (kept writable) and M. */
const DELEGABLE = 0xb3ffn;
/** RV64 with I, M, A, F, D, C, S, U and H; a machine without the hypervisor extension has that bit clear. */
export const MISA = (2n << 62n) | 0x14_112dn | MISA_H;

const row = (number: number, name: string, group: CsrGroup, en: string, zh: string, storage: CsrStorage): CsrRow =>
  ({ name, number, group, title: { en, 'zh-CN': zh }, storage, fields: FIELDS[name] ?? [] });
const hypervisor = (number: number, name: string, group: CsrGroup, en: string, zh: string, storage: CsrStorage): CsrRow =>
  ({ ...row(number, name, group, en, zh, storage), requires: 'H' });
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
  row(0x10a, 'senvcfg', 'status', 'Supervisor environment configuration', '监管者环境配置', slot('senvcfg', ENVCFG.CBZE | ENVCFG.CBCFE | ENVCFG.CBIE | ENVCFG.FIOM)),
  row(0x140, 'sscratch', 'trap', 'Supervisor scratch', '监管者暂存', slot('sscratch')),
  row(0x141, 'sepc', 'trap', 'Supervisor exception pc', '监管者异常 pc', slot('sepc', ALL - 1n)),
  row(0x142, 'scause', 'trap', 'Supervisor cause', '监管者陷入原因', slot('scause')),
  row(0x143, 'stval', 'trap', 'Supervisor trap value', '监管者陷入值', slot('stval')),
  row(0x144, 'sip', 'interrupt', 'Supervisor interrupt pending', '监管者中断挂起', { kind: 'view', of: 'mip', readable: SUPERVISOR_INTERRUPTS, writable: 0x2n }),
  row(0x14d, 'stimecmp', 'interrupt', 'When the supervisor timer interrupt comes', '监管者定时器中断到来的时刻', slot('stimecmp')),
  row(0x180, 'satp', 'translation', 'Supervisor address translation', '监管者地址转换', slot('satp')),
  // The guest's copies of the supervisor registers: what VS mode finds under the supervisor names
  hypervisor(0x200, 'vsstatus', 'status', 'Guest supervisor status', '客户监管者状态', slot('vsstatus', SSTATUS_WRITABLE)),
  hypervisor(0x204, 'vsie', 'interrupt', 'Guest supervisor interrupt enable', '客户监管者中断使能', { kind: 'view', of: 'mie', readable: GUEST_INTERRUPTS, writable: GUEST_INTERRUPTS, shift: 1 }),
  hypervisor(0x205, 'vstvec', 'trap', 'Guest supervisor trap vector', '客户监管者陷入向量', slot('vstvec')),
  hypervisor(0x240, 'vsscratch', 'trap', 'Guest supervisor scratch', '客户监管者暂存', slot('vsscratch')),
  hypervisor(0x241, 'vsepc', 'trap', 'Guest supervisor exception pc', '客户监管者异常 pc', slot('vsepc', ALL - 1n)),
  hypervisor(0x242, 'vscause', 'trap', 'Guest supervisor cause', '客户监管者陷入原因', slot('vscause')),
  hypervisor(0x243, 'vstval', 'trap', 'Guest supervisor trap value', '客户监管者陷入值', slot('vstval')),
  hypervisor(0x244, 'vsip', 'interrupt', 'Guest supervisor interrupt pending', '客户监管者中断挂起', { kind: 'view', of: 'mip', readable: GUEST_INTERRUPTS, writable: 0x4n, shift: 1 }),
  hypervisor(0x24d, 'vstimecmp', 'interrupt', 'When the guest’s timer interrupt comes', '客户定时器中断到来的时刻', slot('vstimecmp')),
  hypervisor(0x280, 'vsatp', 'translation', 'Guest address translation, first stage', '客户地址转换（第一阶段）', slot('vsatp')),
  // Hypervisor
  hypervisor(0x600, 'hstatus', 'hypervisor', 'Hypervisor status', '虚拟机监控状态', slot('hstatus', HSTATUS_WRITABLE)),
  hypervisor(0x602, 'hedeleg', 'delegation', 'Exceptions delegated to the guest', '委托给客户的异常', slot('hedeleg', DELEGABLE_TO_GUEST)),
  hypervisor(0x603, 'hideleg', 'delegation', 'Interrupts delegated to the guest', '委托给客户的中断', slot('hideleg', GUEST_INTERRUPTS)),
  hypervisor(0x604, 'hie', 'interrupt', 'Hypervisor interrupt enable', '虚拟机监控中断使能', { kind: 'view', of: 'mie', readable: GUEST_INTERRUPTS, writable: GUEST_INTERRUPTS }),
  hypervisor(0x605, 'htimedelta', 'counter', 'What the guest’s time is ahead of the machine’s', '客户时间与机器时间之差', slot('htimedelta')),
  hypervisor(0x606, 'hcounteren', 'counter', 'Counters open to the guest', '对客户开放的计数器', slot('hcounteren', 7n)),
  hypervisor(0x607, 'hgeie', 'interrupt', 'Guest external interrupt enable (there are none here)', '客户外部中断使能（此处没有）', constant(0n)),
  hypervisor(0x60a, 'henvcfg', 'status', 'Guest environment configuration', '客户环境配置',
    { kind: 'gated', slot: 'henvcfg', writable: ENVCFG_WRITABLE, by: 'menvcfg', bits: ENVCFG.STCE | ENVCFG.ADUE }),
  hypervisor(0x643, 'htval', 'hypervisor', 'Guest-physical address of a fault, divided by 4', '出错的客户物理地址除以 4', slot('htval')),
  hypervisor(0x644, 'hip', 'interrupt', 'Hypervisor interrupt pending', '虚拟机监控中断挂起', { kind: 'view', of: 'mip', readable: GUEST_INTERRUPTS, writable: 0x4n }),
  hypervisor(0x645, 'hvip', 'interrupt', 'Interrupts that the hypervisor gives the guest', '虚拟机监控注入给客户的中断', slot('hvip', GUEST_INTERRUPTS)),
  hypervisor(0x64a, 'htinst', 'hypervisor', 'The instruction that trapped, transformed', '引起陷入的指令（变换后）', slot('htinst')),
  hypervisor(0x680, 'hgatp', 'translation', 'Guest address translation, second stage', '客户地址转换（第二阶段）', slot('hgatp')),
  hypervisor(0xe12, 'hgeip', 'interrupt', 'Guest external interrupt pending (there are none here)', '客户外部中断挂起（此处没有）', constant(0n)),
  // Machine
  row(0x300, 'mstatus', 'status', 'Machine status', '机器状态', slot('mstatus', MSTATUS_WRITABLE)),
  row(0x301, 'misa', 'identity', 'ISA and extensions', '指令集与扩展', slot('misa', 0n)),
  row(0x302, 'medeleg', 'delegation', 'Exceptions delegated to S', '委托给 S 的异常', slot('medeleg', DELEGABLE | DELEGABLE_OF_GUEST)),
  row(0x303, 'mideleg', 'delegation', 'Interrupts delegated to S', '委托给 S 的中断', slot('mideleg', SUPERVISOR_INTERRUPTS)),
  row(0x304, 'mie', 'interrupt', 'Machine interrupt enable', '机器中断使能', slot('mie', 0xaaan | GUEST_INTERRUPTS)),
  row(0x305, 'mtvec', 'trap', 'Machine trap vector', '机器陷入向量', slot('mtvec')),
  row(0x306, 'mcounteren', 'counter', 'Counters open to S mode', '对 S 模式开放的计数器', slot('mcounteren', 7n)),
  row(0x30a, 'menvcfg', 'status', 'Machine environment configuration', '机器环境配置', slot('menvcfg', ENVCFG_WRITABLE)),
  row(0x320, 'mcountinhibit', 'counter', 'Counters that stand still', '停止计数的计数器', slot('mcountinhibit', 0n)),
  row(0x340, 'mscratch', 'trap', 'Machine scratch', '机器暂存', slot('mscratch')),
  row(0x341, 'mepc', 'trap', 'Machine exception pc', '机器异常 pc', slot('mepc', ALL - 1n)),
  row(0x342, 'mcause', 'trap', 'Machine cause', '机器陷入原因', slot('mcause')),
  row(0x343, 'mtval', 'trap', 'Machine trap value', '机器陷入值', slot('mtval')),
  row(0x344, 'mip', 'interrupt', 'Machine interrupt pending', '机器中断挂起', slot('mip', SUPERVISOR_INTERRUPTS)),
  hypervisor(0x34a, 'mtinst', 'hypervisor', 'The instruction that trapped to M, transformed', '陷入 M 的指令（变换后）', slot('mtinst')),
  hypervisor(0x34b, 'mtval2', 'hypervisor', 'Guest-physical address of a fault that went to M, divided by 4', '陷入 M 的客户物理地址除以 4', slot('mtval2')),
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
  // No trigger is there to select: tdata1 says type 0 (debug specification, 5.7)
  row(0x7a0, 'tselect', 'debug', 'Selected trigger (there are none here)', '所选触发器（此处没有）', constant(0n)),
  ...range(1, 3).map((n) => row(0x7a0 + n, `tdata${String(n)}`, 'debug', `Trigger data ${String(n)} (there are none here)`, `触发器数据 ${String(n)}（此处没有）`, constant(0n))),
  // User: the floating-point control and status register, whole and in parts
  row(0x001, 'fflags', 'float', 'Floating-point exceptions since they were cleared', '自上次清除以来的浮点异常', { kind: 'view', of: 'fcsr', readable: 0x1fn, writable: 0x1fn }),
  row(0x002, 'frm', 'float', 'Floating-point rounding mode', '浮点舍入模式', { kind: 'view', of: 'fcsr', readable: 0xe0n, writable: 0xe0n, shift: 5 }),
  row(0x003, 'fcsr', 'float', 'Floating-point control and status', '浮点控制与状态', slot('fcsr', 0xffn)),
  // User
  row(0xc00, 'cycle', 'counter', 'Cycles (one per instruction here)', '周期数（此处每条指令一个周期）', counter('cycle')),
  row(0xc01, 'time', 'counter', 'Ticks of the machine’s clock', '机器时钟的滴答数', counter('time')),
  row(0xc02, 'instret', 'counter', 'Instructions retired', '已退休指令数', counter('instret')),
  ...range(3, 31).map((n) => row(0xc00 + n, `hpmcounter${String(n)}`, 'counter', `Event counter ${String(n)} (none here)`, `事件计数器 ${String(n)}（此处没有）`, constant(0n))),
];

/** 0 = U, 1 = S, 2 = HS, 3 = M: the lowest mode that may access this register. */
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
