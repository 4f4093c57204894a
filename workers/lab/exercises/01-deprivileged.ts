/** Exercise 1: which instructions of a kernel need the VMM when the kernel runs in user mode? */
import type { Exercise } from './exercise.ts';

const program = (answer: string): string => `        .globl _start
_start:
        li      s0, 0x5afe
${answer}
        la      s3, text
print:  lbu     a0, 0(s3)               # print a line through the firmware
        beqz    a0, off
        li      a7, 1                   # SBI: console_putchar
        ecall
        addi    s3, s3, 1
        j       print

off:    li      a7, 0x53525354          # SBI: system reset ...
        li      a6, 0
        li      a0, 0                   # ... shut down
        li      a1, 0                   # ... for no reason
        ecall

        .section .rodata
text:   .asciz  "still here\\n"
`;

export const deprivileged: Exercise = {
  id: '01-deprivileged',
  regime: 'trap-and-emulate',
  task: {
    en: `This kernel believes that it runs in supervisor mode. In truth the VMM runs it in user mode, so every privileged instruction traps, and every ordinary one does not.
- Put 0x5afe into the CSR \`sscratch\`.
- Read \`sscratch\` back into register \`s1\`.
- Put twice that value into register \`s2\`.
Do it with exactly two traps. Which of the three steps needs none?`,
    'zh-CN': `这个内核相信自己运行在监管态。其实 VMM 让它运行在用户态，所以每条特权指令都会陷入，而每条普通指令都不会。
- 把 0x5afe 写入 CSR \`sscratch\`。
- 把 \`sscratch\` 读回寄存器 \`s1\`。
- 把该值的两倍放进寄存器 \`s2\`。
恰好用两次陷入完成。三步中的哪一步不需要陷入？`,
  },
  comments: {
    '... for no reason': '……没有特别的原因',
    '... shut down': '……关机',
    '... your code here': '……在这里写你的代码',
    'SBI: console_putchar': 'SBI：console_putchar',
    'SBI: system reset ...': 'SBI：系统复位……',
    'ordinary: runs on the real machine at full speed': '普通指令：在真实机器上全速运行',
    'print a line through the firmware': '通过固件打印一行',
    'privileged: traps, and the VMM answers from its virtual sscratch': '特权指令：陷入，VMM 用虚拟的 sscratch 回答',
    'privileged: traps, and the VMM writes its virtual sscratch': '特权指令：陷入，VMM 写虚拟的 sscratch',
  },
  starter: program('        # ... your code here\n'),
  solution: program(`        csrw    sscratch, s0            # privileged: traps, and the VMM writes its virtual sscratch
        csrr    s1, sscratch            # privileged: traps, and the VMM answers from its virtual sscratch
        add     s2, s1, s1              # ordinary: runs on the real machine at full speed
`),
  instructionLimit: 200_000,
  checks: [
    {
      id: 'ends',
      expect: { of: 'end', exitCode: 0 },
      title: { en: 'The kernel shuts down', 'zh-CN': '内核正常关机' },
      failure: {
        en: 'The kernel did not shut down: {actual}. Something between _start and off sent it elsewhere. Step by instruction from _start and look where pc leaves the program.',
        'zh-CN': '内核没有关机：{actual}。_start 与 off 之间的某条指令让它走到了别处。从 _start 开始逐条指令执行，看 pc 在哪里离开了程序。',
      },
    },
    {
      id: 'sscratch-written',
      expect: { of: 'virtual-csr', name: 'sscratch', equals: 0x5afen },
      title: { en: 'Virtual sscratch is 0x5afe', 'zh-CN': '虚拟 sscratch 为 0x5afe' },
      failure: {
        en: 'The virtual sscratch holds {actual}, not 0x5afe. A CSR is written by csrw, never by li or sd: write s0 into sscratch, and look at the virtual column of the CSR table.',
        'zh-CN': '虚拟 sscratch 的值是 {actual}，而不是 0x5afe。CSR 要用 csrw 写入，不能用 li 或 sd：把 s0 写入 sscratch，然后看 CSR 表的“虚拟”一列。',
      },
    },
    {
      id: 'read-back',
      expect: { of: 'register', name: 's1', equals: 0x5afen },
      title: { en: 's1 holds what was read back', 'zh-CN': 's1 中是读回的值' },
      failure: {
        en: 's1 holds {actual}, not 0x5afe. Read sscratch into s1 after writing it: csrr takes the register first, then the CSR. Look at s1 after the second trap.',
        'zh-CN': 's1 的值是 {actual}，而不是 0x5afe。写入之后要把 sscratch 读到 s1：csrr 先写寄存器，再写 CSR。看第二次陷入之后的 s1。',
      },
    },
    {
      id: 'doubled',
      expect: { of: 'register', name: 's2', equals: 0xb5fcn },
      title: { en: 's2 holds twice the value', 'zh-CN': 's2 中是两倍的值' },
      failure: {
        en: 's2 holds {actual}, not 0xb5fc (twice 0x5afe). Doubling is ordinary arithmetic on registers: add s1 to itself into s2.',
        'zh-CN': 's2 的值是 {actual}，而不是 0xb5fc（0x5afe 的两倍）。加倍是普通的寄存器运算：把 s1 与自身相加，结果放入 s2。',
      },
    },
    {
      id: 'two-traps',
      expect: { of: 'traps', cause: 'illegal-instruction', exactly: 2 },
      title: { en: 'Exactly two illegal-instruction traps', 'zh-CN': '恰好两次非法指令陷入' },
      failure: {
        en: 'The real machine took {actual} illegal-instruction traps; two are enough. Each CSR instruction costs one, because it is privileged and the kernel really runs in user mode; arithmetic costs none. Look at the trap timeline: which of your instructions stands under each mark?',
        'zh-CN': '真实的机器发生了 {actual} 次非法指令陷入；两次就够了。每条 CSR 指令都要一次，因为它是特权指令，而内核其实运行在用户模式；算术指令不需要陷入。看陷入时间线：每个标记下面是你的哪条指令？',
      },
    },
    {
      id: 'printed',
      expect: { of: 'console', equals: 'still here\n' },
      title: { en: 'The console says “still here”', 'zh-CN': '控制台显示 “still here”' },
      failure: {
        en: 'The console shows {actual} instead of “still here”. The part that prints was given to you: check that your code leaves s3 and the labels print and off alone.',
        'zh-CN': '控制台显示的是 {actual}，而不是 “still here”。打印部分是给定的：检查你的代码有没有改动 s3 以及标号 print 和 off。',
      },
    },
  ],
};
