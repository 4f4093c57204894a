/**
 * A disk (virtio 1.1, 5.2) on an image that never changes: what the guest writes is kept beside it, by pages of 4 KiB, and is part of the
 * machine's state.
 */
import { gather, scatter, writableBytes, type Chain, type DmaMemory } from './queue.ts';
import type { VirtioFunction } from './transport.ts';

export const SECTOR = 512;
const PAGE = 4096;
const BLOCK_DEVICE = 2;
const FEATURE = { blockSize: 1n << 6n, flush: 1n << 9n } as const;
const REQUEST = { read: 0, write: 1, flush: 4, identify: 8 } as const;
const STATUS = { ok: 0, failed: 1, unsupported: 2 } as const;
const HEADER_BYTES = 16;
const IDENTITY_BYTES = 20;
const IDENTITY = 'hypervisible';

type Saved = readonly (readonly [page: number, bytes: Uint8Array])[];

export class Disk implements VirtioFunction {
  readonly deviceId = BLOCK_DEVICE;
  readonly queues = 1;
  readonly features = FEATURE.blockSize | FEATURE.flush;
  readonly config: Uint8Array;
  readonly #image: Uint8Array;
  #written = new Map<number, Uint8Array>();
  /** Pages that a saved state has, too: copied before they change. */
  #shared = new Set<number>();

  /** Sectors that the image does not fill are not there. */
  constructor(image: Uint8Array) {
    this.#image = image;
    this.config = new Uint8Array(64);
    const view = new DataView(this.config.buffer);
    view.setBigUint64(0, BigInt(Math.floor(image.length / SECTOR)), true);
    view.setUint32(20, SECTOR, true);
  }

  get bytes(): number {
    return Math.floor(this.#image.length / SECTOR) * SECTOR;
  }

  serve(_queue: number, chain: Chain, memory: DmaMemory): number {
    const room = writableBytes(chain) - 1;
    if (room < 0) return 0;
    const given = gather(memory, chain);
    const { status, data } = given.length < HEADER_BYTES ? { status: STATUS.failed, data: undefined } : this.#request(given, room);
    if (data) scatter(memory, chain, data);
    scatter(memory, chain, Uint8Array.of(status), room);
    return (data?.length ?? 0) + 1;
  }

  #request(given: Uint8Array, room: number): { readonly status: number; readonly data: Uint8Array | undefined } {
    const header = new DataView(given.buffer, given.byteOffset, HEADER_BYTES);
    const first = header.getBigUint64(8, true) * BigInt(SECTOR);
    const answer = (status: number, data?: Uint8Array) => ({ status, data });
    const within = (length: number): boolean => length % SECTOR === 0 && first + BigInt(length) <= BigInt(this.bytes);
    switch (header.getUint32(0, true)) {
      case REQUEST.read: return within(room) ? answer(STATUS.ok, this.read(Number(first), room)) : answer(STATUS.failed);
      case REQUEST.write: {
        const data = given.subarray(HEADER_BYTES);
        if (!within(data.length)) return answer(STATUS.failed);
        this.#write(Number(first), data);
        return answer(STATUS.ok);
      }
      case REQUEST.flush: return answer(STATUS.ok);
      case REQUEST.identify: {
        const identity = new Uint8Array(Math.min(room, IDENTITY_BYTES));
        identity.set(new TextEncoder().encode(IDENTITY).subarray(0, identity.length));
        return answer(STATUS.ok, identity);
      }
      default: return answer(STATUS.unsupported);
    }
  }

  /** What the guest sees there. */
  read(at: number, length: number): Uint8Array {
    const data = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const place = at + done;
      const inPage = place % PAGE;
      const size = Math.min(PAGE - inPage, length - done);
      const page = this.#written.get(Math.floor(place / PAGE));
      data.set(page ? page.subarray(inPage, inPage + size) : this.#image.subarray(place, place + size), done);
      done += size;
    }
    return data;
  }

  #write(at: number, data: Uint8Array): void {
    for (let done = 0; done < data.length;) {
      const place = at + done;
      const inPage = place % PAGE;
      const size = Math.min(PAGE - inPage, data.length - done);
      this.#page(Math.floor(place / PAGE)).set(data.subarray(done, done + size), inPage);
      done += size;
    }
  }

  /** The page's own copy, for writing. */
  #page(number: number): Uint8Array {
    const known = this.#written.get(number);
    if (known && !this.#shared.has(number)) return known;
    const page = known?.slice() ?? new Uint8Array(PAGE);
    if (!known) page.set(this.#image.subarray(number * PAGE, (number + 1) * PAGE));
    this.#written.set(number, page);
    this.#shared.delete(number);
    return page;
  }

  save(): Saved {
    this.#shared = new Set(this.#written.keys());
    return [...this.#written].toSorted(([a], [b]) => a - b);
  }

  restore(saved: unknown): void {
    this.#written = new Map(saved as Saved);
    this.#shared = new Set(this.#written.keys());
  }
}
