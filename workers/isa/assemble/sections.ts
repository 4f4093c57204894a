/**
 * Sections as lists of items whose sizes may still change: branches that turn out too far grow, alignments shrink. The layout gives every
 * item an address, in rounds, until nothing moves.
 */
import type { Span } from './messages.ts';

/** Something that takes room in a section. `write` is called once all addresses are known. */
export interface Item {
  readonly span: Span;
  /** Bytes it takes now. */
  size: number;
  /** Set by the layout. */
  address: bigint;
  /** Looks at the addresses of this round and changes `size` if it must; sizes of branches only grow, so the rounds end. */
  readonly settle?: (item: Item) => void;
  /** The bytes, `size` of them. */
  readonly write: (item: Item) => Uint8Array;
  /** It is code or data that a source line made, not padding. */
  readonly listed: boolean;
}

export interface AssemblySection {
  readonly name: string;
  readonly items: Item[];
  /** The largest alignment asked for, in bytes. */
  alignment: number;
  address: bigint;
}

/** Where sections stand: code first, then what is read, what is written, and what begins as zeros. */
const ORDER: readonly RegExp[] = [/^\.text$/, /^\.text\./, /^\.s?rodata(\.|$)/, /^\.s?data(\.|$)/];
const LAST = /^\.s?bss(\.|$)/;

const rank = (name: string): number => {
  if (LAST.test(name)) return ORDER.length + 1;
  const found = ORDER.findIndex((pattern) => pattern.test(name));
  return found < 0 ? ORDER.length : found;
};

export const orderSections = (sections: readonly AssemblySection[]): AssemblySection[] => sections.toSorted((a, b) => rank(a.name) - rank(b.name));

const MOST_ROUNDS = 100;
const alignUp = (address: bigint, alignment: number): bigint => {
  const step = BigInt(alignment);
  return ((address + step - 1n) / step) * step;
};

/** Gives every item its address. Calls `begin` before each round; calls `tooLarge` and stops when the whole grows beyond `most` bytes. */
export function layOut(sections: readonly AssemblySection[], origin: bigint, most: number, begin: () => void, tooLarge: (span: Span) => void): boolean {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let moved = false;
    begin();
    let address = origin;
    for (const section of sections) {
      address = alignUp(address, section.alignment);
      section.address = address;
      for (const item of section.items) {
        if (item.address !== address) moved = true;
        item.address = address;
        const before = item.size;
        // In the first round targets ahead have no address yet, and every branch would look too far.
        if (round > 0) item.settle?.(item);
        if (item.size !== before) moved = true;
        address += BigInt(item.size);
        if (address - origin > BigInt(most)) {
          tooLarge(item.span);
          return false;
        }
      }
    }
    if (!moved && round > 0) return true;
  }
  return true;
}

export function sectionBytes(section: AssemblySection): Uint8Array {
  const bytes = new Uint8Array(section.items.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const item of section.items) {
    bytes.set(item.write(item), at);
    at += item.size;
  }
  return bytes;
}
