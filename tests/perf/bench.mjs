// `npm run bench`: measures the lab's engines beside QEMU, this machine's own compiler and WebAssembly. README.md says what, how, and what came out; `-- --help` the options.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled } from '../../.ci/install.mjs';
import { Mistake, readOptions } from './options.mjs';
import { median } from './report/numbers.mjs';
import { plot } from './report/plot.mjs';
import { ratiosOf } from './report/ratios.mjs';
import { heading, ratioLines, row } from './report/table.mjs';
import { bundleLab } from './targets/bundle.mjs';
import { native, straightToWasm, wasmIn } from './targets/compiled.mjs';
import { labInChromium, openChromium } from './targets/lab-chromium.mjs';
import { labInNode } from './targets/lab-node.mjs';
import { qemu, qemuVersion } from './targets/qemu.mjs';
import { secondsOf } from './targets/target.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
/** @param {string} file */
const text = (file) => readFileSync(`${here}${file}`, 'utf8');
/** The entry of a kernel that starts in S. */
const SUPERVISOR_ENTRY = 0x8020_0000n;
const TRACED = /** @type {const} */ ([['sieve', 'bare'], ['system-call-storm', 'bare'], ['sieve', 'trap-and-emulate'], ['system-call-storm', 'trap-and-emulate']]);

/** @typedef {import('./targets/target.mjs').Target} Target */
/** @typedef {import('./targets/target.mjs').Benchmark} Benchmark */
/** @typedef {import('./report/ratios.mjs').Result} Result */

/**
 * All targets in turns, so that all meet the same other work on the machine; medians. A checksum that differs is an error.
 * @param {Benchmark} benchmark @param {readonly Target[]} targets @param {import('./options.mjs').Options} options @returns {Promise<Result>}
 */
async function measure(benchmark, targets, { rounds, quick, cpu }) {
  const times = quick ? Math.max(1, Math.ceil(benchmark.rounds / 10)) : benchmark.rounds;
  const runners = targets.filter((target) => target.runs(benchmark));
  /** @type {Map<string, number[]>} */
  const samples = new Map(runners.map(({ name }) => [name, []]));
  /** @type {Map<string, string>} */
  const checksums = new Map();
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const target of runners) {
      const all = await target.run(benchmark, times);
      const { kind } = benchmark;
      // What is not of the rounds: for an operation a program of one round, for a kernel (which includes what translating costs) only what is not the program's.
      const rest = kind === 'operation' ? await target.run(benchmark, 1) : await target.idle?.();
      const seconds = secondsOf(all, cpu) - (rest ? secondsOf(rest, cpu) : 0);
      samples.get(target.name)?.push(kind === 'operation' ? seconds / (times - 1) : seconds);
      checksums.set(`${all.checksum} by ${target.name}`, all.checksum);
      if (all.instructions === undefined) continue;
      const place = /trap-and-emulate$/.test(target.name) ? 'under the VMM' : /guest$/.test(target.name) ? 'in VS' : 'in S';
      if ((counts.get(place) ?? all.instructions) !== all.instructions) throw new Error(`${benchmark.name}: ${target.name} counts ${String(all.instructions)} instructions ${place}, others ${String(counts.get(place))}.`);
      counts.set(place, all.instructions);
    }
  }
  if (new Set(checksums.values()).size > 1) throw new Error(`${benchmark.name}: the checksums differ: ${[...checksums.keys()].join('; ')}.`);
  return {
    name: benchmark.name, kind: benchmark.kind, instructions: counts.get('in S') ?? [...counts.values()][0], checksum: [...checksums.values()][0] ?? '',
    seconds: Object.fromEntries([...samples].map(([name, values]) => [name, median(values)])),
  };
}

