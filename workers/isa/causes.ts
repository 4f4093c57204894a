/** Trap causes (privileged manual, table "Supervisor cause register values after trap"): one row each, with the name that the whole lab uses. */
import type { Prose } from './row.ts';

export interface CauseRow {
  /** As used in URLs, counters, lessons and the command line. */
  readonly name: string;
  readonly interrupt: boolean;
  readonly code: number;
  /** Short, for tables and buttons. */
  readonly title: Prose;
  readonly prose: Prose;
}

const exception = (code: number, name: string, en: string, zh: string, proseEn: string, proseZh: string): CauseRow =>
  ({ name, interrupt: false, code, title: { en, 'zh-CN': zh }, prose: { en: proseEn, 'zh-CN': proseZh } });
const interrupt = (code: number, name: string, en: string, zh: string, proseEn: string, proseZh: string): CauseRow =>
  ({ name, interrupt: true, code, title: { en, 'zh-CN': zh }, prose: { en: proseEn, 'zh-CN': proseZh } });

export const CAUSES: readonly CauseRow[] = [
  exception(0, 'misaligned-fetch', 'Instruction address misaligned', '指令地址未对齐', 'A jump or branch went to an address where no instruction can begin.', '跳转或分支的目标不是合法的指令起始地址。'),
  exception(1, 'fetch-access-fault', 'Instruction access fault', '取指访问错误', 'There is no memory to fetch an instruction from at this physical address.', '该物理地址上没有可供取指的内存。'),
  exception(2, 'illegal-instruction', 'Illegal instruction', '非法指令', 'The instruction does not exist, or this mode may not execute it. The trap value holds its bits.', '指令不存在，或当前模式无权执行它。陷入值是该指令的编码。'),
  exception(3, 'breakpoint', 'Breakpoint', '断点', 'The instruction ebreak was executed.', '执行了 ebreak 指令。'),
  exception(4, 'misaligned-load', 'Load address misaligned', '加载地址未对齐', 'A load-reserved was not aligned to its size.', '保留加载（LR）的地址没有按其大小对齐。'),
  exception(5, 'load-access-fault', 'Load access fault', '加载访问错误', 'There is no memory and no device to load from at this physical address.', '该物理地址上既没有内存也没有设备可供加载。'),
  exception(6, 'misaligned-store', 'Store/AMO address misaligned', '存储/AMO 地址未对齐', 'A store-conditional or atomic operation was not aligned to its size.', '条件存储（SC）或原子操作的地址没有按其大小对齐。'),
  exception(7, 'store-access-fault', 'Store/AMO access fault', '存储/AMO 访问错误', 'There is no memory and no device to store to at this physical address.', '该物理地址上既没有内存也没有设备可供存储。'),
  exception(8, 'ecall-from-user', 'Environment call from U', '来自 U 的环境调用', 'Code in U mode executed ecall: a system call.', 'U 模式的代码执行了 ecall：系统调用。'),
  exception(9, 'ecall-from-supervisor', 'Environment call from S', '来自 S 的环境调用', 'Code in S mode executed ecall: a call to the firmware (SBI).', 'S 模式的代码执行了 ecall：对固件（SBI）的调用。'),
  exception(10, 'ecall-from-virtual-supervisor', 'Environment call from VS', '来自 VS 的环境调用', 'A guest’s kernel in VS mode executed ecall: a call to its hypervisor.', 'VS 模式的客户内核执行了 ecall：对其虚拟机监控器的调用。'),
  exception(11, 'ecall-from-machine', 'Environment call from M', '来自 M 的环境调用', 'Code in M mode executed ecall.', 'M 模式的代码执行了 ecall。'),
  exception(12, 'fetch-page-fault', 'Instruction page fault', '取指缺页', 'The page table does not let this mode execute at this address.', '页表不允许当前模式在该地址执行。'),
  exception(13, 'load-page-fault', 'Load page fault', '加载缺页', 'The page table does not let this mode read at this address.', '页表不允许当前模式读取该地址。'),
  exception(15, 'store-page-fault', 'Store/AMO page fault', '存储/AMO 缺页', 'The page table does not let this mode write at this address.', '页表不允许当前模式写入该地址。'),
  exception(20, 'fetch-guest-page-fault', 'Instruction guest-page fault', '取指客户页错误', 'The hypervisor’s page table (hgatp) does not let the guest execute at this guest-physical address.', '虚拟机监控器的页表（hgatp）不允许客户在该客户物理地址执行。'),
  exception(21, 'load-guest-page-fault', 'Load guest-page fault', '加载客户页错误', 'The hypervisor’s page table (hgatp) does not let the guest read at this guest-physical address.', '虚拟机监控器的页表（hgatp）不允许客户读取该客户物理地址。'),
  exception(22, 'virtual-instruction', 'Virtual instruction', '虚拟指令', 'A guest executed an instruction that only its hypervisor may execute, or that the hypervisor asked to see.', '客户执行了只有虚拟机监控器可以执行、或监控器要求拦截的指令。'),
  exception(23, 'store-guest-page-fault', 'Store/AMO guest-page fault', '存储/AMO 客户页错误', 'The hypervisor’s page table (hgatp) does not let the guest write at this guest-physical address.', '虚拟机监控器的页表（hgatp）不允许客户写入该客户物理地址。'),
  interrupt(1, 'supervisor-software-interrupt', 'Supervisor software interrupt', '监管者软件中断', 'Another hart, or the kernel itself, raised sip.SSIP.', '另一个 hart 或内核自己置位了 sip.SSIP。'),
  interrupt(2, 'virtual-supervisor-software-interrupt', 'Guest software interrupt', '客户软件中断', 'The hypervisor gave its guest a software interrupt (hvip.VSSIP).', '虚拟机监控器向客户注入了软件中断（hvip.VSSIP）。'),
  interrupt(3, 'machine-software-interrupt', 'Machine software interrupt', '机器软件中断', 'A write to the CLINT raised mip.MSIP.', '对 CLINT 的写入置位了 mip.MSIP。'),
  interrupt(5, 'supervisor-timer-interrupt', 'Supervisor timer interrupt', '监管者定时器中断', 'The time that was set through the SBI has come.', '通过 SBI 设定的时间已到。'),
  interrupt(6, 'virtual-supervisor-timer-interrupt', 'Guest timer interrupt', '客户定时器中断', 'The guest’s time has reached vstimecmp, or the hypervisor set hvip.VSTIP.', '客户时间已到达 vstimecmp，或虚拟机监控器置位了 hvip.VSTIP。'),
  interrupt(7, 'machine-timer-interrupt', 'Machine timer interrupt', '机器定时器中断', 'mtime has reached mtimecmp.', 'mtime 已到达 mtimecmp。'),
  interrupt(9, 'supervisor-external-interrupt', 'Supervisor external interrupt', '监管者外部中断', 'The interrupt controller (PLIC) has a device’s interrupt for S mode.', '中断控制器（PLIC）有一个交给 S 模式的设备中断。'),
  interrupt(10, 'virtual-supervisor-external-interrupt', 'Guest external interrupt', '客户外部中断', 'The hypervisor gave its guest a device’s interrupt (hvip.VSEIP).', '虚拟机监控器向客户注入了设备中断（hvip.VSEIP）。'),
  interrupt(11, 'machine-external-interrupt', 'Machine external interrupt', '机器外部中断', 'The interrupt controller (PLIC) has a device’s interrupt for M mode.', '中断控制器（PLIC）有一个交给 M 模式的设备中断。'),
];

