/**
 * The real address spaces (ASID) of all shadow tables, of whatever guest: no two have the same, so that going from one to another needs no fence.
 * When all numbers have been used, the TLB is emptied once and every table is numbered anew.
 */
import { SHADOW_ROOTS, type ShadowRoot } from './shadow-table.ts';

/** A real ASID says the root in its low bits; the rest is a number that grows. */
const ROOT_BITS = 3n;
const LAST_NUMBER = (1n << (16n - ROOT_BITS)) - 1n;

export class AddressSpaces {
  readonly #fenceAll: () => void;
  readonly #users = new Set<() => void>();
  #number = 0n;

  constructor(fenceAll: () => void) {
    this.#fenceAll = fenceAll;
  }

  /** Whoever keeps tables gives them fresh numbers when it is told. */
  join(renumber: () => void): void {
    this.#users.add(renumber);
  }

  leave(renumber: () => void): void {
    this.#users.delete(renumber);
  }

  next(root: ShadowRoot): bigint {
    if (this.#number === LAST_NUMBER) {
      this.#number = 0n;
      this.#fenceAll();
      for (const renumber of this.#users) renumber();
    }
    this.#number += 1n;
    return this.#number << ROOT_BITS | BigInt(SHADOW_ROOTS.indexOf(root));
  }

  save(): bigint {
    return this.#number;
  }

  restore(saved: bigint): void {
    this.#number = saved;
  }
}
