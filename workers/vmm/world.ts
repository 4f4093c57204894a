/**
 * What a guest leaves in the real hart: its x and f registers, its pc (the real sepc, while the VMM runs), fcsr and the reservation of its last lr.
 * Going from one guest to another exchanges them; all else of a guest the VMM has anyway.
 */
export const WORLD_X = 0;
export const WORLD_F = 32;
export const WORLD_PC = 64;
export const WORLD_FCSR = 65;
export const WORLD_RESERVATION = 66;
const WORLD_WORDS = 67;
/** No address is reserved. */
const NO_RESERVATION = (1n << 64n) - 1n;

export type World = BigUint64Array;

export function newWorld(): World {
  const world = new BigUint64Array(WORLD_WORDS);
  world[WORLD_RESERVATION] = NO_RESERVATION;
  return world;
}
