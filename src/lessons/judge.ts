/** Predictions: the machine goes on, and what it then holds decides. */
import type { Datum, Moment } from '../../workers/protocol/lab-api.ts';
import type { Prediction, PredictionChoice } from './lesson.ts';

/** What judging needs of the lab: the page's client, or the lab itself in tests. */
export interface Judge {
  datum(datum: Datum): Promise<bigint | undefined>;
  symbol(name: string): bigint | undefined;
  /** To the moment, and behind the micro-step of that id in its trap. False when it was not reached. */
  goTo(moment: Moment, microStep?: string): Promise<boolean>;
  /** Behind the last micro-step of the trap in focus. */
  finishTrap(): Promise<void>;
}

export interface Verdict {
  readonly value: bigint | undefined;
  /** By choice: whether it is what the machine says. */
  readonly right: readonly boolean[];
}

async function valueOf(choice: PredictionChoice, before: bigint | undefined, judge: Judge): Promise<bigint | undefined> {
  const { value } = choice;
  if (value === 'as-before') return before;
  if (typeof value === 'bigint') return value;
  return 'symbol' in value ? judge.symbol(value.symbol) : judge.datum(value.datum);
}

/** Undefined when the machine did not get there. */
export async function judgePrediction({ datum, reveal, choices }: Prediction, judge: Judge): Promise<Verdict | undefined> {
  const before = await judge.datum(datum);
  if (reveal === 'after-trap') await judge.finishTrap();
  else if (!await judge.goTo(reveal.moment, reveal.microStep)) return undefined;
  const value = await judge.datum(datum);
  const right: boolean[] = [];
  for (const choice of choices) {
    const expected = await valueOf(choice, before, judge);
    right.push(expected !== undefined && BigInt.asUintN(64, expected) === value);
  }
  return { value, right };
}
