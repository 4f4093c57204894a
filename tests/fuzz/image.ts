/** Harness and snippets as one flat image. */
import { buildHarness, DESCRIPTOR, PLACE, type Harness, type Kept } from './harness.ts';
import type { Features } from './features.ts';
import { layOut, type Snippet } from './snippet.ts';

/** csrrw x0, csr, t0 and ld t0, offset(a0). */
const csrw = (csr: number): number => ((csr << 20) | (5 << 15) | (1 << 12) | 0x73) >>> 0;
const LD_T0 = (offset: number): number => ((offset << 20) | (10 << 15) | (3 << 12) | (5 << 7) | 0x03) >>> 0;
const UXL_64 = 2n << 32n;
const RET = 0x8067;

export class ImageBuilder {
  readonly #harness: Harness;

  constructor(features: Features) {
    this.#harness = buildHarness(features);
  }

  get kept(): Kept { return this.#harness.kept; }

  /** Undefined when the snippets do not fit. Those with a place of their own (`bodyAt`) have their bodies poked. */
  build(snippets: readonly Snippet[], semihosting: boolean): Uint8Array {
    const bytes = new Uint8Array(Number(PLACE.arena - PLACE.harness));
    const view = new DataView(bytes.buffer);
    const offset = (address: bigint): number => Number(address - PLACE.harness);
    bytes.set(this.#harness.bytes);
    const header = offset(PLACE.header);
    view.setBigUint64(header, semihosting ? 1n : 0n, true);
    view.setBigUint64(header + 8, BigInt(snippets.length), true);

    let next = offset(PLACE.snippets) + snippets.length * DESCRIPTOR.size;
    const room = (size: number): number => {
      const at = next;
      next = (next + size + 7) & ~7;
      if (next > bytes.length) throw new Error(`${String(snippets.length)} snippets do not fit into the image`);
      return at;
    };
    const address = (at: number): bigint => PLACE.harness + BigInt(at);

    for (const [index, snippet] of snippets.entries()) {
      const descriptor = offset(PLACE.snippets) + index * DESCRIPTOR.size;
      const set = (field: number, value: bigint): void => { view.setBigUint64(descriptor + field, BigInt.asUintN(64, value), true); };
      const { setup, literals } = this.#setup(snippet, bytes, room);
      set(DESCRIPTOR.setup, address(setup));
      set(DESCRIPTOR.literals, address(literals));

      const body = layOut(snippet.body);
      const pokes = [...snippet.pokes];
      let bodyAt = snippet.bodyAt;
      if (bodyAt === undefined) {
        const at = room(body.bytes.length);
        bytes.set(body.bytes, at);
        bodyAt = address(at);
      } else {
        const padded = new DataView(new ArrayBuffer((body.bytes.length + 7) & ~7));
        new Uint8Array(padded.buffer).set(body.bytes);
        for (let at = 0; at < padded.byteLength; at += 8) pokes.push({ address: bodyAt + BigInt(at), value: padded.getBigUint64(at, true) });
      }
      set(DESCRIPTOR.body, bodyAt);
      set(DESCRIPTOR.entry, snippet.entry ?? bodyAt);
      set(DESCRIPTOR.bytes, BigInt(body.size));
      set(DESCRIPTOR.mstatus, snippet.mstatus | UXL_64);

      const list = room(16 * pokes.length);
      for (const [n, poke] of pokes.entries()) {
        view.setBigUint64(list + 16 * n, poke.address, true);
        view.setBigUint64(list + 16 * n + 8, BigInt.asUintN(64, poke.value), true);
      }
      set(DESCRIPTOR.pokes, address(list));
      set(DESCRIPTOR.pokeCount, BigInt(pokes.length));
      for (const [n, value] of snippet.x.entries()) set(DESCRIPTOR.x + 8 * n, value);
      for (const [n, value] of snippet.f.entries()) set(DESCRIPTOR.f + 8 * n, value);
      set(DESCRIPTOR.fcsr, snippet.fcsr);
    }
    return bytes.subarray(0, next);
  }

  #setup({ setup }: Snippet, bytes: Uint8Array, room: (size: number) => number): { setup: number; literals: number } {
    const view = new DataView(bytes.buffer);
    const literals = room(8 * setup.length);
    const code = room(8 * setup.length + 4);
    for (const [index, { csr, value }] of setup.entries()) {
      view.setBigUint64(literals + 8 * index, BigInt.asUintN(64, value), true);
      view.setUint32(code + 8 * index, LD_T0(8 * index), true);
      view.setUint32(code + 8 * index + 4, csrw(csr), true);
    }
    view.setUint32(code + 8 * setup.length, RET, true);
    return { setup: code, literals };
  }
}
