/**
 * Decoded code: which page of RAM has which decoded page, which slots are filled in, and what is forgotten when RAM changes. Slots
 * are filled in when they are first reached, up to the end of their 64-byte granule.
 */
import { assert } from '../../base/assert.ts';
import { decode } from '../../isa/decode.ts';
import { DECODED_PAGE_BYTES, DECODED_SLOT_BYTES, type MemoryLayout } from '../../machine/memory-layout.ts';
import type { HandlerTable } from './handlers.ts';
import { withPlainCsr } from './plain-csrs.ts';
import type { TranslatedCode } from './regions.ts';
import { BREAKPOINT, CROSSING, CROSSING_SLOT, FIRST_INSTRUCTION, LAST, NOT_DECODED, packImmediate, packRegisters, SLOT, TRANSLATED } from './slots.ts';

const PAGE = 4096;
const GRANULE = 64;
const GRANULES = PAGE / GRANULE;
const NO_OWNER = -1;

export class CodeCache {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #layout: MemoryLayout;
  readonly #table: HandlerTable;
  /** The page of RAM that each decoded page belongs to. */
  readonly #owners: Int32Array;
  /** 1 for each decoded page whose instructions are fetched one by one. */
  readonly #divided: Uint8Array;
  readonly #translated: TranslatedCode | undefined;
  #nextPage = 0;
  #breakpoints: ReadonlySet<bigint> = new Set();
  /** Their offsets in a page: decoded code does not know its virtual address. */
  #breakpointOffsets: ReadonlySet<number> = new Set();

  constructor(memory: WebAssembly.Memory, layout: MemoryLayout, table: HandlerTable, translated?: TranslatedCode) {
    this.#view = new DataView(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#layout = layout;
    this.#table = table;
    this.#translated = translated;
    this.#owners = new Int32Array(layout.decodedPageCount).fill(NO_OWNER);
    this.#divided = new Uint8Array(layout.decodedPageCount);
  }

  /** Forgets everything. */
  clear(): void {
    const { pageMap, codeGranules, ramBytes } = this.#layout;
    const pages = ramBytes / PAGE;
    this.#bytes.fill(0, pageMap, pageMap + pages * 4);
    this.#bytes.fill(0, codeGranules, codeGranules + pages * 8);
    this.#owners.fill(NO_OWNER);
    this.#translated?.forgetAll();
  }

  setBreakpoints(addresses: readonly bigint[]): void {
    const wanted = new Set(addresses.map((address) => BigInt.asUintN(64, address)));
    // Every run and pause says them again: what is decoded and translated holds as long as they are the same.
    if (wanted.size === this.#breakpoints.size && [...wanted].every((address) => this.#breakpoints.has(address))) return;
    this.#breakpoints = wanted;
    this.#breakpointOffsets = new Set(addresses.map((address) => Number(address & 0xfffn)));
    this.clear();
  }

  isBreakpoint(pc: bigint): boolean {
    return this.#breakpoints.has(BigInt.asUintN(64, pc));
  }

  /**
   * Gives a page of RAM a decoded page, empty; when all are used, the one that has been held longest. Returns its index + 1. Where PMP
   * divides the page, every instruction is fetched by itself, as the last one of a page is, so that each is checked.
   */
  decodePage(ramPage: number, divided: boolean): number {
    const { pageMap, codeGranules, decodedPages, decodedPageCount } = this.#layout;
    const index = this.#nextPage;
    this.#nextPage = (index + 1) % decodedPageCount;
    const former = this.#owners[index]!;
    if (former !== NO_OWNER) this.#forgetPage(former);
    this.#owners[index] = ramPage;
    this.#divided[index] = Number(divided);
    const start = decodedPages + index * DECODED_PAGE_BYTES;
    this.#bytes.fill(0, start, start + DECODED_PAGE_BYTES);
    this.#view.setUint32(pageMap + ramPage * 4, index + 1, true);
    this.#view.setBigUint64(codeGranules + ramPage * 8, 0n, true);
    return index + 1;
  }

  /** Fills in a slot, and those after it as far as their bytes are in the same granule. */
  decodeSlot(slot: number): void {
    const { decodedPages, ram } = this.#layout;
    const index = Math.floor((slot - decodedPages) / DECODED_PAGE_BYTES);
    const ramPage = this.#owners[index]!;
    assert(ramPage !== NO_OWNER, 'a slot of a page without an owner');
    const page = ram + ramPage * PAGE;
    const slots = decodedPages + index * DECODED_PAGE_BYTES;
    let offset = (slot - slots) / 8;
    const granule = offset >>> 6;
    this.#holdGranule(ramPage, granule);
    const divided = this.#divided[index] === 1;
    let before: number | undefined;
    while (offset >>> 6 === granule && this.#view.getUint16(slots + offset * 8, true) === NOT_DECODED) {
      const at = slots + offset * 8;
      offset += this.#fill(at, page, offset, divided);
      // Both of a pair are in one granule, so that they are forgotten together.
      if (before !== undefined && offset <= (granule + 1) * GRANULE) this.#pair(before, at);
      before = at;
    }
    // An instruction may reach into the next granule; a change there changes it.
    if (offset < PAGE && offset === (granule + 1) * GRANULE + 2) this.#holdGranule(ramPage, granule + 1);
  }

  /** A bit for each granule of a page, in words of 32. */
  #holdGranule(ramPage: number, granule: number): void {
    const at = this.#layout.codeGranules + ramPage * 8 + (granule >>> 5) * 4;
    this.#view.setUint32(at, this.#view.getUint32(at, true) | (1 << (granule & 31)), true);
  }

