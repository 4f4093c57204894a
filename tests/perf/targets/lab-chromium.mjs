import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { ensureChromium } from '../../../.ci/browser.mjs';
import { VARIANTS } from './target.mjs';

/** Arguments and results are structured clones; bytes are sent to the page as text, which is quicker than an array of numbers. */
const WORKER = `import * as lab from './lab.mjs';
onmessage = async ({ data: [name, args] }) => { postMessage(await lab[name](...args)); };`;

/** Calls a function of lab.ts in a new worker of the page. @typedef {<Result>(name: string, ...args: readonly unknown[]) => Promise<Result>} InChromium */

/**
 * A headless Chromium with the lab's module; every call has a worker of its own.
 * @param {string} bundle @returns {Promise<{ readonly version: string, readonly call: InChromium, readonly close: () => Promise<void> }>}
 */
export async function openChromium(bundle) {
  const { chromium } = await import('@playwright/test');
  const server = createServer((request, response) => {
    const [type, body] = request.url === '/' ? ['text/html', '<!doctype html>'] : ['text/javascript', request.url === '/worker.mjs' ? WORKER : readFileSync(bundle)];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', () => { listening(undefined); }); });
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  await page.goto(`http://127.0.0.1:${String(address.port)}/`);
  return {
    version: browser.version(),
    call: (name, ...args) => page.evaluate(([called, values]) => new Promise((done, failed) => {
      const worker = new Worker('/worker.mjs', { type: 'module' });
      worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
      worker.onerror = ({ message }) => { failed(new Error(message)); };
      worker.postMessage([called, values.map((value) => (typeof value === 'object' && value !== null && 'base64' in value ? Uint8Array.from(atob(String(value.base64)), (character) => character.charCodeAt(0)) : value))]);
    }), /** @type {const} */ ([name, args.map((value) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value))])),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

/** The lab's engines in workers of a headless Chromium. @param {import('./target.mjs').Lab} lab @param {import('./target.mjs').ImageOf} imageOf @param {InChromium} call @returns {import('./target.mjs').Target[]} */
export function labInChromium(lab, imageOf, call) {
  return VARIANTS.map(([name, engine, environment]) => ({
    name: `chromium/${name}`, place: 'chromium',
    runs: (benchmark) => lab.runsIn(benchmark, environment),
    run: (benchmark, rounds) => call('runImage', imageOf(benchmark, rounds, environment), engine, environment),
  }));
}
