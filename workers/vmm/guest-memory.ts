/**
 * The RAM of one guest. What the guest calls physical address 0x80000000 stands somewhere else in real memory, page by page; here, and nowhere
 * else, one becomes the other. An address that is not the guest's has no translation: that is the whole of isolation.
 *
 * What the guest is promised it gets when it first uses it. Until then a page has no place, and reads as zeros.
 */
import { assert } from '../base/assert.ts';
import { hex } from '../base/bits.ts';
import { guestPhysical, hostPhysical, PAGE_SIZE, type GuestPhysical, type HostPhysical } from '../base/address.ts';
import type { PhysicalMemory } from '../machine/hart/hart.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import { NO_BUGS, type Bugs } from './bugs.ts';
import { PIECE, type HostFrames } from './host-frames.ts';

const RAM_FIRST = Number(RAM_BASE);
/** Bytes of a page of the level above the last one. */
export const SUPERPAGE = 1n << 21n;
const PAGE_MASK = ~BigInt(PAGE_SIZE - 1);
const PAGE_SHIFT = 12;
/** A page that has no place yet. */
const NOWHERE = -1;
const WHOLE = 1;
const DIVIDED = -1;

export interface GuestMemoryOptions {
  /** The guest's number, under which it owns pages. */
  readonly owner: number;
  /** A multiple of 4 KiB. */
  readonly bytes: number;
  /** Whether it is given pieces of 2 MiB, as long as there are any: then a superpage of the guest can be one of the hardware. */
  readonly pieces: boolean;
}

export class GuestMemory {
  readonly base = guestPhysical(RAM_BASE);
  readonly bytes: number;
  readonly #memory: PhysicalMemory;
  readonly #frames: HostFrames;
  readonly #owner: number;
  readonly #pieces: boolean;
  readonly #bugs: Bugs;
  /** By the guest's page: the number of the real one, or NOWHERE. */
  readonly #places: Int32Array;
  /** By piece of 2 MiB: whether it stands as one in real memory; 0 where nobody has looked since one of its pages was given. */
  readonly #whole: Int8Array;
  /** Real address of the first page that can be given. */
  readonly #first: number;
  #held = 0;
  #starved = false;
  #wrote: ((page: GuestPhysical) => void) | undefined;
  #placed: (() => void) | undefined;

  constructor(memory: PhysicalMemory, frames: HostFrames, { owner, bytes, pieces }: GuestMemoryOptions, bugs: Bugs = NO_BUGS) {
    this.#memory = memory;
    this.#frames = frames;
    this.#owner = owner;
    this.bytes = bytes;
    this.#pieces = pieces;
    this.#bugs = bugs;
    this.#places = new Int32Array(bytes / PAGE_SIZE).fill(NOWHERE);
    this.#whole = new Int8Array(Math.ceil(bytes / PAGE_SIZE / PIECE));
    this.#first = Number(frames.base);
  }

  /** Bytes that the guest has been given so far. */
  get held(): number {
    return this.#held * PAGE_SIZE;
  }

  /** The guest has used a page that there was no memory for. It cannot go on: what it has stored there is lost. */
  get starved(): boolean {
    return this.#starved;
  }

  contains(address: bigint, length: number): boolean {
    // Rounding of addresses far away changes nothing.
    const offset = Number(address) - RAM_FIRST;
    return offset >= 0 && offset + length <= this.bytes;
  }

  /** Whether real memory at this address belongs to the guest. */
  owns(address: bigint, length: number): boolean {
    return this.#frames.owns(this.#owner, address, length);
  }

  /** Whether there is real memory where a guest-physical address would lead if nobody asked whose it is: for the bug `escape`, and nothing else. */
  isReal(address: bigint): boolean {
    return this.#memory.contains(this.#unchecked(address), 1);
  }

  #unchecked(address: bigint): HostPhysical {
    return hostPhysical(address - RAM_BASE + this.#frames.base);
  }

