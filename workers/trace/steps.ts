/**
 * The micro-steps of trap handling, one row each: the plain sentence in each language. A step's id stands as a literal at exactly one
 * place in the VMM's (or firmware's) source, so the page can show the line that did it. {name} is replaced by the event's argument.
 * Tests check that every id is used once in the source and has both sentences with the same arguments.
 */
export interface StepRow {
  /** Shown as the step's short name in lists. */
  readonly title: { readonly en: string; readonly 'zh-CN': string };
  readonly sentence: { readonly en: string; readonly 'zh-CN': string };
}

export const STEPS = {
  'exit.save-registers': {
    title: { en: 'Save', 'zh-CN': '保存' },
    sentence: {
      en: 'The VMM keeps the 31 guest registers as they are and reads the real scause ({cause}), sepc ({epc}) and stval ({tval}).',
      'zh-CN': 'VMM 保全 31 个客户机寄存器，并读取真实的 scause（{cause}）、sepc（{epc}）和 stval（{tval}）。',
    },
  },
  'firmware.sbi-call': {
    title: { en: 'SBI call', 'zh-CN': 'SBI 调用' },
    sentence: {
      en: 'The firmware answers the SBI call {call} made at {epc}, puts the answer into a0 and a1, and returns behind the ecall.',
      'zh-CN': '固件回答 {epc} 处的 SBI 调用 {call}，把结果放入 a0 和 a1，然后返回到 ecall 之后。',
    },
  },
  'firmware.pass-on': {
    title: { en: 'Pass on', 'zh-CN': '转交' },
    sentence: {
      en: 'The firmware has no use for {cause} at {epc}: it passes the trap on to the kernel in S.',
      'zh-CN': '固件不处理 {epc} 处的 {cause}：它把陷入转交给 S 模式的内核。',
    },
  },
  'hardware.trap-entry-machine': {
    title: { en: 'Trap to M', 'zh-CN': '陷入 M' },
    sentence: {
      en: 'The hardware takes a trap to M mode: it writes mcause ({cause}), mepc ({epc}) and mtval, stacks mstatus and jumps to mtvec, which is the firmware.',
      'zh-CN': '硬件陷入 M 模式：写入 mcause（{cause}）、mepc（{epc}）和 mtval，压栈 mstatus，跳到 mtvec，也就是固件。',
    },
  },
  'hardware.trap-entry': {
    title: { en: 'Trap', 'zh-CN': '陷入' },
    sentence: {
      en: 'The hardware takes a trap in real U mode: it writes scause ({cause}), sepc ({epc}) and stval, stacks sstatus, enters S mode and jumps to stvec, which is the VMM.',
      'zh-CN': '硬件在真实的 U 模式下发生陷入：写入 scause（{cause}）、sepc（{epc}）和 stval，压栈 sstatus，进入 S 模式并跳到 stvec，也就是 VMM。',
    },
  },
  'virtual-trap.scause': {
    title: { en: 'scause', 'zh-CN': 'scause' },
    sentence: {
      en: 'The VMM writes the cause into the virtual scause: {cause} ({value}).',
      'zh-CN': 'VMM 把原因写入虚拟 scause：{cause}（{value}）。',
    },
  },
  'virtual-trap.sepc': {
    title: { en: 'sepc', 'zh-CN': 'sepc' },
    sentence: {
      en: 'The virtual sepc gets the address where the guest was: {value}.',
      'zh-CN': '虚拟 sepc 得到客户机当时所在的地址：{value}。',
    },
  },
  'virtual-trap.stval': {
    title: { en: 'stval', 'zh-CN': 'stval' },
    sentence: {
      en: 'The virtual stval gets the trap value: {value}.',
      'zh-CN': '虚拟 stval 得到陷入值：{value}。',
    },
  },
  'virtual-trap.sstatus': {
    title: { en: 'sstatus', 'zh-CN': 'sstatus' },
    sentence: {
      en: 'In the virtual sstatus SPIE takes SIE, SIE becomes 0 and SPP takes the virtual mode, {mode}: now {value}.',
      'zh-CN': '虚拟 sstatus 中 SPIE 取 SIE 的值，SIE 清零，SPP 记下虚拟模式 {mode}：现在是 {value}。',
    },
  },
  'virtual-trap.mode': {
    title: { en: 'Mode S', 'zh-CN': '模式 S' },
    sentence: {
      en: 'The virtual mode goes from {from} to S. The real mode, once the guest runs again, is U as before.',
      'zh-CN': '虚拟模式从 {from} 变为 S。客户机再次运行时，真实模式仍然是 U。',
    },
  },
  'virtual-trap.pc': {
    title: { en: 'Handler', 'zh-CN': '处理程序' },
    sentence: {
      en: 'The VMM puts the guest kernel’s trap handler, from the virtual stvec, into the real sepc: {value}.',
      'zh-CN': 'VMM 把虚拟 stvec 中客户机内核的陷入处理程序地址写入真实 sepc：{value}。',
    },
  },
  'virtual-machine-trap.registers': {
    title: { en: 'mcause, mepc, mtval', 'zh-CN': 'mcause、mepc、mtval' },
    sentence: {
      en: 'The guest’s M mode does not delegate this trap: the VMM writes {cause} into the virtual mcause, {epc} into mepc and {value} into mtval.',
      'zh-CN': '客户机的 M 模式没有委托这个陷入：VMM 把 {cause} 写入虚拟 mcause，把 {epc} 写入 mepc，把 {value} 写入 mtval。',
    },
  },
  'virtual-machine-trap.mstatus': {
    title: { en: 'mstatus', 'zh-CN': 'mstatus' },
    sentence: {
      en: 'In the virtual mstatus MPIE takes MIE, MIE becomes 0 and MPP takes the virtual mode, {mode}: now {value}.',
      'zh-CN': '在虚拟 mstatus 中，MPIE 取 MIE 的值，MIE 变为 0，MPP 记下虚拟模式 {mode}：现在是 {value}。',
    },
  },
  'virtual-machine-trap.handler': {
    title: { en: 'Mode M', 'zh-CN': '模式 M' },
    sentence: {
      en: 'The virtual mode goes from {from} to M, and the real sepc gets the handler in the virtual mtvec: {value}. The real mode stays U.',
      'zh-CN': '虚拟模式从 {from} 变为 M，真实 sepc 得到虚拟 mtvec 中的处理程序地址：{value}。真实模式仍是 U。',
    },
  },
  'virtual-mret.mode': {
    title: { en: 'Mode from MPP', 'zh-CN': '由 MPP 得到模式' },
    sentence: {
      en: 'The virtual mode becomes {mode}, as the virtual mstatus.MPP says, and MIE takes MPIE: mstatus is now {value}.',
      'zh-CN': '虚拟模式按虚拟 mstatus.MPP 变为 {mode}，MIE 取 MPIE 的值：mstatus 现在是 {value}。',
    },
  },
  'virtual-mret.pc': {
    title: { en: 'pc from mepc', 'zh-CN': '由 mepc 得到 pc' },
    sentence: {
      en: 'The VMM copies the virtual mepc into the real sepc, so that its own sret will go there: {value}.',
      'zh-CN': 'VMM 把虚拟 mepc 复制到真实 sepc，这样它自己的 sret 就会回到那里：{value}。',
    },
  },
  'virtual-sret.mode': {
    title: { en: 'Mode from SPP', 'zh-CN': '由 SPP 得到模式' },
    sentence: {
      en: 'The virtual mode becomes {mode}, as the virtual sstatus.SPP says.',
      'zh-CN': '按虚拟 sstatus.SPP，虚拟模式变为 {mode}。',
    },
  },
  'virtual-sret.sstatus': {
    title: { en: 'sstatus', 'zh-CN': 'sstatus' },
    sentence: {
      en: 'In the virtual sstatus SIE takes SPIE, SPIE becomes 1 and SPP becomes U: now {value}.',
      'zh-CN': '虚拟 sstatus 中 SIE 取 SPIE 的值，SPIE 变为 1，SPP 变为 U：现在是 {value}。',
    },
  },
  'virtual-sret.pc': {
    title: { en: 'pc from sepc', 'zh-CN': '由 sepc 得到 pc' },
    sentence: {
      en: 'The VMM copies the virtual sepc into the real sepc, so that its own sret will go there: {value}.',
      'zh-CN': 'VMM 把虚拟 sepc 复制到真实 sepc，这样它自己的 sret 就会跳到那里：{value}。',
    },
  },
  'walk-guest.leaf': {
    title: { en: 'Guest’s table', 'zh-CN': '客户机页表' },
    sentence: {
      en: 'The VMM walks the guest’s own page table for {va}: the level {level} entry {entry} allows the access, so the guest did nothing wrong.',
      'zh-CN': 'VMM 为 {va} 遍历客户机自己的页表：第 {level} 级表项 {entry} 允许这次访问，所以客户机没有做错。',
    },
  },
  'walk-guest.accessed-dirty': {
    title: { en: 'A and D', 'zh-CN': 'A 与 D' },
    sentence: {
      en: 'As hardware would have done, the VMM sets the accessed bit (and for a store the dirty bit) in the guest’s entry at {at}: now {entry}.',
      'zh-CN': '像硬件会做的那样，VMM 在 {at} 处的客户机表项中置位 A（写入时还有 D）：现在是 {entry}。',
    },
  },
  'shadow.to-host': {
    title: { en: 'To real memory', 'zh-CN': '到真实内存' },
    sentence: {
      en: 'What the guest believes to be physical page {gpa} really stands at {hpa}.',
      'zh-CN': '客户机以为的物理页 {gpa} 实际位于 {hpa}。',
    },
  },
  'shadow.fill': {
    title: { en: 'Fill', 'zh-CN': '填充' },
    sentence: {
      en: 'The VMM writes the entry {va} → {page} with rights {flags} into the shadow table “{root}”. If it replaces another, a real sfence.vma makes the hardware forget that one.',
      'zh-CN': 'VMM 把表项 {va} → {page}（权限 {flags}）写入影子页表“{root}”。如果它取代了另一项，就用真实的 sfence.vma 让硬件忘掉那一项。',
    },
  },
  'shadow.drop': {
    title: { en: 'Drop', 'zh-CN': '丢弃' },
    sentence: {
      en: 'The VMM drops what the shadow tables hold for {va}: the next access faults and is looked up again in the guest’s table.',
      'zh-CN': 'VMM 丢弃影子页表中关于 {va} 的内容：下一次访问会缺页，再按客户机页表重新查找。',
    },
  },
  'shadow.regions': {
    title: { en: 'Protected regions', 'zh-CN': '保护区域' },
    sentence: {
      en: 'The guest’s M mode has changed its protected regions (PMP): the VMM drops every shadow page, since each may have other rights now.',
      'zh-CN': '客户机的 M 模式改变了保护区域（PMP）：每一页的权限都可能不同，VMM 丢弃所有影子页。',
    },
  },
  'shadow.drop-all': {
    title: { en: 'Drop all', 'zh-CN': '全部丢弃' },
    sentence: {
      en: 'The VMM drops all shadow tables: they will be filled again, page by page, from the guest’s table as it is then.',
      'zh-CN': 'VMM 丢弃全部影子页表：之后会按届时的客户机页表逐页重新填充。',
    },
  },
  'shadow.drop-space': {
    title: { en: 'Drop a space', 'zh-CN': '丢弃一个地址空间' },
    sentence: {
      en: 'The VMM drops what the shadow tables hold for the guest’s address space {asid}, but for its global pages.',
      'zh-CN': 'VMM 丢弃影子页表中客户机地址空间 {asid} 的内容，全局页除外。',
    },
  },
  'shadow.rebuild': {
    title: { en: 'Copy the table', 'zh-CN': '复制整张表' },
    sentence: {
      en: 'The VMM copies the guest’s whole table into the shadow table “{root}”, with real addresses: {pages} pages.',
      'zh-CN': 'VMM 把客户机的整张页表换成真实地址复制到影子页表“{root}”：共 {pages} 页。',
    },
  },
  'shadow.evict': {
    title: { en: 'Make room', 'zh-CN': '腾出空间' },
    sentence: {
      en: 'No page is left for shadow tables: the one that was not used for longest goes, “{root}” of the guest’s satp {satp}.',
      'zh-CN': '影子页表的页已用完：最久未用的一张被收回，即客户机 satp 为 {satp} 的“{root}”。',
    },
  },
  'shadow.emptied': {
    title: { en: 'Begin again', 'zh-CN': '重新开始' },
    sentence: {
      en: 'No page is left for shadow tables and there is no other to take one from: “{root}” is emptied, and filled again as it is used.',
      'zh-CN': '影子页表的页已用完，也没有别的表可收回：清空“{root}”，之后按使用重新填充。',
    },
  },
  'shadow.protect': {
    title: { en: 'Protect a table', 'zh-CN': '保护一张表' },
    sentence: {
      en: 'The guest’s page {gpa} is a page table now: no shadow page lets the guest write to it without a trap.',
      'zh-CN': '客户机的页 {gpa} 现在是一张页表：任何影子页都不让客户机不经陷入就写它。',
    },
  },
  'shadow.table-written': {
    title: { en: 'A table is written', 'zh-CN': '页表被写' },
    sentence: {
      en: 'The guest’s page table at {gpa} is written. The VMM drops the {parts} parts of shadow tables that were made through it and lets the page be written.',
      'zh-CN': '位于 {gpa} 的客户机页表被写。VMM 丢弃经它建立的 {parts} 个影子页表部分，并允许写该页。',
    },
  },
  'shadow.fence-unneeded': {
    title: { en: 'Nothing is stale', 'zh-CN': '没有过期内容' },
    sentence: {
      en: 'The VMM has seen every store to the guest’s tables, so the fence has nothing to drop, but for {tables} tables that could not be protected.',
      'zh-CN': 'VMM 看到了对客户机页表的每次写入，所以这条 fence 没有什么要丢弃，只有无法保护的 {tables} 张表除外。',
    },
  },
  'triage.system-call': {
    title: { en: 'For the guest’s kernel', 'zh-CN': '交给客户机内核' },
    sentence: {
      en: 'The virtual mode is U: the guest’s user calls its kernel (a7 = {number}), so the VMM passes the trap on.',
      'zh-CN': '虚拟模式是 U：客户机的用户程序在调用它的内核（a7 = {number}），所以 VMM 转交这次陷入。',
    },
  },
  'triage.firmware-call': {
    title: { en: 'For the VMM', 'zh-CN': '由 VMM 处理' },
    sentence: {
      en: 'The virtual mode is S: the guest’s kernel calls the firmware below it ({call}), and the VMM plays the firmware.',
      'zh-CN': '虚拟模式是 S：客户机内核在调用它下面的固件（{call}），由 VMM 扮演固件。',
    },
  },
  'triage.machine-call': {
    title: { en: 'For the guest’s M', 'zh-CN': '交给客户机的 M' },
    sentence: {
      en: 'The virtual mode is {mode}, and the guest has brought its own M mode: the call goes there, not to the VMM.',
      'zh-CN': '虚拟模式是 {mode}，而客户机自带 M 模式：这次调用交给它，而不是由 VMM 处理。',
    },
  },
  'triage.privileged-instruction': {
    title: { en: 'For the VMM', 'zh-CN': '由 VMM 处理' },
    sentence: {
      en: '“{instruction}” is illegal in real U, but the guest’s virtual mode may execute it: the VMM emulates it.',
      'zh-CN': '“{instruction}”在真实的 U 模式是非法的，但客户机的虚拟模式可以执行：由 VMM 模拟。',
    },
  },
  'triage.illegal-instruction': {
    title: { en: 'For the guest’s kernel', 'zh-CN': '交给客户机内核' },
    sentence: {
      en: 'Instruction {word} is illegal in the guest’s virtual mode {mode}, too: its own kernel gets the trap.',
      'zh-CN': '指令 {word} 在客户机的虚拟模式 {mode} 下同样非法：陷入交给它自己的内核。',
    },
  },
  'sbi.shutdown': {
    title: { en: 'Switch off', 'zh-CN': '关机' },
    sentence: {
      en: 'The guest asks its firmware to switch the machine off: the VMM stops it.',
      'zh-CN': '客户机请求固件关机：VMM 让它停止。',
    },
  },
  'sbi.answer': {
    title: { en: 'Answer', 'zh-CN': '回答' },
    sentence: {
      en: 'The VMM does what is asked and answers as firmware would: a0 = {a0}, a1 = {a1}.',
      'zh-CN': 'VMM 完成请求，并像固件那样回答：a0 = {a0}，a1 = {a1}。',
    },
  },
  'sbi.return': {
    title: { en: 'Behind the ecall', 'zh-CN': '越过 ecall' },
    sentence: {
      en: 'The guest goes on behind its ecall: the real sepc becomes {pc}.',
      'zh-CN': '客户机从 ecall 之后继续：真实 sepc 变为 {pc}。',
    },
  },
  'emulate.next-instruction': {
    title: { en: 'Next instruction', 'zh-CN': '下一条指令' },
    sentence: {
      en: 'The instruction has been carried out by the VMM, so the real sepc moves on by its {length} bytes, to {pc}.',
      'zh-CN': '指令已由 VMM 执行完毕，因此真实 sepc 前进它的 {length} 字节，到 {pc}。',
    },
  },
  'csr.read': {
    title: { en: 'Read', 'zh-CN': '读取' },
    sentence: {
      en: 'The VMM puts the virtual {csr}, {value}, into the guest’s register {register}.',
      'zh-CN': 'VMM 把虚拟 {csr} 的值 {value} 放入客户机寄存器 {register}。',
    },
  },
  'csr.write': {
    title: { en: 'Write', 'zh-CN': '写入' },
    sentence: {
      en: 'The VMM writes {value} to the virtual {csr}; the real {csr} stays as it is.',
      'zh-CN': 'VMM 把 {value} 写入虚拟 {csr}；真实的 {csr} 保持不变。',
    },
  },
  'wfi.wait': {
    title: { en: 'Wait', 'zh-CN': '等待' },
    sentence: {
      en: 'No interrupt of the guest is pending: it waits, and the real processor is free until an interrupt comes.',
      'zh-CN': '客户机没有挂起的中断：它进入等待，真实处理器空闲，直到有中断到来。',
    },
  },
  'fence.guest-changed-table': {
    title: { en: 'The table has changed', 'zh-CN': '页表已变' },
    sentence: {
      en: 'With sfence.vma (address {address}) the guest says that its page table has changed: now the VMM learns of it.',
      'zh-CN': '客户机用 sfence.vma（地址 {address}）声明它的页表已改变：VMM 由此得知。',
    },
  },
  'triage.true-fault': {
    title: { en: 'For the guest’s kernel', 'zh-CN': '交给客户机内核' },
    sentence: {
      en: 'The guest’s own page table does not allow this {access} at {va}: a true page fault, its kernel gets it.',
      'zh-CN': '客户机自己的页表不允许在 {va} 处进行此访问（{access}）：真缺页，交给它的内核。',
    },
  },
  'triage.hidden-fault': {
    title: { en: 'Hidden fault', 'zh-CN': '隐藏的缺页' },
    sentence: {
      en: 'The guest’s table allows {va} (guest-physical {gpa}); only the shadow table does not have it yet. The guest must not see this fault.',
      'zh-CN': '客户机页表允许访问 {va}（客户物理地址 {gpa}），只是影子页表里还没有。客户机不应看到这次缺页。',
    },
  },
  'triage.own-rights': {
    title: { en: 'By hand', 'zh-CN': '代为访问' },
    sentence: {
      en: 'The access to {va} (guest-physical {gpa}) is allowed, but no page of a shadow table can have just these rights: the VMM carries it out.',
      'zh-CN': '允许访问 {va}（客户物理地址 {gpa}），但影子页表的页无法恰好表示这种权限：由 VMM 代为完成。',
    },
  },
  'memory.access': {
    title: { en: 'Access', 'zh-CN': '访问' },
    sentence: {
      en: 'The VMM did the {access} at {va} in the guest’s memory, with the rights of virtual mode {mode}.',
      'zh-CN': 'VMM 以虚拟模式 {mode} 的权限，在客户机内存中完成了 {va} 处的 {access}。',
    },
  },
  'pass-through.map': {
    title: { en: 'The guest’s own device', 'zh-CN': '客户机自己的设备' },
    sentence: {
      en: 'The address {va} leads to a slice of a real device that is the guest’s: its registers, the real page {page}, are mapped, and no access to them traps any more.',
      'zh-CN': '地址 {va} 通向真实设备中属于客户机的一个切片：它的寄存器（真实页 {page}）被直接映射，此后对它们的访问不再陷入。',
    },
  },
  'triage.device': {
    title: { en: 'A device', 'zh-CN': '设备' },
    sentence: {
      en: 'The guest’s table leads to {gpa}, where the device “{device}” is: the VMM carries out the access.',
      'zh-CN': '客户机页表通向 {gpa}，那里是设备“{device}”：由 VMM 完成这次访问。',
    },
  },
  'triage.no-memory': {
    title: { en: 'Nothing there', 'zh-CN': '那里没有内存' },
    sentence: {
      en: 'The {access} at {va} leads to where the guest has no memory and no device: an access fault, as on a real machine. No mapping is ever made.',
      'zh-CN': '在 {va} 处的访问（{access}）通向客户机没有内存也没有设备的地方：像真实机器一样是访问错误。绝不会建立映射。',
    },
  },
  'triage.access-fault': {
    title: { en: 'For the guest’s kernel', 'zh-CN': '交给客户机内核' },
    sentence: {
      en: 'The hardware reports {cause}: the guest’s kernel gets it.',
      'zh-CN': '硬件报告 {cause}：交给客户机内核。',
    },
  },
  'triage.misaligned': {
    title: { en: 'For the guest’s kernel', 'zh-CN': '交给客户机内核' },
    sentence: {
      en: 'The address {address} is misaligned for the guest, too: its kernel gets the trap.',
      'zh-CN': '地址 {address} 对客户机来说同样未对齐：陷入交给它的内核。',
    },
  },
  'triage.breakpoint': {
    title: { en: 'For the guest’s kernel', 'zh-CN': '交给客户机内核' },
    sentence: {
      en: 'ebreak is the guest’s own: its kernel gets the trap.',
      'zh-CN': 'ebreak 是客户机自己的：陷入交给它的内核。',
    },
  },
  'device.refused': {
    title: { en: 'Refused', 'zh-CN': '拒绝' },
    sentence: {
      en: 'The device at {gpa} does not take this access: the guest gets an access fault.',
      'zh-CN': '{gpa} 处的设备不接受这次访问：客户机收到访问错误。',
    },
  },
  'device.load': {
    title: { en: 'Load', 'zh-CN': '加载' },
    sentence: {
      en: 'The VMM reads {value} from the {device} and puts it into the guest’s register {register}.',
      'zh-CN': 'VMM 从 {device} 读出 {value}，放入客户机寄存器 {register}。',
    },
  },
  'device.store': {
    title: { en: 'Store', 'zh-CN': '存储' },
    sentence: {
      en: 'The VMM writes {value} to the {device}.',
      'zh-CN': 'VMM 向 {device} 写入 {value}。',
    },
  },
  'interrupt.timer': {
    title: { en: 'Real timer', 'zh-CN': '真实定时器' },
    sentence: {
      en: 'The time that the guest asked for has come: the VMM takes the real timer interrupt and switches it off.',
      'zh-CN': '客户机设定的时间已到：VMM 接收真实的定时器中断并将其关闭。',
    },
  },
  'interrupt.virtual-timer': {
    title: { en: 'Virtual STIP', 'zh-CN': '虚拟 STIP' },
    sentence: {
      en: 'The VMM raises STIP in the virtual sip: the guest takes its timer interrupt as soon as it has it enabled.',
      'zh-CN': 'VMM 置位虚拟 sip 的 STIP：客户机一旦允许，就会收到定时器中断。',
    },
  },
  'interrupt.external': {
    title: { en: 'Typed characters', 'zh-CN': '键入的字符' },
    sentence: {
      en: 'The VMM takes what was typed from the real UART into the virtual one; the virtual sip is now {pending} (binary).',
      'zh-CN': 'VMM 把键入的字符从真实 UART 取到虚拟 UART；虚拟 sip 现在是 {pending}（二进制）。',
    },
  },
  'interrupt.deliver': {
    title: { en: 'Deliver', 'zh-CN': '交付' },
    sentence: {
      en: 'The guest’s {interrupt} is pending and enabled: before anything else the guest takes it.',
      'zh-CN': '客户机的 {interrupt} 已挂起且被允许：在其他一切之前，客户机先接收它。',
    },
  },
  'hypercall.made': {
    title: { en: 'Hypercall', 'zh-CN': '超级调用' },
    sentence: {
      en: 'The guest’s kernel knows that it is a guest and asks the VMM itself: {call}, with {a0} and {a1}.',
      'zh-CN': '客户机内核知道自己是客户机，直接请求 VMM：{call}，参数为 {a0} 和 {a1}。',
    },
  },
  'shared.take-in': {
    title: { en: 'Shared state in', 'zh-CN': '读入共享状态' },
    sentence: {
      en: 'What the guest has stored in its shared state becomes its virtual sstatus (SIE, SPIE, SPP), sepc, scause and stval: no csrw had to trap for it.',
      'zh-CN': '客户机存入共享状态的内容成为虚拟 sstatus（SIE、SPIE、SPP）、sepc、scause 和 stval：无需任何 csrw 陷入。',
    },
  },
  'shared.put-out': {
    title: { en: 'Shared state out', 'zh-CN': '写出共享状态' },
    sentence: {
      en: 'The VMM puts the virtual sstatus, sepc, scause and stval into the guest’s shared state, where it can load them without csrr.',
      'zh-CN': 'VMM 把虚拟 sstatus、sepc、scause 和 stval 写入客户机的共享状态，客户机无需 csrr 就能读取。',
    },
  },
  'exit.float-dirty': {
    title: { en: 'Floating point', 'zh-CN': '浮点' },
    sentence: {
      en: 'The guest has written floating-point registers, which the hardware noted in the real sstatus.FS: the virtual sstatus becomes {value}.',
      'zh-CN': '客户机写过浮点寄存器，硬件已记录在真实 sstatus.FS 中：虚拟 sstatus 变为 {value}。',
    },
  },
  'schedule.look': {
    title: { en: 'Look again', 'zh-CN': '重新查看' },
    sentence: {
      en: 'Somebody has changed something about the guests (one has come, is paused, or is gone), and asked the VMM by a software interrupt to look at them again.',
      'zh-CN': '有人改动了客户机（新来了一台、暂停了一台或移除了一台），并用软件中断请 VMM 重新查看它们。',
    },
  },
  'schedule.switch': {
    title: { en: 'World switch', 'zh-CN': '世界切换' },
    sentence: {
      en: 'Guest {from} leaves the real hart, and guest {to} gets it: all registers, the pc, and with the next step the shadow table are exchanged.',
      'zh-CN': '客户机 {from} 离开真实硬件线程，客户机 {to} 接管它：交换全部寄存器和 pc，下一步再交换影子页表。',
    },
  },
  'schedule.timer': {
    title: { en: 'Set the timer', 'zh-CN': '设置定时器' },
    sentence: {
      en: 'The VMM sets the real timer for whatever comes first, a guest’s own timer or the end of this guest’s slice: to {time}.',
      'zh-CN': 'VMM 把真实定时器设为最先到来的时刻（某台客户机自己的定时器，或这台客户机时间片的结束）：{time}。',
    },
  },
  'resume.float-state': {
    title: { en: 'Floating point', 'zh-CN': '浮点' },
    sentence: {
      en: 'The guest’s floating-point unit is {state}: the VMM writes the same into the real sstatus.FS, so that the hardware refuses what the guest has turned off.',
      'zh-CN': '客户机的浮点单元状态为 {state}：VMM 把同样的值写入真实 sstatus.FS，使硬件拒绝客户机已关闭的功能。',
    },
  },
  'resume.shadow-root': {
    title: { en: 'Shadow table', 'zh-CN': '影子页表' },
    sentence: {
      en: 'The guest now needs the shadow table “{root}”: the VMM puts its address into the real satp.',
      'zh-CN': '客户机现在需要影子页表“{root}”：VMM 把它的地址写入真实 satp。',
    },
  },
  'resume.sret': {
    title: { en: 'Real sret', 'zh-CN': '真实 sret' },
    sentence: {
      en: 'The VMM executes its own sret: the hardware goes to {pc} in real U mode. The guest believes to be in {mode}.',
      'zh-CN': 'VMM 执行自己的 sret：硬件以真实的 U 模式跳到 {pc}。客户机以为自己处于 {mode} 模式。',
    },
  },
} as const satisfies Record<string, StepRow>;

export type StepId = keyof typeof STEPS;
