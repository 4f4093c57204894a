/** The fields of the CSRs, by register: where they stand, what they mean, and words for their values. */
import type { Prose } from './row.ts';

export interface CsrField {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  readonly prose: Prose;
  /** Words for values that have a name: mode 1 is `S`. */
  readonly values?: Readonly<Record<number, string>>;
}

const field = (name: string, high: number, low: number, en: string, zh: string, values?: Readonly<Record<number, string>>): CsrField =>
  ({ name, high, low, prose: { en, 'zh-CN': zh }, ...(values && { values }) });
const flag = (name: string, at: number, en: string, zh: string): CsrField => field(name, at, at, en, zh);

const MODES = { 0: 'U', 1: 'S', 3: 'M' };

const sstatus: readonly CsrField[] = [
  flag('SIE', 1, 'Interrupts for S mode are enabled while the hart is in S mode.', '处于 S 模式时允许 S 模式中断。'),
  flag('SPIE', 5, 'What SIE was before the last trap to S; sret moves it back.', '上一次陷入 S 之前 SIE 的值；sret 会把它移回。'),
  flag('UBE', 6, 'Big-endian data in U mode; always 0 here.', 'U 模式使用大端数据；此处恒为 0。'),
  field('SPP', 8, 8, 'The mode before the last trap to S: where sret returns to.', '上一次陷入 S 之前的模式：sret 将返回到该模式。', { 0: 'U', 1: 'S' }),
  field('VS', 10, 9, 'State of the vector unit; 0: there is none.', '向量单元的状态；0 表示没有。', { 0: 'off' }),
  field('FS', 14, 13, 'State of the floating-point unit; while it is off, its instructions are illegal.', '浮点单元的状态；关闭时浮点指令非法。', { 0: 'off', 1: 'initial', 2: 'clean', 3: 'dirty' }),
  field('XS', 16, 15, 'State of other units; always 0 here.', '其他单元的状态；此处恒为 0。', { 0: 'off' }),
  flag('SUM', 18, 'S mode may load and store in pages of U mode.', 'S 模式可以读写 U 模式的页。'),
  flag('MXR', 19, 'Loads may read pages that are only executable.', '加载可以读取仅可执行的页。'),
  field('UXL', 33, 32, 'Register width in U mode; 2 is 64 bits.', 'U 模式的寄存器宽度；2 表示 64 位。', { 2: '64' }),
  flag('SD', 63, 'Some unit is dirty.', '有单元处于 dirty 状态。'),
];

const byPosition = (fields: readonly CsrField[]): readonly CsrField[] => fields.toSorted((a, b) => a.low - b.low);

const mstatus = byPosition([
  ...sstatus,
  flag('MIE', 3, 'Interrupts for M mode are enabled while the hart is in M mode.', '处于 M 模式时允许 M 模式中断。'),
  flag('MPIE', 7, 'What MIE was before the last trap to M; mret moves it back.', '上一次陷入 M 之前 MIE 的值；mret 会把它移回。'),
  field('MPP', 12, 11, 'The mode before the last trap to M: where mret returns to.', '上一次陷入 M 之前的模式：mret 将返回到该模式。', MODES),
  flag('MPRV', 17, 'Loads and stores are checked as in the mode of MPP.', '加载和存储按 MPP 所指的模式检查。'),
  flag('TVM', 20, 'satp and sfence.vma trap in S mode.', '在 S 模式访问 satp 或执行 sfence.vma 会陷入。'),
  flag('TW', 21, 'wfi traps below M mode.', 'M 以下的模式执行 wfi 会陷入。'),
  flag('TSR', 22, 'sret traps in S mode.', '在 S 模式执行 sret 会陷入。'),
  flag('GVA', 38, 'mtval holds an address of a guest.', 'mtval 中是客户的地址。'),
  flag('MPV', 39, 'The last trap to M came from a guest: mret goes back into it.', '上一次陷入 M 来自客户：mret 将返回客户。'),
  field('SXL', 35, 34, 'Register width in S mode; 2 is 64 bits.', 'S 模式的寄存器宽度；2 表示 64 位。', { 2: '64' }),
  flag('SBE', 36, 'Big-endian data in S mode; always 0 here.', 'S 模式使用大端数据；此处恒为 0。'),
  flag('MBE', 37, 'Big-endian data in M mode; always 0 here.', 'M 模式使用大端数据；此处恒为 0。'),
]);

const enables = (supervisorOnly: boolean): readonly CsrField[] => byPosition([
  flag('SSIE', 1, 'Supervisor software interrupt enabled.', '允许监管者软件中断。'),
  flag('STIE', 5, 'Supervisor timer interrupt enabled.', '允许监管者定时器中断。'),
  flag('SEIE', 9, 'Supervisor external interrupt enabled.', '允许监管者外部中断。'),
  ...(supervisorOnly ? [] : [
    flag('MSIE', 3, 'Machine software interrupt enabled.', '允许机器软件中断。'),
    flag('MTIE', 7, 'Machine timer interrupt enabled.', '允许机器定时器中断。'),
    flag('MEIE', 11, 'Machine external interrupt enabled.', '允许机器外部中断。'),
  ]),
]);

