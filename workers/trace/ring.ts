/**
 * The last `capacity` of a numbered series. Items are numbered from 0 in the order of arrival; the oldest are forgotten. A run that
 * is taken back forgets its newest (`truncate`), and a gap (items that came too fast to be kept) forgets all before it (`skipTo`).
 */
export class Ring<T> {
  readonly capacity: number;
  private readonly items: (T | undefined)[];
  private oldest = 0;
  private next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.items = new Array<T | undefined>(capacity);
  }

  /** Number of the oldest item still held; equal to `end` when empty. */
  get begin(): number {
    return this.oldest;
  }

  /** Number that the next item will get. */
  get end(): number {
    return this.next;
  }

  push(item: T): void {
    this.items[this.next % this.capacity] = item;
    this.next += 1;
    if (this.next - this.oldest > this.capacity) this.oldest = this.next - this.capacity;
  }

  get(number: number): T | undefined {
    return number >= this.oldest && number < this.next ? this.items[number % this.capacity] : undefined;
  }

  /** Forgets the items numbered `end` and above. */
  truncate(end: number): void {
    if (end >= this.next) return;
    this.next = end;
    if (this.oldest > end) this.oldest = end;
    // A ring that lost its newest still holds the older ones only as far as they were not overwritten; `oldest` already says so.
  }

  /** The next item gets this number; when that leaves a gap, everything before it is forgotten. */
  skipTo(number: number): void {
    if (number === this.next) return;
    this.oldest = number;
    this.next = number;
  }
}
