/** Traps by cause since the start. */
import { causeName } from '../isa/causes.ts';
import type { TrapEvent } from '../trace/events.ts';

/** Traps that came faster than the hart's log could be read: counted, but not by cause. */
export const LOST = 'not-recorded';

export class TrapCounts {
  private counts = new Map<string, number>();

  add(event: TrapEvent): void {
    this.bump(causeName(event.interrupt, event.cause), 1);
  }

  addLost(count: number): void {
    this.bump(LOST, count);
  }

  private bump(name: string, by: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  byCause(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  saved(): ReadonlyMap<string, number> {
    return new Map(this.counts);
  }

  restore(saved: ReadonlyMap<string, number>): void {
    this.counts = new Map(saved);
  }
}