const pendings = (supervisorOnly: boolean): readonly CsrField[] => byPosition([
  flag('SSIP', 1, 'A supervisor software interrupt is pending.', '监管者软件中断挂起。'),
  flag('STIP', 5, 'A supervisor timer interrupt is pending.', '监管者定时器中断挂起。'),
  flag('SEIP', 9, 'A supervisor external interrupt is pending.', '监管者外部中断挂起。'),
  ...(supervisorOnly ? [] : [
    flag('MSIP', 3, 'A machine software interrupt is pending.', '机器软件中断挂起。'),
    flag('MTIP', 7, 'A machine timer interrupt is pending.', '机器定时器中断挂起。'),
    flag('MEIP', 11, 'A machine external interrupt is pending.', '机器外部中断挂起。'),
  ]),
]);

const tvec: readonly CsrField[] = [
  field('MODE', 1, 0, 'Direct: all traps go to BASE. Vectored: interrupts go to BASE + 4 × cause.', '直接：所有陷入都到 BASE。向量：中断到 BASE + 4 × 原因。', { 0: 'direct', 1: 'vectored' }),
  field('BASE', 63, 2, 'The handler’s address, without its two low bits.', '处理程序的地址（不含最低两位）。'),
];

const cause: readonly CsrField[] = [
  field('CODE', 62, 0, 'Which exception, or which interrupt.', '哪一种异常或中断。'),
  flag('INTERRUPT', 63, 'The last trap was an interrupt.', '上一次陷入是中断。'),
];

const counters: readonly CsrField[] = [
  flag('CY', 0, 'The mode below may read cycle.', '下一级模式可以读取 cycle。'),
  flag('TM', 1, 'The mode below may read time.', '下一级模式可以读取 time。'),
  flag('IR', 2, 'The mode below may read instret.', '下一级模式可以读取 instret。'),
];

const delegatedExceptions: readonly CsrField[] = [
  'misaligned fetch', 'fetch access fault', 'illegal instruction', 'breakpoint', 'misaligned load', 'load access fault', 'misaligned store', 'store access fault',
  'ecall from U', 'ecall from S', '', '', 'fetch page fault', 'load page fault', '', 'store page fault',
].flatMap((name, code) => (name === '' ? [] : [flag(`E${String(code)}`, code, `Exception ${String(code)} (${name}) goes to S.`, `异常 ${String(code)} 交给 S 处理。`)]));

const environment: readonly CsrField[] = [flag('FIOM', 0, 'Fences of memory also order devices.', '内存屏障同时对设备排序。')];

const exceptions: readonly CsrField[] = [
  flag('NX', 0, 'A result was rounded: inexact.', '结果经过舍入：不精确。'),
  flag('UF', 1, 'A result was too small and inexact: underflow.', '结果过小且不精确：下溢。'),
  flag('OF', 2, 'A result was too large: overflow.', '结果过大：上溢。'),
  flag('DZ', 3, 'A finite number was divided by zero.', '有限数除以零。'),
  flag('NV', 4, 'An operation had no meaningful result: invalid.', '运算没有有意义的结果：无效。'),
];
const rounding = (low: number): CsrField => field('RM', low + 2, low, 'How results are rounded: to nearest, ties to even; to zero; down; up; to nearest, ties away from zero.', '结果如何舍入：就近（平局取偶）、向零、向下、向上、就近（平局远离零）。',
  { 0: 'rne', 1: 'rtz', 2: 'rdn', 3: 'rup', 4: 'rmm' });

const guestInterrupt = (suffix: string, en: string, zh: string): readonly CsrField[] => [
  flag(`VSSI${suffix}`, 2, `Guest software interrupt ${en}.`, `客户软件中断${zh}。`),
  flag(`VSTI${suffix}`, 6, `Guest timer interrupt ${en}.`, `客户定时器中断${zh}。`),
  flag(`VSEI${suffix}`, 10, `Guest external interrupt ${en}.`, `客户外部中断${zh}。`),
];

const hstatus = byPosition([
  flag('GVA', 6, 'stval holds an address of a guest.', 'stval 中是客户的地址。'),
  flag('SPV', 7, 'The last trap to HS came from a guest: sret goes back into it.', '上一次陷入 HS 来自客户：sret 将返回客户。'),
  field('SPVP', 8, 8, 'The mode of the guest before that trap; hlv and hsv have its rights.', '该陷入之前客户的模式；hlv 和 hsv 使用其权限。', { 0: 'U', 1: 'S' }),
  flag('HU', 9, 'U mode may use hlv, hlvx and hsv.', 'U 模式可以使用 hlv、hlvx 和 hsv。'),
  field('VGEIN', 17, 12, 'The guest’s external interrupt line; there are none here.', '客户外部中断线；此处没有。'),
  flag('VTVM', 20, 'satp and sfence.vma trap in VS mode.', '在 VS 模式访问 satp 或执行 sfence.vma 会陷入。'),
  flag('VTW', 21, 'wfi traps in VS mode.', '在 VS 模式执行 wfi 会陷入。'),
  flag('VTSR', 22, 'sret traps in VS mode.', '在 VS 模式执行 sret 会陷入。'),
  field('VSXL', 33, 32, 'Register width in VS mode; 2 is 64 bits.', 'VS 模式的寄存器宽度；2 表示 64 位。', { 2: '64' }),
]);

