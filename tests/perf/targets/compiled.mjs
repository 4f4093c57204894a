import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OPTIMIZED } from '../kernels/options.mjs';

const sources = fileURLToPath(new URL('../kernels/c/', import.meta.url));
const mains = fileURLToPath(new URL('c/', import.meta.url));

/** @param {string} compiler @param {readonly string[]} args */
function compile(compiler, args) {
  const { status, stderr, error } = spawnSync(compiler, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${compiler} does not compile a kernel: ${error ? error.message : stderr}`);
}

/** @param {string} program @param {readonly string[]} args */
const answers = (program, args) => spawnSync(program, args).status === 0;
/** @param {import('./target.mjs').Benchmark} benchmark */
const inC = (benchmark) => benchmark.kind === 'kernel' && benchmark.language === 'c';

/** The C of the kernels as programs of this machine, where there is a compiler. @param {string} directory @returns {import('./target.mjs').Target[]} */
export function native(directory) {
  const compiler = ['gcc', 'clang', 'cc'].find((name) => answers(name, ['--version']));
  if (!compiler) return [];
  return [{
    name: 'native', place: 'host', runs: inC,
    run: ({ name }, rounds) => {
      const program = `${directory}/${name}`;
      if (!existsSync(program)) compile(compiler, [...OPTIMIZED, '-I', sources, `${mains}native.c`, `${sources}${name}.c`, '-o', program]);
      const { status, stdout } = spawnSync(program, [String(rounds)], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name} as a program of this machine ended with ${String(status)}.`);
      const [checksum = '', seconds, cpuSeconds] = stdout.trim().split(' ');
      return Promise.resolve({ checksum, seconds: Number(seconds), cpuSeconds: Number(cpuSeconds) });
    },
  }];
}

/** The C of the kernels compiled straight to WebAssembly, where clang can do so: modules for those who run them. @param {string} directory */
export function straightToWasm(directory) {
  if (!answers('clang', ['--version']) || !answers('wasm-ld', ['--version'])) return undefined;
  /** @param {import('./target.mjs').Benchmark} benchmark */
  return ({ name }) => {
    const module = `${directory}/${name}.wasm`;
    if (!existsSync(module)) compile('clang', ['--target=wasm32', '-nostdlib', '-mbulk-memory', ...OPTIMIZED, '-Wl,--no-entry', '-I', sources, `${mains}wasm.c`, `${sources}${name}.c`, '-o', module]);
    return new Uint8Array(readFileSync(module));
  };
}

/** @param {'node' | 'chromium'} place @param {(benchmark: import('./target.mjs').Benchmark, rounds: number) => Promise<import('./target.mjs').Run>} run @returns {import('./target.mjs').Target} */
export const wasmIn = (place, run) => ({ name: `${place}/straight to wasm`, place, runs: inC, run });
