import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One module of lab.ts and all that it imports; gives its path. @param {string} outDir */
export async function bundleLab(outDir) {
  const { build } = await import('vite');
  await build({
    root, configFile: false, logLevel: 'warn', ssr: { noExternal: true },
    build: { ssr: 'lab.ts', outDir, emptyOutDir: false, target: 'es2023', rollupOptions: { output: { entryFileNames: 'lab.mjs' } } },
  });
  return `${outDir}/lab.mjs`;
}