const translation = (space: CsrField, modes: Readonly<Record<number, string>>): readonly CsrField[] => [
  field('PPN', 43, 0, 'Physical page number of the root page table.', '根页表的物理页号。'),
  space,
  field('MODE', 63, 60, 'How addresses are translated.', '地址如何转换。', modes),
];
const ASID = field('ASID', 59, 44, 'The address space that TLB entries belong to.', 'TLB 表项所属的地址空间。');
const VMID = field('VMID', 57, 44, 'The guest that TLB entries belong to.', 'TLB 表项所属的客户。');

const environmentOfMode = byPosition([
  ...environment,
  field('CBIE', 5, 4, 'cbo.inval: illegal, flushes, or invalidates.', 'cbo.inval：非法、改为刷新，或使其失效。', { 0: 'illegal', 1: 'flush', 3: 'invalidate' }),
  flag('CBCFE', 6, 'cbo.clean and cbo.flush are allowed.', '允许 cbo.clean 和 cbo.flush。'),
  flag('CBZE', 7, 'cbo.zero is allowed.', '允许 cbo.zero。'),
]);
const environmentOfBelow = byPosition([
  ...environmentOfMode,
  flag('ADUE', 61, 'The hardware sets A and D in page tables.', '由硬件设置页表中的 A 和 D 位。'),
  flag('STCE', 63, 'The timer of the mode below (stimecmp) is there.', '下一级模式的定时器（stimecmp）可用。'),
]);

const protection = (first: number): readonly CsrField[] =>
  Array.from({ length: 8 }, (_, index) => field(`R${String(first + index)}`, index * 8 + 7, index * 8,
    `Region ${String(first + index)}: R 0, W 1, X 2, matching 4:3 (off, TOR, NA4, NAPOT), L 7.`, `区域 ${String(first + index)}：R 0、W 1、X 2、匹配方式 4:3（关、TOR、NA4、NAPOT）、L 7。`));

export const FIELDS: Readonly<Record<string, readonly CsrField[]>> = {
  sstatus,
  mstatus,
  sie: enables(true),
  mie: enables(false),
  sip: pendings(true),
  mip: pendings(false),
  stvec: tvec,
  mtvec: tvec,
  scause: cause,
  mcause: cause,
  scounteren: counters,
  mcounteren: counters,
  senvcfg: environmentOfMode,
  menvcfg: environmentOfBelow,
  medeleg: delegatedExceptions,
  mideleg: [
    flag('SSI', 1, 'Supervisor software interrupts go to S.', '监管者软件中断交给 S 处理。'),
    flag('STI', 5, 'Supervisor timer interrupts go to S.', '监管者定时器中断交给 S 处理。'),
    flag('SEI', 9, 'Supervisor external interrupts go to S.', '监管者外部中断交给 S 处理。'),
  ],
  satp: translation(ASID, { 0: 'bare', 8: 'Sv39', 9: 'Sv48' }),
  vsatp: translation(ASID, { 0: 'bare', 8: 'Sv39', 9: 'Sv48' }),
  hgatp: translation(VMID, { 0: 'bare', 8: 'Sv39x4', 9: 'Sv48x4' }),
  hstatus,
  vsstatus: sstatus,
  vsie: enables(true),
  vsip: pendings(true),
  vstvec: tvec,
  vscause: cause,
  hie: guestInterrupt('E', 'enabled', '已允许'),
  hip: guestInterrupt('P', 'is pending', '挂起'),
  hvip: guestInterrupt('P', 'is injected by the hypervisor', '由虚拟机监控器注入'),
  hideleg: guestInterrupt('', 'goes to VS', '交给 VS 处理'),
  hedeleg: delegatedExceptions,
  hcounteren: counters,
  henvcfg: environmentOfBelow,
  pmpcfg0: protection(0),
  pmpcfg2: protection(8),
  fflags: exceptions,
  frm: [rounding(0)],
  fcsr: [...exceptions, rounding(5)],
  misa: [
    field('EXTENSIONS', 25, 0, 'A bit for each extension, A is bit 0.', '每个扩展一位，A 是第 0 位。'),
    field('MXL', 63, 62, 'Register width in M mode; 2 is 64 bits.', 'M 模式的寄存器宽度；2 表示 64 位。', { 2: '64' }),
  ],
};
