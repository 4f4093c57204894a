/**
 * What a lesson is made of. The machine part (which guest, which moments, what is asked) is data, the same in every language; the prose stands
 * beside it in one MDX file per language, whose <Step id="..."> elements name the steps below. Tests check that the two agree, that every
 * moment is reached, and that every prediction's right answer is what the machine says.
 */
import type { Datum, Moment, Regime } from '../../workers/protocol/lab-api.ts';
import type { LessonId } from './list.ts';

/** Panes that prose may point at; the ids of src/panels. */
export type PaneId = string;

export interface Text {
  readonly en: string;
  readonly 'zh-CN': string;
}

export interface Lesson {
  readonly id: LessonId;
  /** A file in public/guests. */
  readonly guest: string;
  readonly regime: Regime;
  readonly steps: readonly LessonStep[];
}

export interface LessonStep {
  /** Named by <Step id> in the prose. */
  readonly id: string;
  /** Where the machine is brought when the reader opens the step. Without one the machine stays where it is. */
  readonly moment?: Moment;
  /** The micro-step of the moment's trap to stand behind: its id in trace/steps.ts. Without one: before the first. */
  readonly microStep?: string;
  /** Brought to the front, in this order. */
  readonly panes: readonly PaneId[];
  readonly prediction?: Prediction;
}

/** Predict, then reveal: the reader answers, the machine goes on, and what it then holds decides. */
export interface Prediction {
  readonly id: string;
  readonly question: Text;
  readonly choices: readonly PredictionChoice[];
  /** Where the machine goes to find out: to the end of the present trap's handling, or to another moment. */
  readonly reveal: 'after-trap' | { readonly moment: Moment; readonly microStep?: string };
  readonly datum: Datum;
  /** Shown after the answer, right or wrong. */
  readonly explanation: Text;
}

export interface PredictionChoice {
  readonly label: Text;
  /** Right when the datum then has this value: a number, the address of a symbol, what another datum then holds, or what it was when asked. */
  readonly value: bigint | { readonly symbol: string } | { readonly datum: Datum } | 'as-before';
}
