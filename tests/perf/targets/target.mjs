/**
 * What a benchmark can be run on. `place` is where its time is taken, for what is compared with what; `idle` is what of a run is not the program's, and `close` ends what it holds.
 * @typedef {import('../suite.ts').Benchmark} Benchmark
 * @typedef {import('../run.ts').Run} Run
 * @typedef {{
 *   readonly name: string, readonly place: 'node' | 'chromium' | 'host',
 *   readonly runs: (benchmark: Benchmark) => boolean, readonly run: (benchmark: Benchmark, rounds: number) => Promise<Run>, readonly idle?: () => Promise<Run>,
 * }} Target
 * @typedef {typeof import('../lab.ts')} Lab
 * @typedef {import('../suite.ts').Environment} Environment
 * @typedef {(benchmark: Benchmark, rounds: number, environment: Environment) => Uint8Array<ArrayBuffer>} ImageOf
 */

/** The lab's own variants, by the end of their names. @type {readonly (readonly [string, 'translator' | 'interpreter', Environment])[]} */
export const VARIANTS = [
  ['interpreter', 'interpreter', 'bare'], ['translator', 'translator', 'bare'], ['guest', 'translator', 'guest'], ['trap-and-emulate', 'translator', 'trap-and-emulate'],
];

/** A number of the kind that decides: of wall time, or of processor time where that is asked for. @param {Run} run @param {boolean} cpu */
export const secondsOf = (run, cpu) => (cpu ? run.cpuSeconds ?? NaN : run.seconds);
