#!/usr/bin/env node
// The command line of the lab: `npm run -s lab -- run FILE ...`. Bundles workers/cli/main.ts with Vite when a source has changed since
// the last bundle, and runs it. Two at once are safe: each builds in a place of its own and moves the result in by one rename.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = `${root}node_modules/.cache/hypervisible-lab/`;
const A_DAY = 24 * 3600 * 1000;

/** Names the state of the sources: path, size and time of each file that can end up in the bundle. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = readdirSync(`${root}workers`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.test.') && !entry.name.endsWith('.md'))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
  for (const file of [...files, `${root}package-lock.json`, fileURLToPath(import.meta.url)]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${String(size)}\0${String(mtimeMs)}\n`);
  }
  return hash.digest('hex').slice(0, 24);
}

/** @param {string} directory where the bundle is to stand */
async function bundle(directory) {
  const { build } = await import('vite');
  const building = `${cache}building-${String(process.pid)}-${String(Date.now())}`;
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: 'workers/cli/main.ts', outDir: building, target: 'node20', minify: false, sourcemap: true, rollupOptions: { output: { entryFileNames: 'main.mjs' } } },
  });
  try {
    renameSync(building, directory);
  } catch (error) {
    // Somebody else was quicker with the same sources: theirs is as good.
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

/** Bundles of older sources, and ruins of builds that were killed. @param {string} current */
function forgetOld(current) {
  for (const name of readdirSync(cache)) {
    if (name !== current && Date.now() - statSync(cache + name).mtimeMs > A_DAY) rmSync(cache + name, { recursive: true, force: true });
  }
}

ensureInstalled();
mkdirSync(cache, { recursive: true });
const name = fingerprint();
if (!existsSync(`${cache}${name}/main.mjs`)) {
  await bundle(cache + name);
  forgetOld(name);
}
const { main } = await import(pathToFileURL(`${cache}${name}/main.mjs`).href);
process.exitCode = await main(process.argv.slice(2));
