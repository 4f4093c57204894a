/** The machines that run an image: our two engines and QEMU. Each gives the bytes of the log. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { translatorWith, type TranslatingEngine } from '../../workers/engine/translator/translating-engine.ts';
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { instructionByName } from '../../workers/isa/instructions/index.ts';
import { EAGER_TRANSLATION } from '../support/targets.ts';
import { Machine, type EngineFactory } from '../../workers/machine/machine.ts';
import type { Features } from './features.ts';
import { PLACE, RAM_BYTES } from './harness.ts';

export interface Run {
  readonly log: Uint8Array;
  /** Why there is no whole log. */
  readonly failure?: string;
}

export interface Target {
  readonly name: string;
  /** Ends by semihosting, not by leaving its log in RAM. */
  readonly semihosting: boolean;
  run(image: Uint8Array, snippets: number): Run | Promise<Run>;
}

const STEPS_PER_SNIPPET = 100_000;

function ours(name: string, createEngine: EngineFactory): Target {
  return {
    name,
    semihosting: false,
    run(image, snippets) {
      const machine = new Machine({ ramBytes: RAM_BYTES, createEngine, start: 'm' });
      machine.memory.copyIn(PLACE.harness, image);
      machine.enter(PLACE.harness);
      const stop = machine.run(STEPS_PER_SNIPPET * (snippets + 1));
      const end = machine.memory.read(PLACE.header + 16n, 8);
      if (stop.by !== 'halt' || end === 0n) return { log: new Uint8Array(), failure: `stopped by ${stop.by} at pc 0x${machine.hart.pc.toString(16)}` };
      const log = machine.memory.bytes(PLACE.log, Number(end - PLACE.log)).slice();
      return { log };
    },
  };
}

export const REFERENCE = ours('reference', createReferenceEngine);
export const INTERPRETER = ours('interpreter', createInterpreter);

/** The latest of these engines, for what it has translated. */
let latest: TranslatingEngine | undefined;
/** Translates whatever runs twice, so that short programs meet translated code. */
export const TRANSLATOR = ours('translator', (options) => (latest = translatorWith(EAGER_TRANSLATION)(options)));
/** Regions that the last run on TRANSLATOR made. */
export const regionsMade = (): number => latest?.statistics.compiled ?? 0;

const hasInstruction = (name: string): boolean => instructionByName(name) !== undefined;

const QEMU = 'qemu-system-riscv64';
const QEMU_SECONDS = 20;

export function qemuVersion(): string | undefined {
  const { status, stdout } = spawnSync(QEMU, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/** QEMU's hart with what ours has, and nothing more. */
function cpuOf(features: Features): string {
  const { float, hypervisor, sstc, svnapot } = features;
  const on = {
    f: float, d: float, h: hypervisor, sstc, svnapot, svinval: hasInstruction('sinval.vma'), svpbmt: false, v: false, debug: false,
    zba: hasInstruction('sh1add'), zbb: hasInstruction('andn'), zbs: hasInstruction('bset'), zbc: hasInstruction('clmul'),
  };
  return `rv64,pmu-num=29,${Object.entries(on).map(([name, value]) => `${name}=${String(value)}`).join(',')}`;
}

export function qemu(features: Features): Target {
  const cpu = cpuOf(features);
  return {
    name: 'QEMU',
    semihosting: true,
    async run(image) {
      const directory = mkdtempSync(`${tmpdir()}/hypervisible-fuzz-`);
      try {
        writeFileSync(`${directory}/image`, image);
        const args = ['-M', 'virt', '-cpu', cpu, '-m', String(RAM_BYTES >> 20), '-display', 'none', '-serial', 'none', '-monitor', 'none', '-bios', 'none', '-net', 'none',
          '-semihosting-config', 'enable=on,target=native', '-device', `loader,file=${directory}/image,addr=${String(PLACE.harness)},force-raw=on`];
        const failure = await new Promise<string | undefined>((done) => {
          const child = spawn(QEMU, args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
          let said = '';
          child.stderr.on('data', (data: Buffer) => { said += data.toString(); });
          const timer = setTimeout(() => { child.kill('SIGKILL'); }, QEMU_SECONDS * 1000);
          child.on('close', (status, signal) => {
            clearTimeout(timer);
            done(status === 0 ? undefined : signal ? `did not end within ${String(QEMU_SECONDS)} s` : said.trim());
          });
        });
        return failure === undefined ? { log: new Uint8Array(readFileSync(`${directory}/log`)) } : { log: new Uint8Array(), failure };
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}
