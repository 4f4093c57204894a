/**
 * Moments of a run that can be returned to at once. Any other moment is reached by replay from the checkpoint before it, so they
 * stand dense near the present (where one steps back) and ever thinner in the past: about as many in the last million steps as
 * in the million before those taken together.
 */
export interface Checkpoint<State> {
  /** Steps since the start: instructions retired plus traps taken. */
  readonly position: number;
  /** Traps taken before this moment. */
  readonly traps: number;
  readonly state: State;
}

export class Checkpoints<State> {
  private items: Checkpoint<State>[] = [];
  private readonly most: number;
  private readonly mostBytes: number;
  private readonly bytes: (states: readonly State[]) => number;

  /** Holds at most `most` checkpoints of together at most `mostBytes`, as `bytes` counts them; but always the first and the last. */
  constructor(most: number, mostBytes: number, bytes: (states: readonly State[]) => number) {
    this.most = most;
    this.mostBytes = mostBytes;
    this.bytes = bytes;
  }

  get all(): readonly Checkpoint<State>[] {
    return this.items;
  }

  add(checkpoint: Checkpoint<State>): void {
    const at = this.items.findIndex((item) => item.position >= checkpoint.position);
    if (at < 0) this.items.push(checkpoint);
    else this.items.splice(at, this.items[at]!.position === checkpoint.position ? 1 : 0, checkpoint);
    while (this.items.length > this.most) this.dropOne();
    while (this.items.length > 2 && this.bytes(this.items.map((item) => item.state)) > this.mostBytes) this.dropOne();
  }

  /** The last checkpoint at or before this position. There is always one: the start is never dropped. */
  atOrBefore(position: number): Checkpoint<State> {
    return this.items.findLast((item) => item.position <= position) ?? this.items[0]!;
  }

  /** The last checkpoint at which trap number `trap` had not been taken yet. */
  beforeTrap(trap: number): Checkpoint<State> {
    return this.items.findLast((item) => item.traps <= trap) ?? this.items[0]!;
  }

  /** What comes after this position will not happen again as it did (an input was added): those checkpoints are void. */
  forgetAfter(position: number): void {
    this.items = this.items.filter((item) => item.position <= position);
  }

  /** Drops the one whose absence costs least: the gap that it leaves, seen from the present. */
  private dropOne(): void {
    const end = this.items.at(-1)!.position + 1;
    let least = Infinity;
    let victim = 1;
    for (let i = 1; i < this.items.length - 1; i += 1) {
      const cost = (this.items[i + 1]!.position - this.items[i - 1]!.position) / (end - this.items[i - 1]!.position);
      if (cost < least) [least, victim] = [cost, i];
    }
    this.items.splice(victim, 1);
  }
}
