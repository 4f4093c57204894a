import type { Lesson } from '../lesson.ts';

export const userMode: Lesson = {
  id: 'user-mode',
  guest: 'hello.s',
  regime: 'trap-and-emulate',
  steps: [
    { id: 'start', moment: { at: 'start' }, panes: ['mode-ladder', 'disassembly'] },
    {
      id: 'first-privileged',
      moment: { at: 'trap', cause: 'illegal-instruction', n: 1 },
      microStep: 'hardware.trap-entry',
      panes: ['micro-steps', 'csrs', 'mode-ladder'],
      prediction: {
        id: 'real-stvec',
        question: {
          en: 'The guest wants to put the address of its own trap handler into stvec. When the VMM is done, what will the real stvec hold?',
          'zh-CN': '客户机想把自己的陷入处理程序地址写入 stvec。VMM 处理完之后，真实的 stvec 里会是什么？',
        },
        choices: [
          { label: { en: 'the address of the guest’s handler', 'zh-CN': '客户机处理程序的地址' }, value: { symbol: 'trap_handler' } },
          { label: { en: 'what it held before: the VMM’s own entry', 'zh-CN': '和之前一样：VMM 自己的入口' }, value: 'as-before' },
          { label: { en: 'zero', 'zh-CN': '零' }, value: 0n },
        ],
        reveal: 'after-trap',
        datum: { of: 'real-csr', name: 'stvec' },
        explanation: {
          en: 'The guest’s value went into the virtual stvec. Had it reached the real one, the next trap would have gone to the guest in real supervisor mode, and the machine would be its own.',
          'zh-CN': '客户机的值进入了虚拟的 stvec。如果它写进了真实的 stvec，下一次陷入就会以真实的监管态进入客户机，整台机器就归它了。',
        },
      },
    },
    { id: 'two-registers', panes: ['csrs'] },
    {
      id: 'reading-the-truth',
      moment: { at: 'trap', cause: 'illegal-instruction', instruction: 'csrrs', n: 1 },
      microStep: 'hardware.trap-entry',
      panes: ['csrs', 'micro-steps', 'registers'],
      prediction: {
        id: 'csrr-scause',
        question: {
          en: 'The guest’s handler reads scause to find out why it was called. The real scause says 2, illegal instruction. What must t0 hold when the guest goes on?',
          'zh-CN': '客户机的处理程序读取 scause，想知道为什么被调用。真实的 scause 是 2（非法指令）。客户机继续执行时，t0 必须是多少？',
        },
        choices: [
          { label: { en: '2, what the hardware says', 'zh-CN': '2，硬件的说法' }, value: 2n },
          { label: { en: '8, ecall from user mode', 'zh-CN': '8，来自用户态的 ecall' }, value: 8n },
          { label: { en: '9, ecall from supervisor mode', 'zh-CN': '9，来自监管态的 ecall' }, value: 9n },
        ],
        reveal: 'after-trap',
        datum: { of: 'register', name: 't0' },
        explanation: {
          en: 'The real scause changed to 2 because this very csrr trapped. The guest must see what it would have seen alone on the machine: its user program’s ecall, cause 8. That is why the VMM keeps virtual registers.',
          'zh-CN': '真实的 scause 变成 2，正是因为这条 csrr 自己陷入了。客户机必须看到它独占机器时会看到的东西：用户程序的 ecall，原因 8。所以 VMM 要保存虚拟寄存器。',
        },
      },
    },
    { id: 'memory-too', moment: { at: 'trap', cause: 'fetch-page-fault', n: 1 }, microStep: 'shadow.to-host', panes: ['page-walk', 'micro-steps'] },
    { id: 'what-makes-it-work', panes: ['statistics', 'mode-ladder'] },
  ],
};
