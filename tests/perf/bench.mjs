// `npm run bench`: the interpreter's speed on the kernels beside this file, with Sv39 on, in Node and in Chromium. Prints millions of
// instructions per second (the best of three) and the checksum of each kernel. Options: --node, --chromium (one of them only),
// --minimum N (fails when Chromium's geometric mean is lower), and names of kernels.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureChromium } from '../../.ci/browser.mjs';
import { ensureInstalled } from '../../.ci/install.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const kernels = `${here}kernels/`;
const ROUNDS = 3;

const args = process.argv.slice(2);
const minimumAt = args.indexOf('--minimum');
const minimum = minimumAt < 0 ? 0 : Number(args.splice(minimumAt, 2)[1]);
const only = args.filter((arg) => arg.startsWith('--'));
const wanted = args.filter((arg) => !arg.startsWith('--'));
const names = readdirSync(kernels).map((file) => file.replace('.s', '')).filter((name) => name !== 'start' && (wanted.length === 0 || wanted.includes(name)));

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

/** @param {string} bundlePath @param {Map<string, Uint8Array>} images */
async function inNode(bundlePath, images) {
  const { measure } = await import(pathToFileURL(bundlePath).href);
  return new Map([...images].map(([name, image]) => [name, Array.from({ length: ROUNDS }, () => measure(image))]));
}

const WORKER = `import { measure } from './measure.mjs';
onmessage = ({ data: [image, rounds] }) => { postMessage(Array.from({ length: rounds }, () => measure(image))); };`;

/** @param {string} bundlePath @param {Map<string, Uint8Array>} images */
async function inChromium(bundlePath, images) {
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
    const results = new Map();
    for (const [name, image] of images) {
      results.set(name, await page.evaluate(([bytes, rounds]) => new Promise((done, failed) => {
        const worker = new Worker('/worker.mjs', { type: 'module' });
        worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
        worker.onerror = ({ message }) => { failed(new Error(message)); };
        worker.postMessage([new Uint8Array(bytes), rounds]);
      }), /** @type {const} */ ([[...image], ROUNDS])));
    }
    return results;
  } finally {
    await browser.close();
    server.close();
  }
}

/** @param {import('./measure.ts').Measurement} measurement */
const mips = ({ instructions, seconds }) => instructions / seconds / 1e6;

/** @param {string} where @param {Map<string, import('./measure.ts').Measurement[]>} results */
function report(where, results) {
  console.log(where);
  const best = [...results].map(([name, rounds]) => {
    const fastest = rounds.reduce((a, b) => (a.seconds < b.seconds ? a : b));
    console.log(`  ${name.padEnd(10)} ${mips(fastest).toFixed(0).padStart(5)} MIPS  ${String(fastest.instructions).padStart(11)} instructions  checksum ${fastest.checksum}`);
    return mips(fastest);
  });
  const mean = Math.exp(best.reduce((sum, speed) => sum + Math.log(speed), 0) / best.length);
  console.log(`  ${'mean'.padEnd(10)} ${mean.toFixed(0).padStart(5)} MIPS (geometric)\n`);
  return mean;
}

ensureInstalled();
const directory = mkdtempSync(`${tmpdir()}/hypervisible-bench-`);
try {
  const { kernelImage } = await import(pathToFileURL(await bundle('kernels.ts', directory)).href);
  const start = readFileSync(`${kernels}start.s`, 'utf8');
  const images = new Map(names.map((name) => [name, kernelImage(name, start + readFileSync(`${kernels}${name}.s`, 'utf8'))]));
  const measured = await bundle('measure.ts', directory);
  if (!only.includes('--chromium')) report(`Node ${process.version}`, await inNode(measured, images));
  if (!only.includes('--node')) {
    const mean = report('Chromium', await inChromium(measured, images));
    if (mean < minimum) {
      console.error(`Chromium runs ${mean.toFixed(0)} MIPS, less than the ${String(minimum)} asked for.`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
