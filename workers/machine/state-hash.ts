/** A hash of machine state: two runs that agree on it agree on every bit that was put in (as far as 64 bits can say). Not cryptographic. */
export class StateHash {
  #a = 0x811c_9dc5;
  #b = 0x9747_b28c;

  word(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x0100_0193);
    this.#b = Math.imul((this.#b ^ value) + (this.#b << 13), 0x85eb_ca6b) ^ (this.#b >>> 15);
  }

  wide(value: bigint): void {
    this.word(Number(value & 0xffff_ffffn));
    this.word(Number((value >> 32n) & 0xffff_ffffn));
  }

  /** Bytes, a multiple of 4 at a 4-byte boundary. Pages of zeros cost little: only their number counts. */
  memory(bytes: Uint8Array): void {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    let zeros = 0;
    for (let i = 0; i < words.length; i += 1) {
      const value = words[i]!;
      if (value === 0) {
        zeros += 1;
        continue;
      }
      if (zeros > 0) this.word(zeros);
      zeros = 0;
      this.word(value);
      this.word(i);
    }
    this.word(zeros);
  }

  /** Plain data: what devices save. */
  data(value: unknown): void {
    const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${String(item)}n` : item)) as string | undefined;
    for (const byte of new TextEncoder().encode(text ?? 'undefined')) this.word(byte);
  }

  get digest(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
