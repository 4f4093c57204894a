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
} as const satisfies Record<string, StepRow>;

export type StepId = keyof typeof STEPS;
