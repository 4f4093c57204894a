/** How two outcomes of one snippet differ. */
import { counting, partsHere, type Comparison } from './deviations.ts';
import type { LogRecord, Outcome } from './log.ts';

export interface Difference {
  /** The record's place: `trap 3`, `end`. */
  readonly where: string;
  readonly name: string;
  readonly theirs: bigint;
  readonly ours: bigint;
}

export function compare(theirs: Outcome, ours: Outcome, comparison: Comparison): Difference[] {
  const found: Difference[] = [];
  for (let index = 0; index < Math.max(theirs.length, ours.length); index += 1) {
    const [a, b] = [theirs[index], ours[index]];
    const where = (a ?? b)!.kind === 'trap' ? `trap ${String(index)}` : 'end';
    if (!a || !b || a.kind !== b.kind) {
      found.push({ where, name: 'number of traps', theirs: BigInt(theirs.length - 1), ours: BigInt(ours.length - 1) });
      return found;
    }
    found.push(...differences(a, b, comparison).map((difference) => ({ where, ...difference })));
    // What follows from a difference at a trap says nothing more.
    if (found.length > 0 || partsHere(a, b, comparison)) return found;
  }
  return found;
}

function differences(a: LogRecord, b: LogRecord, comparison: Comparison): Omit<Difference, 'where'>[] {
  const found: Omit<Difference, 'where'>[] = [];
  if (a.words.length !== b.words.length) found.push({ name: 'words', theirs: BigInt(a.words.length), ours: BigInt(b.words.length) });
  for (let index = 0; index < Math.min(a.words.length, b.words.length); index += 1) {
    const [theirs, ours] = [a.words[index]!, b.words[index]!];
    if (theirs === ours) continue;
    const name = comparison.names.of(a.kind, index);
    if (comparison.strict || ((theirs ^ ours) & counting(name, a, b, comparison)) !== 0n) found.push({ name, theirs, ours });
  }
  return found;
}
