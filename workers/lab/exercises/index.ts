import { deprivileged } from './01-deprivileged.ts';
import { enterUser } from './02-sret.ts';
import { systemCalls } from './03-ecall.ts';
import type { ExerciseInfo } from '../../protocol/lab-api.ts';
import type { Prose } from '../../isa/row.ts';
import { inLanguage, type Exercise } from './exercise.ts';

export type { Check, Exercise, Expectation } from './exercise.ts';

/** What a learner types: the id without its place in the order. */
export const shortName = (id: string): string => id.replace(/^\d+-/, '');

/** In the order of the lessons. */
export const EXERCISES: readonly Exercise[] = [deprivileged, enterUser, systemCalls];

/** What the page needs to offer an exercise. */
export function exerciseInfo({ id, regime, task, starter, solution, comments, checks }: Exercise): ExerciseInfo {
  const both = (program: string): Prose => ({ en: program, 'zh-CN': inLanguage(program, 'zh-CN', comments) });
  return { id, regime, task, starter: both(starter), solution: both(solution), checks: checks.map((check) => ({ id: check.id, title: check.title })) };
}
