import { geometricMean } from './numbers.mjs';

/** What is compared: how much faster the first is than the second, on all benchmarks of a kind that both ran. @type {readonly (readonly [string, string])[]} */
const PAIRS = [
  ...['node', 'chromium'].flatMap((place) => /** @type {(readonly [string, string])[]} */ ([
    [`${place}/translator`, `${place}/interpreter`], [`${place}/translator`, 'qemu'], [`${place}/guest`, 'qemu/guest'], [`${place}/guest`, `${place}/translator`],
    [`${place}/trap-and-emulate`, `${place}/translator`], [`${place}/translator`, `${place}/straight to wasm`], [`${place}/straight to wasm`, 'native'], [`${place}/translator`, 'native'],
  ])),
];

/** @typedef {{ readonly name: string, readonly kind: string, readonly instructions: number | undefined, readonly checksum: string, readonly seconds: Readonly<Record<string, number>> }} Result */

/** @param {readonly Result[]} results */
export function ratiosOf(results) {
  return ['kernel', 'operation'].flatMap((kind) => PAIRS.flatMap(([of, to]) => {
    const ratios = results.filter((result) => result.kind === kind).flatMap(({ seconds }) => {
      const [ours, theirs] = [seconds[of], seconds[to]];
      // A round that is shorter than the clock's steps, or than the noise, says nothing.
      return ours === undefined || theirs === undefined || !(ours > 0 && theirs > 0) ? [] : [theirs / ours];
    });
    return ratios.length === 0 ? [] : [{ kind, of, to, benchmarks: ratios.length, ratio: geometricMean(ratios) }];
  }));
}
