/**
 * Pages of real RAM for the shadow page tables. They are handed out one after the other and all taken back at once: a shadow table
 * can always be made again from the guest's table, so when the pool is empty, everything is dropped.
 */
import { hostPhysical, PAGE_SIZE, type HostPhysical } from '../../base/address.ts';
import { assert } from '../../base/assert.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';

const EMPTY_PAGE = new Uint8Array(PAGE_SIZE);

export class PagePool {
  readonly pages: number;
  readonly #memory: PhysicalMemory;
  readonly #base: HostPhysical;
  #used = 0;

  constructor(memory: PhysicalMemory, base: HostPhysical, pages: number) {
    assert(pages > 0 && memory.contains(base, pages * PAGE_SIZE), 'the pool of shadow pages does not lie in RAM');
    this.#memory = memory;
    this.#base = base;
    this.pages = pages;
  }

  get free(): number {
    return this.pages - this.#used;
  }

  /** A page of zeros: a table without any valid entry. */
  allocate(): HostPhysical {
    assert(this.free > 0, 'a shadow page was asked of an empty pool');
    const page = hostPhysical(this.#base + BigInt(this.#used * PAGE_SIZE));
    this.#used += 1;
    this.#memory.copyIn(page, EMPTY_PAGE);
    return page;
  }

  /** Takes all pages back. */
  freeAll(): void {
    this.#used = 0;
  }

  /** Whether this page has been handed out. */
  holds(page: bigint): boolean {
    return page % BigInt(PAGE_SIZE) === 0n && page >= this.#base && page < this.#base + BigInt(this.#used * PAGE_SIZE);
  }

  save(): number {
    return this.#used;
  }

  restore(used: number): void {
    this.#used = used;
  }
}
