import { VARIANTS } from './target.mjs';

/** The lab's engines in this process. @param {import('./target.mjs').Lab} lab @param {import('./target.mjs').ImageOf} imageOf @returns {import('./target.mjs').Target[]} */
export function labInNode(lab, imageOf) {
  return VARIANTS.map(([name, engine, environment]) => ({
    name: `node/${name}`, place: 'node',
    runs: (benchmark) => lab.runsIn(benchmark, environment),
    run: (benchmark, rounds) => Promise.resolve(lab.runImage(imageOf(benchmark, rounds, environment), engine, environment)),
  }));
}
