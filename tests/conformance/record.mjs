#!/usr/bin/env node
// Records what QEMU prints for every rule in rules/ and every generated one: `node tests/conformance/record.mjs`, by hand, after a rule was added or changed.
// It needs qemu-system-riscv64 (Debian: qemu-system-misc; recorded with 7.2). The tests need only what it has written.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const outDir = fileURLToPath(new URL(`../../node_modules/.cache/hypervisible-record-${String(process.pid)}/`, import.meta.url));
await build({
  root: here, configFile: false, logLevel: 'silent', ssr: { noExternal: true },
  build: { ssr: `${here}record.ts`, outDir, target: 'node20', minify: false, rollupOptions: { output: { entryFileNames: 'record.mjs' } } },
});
const { record } = await import(`${outDir}record.mjs`);
record(here.replace(/\/$/, ''));
rmSync(outDir, { recursive: true });
