/** What the guest printed, and how much of it stands: going back in time takes the console back, too. Old text is let go. */
const KEPT = 1 << 20;

export class ConsoleLog {
  private bytes: Uint8Array = new Uint8Array(4096);
  /** Number of the first byte still held. */
  private first = 0;
  private end = 0;

  /** Bytes printed since the start. */
  get length(): number {
    return this.end;
  }

  append(chunk: Uint8Array): void {
    const held = this.end - this.first;
    if (held + chunk.length > this.bytes.length) this.makeRoom(chunk.length);
    this.bytes.set(chunk, this.end - this.first);
    this.end += chunk.length;
  }

  private makeRoom(more: number): void {
    const keep = Math.min(this.end - this.first, KEPT);
    const kept = this.bytes.slice(this.end - this.first - keep, this.end - this.first);
    this.first = this.end - keep;
    this.bytes = new Uint8Array(Math.max(4096, (keep + more) * 2));
    this.bytes.set(kept);
  }

  /** What stands from byte number `from` on (as far as it is still held). */
  from(from: number): Uint8Array {
    return this.bytes.slice(Math.max(0, from - this.first), this.end - this.first);
  }

  truncate(length: number): void {
    if (length >= this.end) return;
    if (length < this.first) this.first = length;
    this.end = length;
  }

  saved(): { readonly bytes: Uint8Array; readonly end: number } {
    return { bytes: this.from(0), end: this.end };
  }

  restore({ bytes, end }: { readonly bytes: Uint8Array; readonly end: number }): void {
    this.bytes = bytes.slice();
    this.end = end;
    this.first = end - bytes.length;
  }

  text(): string {
    return new TextDecoder().decode(this.from(0));
  }
}
