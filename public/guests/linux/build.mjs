// `npm run guest:linux`: builds a small Linux and a root of busybox from Debian's own source packages, into public/guests/linux/out.
// A build is kept by a hash of what went into it; nothing is done when that has not changed. Takes some minutes, and needs apt.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = `${here}out/`;
// Not below public/: what stands there is copied into the page; nor below node_modules/, which `npm ci` empties.
const cache = fileURLToPath(new URL('../../../.cache/linux/', import.meta.url));
const PACKAGES = ['gcc-riscv64-linux-gnu', 'libc6-dev-riscv64-cross', 'linux-source', 'dpkg-dev', 'gcc', 'libc6-dev', 'make', 'flex', 'bison', 'bc', 'patch', 'xz-utils', 'bzip2'];
const INPUTS = ['linux.config', 'busybox.config', 'root.list', 'init', 'build.mjs'];
const CROSS = ['ARCH=riscv', 'CROSS_COMPILE=riscv64-linux-gnu-'];

/** What is wrong and what to do, in one sentence. */
class Refusal extends Error {}

/** @param {string} program @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options */
function run(program, args, { cwd = cache, env = {} } = {}) {
  const { status, error } = spawnSync(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) throw new Refusal(`“${[program, ...args].join(' ')}” failed in ${cwd}: see the lines above.`);
}

/** @param {string} program @param {string[]} args */
const answer = (program, args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** @param {string} name */
function installedVersion(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Version}', name], { encoding: 'utf8' });
  return status === 0 && stdout.startsWith('installed ') ? stdout.slice('installed '.length) : undefined;
}

function installPackages() {
  if (!existsSync('/usr/bin/apt-get')) throw new Refusal('Linux is built from Debian’s source packages: run this on Debian (or a container of it), where there is apt-get.');
  const missing = PACKAGES.filter((name) => installedVersion(name) === undefined);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Refusal(`Some Debian packages are missing; as root: apt-get install ${missing.join(' ')}`);
  console.error(`Installing ${missing.join(', ')} ...`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env });
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of INPUTS) hash.update(`${file}\0`).update(readFileSync(here + file)).update('\0');
  for (const name of PACKAGES) hash.update(`${name}=${String(installedVersion(name))}\n`);
  return hash.digest('hex').slice(0, 24);
}

/** The mirrors that apt already uses, asked for sources: a machine seldom has them switched on, and its own settings stay as they are. */
function fetchBusybox() {
  const sources = `${cache}busybox-source/`;
  if (existsSync(`${sources}tree`)) return `${sources}tree`;
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(`${sources}lists/partial`, { recursive: true });
  const repositories = answer('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages', 'Origin: Debian']);
  // From Debian 13 on apt does not trust the archive's keys of its own accord.
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const signed = existsSync(keys) ? `[signed-by=${keys}] ` : '';
  const lines = [...new Set(repositories.split('\n').filter((line) => line !== ''))].map((line) => `deb-src ${signed}${line}\n`);
  writeFileSync(`${sources}sources.list`, lines.join(''));
  const own = ['-q', '-o', `Dir::Etc::SourceList=${sources}sources.list`, '-o', 'Dir::Etc::SourceParts=/dev/null', '-o', `Dir::State::Lists=${sources}lists`];
  run('apt-get', [...own, 'update'], { cwd: sources });
  run('apt-get', [...own, 'source', 'busybox'], { cwd: sources });
  const tree = readdirSync(sources, { withFileTypes: true }).find((entry) => entry.isDirectory() && entry.name.startsWith('busybox-'));
  if (!tree) throw new Refusal(`apt-get gave no source of busybox in ${sources}.`);
  renameSync(sources + tree.name, `${sources}tree`);
  return `${sources}tree`;
}

function unpackLinux() {
  const archive = readdirSync('/usr/src').filter((name) => /^linux-source-.*\.tar\.xz$/.test(name)).sort().at(-1);
  if (archive === undefined) throw new Refusal('The package linux-source left no archive in /usr/src: install linux-source again.');
  const tree = `${cache}${archive.replace('.tar.xz', '')}-${String(installedVersion('linux-source'))}`;
  if (existsSync(tree)) return tree;
  const unpacking = `${tree}.unpacking`;
  rmSync(unpacking, { recursive: true, force: true });
  mkdirSync(unpacking);
  run('tar', ['-xf', `/usr/src/${archive}`, '--strip-components=1', '-C', unpacking]);
  renameSync(unpacking, tree);
  return tree;
}

