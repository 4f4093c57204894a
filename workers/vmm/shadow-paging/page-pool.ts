/**
 * Pages of real RAM for the shadow page tables. There are only so many: who needs one when none is left must first give back those of
 * another table (shadow-roots.ts), which can always be made again from the guest's.
 */
import { hostPhysical, PAGE_SIZE, type HostPhysical } from '../../base/address.ts';
import { assert } from '../../base/assert.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';

const EMPTY_PAGE = new Uint8Array(PAGE_SIZE);

export interface SavedPool {
  /** Pages from the first one on that have ever been handed out. */
  readonly begun: number;
  /** Of these the ones that were given back, by their number, the last one given back last. */
  readonly returned: readonly number[];
}

export class PagePool {
  readonly pages: number;
  readonly #memory: PhysicalMemory;
  readonly #base: HostPhysical;
  #begun = 0;
  #returned: number[] = [];
  readonly #out: Uint8Array;

  constructor(memory: PhysicalMemory, base: HostPhysical, pages: number) {
    assert(pages > 0 && memory.contains(base, pages * PAGE_SIZE), 'the pool of shadow pages does not lie in RAM');
    this.#memory = memory;
    this.#base = base;
    this.pages = pages;
    this.#out = new Uint8Array(pages);
  }

  get free(): number {
    return this.pages - this.#begun + this.#returned.length;
  }

  /** The most pages that were out at the same time. */
  get most(): number {
    return this.#begun;
  }

  /** A page of zeros: a table without any valid entry. */
  allocate(): HostPhysical {
    assert(this.free > 0, 'a shadow page was asked of an empty pool');
    let number = this.#returned.pop();
    if (number === undefined) {
      number = this.#begun;
      this.#begun += 1;
    }
    this.#out[number] = 1;
    const page = hostPhysical(this.#base + BigInt(number * PAGE_SIZE));
    this.#memory.copyIn(page, EMPTY_PAGE);
    return page;
  }

  release(page: bigint): void {
    assert(this.holds(page), 'a page that is not of the pool was given back to it');
    const number = this.#numberOf(page);
    this.#out[number] = 0;
    this.#returned.push(number);
  }

  /** Whether this page has been handed out. */
  holds(page: bigint): boolean {
    return page % BigInt(PAGE_SIZE) === 0n && page >= this.#base && page < this.#base + BigInt(this.#begun * PAGE_SIZE) && this.#out[this.#numberOf(page)] === 1;
  }

  #numberOf(page: bigint): number {
    return Number(page - this.#base) / PAGE_SIZE;
  }

  save(): SavedPool {
    return { begun: this.#begun, returned: [...this.#returned] };
  }

  restore({ begun, returned }: SavedPool): void {
    this.#begun = begun;
    this.#returned = [...returned];
    this.#out.fill(0).fill(1, 0, begun);
    for (const number of returned) this.#out[number] = 0;
  }
}
