/**
 * Mistakes that real VMMs have made, each as a switch: the right code asks its switch where the mistake would be, and does the wrong thing
 * instead. All are off unless someone turns them on. Each breaks a rule of SPEC.md; what finds it is the VMM's check of itself after each
 * exit (self-check.ts), or a second VMM without mistakes that does the same work (lab/oracle.ts); and some guest that then behaves otherwise
 * than on the bare machine (tests/equivalence/bugs.test.ts).
 */
interface Text {
  readonly en: string;
  readonly 'zh-CN': string;
}

interface BugRow {
  readonly id: string;
  /** The rule of SPEC.md that it breaks. */
  readonly rule: string;
  readonly title: Text;
  readonly sentence: Text;
}

const bug = <Id extends string>(id: Id, rule: string, title: string, titleZh: string, sentence: string, sentenceZh: string): BugRow & { readonly id: Id } =>
  ({ id, rule, title: { en: title, 'zh-CN': titleZh }, sentence: { en: sentence, 'zh-CN': sentenceZh } });

export const BUGS = [
  bug('sepc-not-advanced', 'T2', 'The instruction runs again', '指令再次执行',
    'After a CSR instruction the VMM does not move the pc on: the guest runs the same instruction for ever.', '模拟 CSR 指令之后，VMM 没有推进 pc：客户机永远执行同一条指令。'),
  bug('sepc-behind-ecall', 'T1', 'sepc behind the ecall', 'sepc 指向 ecall 之后',
    'The VMM gives the guest kernel the address behind the ecall; the kernel adds 4 itself and skips an instruction.', 'VMM 把 ecall 之后的地址交给客户机内核；内核自己再加 4，就跳过了一条指令。'),
  bug('mode-from-spp', 'V6', 'SPP taken for the mode', '把 SPP 当作当前模式',
    'The VMM reads the guest’s mode from sstatus.SPP, which says where the last trap came from.', 'VMM 从 sstatus.SPP 读取客户机的模式，而 SPP 说的是上一次陷入来自哪里。'),
  bug('sret-to-user', 'V4', 'sret always goes to the user', 'sret 总是回到用户态',
    'The VMM’s virtual sret goes to U whatever SPP says; a kernel that was interrupted in itself goes on without its rights.', 'VMM 的虚拟 sret 不看 SPP 一律回到 U；在内核中被中断的内核会失去权限继续执行。'),
  bug('sie-not-stacked', 'V2', 'SIE is not stacked', 'SIE 没有入栈',
    'A virtual trap leaves SIE and SPIE as they are: the guest’s handler is interrupted at its first instruction.', '虚拟陷入不动 SIE 与 SPIE：客户机的处理程序在第一条指令就可能被中断。'),
  bug('exceptions-vectored', 'V3', 'Exceptions are vectored', '异常也按向量分派',
    'In vectored mode the VMM sends exceptions to base + 4 × cause, too; only interrupts go there.', '在向量模式下 VMM 把异常也送到 base + 4 × cause；只有中断才应如此。'),
  bug('pending-not-enabled', 'V5', 'sie is ignored', '忽略 sie',
    'The VMM delivers what is pending in sip without asking sie.', 'VMM 只看 sip 中挂起的中断就投递，不看 sie。'),
  bug('timer-first', 'V5', 'The timer comes first', '定时器优先',
    'Of several interrupts the VMM delivers the timer’s before the software’s.', '多个中断同时挂起时，VMM 先投递定时器中断，后投递软件中断。'),
  bug('interrupts-forgotten', 'T9', 'Interrupts are not looked at again', '没有重新检查中断',
    'The VMM looks for the guest’s interrupts after a real interrupt only: one that the guest’s own csrs or sret lets in comes late.', 'VMM 只在真实中断之后检查客户机的中断：由客户机的 csrs 或 sret 放行的中断来得太晚。'),
  bug('timer-stays-pending', 'T8', 'The timer stays pending', '定时器一直挂起',
    'set_timer does not clear STIP: the guest’s handler is entered again and again.', 'set_timer 没有清除 STIP：客户机的处理程序被一次又一次进入。'),
  bug('wfi-sleeps-on', 'T10', 'wfi does not look', 'wfi 不看中断',
    'wfi waits although an interrupt is pending already: nothing will ever wake the guest.', '已有中断挂起时 wfi 仍然等待：再没有什么能唤醒客户机。'),
  bug('csrrs-zero-writes', 'T3', 'csrrs with x0 writes', 'csrrs x0 也写',
    'The VMM takes csrrs and csrrc with x0 for writes, so that reading a read-only register is illegal.', 'VMM 把使用 x0 的 csrrs 与 csrrc 当作写，于是读只读寄存器也成了非法指令。'),
  bug('rd-before-rs1', 'T3', 'rd is written first', '先写 rd',
    'The VMM writes rd before it reads rs1: csrrw t0, sscratch, t0 exchanges nothing.', 'VMM 在读 rs1 之前写了 rd：csrrw t0, sscratch, t0 什么也没有交换。'),
  bug('counters-open', 'T3', 'Counters stay open', '计数器一直开放',
    'The VMM lets the guest’s user read every counter, whatever the guest’s scounteren says.', '不管客户机的 scounteren 怎么写，VMM 都让客户机的用户程序读计数器。'),
  bug('real-satp', 'V1', 'The real satp is shown', '泄露真实的 satp',
    'csrr satp gives the guest the real register: it sees where its shadow table stands.', 'csrr satp 把真实寄存器交给客户机：它看到了影子页表的位置。'),
  bug('device-sign', 'T6', 'A byte of a device is not extended', '设备字节未扩展符号',
    'A signed load of a device register is filled with zeros.', '对设备寄存器的有符号载入用零填充。'),
  bug('device-length', 'T6', 'Device instructions are 4 bytes long', '设备访问指令一律按 4 字节',
    'After a compressed load or store to a device the VMM steps over 4 bytes.', '压缩的设备载入或存储之后，VMM 也跳过 4 个字节。'),
  bug('no-memory-is-page-fault', 'T5', 'Nothing there is a page fault', '无内存报成页错误',
    'Where the guest has neither RAM nor a device, it gets a page fault instead of an access fault.', '在客户机既无内存也无设备的地址，VMM 注入的是页错误而不是访问错误。'),
  bug('root-not-changed', 'S1', 'The shadow table is not changed', '没有切换影子页表',
    'When the guest’s mode changes the VMM goes on with the same shadow table: the user finds the kernel’s pages.', '客户机模式变化时 VMM 继续使用同一张影子页表：用户程序能看到内核的页。'),
  bug('user-pages-executable', 'S2', 'User pages are executable', '用户页可执行',
    'With SUM set, the kernel’s shadow table lets it execute user pages.', 'SUM 置位时，内核的影子页表允许它执行用户页。'),
  bug('writable-before-dirty', 'S3', 'Writable before dirty', '未置 D 先可写',
    'A page that was loaded from may be written at once: the guest’s dirty bit is never set.', '载入过的页立即可写：客户机的 D 位永远不会被置位。'),
  bug('accessed-forgotten', 'S3', 'A and D are not set', '没有置 A 与 D',
    'The VMM fills its shadow table without setting the accessed and dirty bits in the guest’s.', 'VMM 填充影子页表时没有在客户机的页表中置 A 与 D。'),
  bug('fence-skipped', 'S4', 'sfence.vma does nothing', 'sfence.vma 无效果',
    'The VMM steps over the guest’s sfence.vma: what the guest has unmapped stays mapped.', 'VMM 直接跳过客户机的 sfence.vma：客户机已解除的映射仍然存在。'),
  bug('fence-one-piece', 'S4', 'One piece of a superpage', '只清大页的一片',
    'A fence of an address in a superpage drops only the 4 KiB piece that the address is in.', '对大页中一个地址的 fence 只丢弃该地址所在的 4 KiB 一片。'),
  bug('mxr-forgotten', 'S5', 'MXR comes too late', 'MXR 迟到',
    'A change of MXR keeps the shadow table as it is: what was readable stays so.', 'MXR 变化后仍用原来的影子页表：原先可读的页依然可读。'),
  bug('misaligned-superpage', 'S7', 'A misaligned superpage is taken', '接受未对齐的大页',
    'The walk does not check that a superpage is aligned to its size.', '遍历页表时没有检查大页是否按其大小对齐。'),
  bug('escape', 'I1', 'Real memory is reached', '触及真实内存',
    'The VMM maps whatever the guest’s table says, without asking whether the guest owns it: here it reaches the VMM itself.', 'VMM 按客户机页表所写的地址直接映射，不问是否属于客户机：它可以触及 VMM 自身。'),
  bug('iommu-off', 'I3', 'The IOMMU is off', 'IOMMU 关闭',
    'The VMM gives a device slice to the guest and leaves the IOMMU off: the device takes the guest’s addresses for real ones.', 'VMM 把设备切片交给客户机却没有打开 IOMMU：设备把客户机的地址当成真实地址。'),
] as const;

export type BugId = (typeof BUGS)[number]['id'];
/** Which are turned on. */
export type Bugs = Readonly<Record<BugId, boolean>>;

/** Which mistakes the VMM makes, and whether it looks for what comes of them. */
export interface Mistakes {
  readonly bugs: readonly BugId[];
  /** It checks itself after each exit, and stops at the first rule that it finds broken. */
  readonly checked: boolean;
  /** Shadow pages are of 4 KiB only: what some mistakes do shows in pieces of superpages. */
  readonly pieces: boolean;
}

export const mistakesOf = (bugs: readonly BugId[], checked: boolean): Mistakes =>
  ({ bugs, checked, pieces: bugs.includes('fence-one-piece') || bugs.includes('misaligned-superpage') });

export const bugById = (id: string): (typeof BUGS)[number] | undefined => BUGS.find((row) => row.id === id);

export function bugsOf(on: readonly BugId[]): Record<BugId, boolean> {
  return Object.fromEntries(BUGS.map(({ id }) => [id, on.includes(id)])) as Record<BugId, boolean>;
}

export const NO_BUGS: Bugs = bugsOf([]);