/** @param {import('./options.mjs').Options} options @param {string} directory */
async function bench(options, directory) {
  const bundle = await bundleLab(directory);
  /** @type {import('./targets/target.mjs').Lab} */
  const lab = await import(pathToFileURL(bundle).href);
  const unknown = options.only.find((name) => !lab.BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) throw new Mistake(`There is no benchmark ${unknown}: choose from ${lab.BENCHMARKS.map(({ name }) => name).join(', ')}.`);
  const chosen = lab.BENCHMARKS.filter(({ name, kind }) => (options.only.length === 0 || options.only.includes(name)) && options.parts.includes(`${kind}s`));
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const images = new Map();
  /** @type {import('./targets/target.mjs').ImageOf} */
  const imageOf = (benchmark, rounds, environment) => {
    const key = `${benchmark.name} ${String(rounds)} ${environment}`;
    const made = images.get(key) ?? Uint8Array.from(lab.imageOf(benchmark, rounds, environment, text));
    images.set(key, made);
    return made;
  };
  const chromium = options.places.includes('chromium') ? await openChromium(bundle) : undefined;
  const wasm = straightToWasm(directory);
  const version = qemuVersion();
  const machine = { processor: cpus()[0]?.model ?? 'unknown', processors: cpus().length, node: process.version, chromium: chromium?.version, qemu: version, clock: options.cpu ? 'processor time' : 'wall time' };
  try {
    /** @type {Target[]} */
    const all = [
      ...(options.places.includes('node') ? [...labInNode(lab, imageOf), ...(wasm ? [wasmIn('node', (benchmark, rounds) => Promise.resolve(lab.runWasm(wasm(benchmark), rounds)))] : [])] : []),
      ...(chromium ? [...labInChromium(lab, imageOf, chromium.call), ...(wasm ? [wasmIn('chromium', (benchmark, rounds) => chromium.call('runWasm', wasm(benchmark), rounds))] : [])] : []),
      ...(version === undefined ? [] : qemu(lab, imageOf, directory)), ...native(directory),
    ];
    const targets = options.targets.length === 0 ? all : all.filter(({ name }) => options.targets.some((wanted) => name === wanted || name.startsWith(`${wanted}/`)));
    if (targets.length === 0) throw new Mistake(`There is no such target here: choose from ${all.map(({ name }) => name).join(', ')}.`);
    console.log(`${machine.processor}, ${String(machine.processors)} processors; Node ${machine.node}${chromium ? `, Chromium ${chromium.version}` : ''}${version === undefined ? '; no QEMU' : `, ${version}`}; ${machine.clock}, medians of ${String(options.rounds)}`);
    /** @type {Result[]} */
    const results = [];
    for (const kind of /** @type {const} */ (['kernel', 'operation'])) {
      const benchmarks = chosen.filter((benchmark) => benchmark.kind === kind);
      if (benchmarks.length === 0) continue;
      const groups = [...new Set(targets.map(({ place }) => place))].map((place) => ({ place, names: targets.filter((target) => target.place === place && benchmarks.some((benchmark) => target.runs(benchmark))).map(({ name }) => name) })).filter(({ names }) => names.length > 0);
      for (const benchmark of benchmarks) {
        if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K  ${benchmark.name} ...\r`);
        try {
          results.push(await measure(benchmark, targets, options));
        } catch (error) {
          // One that fails does not lose the others' figures, but the command has failed.
          console.error(error instanceof Error ? error.message : error);
          process.exitCode = 1;
        }
      }
      for (const { place, names } of groups) {
        console.log(`\n${kind === 'kernel' ? 'Kernels, million instructions a second' : 'Operations, a round'} (${place === 'host' ? 'this machine' : place})\n${heading(names)}`);
        for (const result of results.filter((other) => other.kind === kind)) console.log(row(result, names));
      }
    }
    const ratios = ratiosOf(results);
    if (ratios.length > 0) console.log(`\nRatios\n${ratioLines(ratios).join('\n')}`);
    const measures = options.parts.includes('measures') ? await otherMeasures(lab, imageOf, bundle, chromium?.call, directory) : undefined;
    const exits = options.parts.includes('exits') ? exitCosts(lab) : undefined;
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ machine, rounds: options.rounds, quick: options.quick, results, ratios, measures, exits }, undefined, 2)}\n`);
    if (options.plot !== undefined) {
      const base = ['qemu', 'node/interpreter', 'chromium/interpreter'].find((name) => targets.some((target) => target.name === name)) ?? targets[0]?.name ?? '';
      writeFileSync(options.plot, plot(results, targets.map(({ name }) => name), base, `${machine.processor}, ${machine.clock}`));
    }
    if (options.minimum > 0) atLeast(options.minimum, results);
  } finally {
    await chromium?.close();
  }
}

/** @param {number} minimum @param {readonly Result[]} results */
function atLeast(minimum, results) {
  const speeds = results.flatMap(({ seconds, instructions, kind }) => (kind === 'kernel' && instructions !== undefined ? [instructions / (seconds['chromium/translator'] ?? NaN) / 1e6] : []));
  const reached = Math.exp(speeds.reduce((sum, speed) => sum + Math.log(speed), 0) / speeds.length);
  if (reached >= minimum) return;
  console.error(`Chromium runs ${reached.toFixed(0)} million instructions a second, less than the ${String(minimum)} asked for.`);
  process.exitCode = 1;
}

/**
 * @param {import('./targets/target.mjs').Lab} lab @param {import('./targets/target.mjs').ImageOf} imageOf @param {string} bundle
 * @param {import('./targets/lab-chromium.mjs').InChromium | undefined} inChromium @param {string} directory
 */
async function otherMeasures(lab, imageOf, bundle, inChromium, directory) {
  /** @param {string} name @param {number} times @param {import('./suite.ts').Environment} environment */
  const image = (name, times, environment) => {
    const benchmark = /** @type {Benchmark} */ (lab.BENCHMARKS.find((other) => other.name === name));
    return imageOf(benchmark, Math.ceil(benchmark.rounds * times), environment);
  };
  console.log('\nUntil a hot loop has 80 % of its speed');
  const warmUp = /** @type {Record<string, number>} */ ({});
  for (const name of ['sieve', 'crc', 'branchy']) {
    const bytes = image(name, 100, 'bare');
    warmUp[`node ${name}`] = lab.measureWarmUp(bytes).milliseconds;
    if (inChromium) warmUp[`chromium ${name}`] = /** @type {import('./measures/warm-up.ts').WarmUp} */ (await inChromium('measureWarmUp', bytes)).milliseconds;
  }
  for (const [name, milliseconds] of Object.entries(warmUp)) console.log(`  ${name.padEnd(30)}${milliseconds.toFixed(0).padStart(6)} ms`);

  console.log('\nSpeed while watched, of the speed while not');
  const watched = /** @type {Record<string, number>} */ ({});
  for (const [name, regime] of TRACED) {
    // Under the VMM a storm of traps is a thousand times dearer.
    const bytes = image(name, regime === 'bare' ? 2 : name === 'sieve' ? 2 : 0.05, 'bare');
    const turns = Array.from({ length: 3 }, () => lab.measureTracing(bytes, regime));
    watched[`${name}, ${regime}`] = median(turns.map(({ untracedSeconds, tracedSeconds }) => untracedSeconds / tracedSeconds));
    console.log(`  ${`${name}, ${regime}`.padEnd(36)}${(watched[`${name}, ${regime}`] ?? NaN).toFixed(2).padStart(6)}   (${String(turns[0]?.traps ?? 0)} traps)`);
  }

  const file = `${directory}/memory.bin`;
  writeFileSync(file, image('cold-code', 1, 'bare'));
  const { bytes: memory } = /** @type {{ bytes: number }} */ (JSON.parse(execFileSync(process.execPath, [`${here}measures/memory.mjs`, bundle, file], { encoding: 'utf8' })));
  console.log(`\nMemory of a machine that ran 1.5 MB of cold code, with the pages of its RAM that it used (Node): ${(memory / 2 ** 20).toFixed(0)} MiB`);
  return { warmUpMilliseconds: warmUp, watchedRatio: watched, memoryBytes: memory };
}

/** What each kind of exit to the VMM costs, in nanoseconds. @param {import('./targets/target.mjs').Lab} lab */
function exitCosts(lab) {
  const costs = lab.measureExits(lab.programImage('exits', text('exits/exits.s'), SUPERVISOR_ENTRY), SUPERVISOR_ENTRY);
  console.log(`\nExits to the VMM, Node ${process.version}`);
  for (const { name, nanoseconds, exitsPerRound } of costs) console.log(`  ${name.padEnd(26)}${nanoseconds.toFixed(0).padStart(8)} ns   ${exitsPerRound.toFixed(1).padStart(5)} exits a round`);
  return Object.fromEntries(costs.map(({ name, nanoseconds }) => [name, Math.round(nanoseconds)]));
}

const directory = mkdtempSync(`${tmpdir()}/hypervisible-bench-`);
try {
  const options = readOptions(process.argv.slice(2));
  if (options) {
    ensureInstalled();
    await bench(options, directory);
  }
} catch (error) {
  console.error(error instanceof Mistake ? error.message : error);
  process.exitCode = error instanceof Mistake ? 2 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
