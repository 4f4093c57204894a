import type { Lesson } from '../lesson.ts';

const theEcall = { at: 'trap', cause: 'ecall-from-user', after: 'user_program', n: 1 } as const;

export const ecall: Lesson = {
  id: 'ecall',
  guest: 'hello.s',
  regime: 'trap-and-emulate',
  steps: [
    { id: 'before', moment: { at: 'symbol', name: 'user_program', n: 1 }, panes: ['disassembly', 'registers', 'mode-ladder'] },
    {
      id: 'the-trap',
      moment: theEcall,
      microStep: 'hardware.trap-entry',
      panes: ['micro-steps', 'csrs', 'mode-ladder'],
      prediction: {
        id: 'for-whom',
        question: {
          en: 'The hardware reports cause 8 for every ecall of the guest, kernel or user. Which mode will the guest believe to be in when the VMM has handled this one?',
          'zh-CN': '客户机的每次 ecall，无论来自内核还是用户程序，硬件都报告原因 8。VMM 处理完这一次之后，客户机会以为自己在什么模式？',
        },
        choices: [
          { label: { en: 'user: the call is answered and the program goes on', 'zh-CN': '用户态：调用已得到回答，程序继续' }, value: 0n },
          { label: { en: 'supervisor: the call goes to the guest’s kernel', 'zh-CN': '监管态：调用交给客户机内核' }, value: 1n },
        ],
        reveal: 'after-trap',
        datum: { of: 'virtual-mode' },
        explanation: {
          en: 'The virtual mode was user, so this is a system call of the guest’s program to the guest’s kernel. Only the VMM’s own variable can tell: the hardware’s cause is the same either way.',
          'zh-CN': '虚拟模式是用户态，所以这是客户机程序对客户机内核的系统调用。只有 VMM 自己的变量能分辨：硬件报告的原因在两种情况下都一样。',
        },
      },
    },
    {
      id: 'inject',
      moment: theEcall,
      microStep: 'triage.system-call',
      panes: ['csrs', 'micro-steps'],
      prediction: {
        id: 'virtual-sepc',
        question: {
          en: 'The VMM now does what the hardware would do for a trap into the guest kernel. Where must the real sepc point when the VMM leaves?',
          'zh-CN': 'VMM 现在做硬件在陷入客户机内核时会做的事。VMM 离开时，真实的 sepc 必须指向哪里？',
        },
        choices: [
          { label: { en: 'to the ecall, as the virtual sepc does', 'zh-CN': '指向那条 ecall，和虚拟的 sepc 一样' }, value: 'as-before' },
          { label: { en: 'to the guest’s trap handler, as its virtual stvec says', 'zh-CN': '指向客户机的陷入处理程序，由虚拟的 stvec 给出' }, value: { datum: { of: 'virtual-csr', name: 'stvec' } } },
          { label: { en: 'behind the ecall', 'zh-CN': '指向 ecall 的下一条指令' }, value: { symbol: 'user_program' } },
        ],
        reveal: 'after-trap',
        datum: { of: 'real-csr', name: 'sepc' },
        explanation: {
          en: 'Virtual sepc: the ecall, so that the guest knows where to return. Real sepc: the guest’s handler, so that the VMM’s sret starts it. To the guest it looks as if the hardware had jumped there.',
          'zh-CN': '虚拟的 sepc：那条 ecall，让客户机知道返回到哪里。真实的 sepc：客户机的处理程序，让 VMM 的 sret 去启动它。在客户机看来，就像硬件直接跳到了那里。',
        },
      },
    },
    { id: 'in-the-handler', moment: { at: 'symbol', name: 'trap_handler', n: 1 }, panes: ['disassembly', 'csrs', 'mode-ladder'] },
    { id: 'from-the-kernel', moment: { at: 'trap', cause: 'ecall-from-user', after: 'finish', n: 1 }, microStep: 'triage.firmware-call', panes: ['micro-steps', 'console'] },
    { id: 'the-bill', moment: { at: 'halt' }, panes: ['statistics', 'timeline', 'console'] },
  ],
};
