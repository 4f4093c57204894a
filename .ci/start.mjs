// `npm start`: installs what is missing, builds the page, serves the built page and says where. PORT chooses the port.
import { spawn } from 'node:child_process';
import { ensureInstalled } from './install.mjs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Hypervisible needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}
ensureInstalled();
const { build, preview } = await import('vite');
console.log('Building ...');
await build({ logLevel: 'warn' });
const wanted = process.env.PORT ? Number(process.env.PORT) : undefined;
const server = await preview({ logLevel: 'warn', preview: { host: '127.0.0.1', strictPort: false, ...(wanted ? { port: wanted } : {}) } });
const address = server.resolvedUrls?.local[0] ?? `http://127.0.0.1:${String(server.config.preview.port)}/`;
console.log(`\n  Hypervisible is at ${address}\n  Ctrl+C stops it.\n`);

// With a display, open it; without one the address above is enough.
const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? 'xdg-open' : undefined;
if (opener && process.stdout.isTTY && !process.env.CI) {
  spawn(opener, [address], { stdio: 'ignore', detached: true }).on('error', () => undefined).unref();
}
