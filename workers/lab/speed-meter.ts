/** Million steps per second over the last second of running. */
const WINDOW_MS = 1000;

export class SpeedMeter {
  private steps = 0;
  private milliseconds = 0;

  add(steps: number, milliseconds: number): void {
    this.steps += steps;
    this.milliseconds += milliseconds;
    // Older slices fade: what lies a window back counts half.
    if (this.milliseconds > WINDOW_MS) {
      this.steps /= 2;
      this.milliseconds /= 2;
    }
  }

  stop(): void {
    this.steps = 0;
    this.milliseconds = 0;
  }

  get millionPerSecond(): number {
    return this.milliseconds > 0 ? this.steps / this.milliseconds / 1000 : 0;
  }
}
