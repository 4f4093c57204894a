// `node tests/perf/operations.mjs [--interpreter] [--rounds N] [--no-qemu] [names]`: nanoseconds a round of each program in operations/, on the engine in Node and in QEMU
// (when it is installed), in turns; CPU time, medians. The instructions and the checksums of every run of the engine are compared, and so is QEMU's ending.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const QEMU = 'qemu-system-riscv64';

/** One row of the table. @typedef {{ name: string, guest: boolean, engine: number, instructions: number, checksum: string, qemu: number | undefined, floor: number | undefined, goal: number | undefined }} OperationCost */
/** What bundles operations.ts exports. @typedef {typeof import('./operations.ts')} Operations */

/** CPU seconds that QEMU takes. @param {string} file */
function inQemu(file) {
  const { status, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${QEMU} -M virt -cpu rv64,h=true,sstc=true -m 128M -display none -serial none -monitor none -bios ${file} 2>/dev/null`], { timeout: 120_000, encoding: 'utf8' });
  if (status !== 0) throw new Error(`QEMU ended with ${String(status)}.`);
  return stderr.trim().split(' ').reduce((sum, value) => sum + Number(value), 0);
}

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const cpuMilliseconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Measures in this process, and in QEMU where asked.
 * @param {Operations} operations @param {{ engine?: 'interpreter' | 'translator', rounds?: number, qemu?: boolean, names?: readonly string[] }} options
 * @returns {OperationCost[]}
 */
export function operationCosts({ OPERATIONS, operationImage, measureOperation }, { engine = 'translator', rounds = 3, qemu = true, names = [] }) {
  const directory = mkdtempSync(`${tmpdir()}/hypervisible-operations-`);
  const withQemu = qemu && spawnSync(QEMU, ['--version']).status === 0;
  const text = (/** @type {string} */ name) => readFileSync(`${here}operations/${name}.s`, 'utf8');
  try {
    return OPERATIONS.filter(({ name }) => names.length === 0 || names.includes(name)).flatMap(({ name, rounds: times, where, floor, goal }) =>
      (where === 'both' ? [false, true] : [where === 'guest']).map((guest) => {
        const image = operationImage(name, text('start'), text(name), times, guest);
        // One round, for what all rounds have in common.
        const once = operationImage(name, text('start'), text(name), 1, guest);
        writeFileSync(`${directory}/image.bin`, image);
        writeFileSync(`${directory}/once.bin`, once);
        const [ours, theirs, checksums] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([]), new Set()];
        let [instructions, checksum] = [0, ''];
        for (let round = 0; round < rounds; round += 1) {
          const first = measureOperation(once, engine, cpuMilliseconds);
          const all = measureOperation(image, engine, cpuMilliseconds);
          ours.push((all.seconds - first.seconds) * 1e9 / times);
          instructions = all.instructions / times;
          checksum = all.checksum;
          checksums.add(`${all.checksum} after ${String(all.instructions)}`);
          if (withQemu) theirs.push((inQemu(`${directory}/image.bin`) - inQemu(`${directory}/once.bin`)) * 1e9 / times);
        }
        if (checksums.size !== 1) throw new Error(`${name}: the runs do not agree: ${[...checksums].join(', ')}.`);
        return { name, guest, engine: median(ours), instructions, checksum, qemu: withQemu ? median(theirs) : undefined, floor, goal };
      }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {OperationCost} cost */
export function costLine({ name, guest, engine, instructions, checksum, qemu, floor, goal }) {
  const number = (/** @type {number | undefined} */ value, /** @type {number} */ width) => (value === undefined ? '' : value.toFixed(0)).padStart(width);
  return `  ${`${name}${guest ? ' (guest)' : ''}`.padEnd(28)}${number(engine, 9)} ns${number(qemu, 9)}${number(floor, 8)}${number(goal, 7)}${(instructions / engine * 1000).toFixed(0).padStart(9)} MIPS   ${checksum}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const at = args.indexOf('--rounds');
  const rounds = at < 0 ? 3 : Number(args.splice(at, 2)[1]);
  const { build } = await import('vite');
  const outDir = mkdtempSync(`${tmpdir()}/hypervisible-operations-`);
  try {
    await build({ root: here, configFile: false, logLevel: 'warn', ssr: { noExternal: true }, build: { ssr: 'operations.ts', outDir, emptyOutDir: true, target: 'es2023', rollupOptions: { output: { entryFileNames: 'operations.mjs' } } } });
    const operations = await import(pathToFileURL(`${outDir}/operations.mjs`).href);
    console.log(`  ${'Node, CPU time a round'.padEnd(28)}${'engine'.padStart(12)}${'QEMU'.padStart(9)}${'at most'.padStart(8)}${'aim'.padStart(7)}`);
    const names = args.filter((arg) => !arg.startsWith('--'));
    for (const name of names.length > 0 ? names : operations.OPERATIONS.map((/** @type {{ name: string }} */ operation) => operation.name)) {
      for (const cost of operationCosts(operations, { engine: args.includes('--interpreter') ? 'interpreter' : 'translator', rounds, qemu: !args.includes('--no-qemu'), names: [name] })) console.log(costLine(cost));
    }
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
