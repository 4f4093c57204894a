// `npm run bench`: the speed of the engines on the kernels beside this file, with Sv39 on, in Node and in Chromium, and of QEMU (when it is
// installed) on the same images. Rounds are interleaved, so that all meet the same other work on the machine; medians are compared, in
// millions of instructions per second, and so are the checksums that the kernels compute. Then what an exit to the VMM costs (exits.s), in Node.
// Options: --node, --chromium, --exits (one of them only), --rounds N (default 3), --json FILE, --minimum N (fails when the translator's geometric mean in Chromium is lower), kernels' names.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureChromium } from '../../.ci/browser.mjs';
import { ensureInstalled } from '../../.ci/install.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const kernels = `${here}kernels/`;
/** @type {readonly ('interpreter' | 'translator')[]} */
const ENGINES = ['interpreter', 'translator'];

const args = process.argv.slice(2);
/** @param {string} name @param {string} otherwise */
function setting(name, otherwise) {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : String(args.splice(at, 2)[1]);
}
const minimum = Number(setting('--minimum', '0'));
const rounds = Number(setting('--rounds', '3'));
const jsonFile = setting('--json', '');
const only = args.filter((arg) => arg.startsWith('--'));
const wanted = args.filter((arg) => !arg.startsWith('--'));
const names = readdirSync(kernels).map((file) => file.replace('.s', '')).filter((name) => name !== 'start' && (wanted.length === 0 || wanted.includes(name)));

/** @typedef {import('./measure.ts').Measurement} Measurement */
/** Runs an image on an engine. @typedef {(image: Uint8Array, engine: 'interpreter' | 'translator') => Promise<Measurement>} Runner */

/** One module of a TypeScript file and all that it imports. @param {string} file @param {string} outDir */
async function bundle(file, outDir) {
  const { build } = await import('vite');
  const name = file.replace('.ts', '.mjs');
  await build({
    root: here, configFile: false, logLevel: 'warn', ssr: { noExternal: true },
    build: { ssr: file, outDir, emptyOutDir: false, target: 'es2023', rollupOptions: { output: { entryFileNames: name } } },
  });
  return `${outDir}/${name}`;
}

const WORKER = `import { measure } from './measure.mjs';
onmessage = ({ data: [image, engine] }) => { postMessage(measure(image, engine)); };`;

/** Every run has a worker of its own. @param {string} bundlePath @param {(run: Runner) => Promise<void>} use */
async function withChromium(bundlePath, use) {
  const { chromium } = await import('@playwright/test');
  const server = createServer((request, response) => {
    const [type, body] = request.url === '/' ? ['text/html', '<!doctype html>'] : ['text/javascript', request.url === '/worker.mjs' ? WORKER : readFileSync(bundlePath)];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', () => { listening(undefined); }); });
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    await page.goto(`http://127.0.0.1:${String(address.port)}/`);
    await use((image, engine) => page.evaluate(([bytes, name]) => new Promise((done, failed) => {
      const worker = new Worker('/worker.mjs', { type: 'module' });
      worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
      worker.onerror = ({ message }) => { failed(new Error(message)); };
      worker.postMessage([new Uint8Array(bytes), name]);
    }), /** @type {const} */ ([[...image], engine])));
  } finally {
    await browser.close();
    server.close();
  }
}

const QEMU = 'qemu-system-riscv64';
const hasQemu = spawnSync(QEMU, ['--version']).status === 0;
/** Ends at once: what it takes QEMU to start and stop. sw 0x5555 to the test finisher. */
const NOTHING = Uint8Array.from([0x37, 0x03, 0x10, 0x00, 0xb7, 0x52, 0x00, 0x00, 0x9b, 0x82, 0x52, 0x55, 0x23, 0x20, 0x53, 0x00, 0x6f, 0x00, 0x00, 0x00]);

/** Seconds from start to end. @param {Uint8Array} image @param {string} directory */
function inQemu(image, directory) {
  const file = `${directory}/image.bin`;
  writeFileSync(file, image);
  const start = performance.now();
  const { status } = spawnSync(QEMU, ['-M', 'virt', '-m', '128M', '-display', 'none', '-serial', 'none', '-monitor', 'none', '-bios', file], { timeout: 120_000 });
  if (status !== 0) throw new Error(`QEMU ended with ${String(status)}.`);
  return (performance.now() - start) / 1000;
}

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
/** @param {readonly number[]} values */
const mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/**
 * Prints a table; gives it, too, by kernel and column.
 * @param {string} where @param {Runner} run @param {Map<string, Uint8Array>} images @param {string} directory
 */
async function compare(where, run, images, directory) {
  const columns = [...ENGINES, ...(hasQemu ? ['qemu'] : [])];
  console.log(`${where}\n  ${''.padEnd(10)}${columns.map((column) => column.padStart(13)).join('')}${'to interp.'.padStart(12)}${hasQemu ? 'to QEMU'.padStart(9) : ''}   checksum`);
  /** @type {Record<string, Record<string, number>>} */
  const table = {};
  for (const [name, image] of images) {
    /** @type {Record<string, number[]>} */
    const speeds = Object.fromEntries(columns.map((column) => [column, []]));
    const checksums = new Set();
    let instructions = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const engine of ENGINES) {
        const measured = await run(image, engine);
        checksums.add(`${measured.checksum} after ${String(measured.instructions)}`);
        instructions = measured.instructions;
        speeds[engine]?.push(instructions / measured.seconds / 1e6);
      }
      if (hasQemu) speeds['qemu']?.push(instructions / (inQemu(image, directory) - inQemu(NOTHING, directory)) / 1e6);
    }
    if (checksums.size !== 1) throw new Error(`${name}: the engines do not agree: ${[...checksums].join(', ')}.`);
    const row = Object.fromEntries(Object.entries(speeds).map(([column, values]) => [column, median(values)]));
    table[name] = row;
    console.log(line(name, columns, row, [...checksums][0] ?? ''));
  }
  const means = Object.fromEntries(columns.map((column) => [column, mean(Object.values(table).map((row) => row[column] ?? NaN))]));
  console.log(`${line('mean', columns, means, '(geometric; MIPS)')}\n`);
  return { kernels: table, means };
}