  /** What translated code needs to know of a decoded page: the page of RAM, and whether its instructions are fetched one by one. */
  page(index: number): { readonly ramPage: number; readonly divided: boolean } | undefined {
    const ramPage = this.#owners[index]!;
    return ramPage === NO_OWNER ? undefined : { ramPage, divided: this.#divided[index] === 1 };
  }

  /** Before this offset in a page a run may have to stop. */
  isBreakpointOffset(offset: number): boolean {
    return this.#breakpointOffsets.has(offset);
  }

  /** Stores to these bytes of a page must be seen: they were translated. */
  hold(ramPage: number, from: number, to: number): void {
    for (let granule = from >>> 6; granule <= (to - 1) >>> 6; granule += 1) this.#holdGranule(ramPage, granule);
  }

  /** Lets a region be entered at a slot. Says no where something else stands in the way. */
  enterAt(slot: number): boolean {
    if (this.#view.getUint16(slot + SLOT.handler, true) === NOT_DECODED) this.decodeSlot(slot);
    const handler = this.#view.getUint16(slot + SLOT.handler, true);
    if (handler < FIRST_INSTRUCTION) return false;
    this.#divert(slot, TRANSLATED, handler);
    return true;
  }

  /** Takes that back, where the slot still says so. */
  leaveAt(slot: number): void {
    if (this.#view.getUint16(slot + SLOT.handler, true) !== TRANSLATED) return;
    this.#view.setUint16(slot + SLOT.handler, this.#view.getUint16(slot + SLOT.alternate, true), true);
  }

  /** Decodes an instruction whose second half stands in another page. */
  decodeCrossing(bits: number): void {
    this.#write(CROSSING_SLOT, bits >>> 0, undefined);
  }

  /** RAM [offset, offset + length) was changed. */
  codeChanged(offset: number, length: number): void {
    const { pageMap, ramBytes } = this.#layout;
    const end = Math.min(offset + length, ramBytes);
    for (let page = Math.floor(offset / PAGE); page * PAGE < end; page += 1) {
      const index = this.#view.getUint32(pageMap + page * 4, true);
      if (index === 0) continue;
      const first = Math.max(offset - page * PAGE, 0);
      const last = Math.min(end - page * PAGE, PAGE) - 1;
      if (last - first >= PAGE / 2) this.#forgetPage(page);
      else this.#forgetGranules(page, index - 1, first >>> 6, last >>> 6);
    }
  }

  #forgetPage(ramPage: number): void {
    const { pageMap, codeGranules } = this.#layout;
    const index = this.#view.getUint32(pageMap + ramPage * 4, true);
    if (index > 0) {
      this.#owners[index - 1] = NO_OWNER;
      this.#translated?.forget(index - 1, 0, GRANULES - 1);
    }
    this.#view.setUint32(pageMap + ramPage * 4, 0, true);
    this.#view.setBigUint64(codeGranules + ramPage * 8, 0n, true);
  }

  /**
   * Empties the slots of granules first..last, and the slot before them: its instruction may reach into the first. Only their handlers,
   * for an atomic instruction that changes its own bytes still has to write its register.
   */
  #forgetGranules(ramPage: number, index: number, first: number, last: number): void {
    const { codeGranules, decodedPages } = this.#layout;
    const slots = decodedPages + index * DECODED_PAGE_BYTES;
    const from = Math.max(slots + first * GRANULE * 8 - DECODED_SLOT_BYTES, slots);
    for (let slot = from; slot < slots + (last + 1) * GRANULE * 8; slot += DECODED_SLOT_BYTES) this.#view.setUint16(slot + SLOT.handler, NOT_DECODED, true);
    this.#translated?.forget(index, first, last);
    const at = codeGranules + ramPage * 8;
    const cleared = ((1n << BigInt(last - first + 1)) - 1n) << BigInt(first);
    this.#view.setBigUint64(at, this.#view.getBigUint64(at, true) & ~cleared, true);
  }

  /** Decodes the instruction at an offset in a page into a slot; `alone`: the next one is fetched anew. Returns its length in bytes. */
  #fill(slot: number, page: number, offset: number, alone: boolean): 2 | 4 {
    const low = this.#view.getUint16(page + offset, true);
    const length = (low & 3) === 3 ? 4 : 2;
    let handler: number;
    if (length === 4 && offset === PAGE - 2) {
      this.#view.setUint16(slot + SLOT.immediate, low, true);
      handler = CROSSING;
    } else {
      const bits = length === 2 ? low : (low | (this.#view.getUint16(page + offset + 2, true) << 16)) >>> 0;
      handler = this.#write(slot, bits, offset);
      if (alone || offset + length === PAGE) this.#divert(slot, LAST, handler);
    }
    if (this.#breakpointOffsets.has(offset)) this.#divert(slot, BREAKPOINT, handler);
    else if (handler === CROSSING) this.#view.setUint16(slot + SLOT.handler, CROSSING, true);
    return length;
  }

  #pair(first: number, second: number): void {
    const handler = this.#table.pair(this.#view.getUint16(first + SLOT.handler, true), this.#view.getUint16(second + SLOT.handler, true));
    if (handler !== undefined) this.#view.setUint16(first + SLOT.handler, handler, true);
  }

  #divert(slot: number, to: number, handler: number): void {
    this.#view.setUint16(slot + SLOT.handler, to, true);
    this.#view.setUint16(slot + SLOT.alternate, handler, true);
  }

  /** Writes a slot for an instruction's bits and returns its handler. Without an offset in the page no target is near. */
  #write(slot: number, bits: number, offset: number | undefined): number {
    const view = this.#view;
    const general = decode(bits);
    const decoded = general && withPlainCsr(general);
    if (!decoded) {
      view.setUint16(slot + SLOT.handler, this.#table.illegal, true);
      view.setBigUint64(slot + SLOT.immediate, BigInt(bits), true);
      return this.#table.illegal;
    }
    const { far, near, packing, fields } = this.#table.of(decoded.row);
    const target = offset === undefined ? -1 : offset + Number(decoded.imm);
    const isNear = target >= 0 && target < PAGE;
    const number = isNear ? near : far;
    const { rd, rs1, rs2 } = packRegisters(fields, decoded);
    view.setUint16(slot + SLOT.handler, number, true);
    view.setUint16(slot + SLOT.rd, rd, true);
    view.setUint8(slot + SLOT.rs1, rs1);
    view.setUint8(slot + SLOT.rs2, rs2);
    view.setBigInt64(slot + SLOT.immediate, packImmediate(isNear ? packing.near : packing.far, fields, decoded, bits), true);
    return number;
  }
}
