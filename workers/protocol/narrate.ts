/** Micro-steps as sentences, in the language of the reader: for the page and the command line. */
import type { StepEvent } from '../trace/events.ts';
import { STEPS, type StepRow } from '../trace/steps.ts';

export { STEPS } from '../trace/steps.ts';
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A sentence with its `{name}`s replaced by the arguments; an unknown name stays as it is, so that it is seen. */
export const fill = (sentence: string, args: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{([\w-]+)\}/g, (whole, name: string) => args[name] ?? whole);

export const stepTitle = (step: StepEvent, language: Language): string => (STEPS[step.id] as StepRow).title[language];

export const stepSentence = (step: StepEvent, language: Language): string =>
  fill((STEPS[step.id] as StepRow).sentence[language], step.args);
