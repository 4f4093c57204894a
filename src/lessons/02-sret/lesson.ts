import type { Lesson } from '../lesson.ts';

const theSret = { at: 'trap', cause: 'illegal-instruction', instruction: 'sret', n: 1 } as const;

export const sret: Lesson = {
  id: 'sret',
  guest: 'processes.s',
  regime: 'trap-and-emulate',
  steps: [
    {
      id: 'the-trap',
      moment: theSret,
      panes: ['micro-steps', 'mode-ladder', 'csrs'],
      prediction: {
        id: 'cause',
        question: {
          en: 'The guest kernel has just executed sret in real user mode. Which cause has the hardware put into the real scause?',
          'zh-CN': '客户机内核刚刚在真实的用户态执行了 sret。硬件在真实的 scause 里写入了哪个原因？',
        },
        choices: [
          { label: { en: '2, illegal instruction', 'zh-CN': '2，非法指令' }, value: 2n },
          { label: { en: '8, ecall from user mode', 'zh-CN': '8，来自用户态的 ecall' }, value: 8n },
          { label: { en: 'none: sret does not trap', 'zh-CN': '没有：sret 不会陷入' }, value: -1n },
        ],
        reveal: { moment: theSret, microStep: 'hardware.trap-entry' },
        datum: { of: 'real-csr', name: 'scause' },
        explanation: {
          en: 'sret is a supervisor instruction. In user mode it is an illegal instruction, whatever the guest believes its mode to be.',
          'zh-CN': 'sret 是监管态指令。在用户态它就是非法指令，不管客户机以为自己处于什么模式。',
        },
      },
    },
    { id: 'decode', moment: theSret, microStep: 'exit.save-registers', panes: ['micro-steps', 'disassembly'] },
    {
      id: 'virtual-state',
      moment: theSret,
      microStep: 'triage.privileged-instruction',
      panes: ['csrs', 'micro-steps'],
      prediction: {
        id: 'virtual-mode',
        question: {
          en: 'The guest cleared SPP in its (virtual) sstatus before sret. Which mode will the guest believe to be in when the VMM is done?',
          'zh-CN': '客户机在 sret 之前清除了（虚拟的）sstatus 中的 SPP。VMM 处理完之后，客户机会以为自己在什么模式？',
        },
        choices: [
          { label: { en: 'supervisor', 'zh-CN': '监管态' }, value: 1n },
          { label: { en: 'user', 'zh-CN': '用户态' }, value: 0n },
        ],
        reveal: 'after-trap',
        datum: { of: 'virtual-mode' },
        explanation: {
          en: 'SPP names the mode to return to. It is often user, but not always: a kernel that traps in its own code returns to supervisor mode. The VMM reads the virtual SPP and decides.',
          'zh-CN': 'SPP 指明返回到哪个模式。常常是用户态，但不总是：内核在自己的代码里陷入时，返回的是监管态。VMM 读取虚拟的 SPP 来决定。',
        },
      },
    },
    {
      id: 'two-sepcs',
      moment: theSret,
      microStep: 'virtual-sret.sstatus',
      panes: ['csrs', 'micro-steps'],
      prediction: {
        id: 'real-sepc',
        question: {
          en: 'The hardware put the address of the sret into the real sepc. What must the real sepc hold when the VMM executes its own sret?',
          'zh-CN': '硬件把 sret 的地址放进了真实的 sepc。当 VMM 执行它自己的 sret 时，真实的 sepc 必须是什么？',
        },
        choices: [
          { label: { en: 'the same address: the guest’s sret is repeated', 'zh-CN': '同一个地址：重新执行客户机的 sret' }, value: 'as-before' },
          { label: { en: 'what the guest had put into its own, virtual sepc', 'zh-CN': '客户机放进自己的虚拟 sepc 里的值' }, value: { datum: { of: 'virtual-csr', name: 'sepc' } } },
          { label: { en: 'the guest’s trap handler', 'zh-CN': '客户机的陷入处理程序' }, value: { symbol: 'trap_handler' } },
        ],
        reveal: 'after-trap',
        datum: { of: 'real-csr', name: 'sepc' },
        explanation: {
          en: 'The VMM returns to where the guest wanted to return. For this short moment the real and the virtual sepc are the same.',
          'zh-CN': 'VMM 返回到客户机想要返回的地方。在这短短一刻，真实的和虚拟的 sepc 是相同的。',
        },
      },
    },
    { id: 'page-table', moment: theSret, microStep: 'resume.shadow-root', panes: ['micro-steps', 'page-walk'] },
    { id: 'two-srets', moment: theSret, microStep: 'resume.sret', panes: ['mode-ladder', 'timeline'] },
  ],
};
