import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const QEMU = 'qemu-system-riscv64';
/** Ends at once: what it takes QEMU to start and stop. sw 0x5555 to the test finisher. */
const NOTHING = Uint8Array.from([0x37, 0x03, 0x10, 0x00, 0xb7, 0x52, 0x00, 0x00, 0x9b, 0x82, 0x52, 0x55, 0x23, 0x20, 0x53, 0x00, 0x6f, 0x00, 0x00, 0x00]);

/** Its first line about itself; undefined where it is not installed. */
export function qemuVersion() {
  const { status, stdout } = spawnSync(QEMU, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/** @param {Uint8Array} image @param {string} directory @returns {import('./target.mjs').Run} */
function inQemu(image, directory) {
  const [file, output] = [`${directory}/image.bin`, `${directory}/console.txt`];
  writeFileSync(file, image);
  rmSync(output, { force: true });
  // The shell tells the time of the processor, which Node does not know of a child.
  const command = `TIMEFORMAT='%U %S'; time ${QEMU} -M virt -cpu rv64,h=true,sstc=true -m 128M -display none -monitor none -serial file:${output} -bios ${file}`;
  const began = performance.now();
  const { status, stderr } = spawnSync('bash', ['-c', command], { timeout: 600_000, encoding: 'utf8' });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`QEMU ended with ${String(status)}: ${stderr.slice(0, 500)}`);
  const cpuSeconds = (stderr.trim().split('\n').at(-1) ?? '').split(' ').reduce((sum, value) => sum + Number(value), 0);
  return { seconds, cpuSeconds, checksum: readFileSync(output, 'utf8') };
}

/** QEMU on the same images: S mode, and VS mode under its second stage. @param {import('./target.mjs').Lab} lab @param {import('./target.mjs').ImageOf} imageOf @param {string} directory @returns {import('./target.mjs').Target[]} */
export function qemu(lab, imageOf, directory) {
  return /** @type {const} */ ([['qemu', 'bare'], ['qemu/guest', 'guest']]).map(([name, environment]) => ({
    name, place: 'host',
    runs: (benchmark) => lab.runsIn(benchmark, environment),
    run: (benchmark, rounds) => Promise.resolve(inQemu(imageOf(benchmark, rounds, environment), directory)),
    idle: () => Promise.resolve(inQemu(NOTHING, directory)),
  }));
}