  /** Where a page of the guest stands; it is given to it now if it had none. Undefined when there is no memory left. */
  toHost(address: GuestPhysical): HostPhysical | undefined {
    if (!this.contains(address, 1)) {
      if (!this.#bugs.escape) assert(false, `${hex(address)} is not in the guest's RAM`);
      return this.#unchecked(address);
    }
    const page = pageOf(Number(address));
    const place = this.#places[page]!;
    const frame = place === NOWHERE ? this.#give(page) : place;
    return frame === undefined ? undefined : hostPhysical(this.#frames.addressOf(frame) + (address & ~PAGE_MASK));
  }

  /** Where it stands if it has been given to the guest. */
  placeOf(address: bigint): HostPhysical | undefined {
    if (!this.contains(address, 1)) return undefined;
    const frame = this.#places[pageOf(Number(address))]!;
    return frame === NOWHERE ? undefined : hostPhysical(this.#frames.addressOf(frame) + (address & ~PAGE_MASK));
  }

  /** The same in numbers of pages, from address 0: -1 where it has none. */
  placeOfPage(page: number): number {
    const place = this.#places[page - RAM_FIRST / PAGE_SIZE];
    return place === undefined || place === NOWHERE ? NOWHERE : place + this.#first / PAGE_SIZE;
  }

  #give(page: number): number | undefined {
    const first = page - page % PIECE;
    const count = Math.min(PIECE, this.#places.length - first);
    // A piece stands where it would if this guest were alone, if it can.
    const piece = this.#pieces ? this.#frames.takePiece(this.#owner, first, count, first) : undefined;
    if (piece !== undefined) {
      this.#place(first, piece, count);
      this.#placed?.();
      return piece + page - first;
    }
    const frame = this.#frames.take(this.#owner, page);
    if (frame === undefined) this.#starved = true;
    else {
      this.#place(page, frame, 1);
      this.#placed?.();
    }
    return frame;
  }

  #place(page: number, frame: number, count: number): void {
    for (let at = 0; at < count; at += 1) this.#places[page + at] = frame + at;
    this.#whole[Math.floor(page / PIECE)] = 0;
    this.#held += count;
  }

  /** Where the 2 MiB around an address begin in real memory, when all of them are the guest's and stand there as one aligned piece. */
  superpage(address: bigint): HostPhysical | undefined {
    const first = address & ~(SUPERPAGE - 1n);
    if (!this.contains(first, Number(SUPERPAGE))) return undefined;
    const page = pageOf(Number(first));
    const piece = page / PIECE;
    if (this.#whole[piece] === 0) this.#whole[piece] = this.#standsAsOne(page) ? WHOLE : DIVIDED;
    return this.#whole[piece] === WHOLE ? this.#frames.addressOf(this.#places[page]!) : undefined;
  }

  #standsAsOne(page: number): boolean {
    const frame = this.#places[page]!;
    if (frame === NOWHERE || (this.#frames.addressOf(frame) & (SUPERPAGE - 1n)) !== 0n) return false;
    for (let at = 1; at < PIECE; at += 1) if (this.#places[page + at] !== frame + at) return false;
    return true;
  }

  /** `toHost` back. */
  fromHost(address: bigint): GuestPhysical {
    return guestPhysical(RAM_BASE + BigInt(this.#frames.pageAt(address) * PAGE_SIZE) + (address & ~PAGE_MASK));
  }

  /** From now on `placed` is called when pages of the guest have come to stand elsewhere. */
  onPlaced(placed: () => void): void {
    this.#placed = placed;
  }

  /** From now on `wrote` is called before the VMM, or a device that it plays, writes to a page in the guest's place; or nobody is. */
  watchWrites(wrote: ((page: GuestPhysical) => void) | undefined): void {
    this.#wrote = wrote;
  }

  /** The accessed and dirty bits of an entry of the guest's table, which the VMM sets as the hardware would. The entry is there, so it has a place. */
  setFlags(address: GuestPhysical, entry: bigint): void {
    const host = this.toHost(address);
    if (host !== undefined) this.#memory.write(host, 8, entry);
  }

  /** Whether there are 8 bytes of the guest's at an address that is a number. */
  holdsEntry(address: number): boolean {
    const offset = address - RAM_FIRST;
    return offset >= 0 && offset + 8 <= this.bytes;
  }

  /** Four aligned bytes of the guest's. */
  word(address: number): number {
    const frame = this.#places[(address - RAM_FIRST) >>> PAGE_SHIFT]!;
    return frame === NOWHERE ? 0 : this.#memory.word(this.#first + frame * PAGE_SIZE + (address & (PAGE_SIZE - 1)));
  }

  /** A value that may stand across two pages. */
  read(address: GuestPhysical, size: 1 | 2 | 4 | 8): bigint {
    if (crosses(address, size)) return fromBytes(this.copyOut(address, size)!);
    const host = this.placeOf(address);
    if (host === undefined) {
      assert(this.contains(address, size), `${hex(address)} is not in the guest's RAM`);
      return 0n;
    }
    return this.#memory.read(host, size);
  }

  write(address: GuestPhysical, size: 1 | 2 | 4 | 8, value: bigint): void {
    if (crosses(address, size)) {
      this.copyIn(address, toBytes(value, size));
      return;
    }
    this.#wrote?.(guestPhysical(address & PAGE_MASK));
    const host = this.toHost(address);
    if (host !== undefined) this.#memory.write(host, size, value);
  }

  /** A copy of some bytes; undefined where any of them is not the guest's. */
  copyOut(address: GuestPhysical, length: number): Uint8Array | undefined {
    if (!this.contains(address, length)) return undefined;
    const bytes = new Uint8Array(length);
    for (const { at, from, count } of pieces(address, length)) {
      const host = this.placeOf(at);
      if (host !== undefined) bytes.set(this.#memory.bytes(host, count), from);
    }
    return bytes;
  }

  /** False where any of the bytes is not the guest's; then nothing was written. */
  copyIn(address: GuestPhysical, bytes: Uint8Array): boolean {
    if (!this.contains(address, bytes.length)) return false;
    for (const { at, from, count } of pieces(address, bytes.length)) {
      this.#wrote?.(guestPhysical(at & PAGE_MASK));
      const host = this.toHost(at);
      if (host !== undefined) this.#memory.copyIn(host, bytes.subarray(from, from + count));
    }
    return true;
  }

  /** Which pages are whose has been restored (HostFrames): the guest's own view of it follows. */
  restore(): void {
    this.#places.fill(NOWHERE);
    this.#whole.fill(0);
    this.#held = 0;
    this.#starved = false;
    for (const { page, frame, count } of this.#frames.runsOf(this.#owner)) this.#place(page, frame, count);
    this.#placed?.();
  }
}

const pageOf = (address: number): number => (address - RAM_FIRST) >>> PAGE_SHIFT;
const crosses = (address: bigint, size: number): boolean => (Number(address & ~PAGE_MASK) + size) > PAGE_SIZE;

/** Bytes from an address on, cut where pages end. */
function pieces(address: bigint, length: number): { readonly at: GuestPhysical; readonly from: number; readonly count: number }[] {
  const list = [];
  for (let from = 0; from < length;) {
    const at = guestPhysical(address + BigInt(from));
    const count = Math.min(length - from, PAGE_SIZE - Number(at & ~PAGE_MASK));
    list.push({ at, from, count });
    from += count;
  }
  return list;
}

const fromBytes = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => value << 8n | BigInt(byte), 0n);
const toBytes = (value: bigint, size: number): Uint8Array => Uint8Array.from({ length: size }, (_, n) => Number(value >> BigInt(8 * n) & 0xffn));
