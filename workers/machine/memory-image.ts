/**
 * Copies of memory that share what they have in common: a picture of memory is a list of pages, a page that did not change since the
 * picture before is the same array, and a page of zeros is no array at all. So a hundred pictures of a machine cost little more than
 * the pages that it wrote.
 */
const PAGE = 4096;
const WORDS = PAGE / 4;

/** One picture. Undefined stands for a page of zeros. */
export type MemoryImage = readonly (Int32Array | undefined)[];

/** Pages are compared by words of 32 bits: the widest that JavaScript compares without allocating. */
function samePage(words: Int32Array, at: number, page: Int32Array | undefined): boolean {
  if (page === undefined) {
    for (let i = at; i < at + WORDS; i += 1) if (words[i] !== 0) return false;
    return true;
  }
  for (let i = 0; i < WORDS; i += 1) if (words[at + i] !== page[i]) return false;
  return true;
}

/** The picture of `memory` (a multiple of 4 KiB, at a 4-byte boundary), sharing pages with an earlier one. */
export function capture(memory: Uint8Array, earlier?: MemoryImage): MemoryImage {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
  const pages = new Array<Int32Array | undefined>(words.length / WORDS);
  for (let index = 0; index < pages.length; index += 1) {
    const at = index * WORDS;
    const known = earlier?.[index];
    if (samePage(words, at, known)) pages[index] = known;
    else pages[index] = samePage(words, at, undefined) ? undefined : words.slice(at, at + WORDS);
  }
  return pages;
}

/** Makes `memory` be as in the picture. Says for each run of changed bytes where it stands (offset and length in `memory`). */
export function restore(memory: Uint8Array, image: MemoryImage, changed: (offset: number, length: number) => void = () => undefined): void {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
  for (const [index, page] of image.entries()) {
    const at = index * WORDS;
    if (samePage(words, at, page)) continue;
    if (page) words.set(page, at);
    else words.fill(0, at, at + WORDS);
    changed(index * PAGE, PAGE);
  }
}

/** Bytes that these pictures hold together, shared pages counted once. */
export function heldBytes(images: Iterable<MemoryImage>): number {
  const pages = new Set<Int32Array>();
  for (const image of images) for (const page of image) if (page) pages.add(page);
  return pages.size * PAGE;
}
