// Installs what package-lock.json asks for, only when it is not there yet. `node .ci/install.mjs`, or import ensureInstalled().
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = `${root}node_modules/.installed-lock`;

/** True when node_modules holds exactly what the lock file asks for. */
function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

function lockHash() {
  return createHash('sha256').update(readFileSync(`${root}package-lock.json`)).digest('hex');
}

/** Runs `npm ci` in the repository unless that has been done for this lock file. */
export function ensureInstalled() {
  if (installed()) return;
  console.error('Installing the packages that package-lock.json names (once) ...');
  const windows = process.platform === 'win32';
  execFileSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], shell: windows });
  writeFileSync(stamp, lockHash());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
