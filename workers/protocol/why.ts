/**
 * Why a real CSR holds something else than the virtual CSR of the same name: one sentence for each reason. The lab picks the key from
 * the machine's state (lab/why.ts); the page shows the sentence in the reader's language.
 */
import type { Prose } from '../isa/row.ts';

export const WHY = {
  'sstatus.guest-really-in-user': {
    en: 'The real sstatus describes the VMM: real traps come from U, so hardware writes SPP = 0 there. SIE, SPIE and SPP of the guest exist only in the virtual register.',
    'zh-CN': '真实的 sstatus 描述的是 VMM：真实的陷入总是来自 U 模式，所以硬件在那里写入 SPP = 0。客户机自己的 SIE、SPIE 和 SPP 只存在于虚拟寄存器中。',
  },
  'sie.vmm-enables-its-own': {
    en: 'The real sie enables the interrupts that the VMM needs to keep control. What the guest enables decides only which interrupts the VMM delivers to it.',
    'zh-CN': '真实的 sie 打开的是 VMM 为保持控制所需要的中断。客户机打开的中断只决定 VMM 会把哪些中断交付给它。',
  },
  'sip.lines-are-virtual': {
    en: 'The real pending bits come from the real timer and interrupt controller; the guest sees those of its virtual timer and virtual interrupt controller.',
    'zh-CN': '真实的挂起位来自真实的定时器和中断控制器；客户机看到的是它的虚拟定时器和虚拟中断控制器的挂起位。',
  },
  'stvec.traps-go-to-the-vmm': {
    en: 'Every real trap must land in the VMM, so the real stvec is the VMM’s handler. The guest’s handler is kept here and entered only when the VMM passes a trap on.',
    'zh-CN': '每一次真实的陷入都必须落到 VMM，所以真实的 stvec 指向 VMM 的处理程序。客户机的处理程序保存在虚拟寄存器里，只有 VMM 转交陷入时才会进入。',
  },
  'sscratch.vmm-own': {
    en: 'The real sscratch is the VMM’s own scratch word for saving registers; the guest’s value lives in the virtual register.',
    'zh-CN': '真实的 sscratch 是 VMM 保存寄存器时自己用的暂存字；客户机的值保存在虚拟寄存器中。',
  },
  'sepc.resumes-the-guest': {
    en: 'The real sepc is where the VMM’s own sret resumes the guest. The virtual sepc is where the guest’s next sret will go; the VMM copies between them only when it emulates.',
    'zh-CN': '真实的 sepc 是 VMM 自己的 sret 恢复客户机的地址。虚拟 sepc 是客户机下一次 sret 的去向；只有在模拟时，VMM 才会在两者之间复制。',
  },
  'scause.illegal-is-for-the-vmm': {
    en: 'The guest kernel ran a privileged instruction in real U, so hardware says 2, illegal instruction. The VMM emulated it; the guest must never learn of it.',
    'zh-CN': '客户机内核在真实的 U 模式下执行了特权指令，所以硬件报告 2（非法指令）。VMM 已经模拟了它；客户机绝不能知道这件事。',
  },
  'scause.ecall-looks-the-same': {
    en: 'Hardware reports 8, a call from U, for all of the guest’s modes. Only the virtual mode tells the VMM whether it is a system call or a call to the firmware.',
    'zh-CN': '对于客户机的每一种模式，硬件都报告 8（来自 U 的调用）。只有虚拟模式才能告诉 VMM 这是系统调用还是对固件的调用。',
  },
  'scause.fault-was-hidden': {
    en: 'The last real trap was a page fault in the shadow page table that the guest’s own table does not cause: the VMM filled the entry and the guest never saw a fault.',
    'zh-CN': '上一次真实的陷入是影子页表中的缺页，而客户机自己的页表并不会引起它：VMM 填好了表项，客户机从未看到缺页。',
  },
  'scause.interrupt-was-for-the-vmm': {
    en: 'The last real trap was an interrupt of the real machine. The VMM took it; what it tells the guest, and when, is decided by the guest’s virtual sie and sstatus.',
    'zh-CN': '上一次真实的陷入是真实机器的中断，由 VMM 接收；它告诉客户机什么、何时告诉，由客户机的虚拟 sie 和 sstatus 决定。',
  },
  'scause.last-real-trap': {
    en: 'The real scause is the cause of the last real trap; the virtual one is the last cause that the VMM gave to the guest.',
    'zh-CN': '真实的 scause 是上一次真实陷入的原因；虚拟的 scause 是 VMM 上一次交给客户机的原因。',
  },
  'stval.last-real-trap': {
    en: 'The real stval belongs to the last real trap (for an illegal instruction, its bits); the virtual one belongs to the last trap that the guest was given.',
    'zh-CN': '真实的 stval 属于上一次真实的陷入（非法指令时是指令的编码）；虚拟的 stval 属于客户机上一次收到的陷入。',
  },
  'satp.shadow-page-table': {
    en: 'The guest’s table maps to addresses that the guest believes to be physical. The real satp holds the VMM’s shadow page table, which maps the same addresses to real memory.',
    'zh-CN': '客户机的页表映射到客户机以为是物理地址的地址。真实的 satp 指向 VMM 的影子页表，它把同样的虚拟地址映射到真实内存。',
  },
  'satp.guest-believes-paging-off': {
    en: 'The guest has paging off, but its memory does not stand where it believes: the VMM keeps real paging on, with a table from guest-physical to host-physical addresses.',
    'zh-CN': '客户机没有打开分页，但它的内存并不在它以为的位置：VMM 始终打开真实的分页，用一张从客户物理地址到宿主物理地址的表。',
  },
  'scounteren.counters-must-trap': {
    en: 'The VMM keeps the real counters closed to U mode, so that a guest’s read of time traps and can be answered with virtual time.',
    'zh-CN': 'VMM 不让 U 模式读取真实计数器，这样客户机读取时间就会陷入，VMM 便可以用虚拟时间来回答。',
  },
  'machine.guest-brings-its-own': {
    en: 'The guest has brought its own M mode, and runs it in real U as all the rest: its machine registers are numbers in the VMM’s memory. The real ones are the real firmware’s.',
    'zh-CN': '客户机自带 M 模式，它和其余部分一样在真实的 U 模式下运行：它的机器模式寄存器是 VMM 内存中的数。真实的寄存器属于真实的固件。',
  },
  'other.vmm-own': {
    en: 'The real register belongs to the VMM; the guest’s value is kept in the virtual hart.',
    'zh-CN': '真实的寄存器属于 VMM；客户机的值保存在虚拟 hart 中。',
  },
} as const satisfies Record<string, Prose>;

export type WhyKey = keyof typeof WHY;