/** @param {string} name @param {readonly string[]} columns @param {Record<string, number>} row @param {string} end */
function line(name, columns, row, end) {
  const { interpreter = NaN, translator = NaN, qemu } = row;
  const ratios = [(translator / interpreter).toFixed(2).padStart(12), qemu === undefined ? '' : (translator / qemu).toFixed(2).padStart(9)];
  return `  ${name.padEnd(10)}${columns.map((column) => (row[column] ?? NaN).toFixed(0).padStart(13)).join('')}${ratios.join('')}   ${end}`;
}

/** The entry of a kernel that starts in S. */
const SUPERVISOR_ENTRY = 0x8020_0000n;

/** Prints what each kind of exit costs; gives it in nanoseconds. @param {typeof import('./kernels.ts').kernelImage} kernelImage @param {string} directory */
async function exitCosts(kernelImage, directory) {
  const { measureExits } = await import(pathToFileURL(await bundle('exits.ts', directory)).href);
  /** @type {import('./exits.ts').ExitCost[]} */
  const costs = measureExits(kernelImage('exits', readFileSync(`${here}exits.s`, 'utf8'), SUPERVISOR_ENTRY), SUPERVISOR_ENTRY);
  console.log(`Exits to the VMM, Node ${process.version}`);
  for (const { name, nanoseconds, exitsPerRound } of costs) console.log(`  ${name.padEnd(26)}${nanoseconds.toFixed(0).padStart(8)} ns   ${exitsPerRound.toFixed(1).padStart(5)} exits a round`);
  return Object.fromEntries(costs.map(({ name, nanoseconds }) => [name, Math.round(nanoseconds)]));
}

ensureInstalled();
const directory = mkdtempSync(`${tmpdir()}/hypervisible-bench-`);
try {
  const { kernelImage } = await import(pathToFileURL(await bundle('kernels.ts', directory)).href);
  const start = readFileSync(`${kernels}start.s`, 'utf8');
  const images = new Map(names.map((name) => [name, kernelImage(name, start + readFileSync(`${kernels}${name}.s`, 'utf8'))]));
  const measured = await bundle('measure.ts', directory);
  /** @type {Record<string, Awaited<ReturnType<typeof compare>>>} */
  const results = {};
  if (!only.includes('--chromium') && !only.includes('--exits')) {
    const { measure } = await import(pathToFileURL(measured).href);
    results['node'] = await compare(`Node ${process.version}`, (image, engine) => Promise.resolve(measure(image, engine)), images, directory);
  }
  if (!only.includes('--node') && !only.includes('--exits')) {
    await withChromium(measured, async (run) => { results['chromium'] = await compare('Chromium', run, images, directory); });
    const reached = results['chromium']?.means['translator'] ?? 0;
    if (reached < minimum) {
      console.error(`Chromium runs ${reached.toFixed(0)} MIPS, less than the ${String(minimum)} asked for.`);
      process.exitCode = 1;
    }
  }
  const exits = only.length === 0 || only.includes('--exits') ? await exitCosts(kernelImage, directory) : undefined;
  if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify({ rounds, ...results, ...(exits && { exits }) }, undefined, 2)}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
