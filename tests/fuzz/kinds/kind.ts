import type { Random } from '../../differential/random.ts';
import type { Features } from '../features.ts';
import type { Kept } from '../harness.ts';
import type { Snippet } from '../snippet.ts';

export interface Context {
  readonly features: Features;
  readonly kept: Kept;
}

/** A family of random tests. */
export interface Kind {
  readonly name: string;
  /** Whether machines with these features can run it. */
  readonly possible: (features: Features) => boolean;
  readonly snippet: (random: Random, context: Context) => Snippet;
}

/** What mstatus says of the mode to go to: MPP, and MPV. */
export const MODES = { u: 0n, s: 1n << 11n, m: 3n << 11n, vs: (1n << 39n) | (1n << 11n), vu: 1n << 39n } as const;
