import { deprivileged } from './01-deprivileged.ts';
import { enterUser } from './02-sret.ts';
import { systemCalls } from './03-ecall.ts';
import type { Exercise } from './exercise.ts';

export type { Check, Exercise, Expectation } from './exercise.ts';

/** What a learner types: the id without its place in the order. */
export const shortName = (id: string): string => id.replace(/^\d+-/, '');

/** In the order of the lessons. */
export const EXERCISES: readonly Exercise[] = [deprivileged, enterUser, systemCalls];
