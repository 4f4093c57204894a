import mdx from '@mdx-js/rollup';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { LESSONS } from './src/lessons/list.ts';

/**
 * 'wasm-unsafe-eval' lets the worker compile the engine it generates; 'unsafe-inline' styles are what Monaco and xterm need for
 * their <style> elements (scripts stay strict); data: images are Monaco's squiggles.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The same policy as a meta tag, for static hosts that cannot set headers; never in dev, where hot reload needs inline scripts. */
const contentSecurityPolicyMeta = (): Plugin => ({
  name: 'content-security-policy-meta',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY }, injectTo: 'head-prepend' }],
});

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** The page that says which lessons there are, for an address of none. */
const UNKNOWN_LESSON = 'embed/v1/unknown/';

/**
 * A real static page for each lesson at embed/v1/<lesson>/, with its own title and words for readers without scripts: the same application,
 * three folders deeper. In development the server's fallback to index.html does the same.
 */
const embedPages = (): Plugin => ({
  name: 'embed-pages',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const index = bundle['index.html'];
      if (index?.type !== 'asset') throw new Error('embed-pages: the build made no index.html');
      const html = String(index.source).replaceAll(/(src|href)="\.\//g, '$1="../../../');
      this.emitFile({ type: 'asset', fileName: `${UNKNOWN_LESSON}index.html`, source: html });
      for (const lesson of LESSONS) {
        const title = escapeHtml(lesson.title.en);
        const page = html
          .replace(/<title>[^<]*<\/title>/, `<title>${title} · Hypervisible</title>`)
          .replace(/<noscript>[\s\S]*?<\/noscript>/, `<noscript>${title}: ${escapeHtml(lesson.summary.en)} This lesson runs a computer in your browser and needs JavaScript.</noscript>`);
        this.emitFile({ type: 'asset', fileName: `embed/v1/${lesson.id}/index.html`, source: page });
      }
    },
  },
});

/** In preview (and so in `npm start`), what a static host's own not-found page would be for addresses of no lesson. */
const unknownLessons = (): Plugin => ({
  name: 'unknown-lessons',
  configurePreviewServer: (server) => {
    server.middlewares.use((request, _response, next) => {
      const id = /^\/embed\/v1\/([^/?]+)\//.exec(request.url ?? '')?.[1];
      if (id !== undefined && !LESSONS.some((lesson) => lesson.id === id)) request.url = `/${UNKNOWN_LESSON}index.html`;
      next();
    });
  },
});

export default defineConfig({
  base: './',
  plugins: [{ enforce: 'pre', ...mdx({ mdExtensions: [] }) }, react(), contentSecurityPolicyMeta(), embedPages(), unknownLessons()],
  worker: { format: 'es' },
  build: { target: 'es2023', chunkSizeWarningLimit: 3500 },
  // The sources that `npm run guest:linux` unpacks there are no part of the page: some eighty thousand files.
  server: { watch: { ignored: ['**/.cache/**'] } },
  preview: { port: Number(process.env.LAB_PORT ?? 4173), strictPort: true, headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
});
