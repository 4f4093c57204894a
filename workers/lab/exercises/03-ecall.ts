/** Exercise 3: a trap handler that implements two system calls and returns past the ecall. */
import type { Exercise } from './exercise.ts';

const program = (answer: string): string => `        .equ    A0, 0                   # offsets in frame
        .equ    A1, 8
        .equ    A7, 16
        .equ    T0, 24
        .equ    T1, 32

        .globl  _start
_start:
        la      t0, frame
        csrw    sscratch, t0            # sscratch finds the frame when no register is free
        la      t0, trap
        csrw    stvec, t0
        la      t0, user
        csrw    sepc, t0
        li      t0, 1 << 8              # SPP = 0: user mode
        csrc    sstatus, t0
        sret

        .balign 4
trap:   csrrw   t0, sscratch, t0        # t0 = frame, sscratch = the user's t0
        sd      a0, A0(t0)
        sd      a1, A1(t0)
        sd      a7, A7(t0)
        sd      t1, T1(t0)
        csrr    t1, sscratch
        sd      t1, T0(t0)
        csrw    sscratch, t0
        beqz    a7, exit                # system call 0: exit
${answer}
return: la      t0, frame
        ld      a0, A0(t0)
        ld      a1, A1(t0)
        ld      a7, A7(t0)
        ld      t1, T1(t0)
        ld      t0, T0(t0)
        sret

exit:   li      a7, 0x53525354          # SBI: system reset, shut down
        li      a6, 0
        li      a0, 0
        li      a1, 0
        ecall

# ---------------------------------------------------------------- the user program
user:   li      t0, 1234                # must survive every system call
        li      a0, 'h'
        li      a7, 1
        ecall                           # putchar('h')
        li      a0, 'i'
        li      a7, 1
        ecall                           # putchar('i')
        li      a0, 20
        li      a1, 22
        li      a7, 2
        ecall                           # a0 = add(20, 22) = 42, the code of '*'
        la      t1, sum
        sd      a0, 0(t1)
        sd      t0, 8(t1)
        li      a7, 1
        ecall                           # putchar('*')
        li      a7, 0
        ecall                           # exit()

        .data
        .balign 8
frame:  .zero   40
sum:    .dword  0
kept:   .dword  0
`;

