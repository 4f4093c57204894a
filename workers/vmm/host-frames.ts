/**
 * The real memory that guests are given, a page at a time, when they first use it: whose each page is, and where its owner believes it to be. A
 * guest is promised more than it has, and all guests together may be promised more than there is. A page that nobody has holds zeros, so that
 * nothing of its last owner is left in it.
 */
import { hostPhysical, PAGE_SIZE, type HostPhysical } from '../base/address.ts';
import { assert } from '../base/assert.ts';
import type { PhysicalMemory } from '../machine/hart/hart.ts';

/** Pages of a superpage. */
export const PIECE = 512;
const NOBODY = 0;
const EMPTY_PAGE = new Uint8Array(PAGE_SIZE);

/** A run of pages of one owner, which stand one behind the other in both worlds. Pages are numbered from the first one that can be given. */
export interface OwnedRun {
  readonly frame: number;
  readonly owner: number;
  /** The owner's own number of the first page. */
  readonly page: number;
  readonly count: number;
}

export class HostFrames {
  readonly base: HostPhysical;
  readonly pages: number;
  readonly #memory: PhysicalMemory;
  /** By page: its owner, and the owner's number of it. */
  readonly #owner: Uint32Array;
  readonly #page: Uint32Array;
  #free: number;
  /** No page before this one is free. */
  #hint = 0;

  constructor(memory: PhysicalMemory, base: HostPhysical, pages: number) {
    assert(pages > 0 && memory.contains(base, pages * PAGE_SIZE), 'the guests are given more memory than the machine has');
    this.#memory = memory;
    this.base = base;
    this.pages = pages;
    this.#owner = new Uint32Array(pages);
    this.#page = new Uint32Array(pages);
    this.#free = pages;
  }

  /** Pages that nobody has. */
  get free(): number {
    return this.#free;
  }

  /** One page for a guest: its number; undefined when there is none left. */
  take(owner: number, page: number): number | undefined {
    const frame = this.#owner.indexOf(NOBODY, this.#hint);
    if (frame < 0) return undefined;
    this.#hint = frame + 1;
    this.#give(frame, owner, page, 1);
    return frame;
  }

  /** Pages that stand together, best where they are wanted, else where a superpage may stand; undefined when there is no such place. */
  takePiece(owner: number, page: number, count: number, wanted: number): number | undefined {
    const frame = this.#isFree(wanted, count) ? wanted : this.#alignedPiece(count);
    if (frame !== undefined) this.#give(frame, owner, page, count);
    return frame;
  }

  #alignedPiece(count: number): number | undefined {
    const before = Number(this.base / BigInt(PAGE_SIZE)) % PIECE;
    for (let frame = (PIECE - before) % PIECE; frame + count <= this.pages; frame += PIECE) if (this.#isFree(frame, count)) return frame;
    return undefined;
  }

  #isFree(frame: number, count: number): boolean {
    if (frame < 0 || frame + count > this.pages) return false;
    for (let at = frame; at < frame + count; at += 1) if (this.#owner[at] !== NOBODY) return false;
    return true;
  }

  #give(frame: number, owner: number, page: number, count: number): void {
    this.#owner.fill(owner + 1, frame, frame + count);
    for (let at = 0; at < count; at += 1) this.#page[frame + at] = page + at;
    this.#free -= count;
  }

  /** A guest is gone: its pages are emptied and are nobody's. */
  release(owner: number): void {
    for (const { frame, count } of this.runsOf(owner)) {
      for (let at = frame; at < frame + count; at += 1) this.#memory.copyIn(this.addressOf(at), EMPTY_PAGE);
      this.#owner.fill(NOBODY, frame, frame + count);
      this.#free += count;
      this.#hint = Math.min(this.#hint, frame);
    }
  }

  /** Whether all pages from an address on, as far as these bytes go, are a guest's. */
  owns(owner: number, address: bigint, bytes: number): boolean {
    const first = this.#frameOf(address);
    const last = this.#frameOf(address + BigInt(bytes - 1));
    if (first < 0 || last >= this.pages) return false;
    for (let frame = first; frame <= last; frame += 1) if (this.#owner[frame] !== owner + 1) return false;
    return true;
  }

  /** What a page is to its owner. */
  pageAt(address: bigint): number {
    return this.#page[this.#frameOf(address)]!;
  }

  addressOf(frame: number): HostPhysical {
    return hostPhysical(this.base + BigInt(frame * PAGE_SIZE));
  }

  /** Whether the page at this offset from the first one holds zeros, because nobody has it. */
  isFree(frame: number): boolean {
    return this.#owner[frame] === NOBODY;
  }

  #frameOf(address: bigint): number {
    return Math.floor(Number(address - this.base) / PAGE_SIZE);
  }

  /** A guest's pages. */
  runsOf(owner: number): OwnedRun[] {
    return this.#runs((at) => this.#owner[at] === owner + 1);
  }

  #runs(wanted: (frame: number) => boolean): OwnedRun[] {
    const runs: OwnedRun[] = [];
    for (let frame = 0; frame < this.pages;) {
      if (!wanted(frame)) {
        frame += 1;
        continue;
      }
      const first = frame;
      do frame += 1;
      while (frame < this.pages && this.#owner[frame] === this.#owner[first] && this.#page[frame] === this.#page[first]! + frame - first);
      runs.push({ frame: first, owner: this.#owner[first]! - 1, page: this.#page[first]!, count: frame - first });
    }
    return runs;
  }

  save(): readonly OwnedRun[] {
    return this.#runs((at) => this.#owner[at] !== NOBODY);
  }

  restore(runs: readonly OwnedRun[]): void {
    this.#owner.fill(NOBODY);
    this.#free = this.pages;
    this.#hint = 0;
    for (const { frame, owner, page, count } of runs) this.#give(frame, owner, page, count);
  }
}
