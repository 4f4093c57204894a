import { parseArgs } from 'node:util';

const HELP = `npm run bench -- [options] [names of benchmarks]
  --only NAMES          these benchmarks only, with commas between them
  --kernels, --operations, --measures, --exits
                        these parts only (otherwise all, or with names of benchmarks the first two)
  --node, --chromium    the lab there only
  --targets NAMES       these targets only: node/translator, chromium, qemu, native ...
  --rounds N            turns of all targets; 3 otherwise, and 1 with --quick
  --quick               a tenth of the work
  --cpu                 the time of the processor rather than of the wall, for a machine with other work; not in Chromium
  --json FILE, --plot FILE.svg
  --minimum N           fails when the translator in Chromium runs fewer million instructions a second (geometric mean of the kernels)`;

const PARTS = ['kernels', 'operations', 'measures', 'exits'];
const PLACES = ['node', 'chromium'];

/** A mistake of whoever wrote the command: one sentence. */
export class Mistake extends Error {}

/** @typedef {{ only: readonly string[], parts: readonly string[], places: readonly string[], targets: readonly string[], rounds: number, quick: boolean, cpu: boolean, json: string | undefined, plot: string | undefined, minimum: number }} Options */

/** @param {string | undefined} value */
const listed = (value) => value?.split(',').filter((name) => name !== '') ?? [];

/** @param {string} name @param {string | undefined} value @param {number} otherwise */
function natural(name, value, otherwise) {
  if (value === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new Mistake(`--${name} takes a whole number from 1 on, not "${value}".`);
  return Number(value);
}

/** What was asked for; undefined after help was given. @param {readonly string[]} args @returns {Options | undefined} */
export function readOptions(args) {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const word = /** @type {const} */ ({ type: 'string' });
  const parsed = attempt(() => parseArgs({
    args: [...args], allowPositionals: true,
    options: { help: flag, quick: flag, cpu: flag, node: flag, chromium: flag, kernels: flag, operations: flag, measures: flag, exits: flag, only: word, targets: word, rounds: word, json: word, plot: word, minimum: word },
  }));
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const only = [...positionals, ...listed(values.only)];
  const parts = PARTS.filter((part) => values[/** @type {'exits'} */ (part)]);
  const places = PLACES.filter((place) => values[/** @type {'node'} */ (place)]);
  if (values.cpu && values.chromium) throw new Mistake('--cpu is not for --chromium: a page does not know the time of the processor.');
  return {
    only, targets: listed(values.targets), quick: values.quick, cpu: values.cpu, json: values.json, plot: values.plot,
    parts: parts.length > 0 ? parts : only.length > 0 || values.quick ? ['kernels', 'operations'] : PARTS,
    places: values.cpu ? ['node'] : places.length > 0 ? places : PLACES,
    rounds: natural('rounds', values.rounds, values.quick ? 1 : 3), minimum: natural('minimum', values.minimum, 0),
  };
}

/** @template T @param {() => T} parse @returns {T} */
function attempt(parse) {
  try {
    return parse();
  } catch (error) {
    throw new Mistake(`${error instanceof Error ? error.message.split('. ')[0] ?? '' : ''}. --help lists the options.`);
  }
}