/** Exception codes by the manual's names, for the code that raises them. */
export const CAUSE = {
  misalignedFetch: 0, fetchAccessFault: 1, illegalInstruction: 2, breakpoint: 3, misalignedLoad: 4, loadAccessFault: 5, misalignedStore: 6, storeAccessFault: 7,
  ecallFromUser: 8, ecallFromSupervisor: 9, ecallFromVirtualSupervisor: 10, ecallFromMachine: 11, fetchPageFault: 12, loadPageFault: 13, storePageFault: 15,
  fetchGuestPageFault: 20, loadGuestPageFault: 21, virtualInstruction: 22, storeGuestPageFault: 23,
} as const;

export const INTERRUPT = { ssi: 1, vssi: 2, msi: 3, sti: 5, vsti: 6, mti: 7, sei: 9, vsei: 10, mei: 11 } as const;

const exceptions = new Map(CAUSES.filter((row) => !row.interrupt).map((row) => [row.code, row]));
const interrupts = new Map(CAUSES.filter((row) => row.interrupt).map((row) => [row.code, row]));
const byName = new Map(CAUSES.map((row) => [row.name, row]));

export const causeRow = (interruptBit: boolean, code: number): CauseRow | undefined => (interruptBit ? interrupts : exceptions).get(code);
export const causeByName = (name: string): CauseRow | undefined => byName.get(name);
/** The cause's name; a reserved one says its number. */
export const causeName = (interruptBit: boolean, code: number): string =>
  causeRow(interruptBit, code)?.name ?? `${interruptBit ? 'interrupt' : 'exception'}-${String(code)}`;
