// `npm run fuzz`: bundles fuzz.ts beside this file and runs it. `npm run fuzz -- --help` is answered there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled } from '../../.ci/install.mjs';

ensureInstalled();
const directory = mkdtempSync(`${tmpdir()}/hypervisible-fuzz-`);
try {
  const { build } = await import('vite');
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)), configFile: false, logLevel: 'warn', ssr: { noExternal: true },
    build: { ssr: 'fuzz.ts', outDir: directory, emptyOutDir: false, target: 'es2023', rollupOptions: { output: { entryFileNames: 'fuzz.mjs' } } },
  });
  const { main } = await import(pathToFileURL(`${directory}/fuzz.mjs`).href);
  process.exitCode = await main(process.argv.slice(2));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
