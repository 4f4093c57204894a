/**
 * Pages of real RAM for the shadow page tables of all guests, and the share of each. There are only so many: who needs one when its share is used
 * up must first give back those of another of its tables (shadow-roots.ts), which can always be made again from the guest's. So no guest can take
 * the tables of another.
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
  /** Whose each page from the first one on is, from 1; 0: nobody's. */
  readonly owners: readonly number[];
  /** By share, the most pages that were out. */
  readonly most: readonly number[];
}

/** The pages of one guest's tables. */
export interface PoolShare {
  /** How many there may be, and how many more can be had now. */
  readonly pages: number;
  readonly free: number;
  /** The most that were out at the same time. */
  readonly most: number;
  /** A page of zeros: a table without any valid entry. */
  allocate(): HostPhysical;
  release(page: bigint): void;
  /** Whether this page has been handed out to this guest. */
  holds(page: bigint): boolean;
}

export class PagePool {
  readonly pages: number;
  readonly #memory: PhysicalMemory;
  readonly #base: HostPhysical;
  #begun = 0;
  #returned: number[] = [];
  /** By page: 0, or whose it is. */
  readonly #out: Uint32Array;
  #shares: Share[] = [];

  constructor(memory: PhysicalMemory, base: HostPhysical, pages: number) {
    assert(pages > 0 && memory.contains(base, pages * PAGE_SIZE), 'the pool of shadow pages does not lie in RAM');
    this.#memory = memory;
    this.#base = base;
    this.pages = pages;
    this.#out = new Uint32Array(pages);
  }

  get free(): number {
    return this.pages - this.#begun + this.#returned.length;
  }

  /** Another guest: from now on all have the same share. */
  share(owner: number): PoolShare {
    const share = new Share(this, owner);
    this.#shares.push(share);
    return share;
  }

  /** The guest is gone, and has given back what it had. */
  forget(share: PoolShare): void {
    this.#shares = this.#shares.filter((other) => other !== share);
  }

  /** What each of them may have. */
  get each(): number {
    return Math.floor(this.pages / Math.max(1, this.#shares.length));
  }

  allocateFor(owner: number): HostPhysical {
    assert(this.free > 0, 'a shadow page was asked of an empty pool');
    let number = this.#returned.pop();
    if (number === undefined) {
      number = this.#begun;
      this.#begun += 1;
    }
    this.#out[number] = owner + 1;
    const page = hostPhysical(this.#base + BigInt(number * PAGE_SIZE));
    this.#memory.copyIn(page, EMPTY_PAGE);
    return page;
  }

  release(page: bigint): void {
    const number = this.#numberOf(page);
    this.#out[number] = 0;
    this.#returned.push(number);
  }

  /** Whose page this is; undefined where it was not handed out. */
  ownerOf(page: bigint): number | undefined {
    if (page % BigInt(PAGE_SIZE) !== 0n || page < this.#base || page >= this.#base + BigInt(this.#begun * PAGE_SIZE)) return undefined;
    const owner = this.#out[this.#numberOf(page)]! - 1;
    return owner < 0 ? undefined : owner;
  }

  #numberOf(page: bigint): number {
    return Number(page - this.#base) / PAGE_SIZE;
  }

  save(): SavedPool {
    return { begun: this.#begun, returned: [...this.#returned], owners: [...this.#out.subarray(0, this.#begun)], most: this.#shares.map(({ most }) => most) };
  }

  /** The shares must be those that there were. */
  restore({ begun, returned, owners, most }: SavedPool): void {
    this.#begun = begun;
    this.#returned = [...returned];
    this.#out.fill(0);
    this.#out.set(owners);
    for (const [index, share] of this.#shares.entries()) share.recount(this.#out, most[index] ?? 0);
  }
}

class Share implements PoolShare {
  readonly #pool: PagePool;
  readonly #owner: number;
  #used = 0;
  #most = 0;

  constructor(pool: PagePool, owner: number) {
    this.#pool = pool;
    this.#owner = owner;
  }

  get pages(): number {
    return this.#pool.each;
  }

  /** Below zero where the share has become smaller than what is out. */
  get free(): number {
    return this.pages - this.#used;
  }

  get most(): number {
    return this.#most;
  }

  allocate(): HostPhysical {
    const page = this.#pool.allocateFor(this.#owner);
    this.#used += 1;
    this.#most = Math.max(this.#most, this.#used);
    return page;
  }

  release(page: bigint): void {
    assert(this.holds(page), 'a page that is not of the pool was given back to it');
    this.#pool.release(page);
    this.#used -= 1;
  }

  holds(page: bigint): boolean {
    return this.#pool.ownerOf(page) === this.#owner;
  }

  recount(owners: Uint32Array, most: number): void {
    this.#used = owners.reduce((sum, owner) => sum + Number(owner === this.#owner + 1), 0);
    this.#most = most;
  }
}