/** @param {string} tree @param {string} build */
function buildBusybox(tree, build) {
  mkdirSync(build, { recursive: true });
  const make = ['-C', tree, `O=${build}`, `-j${String(availableParallelism())}`];
  run('make', [...make, ...CROSS, 'defconfig']);
  const wanted = readFileSync(`${here}busybox.config`, 'utf8').split('\n').filter((line) => /CONFIG_/.test(line));
  const names = new Set(wanted.map((line) => /CONFIG_\w+/.exec(line)?.[0]));
  const defaults = readFileSync(`${build}/.config`, 'utf8').split('\n').filter((line) => !names.has(/CONFIG_\w+/.exec(line)?.[0]));
  writeFileSync(`${build}/.config`, [...defaults, ...wanted, ''].join('\n'));
  run('sh', ['-c', `yes '' | make -C '${tree}' O='${build}' ${CROSS.join(' ')} oldconfig >&2`]);
  run('make', [...make, ...CROSS, 'busybox']);
}

/** @param {string} tree @param {string} build @param {string} busybox */
function buildLinux(tree, build, busybox) {
  mkdirSync(build, { recursive: true });
  const root = readFileSync(`${here}root.list`, 'utf8').replaceAll('OUT/', `${busybox}/`).replaceAll('HERE/', here);
  writeFileSync(`${build}/root.list`, root);
  writeFileSync(`${build}/wanted.config`, `${readFileSync(`${here}linux.config`, 'utf8')}CONFIG_INITRAMFS_SOURCE="${build}/root.list"\n`);
  // The same build gives the same bytes.
  const env = { KBUILD_BUILD_TIMESTAMP: '1970-01-01', KBUILD_BUILD_USER: 'hypervisible', KBUILD_BUILD_HOST: 'hypervisible' };
  const make = ['-C', tree, `O=${build}`, `-j${String(availableParallelism())}`, ...CROSS];
  run('make', [...make, `KCONFIG_ALLCONFIG=${build}/wanted.config`, 'allnoconfig'], { env });
  checkConfig(`${build}/.config`);
  run('make', [...make, 'vmlinux', 'Image'], { env });
}

/** Kconfig drops silently what another option forbids. @param {string} file */
function checkConfig(file) {
  const has = readFileSync(file, 'utf8');
  const lost = ['64BIT', 'MMU', 'FPU', 'RISCV_ISA_C', 'RISCV_SBI', 'SIFIVE_PLIC', 'SERIAL_8250_CONSOLE', 'SERIAL_OF_PLATFORM', 'VIRTIO_MMIO', 'VIRTIO_BLK', 'EXT4_FS', 'BLK_DEV_INITRD', 'DEVTMPFS', 'BINFMT_ELF', 'BINFMT_SCRIPT']
    .filter((name) => !has.includes(`\nCONFIG_${name}=y\n`));
  if (lost.length > 0) throw new Refusal(`This version of Linux did not take CONFIG_${lost.join(', CONFIG_')}: see what it needs now and add that to linux.config.`);
}

function main() {
  mkdirSync(cache, { recursive: true });
  installPackages();
  const print = fingerprint();
  if (existsSync(`${out}built`) && readFileSync(`${out}built`, 'utf8') === print) {
    console.log(`public/guests/linux/out is up to date.`);
    return;
  }
  const busyboxTree = fetchBusybox();
  const linuxTree = unpackLinux();
  buildBusybox(busyboxTree, `${cache}busybox-build`);
  buildLinux(linuxTree, `${cache}linux-build`, `${cache}busybox-build`);
  mkdirSync(out, { recursive: true });
  rmSync(`${out}built`, { force: true });
  copyFileSync(`${cache}linux-build/arch/riscv/boot/Image`, `${out}Image`);
  run('riscv64-linux-gnu-strip', ['--strip-debug', '-o', `${out}vmlinux`, `${cache}linux-build/vmlinux`]);
  writeFileSync(`${out}built`, print);
  console.log('Built public/guests/linux/out/vmlinux and Image. Run it: npm run -s lab -- run public/guests/linux/out/Image --input public/guests/linux/session.txt');
}

try {
  main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exit(1);
}
