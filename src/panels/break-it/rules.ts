/** The rules of the VMM that bugs break: in English as they stand in its specification. Loaded with the pane. */
import type { Language } from '../../i18n/index.ts';

const [SPECIFICATION = ''] = Object.values(import.meta.glob<string>('../../../workers/vmm/SPEC.md', { query: '?raw', import: 'default', eager: true }));

/** `- S1. Four roots: …`, up to the next rule or an empty line. */
const ENGLISH = new Map([...SPECIFICATION.matchAll(/^- ([A-Z]\d+)\. (.*(?:\n {2}.*)*)/gm)].map(([, rule, text]) => [rule!, text!.replaceAll('`', '').replace(/\s+/g, ' ')]));

export const CHINESE: Readonly<Record<string, string>> = {
  V1: '虚拟 CSR 接受的值与真实 CSR 完全一样（WARL）：MODE 不受支持时对 satp 的写整个被忽略，stvec 忽略保留的模式，sepc 的第 0 位始终为 0，sip 只有 SSIP 可写。',
  V2: '虚拟陷入对虚拟 CSR、模式和 pc 所做的，正是硬件陷入对真实者所做的。',
  V3: '异常在 stvec 的两种模式下都去往基址；中断在向量模式下去往 base + 4 × cause。',
  V4: '虚拟 sret 所做的与硬件的 sret 相同，并回到 SPP 所指的模式——不一定是 U。',
  V5: '客户机接收已挂起且被允许的中断，外部先于软件，软件先于定时器；在虚拟 U 中不看 SIE。',
  V6: '虚拟模式是一个独立的变量，从不由真实寄存器推算。',
  T1: '来自虚拟 U 的 ecall 以 cause 8 交给客户机内核，sepc 指向该 ecall；来自虚拟 S 的是 SBI 调用，由 VMM 回答，客户机从 4 字节之后继续；客户机自带 M 模式时，交给该模式，cause 为 9，来自 M 的为 11。',
  T2: '虚拟 S 或 M 中的特权指令被模拟。在虚拟 U 中，以及在虚拟 S 中访问 M 模式的寄存器与指令，是客户机自己的非法指令，陷入值与裸机相同。',
  T3: '模式过低、写只读寄存器、或计数器未开放时，拒绝 CSR 访问。使用 x0（或 0）的 csrrs 与 csrrc 不写；rd = x0 的 csrrw 不读。',
  T5: '客户机既无 RAM 也无设备的地址，产生与原访问同类的访问错误。',
  T6: '对设备的载入或存储在虚拟设备上执行，2 字节的形式也一样，pc 前进该指令的长度。未对齐的、设备拒绝的访问，是访问错误。',
  T8: '真实中断首先归 VMM。它在虚拟 sip 中挂起；当客户机自己的 sie 与 sstatus 允许时才被接收。',
  T9: 'VMM 做完任何事之后、客户机继续之前，都要重新检查中断。',
  T10: 'wfi 让机器等待，除非已有中断在虚拟 sie 中挂起且被允许；结束真实 wfi 的，也结束它。',
  S1: '四个根：user、kernel、kernel-sum、bare。每次退出之后使用哪一个，取决于虚拟 satp、模式、SUM 与 MXR。',
  S2: '影子叶表项是用户页，其权限不超过客户机的叶表项；在 kernel-sum 中用户页绝不可执行。其大小为 4 KiB；只有客户机使用大页或未开启分页，且那 2 MiB 全属于客户机并是一整块对齐的真实内存时，才为 2 MiB。',
  S3: '只有客户机的叶表项已脏，影子叶表项才可写。A 与 D 在客户机页表中的出现与硬件所置完全一致。',
  S4: 'sfence.vma 丢弃它所指的：一个地址、一个地址空间（全局页除外）、两者、或全部；对客户机的大页则丢弃所有片。允许丢弃比要求的更多。',
  S5: '每个 satp、根与 MXR 各有一张表，客户机转到别处时保留。每张表独占真实 hart 的一个地址空间，清空之后换一个新的。',
  S7: '遍历页表按手册的次序检查；表在客户机 RAM 之外时，是与原访问同类的访问错误。',
  I1: '每个有效的影子叶表项都通向客户机的 RAM，每张影子表都在 VMM 的页池里：每次退出之后都如此，无论客户机做了什么。',
  I3: '直通给客户机的设备只能触及客户机的内存，别无其他：IOMMU 已打开，其中客户机页表的每个叶表项都通向客户机的 RAM。',
};

export function ruleText(rule: string, language: Language): string {
  const english = ENGLISH.get(rule) ?? '';
  return language === 'zh-CN' ? CHINESE[rule] ?? english : english;
}