export const systemCalls: Exercise = {
  id: '03-ecall',
  regime: 'trap-and-emulate',
  task: {
    en: `The user program asks the kernel for two services by \`ecall\`, with the number in \`a7\`:
- \`a7\` = 1, putchar: print the character in \`a0\`;
- \`a7\` = 2, add: return \`a0\` + \`a1\` in \`a0\`.
Write the handler. When it begins, the user's registers are saved at \`frame\` (see the offsets), and the kernel may use \`t0\` to \`t6\` and \`a0\` to \`a7\` freely. Before \`return\` you must
- put add's result where the user's \`a0\` is restored from,
- make \`sret\` go to the instruction after the \`ecall\`, not to the \`ecall\` again.
Print with the firmware's console_putchar: character in \`a0\`, number 1 in \`a7\`, \`ecall\`.`,
    'zh-CN': `用户程序通过 \`ecall\` 请求内核的两种服务，编号放在 \`a7\` 中：
- \`a7\` = 1，putchar：打印 \`a0\` 中的字符；
- \`a7\` = 2，add：在 \`a0\` 中返回 \`a0\` + \`a1\`。
请写出处理程序。它开始时，用户的寄存器已保存在 \`frame\`（见偏移），内核可以自由使用 \`t0\` 到 \`t6\` 以及 \`a0\` 到 \`a7\`。在 \`return\` 之前你必须
- 把 add 的结果放到恢复用户 \`a0\` 的位置，
- 让 \`sret\` 转到 \`ecall\` 的下一条指令，而不是再次执行 \`ecall\`。
用固件的 console_putchar 打印：字符放在 \`a0\`，编号 1 放在 \`a7\`，然后 \`ecall\`。`,
  },
  comments: {
    'the user program': '用户程序',
    '... your code here': '……在这里写你的代码',
    'SBI: system reset, shut down': 'SBI：系统复位，关机',
    'SPP = 0: user mode': 'SPP = 0：用户态',
    'a0 = add(20, 22) = 42, the code of \'*\'': 'a0 = add(20, 22) = 42，即 \'*\' 的编码',
    'a0 and a7 = 1 are what the firmware wants, too': 'a0 和 a7 = 1 也正是固件所要的',
    'exit()': 'exit()',
    'go on after it (ecall has no 2-byte form)': '在它之后继续（ecall 没有 2 字节的形式）',
    'must survive every system call': '必须在每次系统调用后保持不变',
    'offsets in frame': 'frame 中的偏移',
    'putchar(\'*\')': 'putchar(\'*\')',
    'putchar(\'h\')': 'putchar(\'h\')',
    'putchar(\'i\')': 'putchar(\'i\')',
    'restored into the user\'s a0': '会恢复到用户的 a0',
    'sepc is the ecall itself:': 'sepc 指向 ecall 自身：',
    'sscratch finds the frame when no register is free': '没有空闲寄存器时靠 sscratch 找到 frame',
    'system call 0: exit': '系统调用 0：退出',
    't0 = frame, sscratch = the user\'s t0': 't0 = frame，sscratch = 用户的 t0',
    'unknown calls do nothing': '未知的调用什么也不做',
  },
  starter: program('        # ... your code here\n'),
  solution: program(`        csrr    t1, sepc                # sepc is the ecall itself:
        addi    t1, t1, 4               # go on after it (ecall has no 2-byte form)
        csrw    sepc, t1
        li      t1, 1
        beq     a7, t1, putchar
        li      t1, 2
        bne     a7, t1, return          # unknown calls do nothing
        add     a0, a0, a1
        sd      a0, A0(t0)              # restored into the user's a0
        j       return
putchar:
        ecall                           # a0 and a7 = 1 are what the firmware wants, too
`),
  instructionLimit: 200_000,
  checks: [
    {
      id: 'ends',
      expect: { of: 'end', exitCode: 0 },
      title: { en: 'The user program reaches its exit', 'zh-CN': '用户程序执行到退出' },
      failure: {
        en: 'The user program never reached exit: {actual}. After ecall, sepc holds the address of the ecall itself; unless the handler adds 4, sret runs the same call again for ever. Look at the virtual sepc at two successive traps: does it move?',
        'zh-CN': '用户程序没有执行到退出：{actual}。ecall 之后，sepc 是 ecall 自身的地址；如果处理程序不加 4，sret 会永远重复同一个调用。看相邻两次陷入时的虚拟 sepc：它变了吗？',
      },
    },
    {
      id: 'calls',
      expect: { of: 'console', contains: 'hi' },
      title: { en: 'putchar prints “hi”', 'zh-CN': 'putchar 打印出 “hi”' },
      failure: {
        en: 'The console shows {actual}; it should begin with “hi”. System call 1 must hand the user’s a0 to the firmware (a7 = 1, ecall). Each call must print once: stop at the first ecall trap and follow the handler.',
        'zh-CN': '控制台显示 {actual}；它应以 “hi” 开头。系统调用 1 必须把用户的 a0 交给固件（a7 = 1，ecall）。每次调用只打印一次：在第一次 ecall 陷入处停下，跟着处理程序走。',
      },
    },
    {
      id: 'sum',
      expect: { of: 'memory', symbol: 'sum', equals: 42n },
      title: { en: 'add(20, 22) returns 42', 'zh-CN': 'add(20, 22) 返回 42' },
      failure: {
        en: 'The user program got {actual} from add(20, 22), not 42. The handler restores a0 from the frame just before sret, so the result must be stored in the frame: a register alone is overwritten at return.',
        'zh-CN': '用户程序从 add(20, 22) 得到 {actual}，而不是 42。处理程序在 sret 之前从 frame 恢复 a0，所以结果必须存入 frame：只放在寄存器里会在 return 处被覆盖。',
      },
    },
    {
      id: 'kept',
      expect: { of: 'memory', symbol: 'kept', equals: 1234n },
      title: { en: 'The user’s registers survive', 'zh-CN': '用户的寄存器保持不变' },
      failure: {
        en: 'After the system calls the user’s t0 holds {actual}, not 1234. A trap may come at any instruction, so a handler must leave every register as it found it: t0 and t1 are restored from the frame, and you may not write those places.',
        'zh-CN': '系统调用之后用户的 t0 是 {actual}，而不是 1234。陷入可能发生在任何指令处，所以处理程序必须让每个寄存器保持原样：t0 和 t1 从 frame 恢复，不要写那些位置。',
      },
    },
    {
      id: 'printed',
      expect: { of: 'console', equals: 'hi*' },
      title: { en: 'The console shows “hi*”', 'zh-CN': '控制台显示 “hi*”' },
      failure: {
        en: 'The console shows {actual}, not “hi*”. The star is the character 42 that add returned: when it is missing or another character, add’s result did not reach the next putchar; when something is doubled, a call ran twice.',
        'zh-CN': '控制台显示 {actual}，而不是 “hi*”。星号是 add 返回的字符 42：若它缺失或是别的字符，add 的结果没有传到下一个 putchar；若有字符重复，则某个调用执行了两次。',
      },
    },
  ],
};
