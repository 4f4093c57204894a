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
      en: 'The VMM saves the 31 guest registers and reads the real scause ({cause}), sepc ({epc}) and stval ({tval}).',
      'zh-CN': 'VMM 保存 31 个客户机寄存器，并读取真实的 scause（{cause}）、sepc（{epc}）和 stval（{tval}）。',
    },
  },
  'firmware.timer': {
    title: { en: 'Timer to S', 'zh-CN': '定时器转交 S' },
    sentence: {
      en: 'The firmware takes the machine’s timer interrupt, raises the supervisor’s (STIP) in its place, and returns to {epc}.',
      'zh-CN': '固件接收机器定时器中断，改为置位监管者定时器中断（STIP），然后返回 {epc}。',
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
} as const satisfies Record<string, StepRow>;

export type StepId = keyof typeof STEPS;
