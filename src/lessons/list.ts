/**
 * The lessons in their order: what every list, address and embed page needs to know of them without loading their text.
 * The text, predictions and moments of a lesson stand in its own folder.
 */
export interface LessonHeading {
  /** The name in addresses: `#/learn/<id>`, `/embed/v1/<id>/`. Never changed once published. */
  readonly id: string;
  readonly title: { readonly en: string; readonly 'zh-CN': string };
  readonly summary: { readonly en: string; readonly 'zh-CN': string };
}

export const LESSONS = [
  {
    id: 'user-mode',
    title: { en: 'Why a guest kernel cannot simply run in user mode', 'zh-CN': '为什么客户机内核不能直接在用户态运行' },
    summary: {
      en: 'Most instructions run as they are. A few would tell the truth, or take the machine: those trap.',
      'zh-CN': '大多数指令照常执行。少数指令会暴露真相或夺走整台机器：它们会陷入。',
    },
  },
  {
    id: 'sret',
    title: { en: 'What happens on sret', 'zh-CN': '执行 sret 时发生了什么' },
    summary: {
      en: 'The guest kernel believes that it enters user mode. Follow the trap that makes it true.',
      'zh-CN': '客户机内核以为自己进入了用户态。跟随那次让它成真的陷入。',
    },
  },
  {
    id: 'ecall',
    title: { en: 'What happens on ecall', 'zh-CN': '执行 ecall 时发生了什么' },
    summary: {
      en: 'A system call of the guest’s user program reaches the VMM first. It must arrive in the guest kernel as if nothing had happened.',
      'zh-CN': '客户机用户程序的系统调用首先到达 VMM，却必须像什么都没发生一样到达客户机内核。',
    },
  },
] as const satisfies readonly LessonHeading[];

export type LessonId = (typeof LESSONS)[number]['id'];
