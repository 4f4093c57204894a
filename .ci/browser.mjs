// Finds a Chromium that the tests can drive; `node .ci/browser.mjs --install` gets one when there is none.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALLED = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  `${process.env.PROGRAMFILES ?? 'C:/Program Files'}/Google/Chrome/Application/chrome.exe`,
];

/**
 * One that CHROMIUM_PATH names, else one installed on this machine, else Playwright's own when it was downloaded.
 * @returns {Promise<string | undefined>}
 */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  const own = await import('@playwright/test').then(({ chromium }) => chromium.executablePath(), () => undefined);
  return [...INSTALLED, ...(own ? [own] : [])].find((path) => existsSync(path));
}

/** @param {string} path */
const works = (path) => spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;

function installFromDebian() {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], { stdio: ['ignore', 2, 2], env: environment });
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'], { stdio: ['ignore', 2, 2], env: environment });
}

function installFromPlaywright() {
  const cli = fileURLToPath(new URL('../node_modules/@playwright/test/cli.js', import.meta.url));
  execFileSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 2, 2], timeout: 300_000 });
}

/** As root on Debian apt is the sure way (it brings the shared libraries too); elsewhere Playwright's download. */
export async function ensureChromium() {
  const found = await findChromium();
  if (found && works(found)) return found;
  const rootOnDebian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  /** @type {[string, () => void][]} */
  const ways = rootOnDebian
    ? [['apt-get install chromium', installFromDebian], ['playwright install chromium', installFromPlaywright]]
    : [['playwright install chromium', installFromPlaywright]];
  for (const [name, install] of ways) {
    try {
      install();
    } catch (error) {
      console.error(`${name} failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      continue;
    }
    const path = await findChromium();
    if (path && works(path)) return path;
  }
  throw new Error('No Chromium found and none could be installed: install Chrome or Chromium, or name one in CHROMIUM_PATH.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(process.argv.includes('--install') ? await ensureChromium() : ((await findChromium()) ?? 'none'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
