// `npm test`: installs what is missing (packages, a browser) and runs every check: types, lint and import rules, unit, build, browser.
// It runs all of them even when one fails, and closes with the sum: `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
let passed = 0;
let failed = 0;

/** Runs one command that counts as one check. @param {string} name @param {string[]} command */
function check(name, command) {
  const began = Date.now();
  const [program, ...args] = command;
  const good = spawnSync(program ?? '', args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
  if (good) passed += 1; else failed += 1;
  return good;
}

/** Runs a test runner and adds the numbers of its JSON report; no report is one failure. @param {string} name @param {string[]} command @param {string} report */
function suite(name, command, report) {
  const began = Date.now();
  rmSync(report, { force: true });
  const [program, ...args] = command;
  const status = spawnSync(program ?? '', args, { stdio: 'inherit', shell: process.platform === 'win32' }).status;
  let p = 0;
  let f = 0;
  if (existsSync(report)) {
    const json = JSON.parse(readFileSync(report, 'utf8'));
    if (json.stats) [p, f] = [json.stats.expected, json.stats.unexpected + json.stats.flaky + json.errors.length];
    else [p, f] = [json.numPassedTests, json.numFailedTests + json.numPendingTests];
  }
  // A runner that fails without a failed test, or runs none, has failed.
  if ((status !== 0 && f === 0) || p === 0) f += 1;
  passed += p;
  failed += f;
  console.log(`${f === 0 ? 'ok  ' : 'FAIL'} ${name}: ${String(p)} passed, ${String(f)} failed (${((Date.now() - began) / 1000).toFixed(0)} s)`);
}

ensureInstalled();
const { ensureChromium } = await import('./browser.mjs');
try {
  console.log(`browser: ${await ensureChromium()}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  failed += 1;
}
check('types', ['npm', 'run', '-s', 'typecheck']);
check('lint and import rules', ['npm', 'run', '-s', 'lint']);
suite('unit', ['npm', 'run', '-s', 'test:unit'], 'test-results/unit.json');
if (check('build', ['npm', 'run', '-s', 'build'])) suite('browser', ['npm', 'run', '-s', 'test:e2e'], 'test-results/e2e.json');
console.log(`${String(passed)} passed, ${String(failed)} failed`);
process.exit(failed === 0 ? 0 : 1);
