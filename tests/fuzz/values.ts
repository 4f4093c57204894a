/** Random operands: mostly values at the edges of something. */
import type { Random } from '../differential/random.ts';

const ALL = (1n << 64n) - 1n;

/** A 64-bit value: small, a power of two or beside one, a run of ones, halves that differ, or any. */
export function interesting(random: Random): bigint {
  const at = BigInt(random.below(64));
  switch (random.below(8)) {
    case 0: return BigInt(random.below(16));
    case 1: return ALL - BigInt(random.below(16));
    case 2: return 1n << at;
    case 3: return (1n << at) - 1n;
    case 4: return ALL ^ ((1n << at) - 1n);
    case 5: return BigInt.asUintN(64, BigInt.asIntN(32, BigInt(random.word())));
    case 6: return BigInt(random.word());
    default: return random.double();
  }
}
