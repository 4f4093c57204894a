/** Random guests harm only themselves. `npm run fuzz -- --hostile N` runs many more. */
import { describe, expect, test } from 'vitest';
import { Random } from '../differential/random.ts';
import { scenarioGuest, wordsGuest } from './random-guest.ts';
import { runWatched } from './watched.ts';

const SEEDS = Array.from({ length: 12 }, (_, n) => 1 + n);
const LIMITS = { steps: 20_000, exits: 1_200 };

describe('a random guest', () => {
  test.each(SEEDS)('I1, I2: with tables of its own harms nobody (seed %i)', (seed) => {
    const run = runWatched(scenarioGuest(new Random(seed)), LIMITS);
    expect(run.broken).toBeUndefined();
    expect(run.exits).toBeGreaterThan(0);
  });

  test.each(SEEDS)('I1, I2: of random words harms nobody (seed %i)', (seed) => {
    const run = runWatched(wordsGuest(new Random(seed)), LIMITS);
    expect(run.broken).toBeUndefined();
    expect(run.exits).toBeGreaterThan(0);
  });
});
