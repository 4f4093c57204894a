/** Exercise 2: leave the kernel for a user program by sret. */
import type { Exercise } from './exercise.ts';

const program = (answer: string): string => `        .equ    SPP, 1 << 8
        .globl  _start
_start:
        la      t0, trap
        csrw    stvec, t0               # traps come back to the kernel, below
        li      t0, SPP
        csrs    sstatus, t0             # somebody left SPP = supervisor

${answer}
        sret

# ---------------------------------------------------------------- the user program
user:   li      t0, 7
        mul     a0, a0, t0              # a0 = argument * 7
        ecall                           # give the result to the kernel
        j       .                       # the kernel never comes back

# ---------------------------------------------------------------- the kernel again
        .balign 4
trap:   la      t0, result
        sd      a0, 0(t0)
        csrr    t1, scause
        sd      t1, 8(t0)
        li      a7, 0x53525354          # SBI: system reset, shut down
        li      a6, 0
        li      a0, 0
        li      a1, 0
        ecall

        .data
        .balign 8
result: .dword  0
cause:  .dword  0
`;

export const enterUser: Exercise = {
  id: '02-sret',
  regime: 'trap-and-emulate',
  task: {
    en: `A kernel enters a user program the way it returns from a trap: by \`sret\`. Make \`sret\` go
- to the address \`user\`,
- in user mode,
- with the argument 6 in register \`a0\`.
\`sret\` goes to the address in \`sepc\`, in the mode in \`sstatus\`.SPP (bit 8: 0 = user, 1 = supervisor). When the kernel starts, SPP may be anything.`,
    'zh-CN': `内核进入用户程序的方式和从陷入返回一样：执行 \`sret\`。让 \`sret\`
- 转到地址 \`user\`，
- 进入用户态，
- 并在寄存器 \`a0\` 中带上参数 6。
\`sret\` 转到 \`sepc\` 中的地址，模式由 \`sstatus\`.SPP 决定（第 8 位：0 = 用户态，1 = 监管态）。内核启动时 SPP 可以是任意值。`,
  },
  comments: {
    'the kernel again': '又回到内核',
    'the user program': '用户程序',
    '... your code here': '……在这里写你的代码',
    'SBI: system reset, shut down': 'SBI：系统复位，关机',
    'a0 = argument * 7': 'a0 = 参数 * 7',
    'give the result to the kernel': '把结果交给内核',
    'in which mode: SPP = 0, user': '进入哪个模式：SPP = 0，用户态',
    'registers simply stay as they are': '寄存器保持原样',
    'somebody left SPP = supervisor': '有人留下了 SPP = 监管态',
    'the kernel never comes back': '内核不会再回来',
    'traps come back to the kernel, below': '陷入会回到下面的内核',
    'where sret goes': 'sret 的去向',
  },
  starter: program('        # ... your code here\n'),
  solution: program(`        la      t0, user
        csrw    sepc, t0                # where sret goes
        li      t0, SPP
        csrc    sstatus, t0             # in which mode: SPP = 0, user
        li      a0, 6                   # registers simply stay as they are
`),
  instructionLimit: 200_000,
  checks: [
    {
      id: 'ends',
      expect: { of: 'end', exitCode: 0 },
      title: { en: 'The kernel gets control back and shuts down', 'zh-CN': '内核重新获得控制并关机' },
      failure: {
        en: 'The program did not end: {actual}. If the user program ran with SPP = 1 it ran in supervisor mode, so its ecall called the firmware instead of the kernel, and it waits at “j .” for ever. Look at the mode ladder just after sret: which mode is the virtual one?',
        'zh-CN': '程序没有结束：{actual}。如果用户程序在 SPP = 1 时开始，它就运行在监管者模式，于是它的 ecall 调用的是固件而不是内核，并永远停在 “j .”。看 sret 之后的模式阶梯：虚拟模式是哪一个？',
      },
    },
    {
      id: 'from-user',
      expect: { of: 'memory', symbol: 'cause', equals: 8n },
      title: { en: 'The kernel’s trap is a call from user mode', 'zh-CN': '内核收到的陷入是来自用户模式的调用' },
      failure: {
        en: 'The kernel’s handler saw scause {actual}, not 8 (a call from user mode). A fault here means that sret went to an address that is no code: sepc must hold the address of user before sret. Look at the virtual sepc at the sret.',
        'zh-CN': '内核的处理程序看到的 scause 是 {actual}，而不是 8（来自用户模式的调用）。这里出现异常，说明 sret 去了一个没有代码的地址：sret 之前 sepc 必须是 user 的地址。看 sret 时的虚拟 sepc。',
      },
    },
    {
      id: 'argument',
      expect: { of: 'memory', symbol: 'result', equals: 42n },
      title: { en: 'The user program got the argument 6', 'zh-CN': '用户程序得到了参数 6' },
      failure: {
        en: 'The user program gave back {actual}, not 42 = 6 × 7. sret changes no general register: what a0 holds at sret is what the program finds. Put 6 into a0 last, so that nothing overwrites it.',
        'zh-CN': '用户程序返回了 {actual}，而不是 42 = 6 × 7。sret 不改变通用寄存器：sret 时 a0 里是什么，程序看到的就是什么。最后再把 6 放入 a0，以免被覆盖。',
      },
    },
    {
      id: 'spp-cleared',
      expect: { of: 'virtual-csr', name: 'sstatus', high: 8, low: 8, equals: 0n },
      title: { en: 'The trap came from user mode (SPP = 0)', 'zh-CN': '陷入来自用户模式（SPP = 0）' },
      failure: {
        en: 'At the end the virtual sstatus.SPP is {actual}: the trap into the kernel came from supervisor mode. Clear SPP with csrc before sret; writing all of sstatus with csrw also changes bits that you did not mean.',
        'zh-CN': '结束时虚拟 sstatus.SPP 是 {actual}：进入内核的陷入来自监管者模式。在 sret 之前用 csrc 清除 SPP；用 csrw 写整个 sstatus 还会改动你没打算改的位。',
      },
    },
    {
      id: 'one-call',
      expect: { of: 'traps', cause: 'ecall-from-user', exactly: 2 },
      title: { en: 'Two calls: one by the program, one by the kernel', 'zh-CN': '两次调用：程序一次，内核一次' },
      failure: {
        en: 'The real machine took {actual} ecall traps, not two. Both look the same to hardware (cause 8), because program and kernel really run in user mode. Your code needs no ecall of its own.',
        'zh-CN': '真实的机器发生了 {actual} 次 ecall 陷入，而不是两次。对硬件来说两次看起来一样（原因 8），因为程序和内核其实都运行在用户模式。你的代码本身不需要 ecall。',
      },
    },
  ],
};
