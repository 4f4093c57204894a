/** The exercises in their order: headings for lists and addresses. Programs and checks stand in workers/lab/exercises, which judges. */
export interface ExerciseHeading {
  /** As the lab names it. */
  readonly id: string;
  /** The name in addresses: `#/exercises/<slug>`. */
  readonly slug: string;
  readonly title: { readonly en: string; readonly 'zh-CN': string };
  readonly summary: { readonly en: string; readonly 'zh-CN': string };
}

export const EXERCISES: readonly ExerciseHeading[] = [
  {
    id: '01-deprivileged', slug: 'deprivileged',
    title: { en: 'Two traps, not three', 'zh-CN': '两次陷入，而不是三次' },
    summary: { en: 'Which instructions of a kernel need the VMM when it runs in user mode, and which do not?', 'zh-CN': '内核在用户态运行时，哪些指令需要 VMM，哪些不需要？' },
  },
  {
    id: '02-sret', slug: 'sret',
    title: { en: 'Drop to user mode', 'zh-CN': '进入用户态' },
    summary: { en: 'Set sepc and SPP so that sret enters a user program.', 'zh-CN': '设置 sepc 和 SPP，让 sret 进入用户程序。' },
  },
  {
    id: '03-ecall', slug: 'ecall',
    title: { en: 'Answer a system call', 'zh-CN': '回答系统调用' },
    summary: { en: 'Find out who called and why, do it, and return behind the ecall.', 'zh-CN': '弄清谁在调用、为什么，完成它，再返回到 ecall 之后。' },
  },
];
