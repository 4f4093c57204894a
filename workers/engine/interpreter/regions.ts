/** What the run loop and the code cache have to do with translated code, whoever translates (../translator). */

/** (entry, virtual address of the page, budget, fast TLB) -> budget left; the way on stands in linear memory (`EXIT`). */
export const REGION_SIGNATURE = { params: ['i32', 'i64', 'i32', 'i32'], result: 'i32' } as const;

/** Bits of an entry of `translations` that say which entry of the region; above them is its index in the table of regions. */
export const SELECTOR_BITS = 8;

/** Told by the code cache what it forgets. Decoded pages go by their index. */
export interface TranslatedCode {
  /** Granules of 64 bytes, first to last, of a decoded page are not what they were. */
  forget(decodedPage: number, first: number, last: number): void;
  forgetAll(): void;
}
