/** Whose the characters at the real UART are: all guests print there, and whoever reads it wants to know who said what. A record, not state. */
export interface PrintedRun {
  readonly guest: number;
  readonly count: number;
}

export class PrintLog {
  #runs: { guest: number; count: number }[] = [];

  add(guest: number): void {
    const last = this.#runs.at(-1);
    if (last?.guest === guest) last.count += 1;
    else this.#runs.push({ guest, count: 1 });
  }

  /** What was not told yet, in order. */
  take(): readonly PrintedRun[] {
    const runs = this.#runs;
    this.#runs = [];
    return runs;
  }
}
