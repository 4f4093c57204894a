/** @typedef {import('./ratios.mjs').Result} Result */

const NAME = 20;
const COLUMN = 13;

/** What stands above the columns of these targets. @param {readonly string[]} targets */
export const heading = (targets) => `  ${''.padEnd(NAME)}${targets.map((target) => (target.replace('node/', '').replace('chromium/', '')).replace('trap-and-emulate', 'trap & emul.').replace('straight to ', '').padStart(COLUMN)).join('')}   checksum`;

/** Kernels in millions of the guest's instructions a second (of all targets, so that they can be compared), operations in nanoseconds. @param {Result} result @param {readonly string[]} targets */
export function row({ name, kind, seconds, instructions, checksum }, targets) {
  const cell = (/** @type {string} */ target) => {
    const value = seconds[target];
    if (value === undefined) return '';
    if (!(value > 0)) return 'too short';
    return kind === 'operation' ? `${(value * 1e9).toFixed(0)} ns` : instructions === undefined ? `${(value * 1000).toFixed(0)} ms` : (instructions / value / 1e6).toFixed(0);
  };
  return `  ${name.padEnd(NAME)}${targets.map((target) => cell(target).padStart(COLUMN)).join('')}   ${checksum}`;
}

/** @param {ReturnType<typeof import('./ratios.mjs').ratiosOf>} ratios */
export const ratioLines = (ratios) => ratios.map(({ kind, of, to, benchmarks, ratio }) => `  ${ratio.toFixed(2).padStart(6)} times as fast: ${of} to ${to} (${String(benchmarks)} ${kind}s, geometric mean)`);
