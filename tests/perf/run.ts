/** Runs one image to its end and takes the time. Works in Node and in a worker of a browser. */
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { createTranslator, translatorWith } from '../../workers/engine/translator/translating-engine.ts';
import type { Image } from '../../workers/machine/image/image.ts';
import { loadInto, Machine, type EngineFactory } from '../../workers/machine/machine.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { Vmm, VMM_ENTRY } from '../../workers/vmm/vmm.ts';
import type { Environment } from './suite.ts';

export const RAM_BYTES = 16 << 20;
/** The VMM's own memory, before the guest's. */
const HOST_OFFSET = 4 << 20;
/** Steps between two looks of the lab at the machine while it runs. */
const SLICE = 500_000;

/** `eager` translates whatever ran at all: for tests. */
export const ENGINES = {
  translator: createTranslator, interpreter: createInterpreter, reference: createReferenceEngine,
  eager: translatorWith({ samplePeriod: 5, samplesToTranslate: 1, limits: { instructions: 12, entries: 8 } }),
} as const satisfies Readonly<Record<string, EngineFactory>>;
export type Engine = keyof typeof ENGINES;

export interface Run {
  /** Wall time, and the time of all processors, where the system tells it. */
  readonly seconds: number;
  readonly cpuSeconds?: number | undefined;
  /** That the real hart retired. */
  readonly instructions?: number;
  /** What was computed, in hexadecimal digits. */
  readonly checksum: string;
}

/** A machine that is about to run the image; every run has a new one. */
export function boot(bytes: Uint8Array, engine: Engine, environment: Environment): Machine {
  const image: Image = { name: 'benchmark', entry: RAM_BASE, symbols: [], tohost: undefined, segments: [{ address: RAM_BASE, bytes, memoryBytes: bytes.length, executable: true }] };
  const createEngine = ENGINES[engine];
  if (environment !== 'trap-and-emulate') {
    const machine = new Machine({ ramBytes: RAM_BYTES, createEngine, start: 'm' });
    machine.load(image);
    machine.enter(RAM_BASE);
    return machine;
  }
  const machine = new Machine({ ramBytes: RAM_BYTES + HOST_OFFSET, createEngine, start: 's', hypervisor: false });
  const vmm = new Vmm(machine, { guestRamBytes: RAM_BYTES, hostOffset: BigInt(HOST_OFFSET) });
  machine.attach(vmm);
  loadInto(vmm.guestMemory, image);
  machine.enter(VMM_ENTRY);
  vmm.boot(RAM_BASE, 0n, 0n, 'm');
  return machine;
}

/** What the program printed, or an error that says where it went wrong. */
export function checksumOf(machine: Machine): string {
  if (machine.halted?.exitCode !== 0) {
    const { hart } = machine;
    throw new Error(`The program failed: ${JSON.stringify(machine.halted)}; cause ${String(hart.readCsr('mcause'))}, ${String(hart.readCsr('scause'))} at 0x${hart.readCsr('sepc').toString(16)}.`);
  }
  return new TextDecoder().decode(machine.takeConsole());
}

export function step(machine: Machine, steps: number): void {
  if (machine.run(steps).by === 'waiting') throw new Error('The program waits for ever.');
}

export function runImage(bytes: Uint8Array, engine: Engine, environment: Environment): Run {
  const machine = boot(bytes, engine, environment);
  const elapsed = stopwatch();
  while (!machine.halted) step(machine, SLICE);
  const took = elapsed();
  return { ...took, instructions: Number(machine.hart.instret), checksum: checksumOf(machine) };
}

/** The same C compiled straight to WebAssembly. Only the third call counts: V8 replaces no running function by its optimised version. */
export function runWasm(bytes: Uint8Array<ArrayBuffer>, rounds: number): Run {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
  const bench = exports['bench'] as (rounds: bigint) => bigint;
  bench(BigInt(Math.ceil(rounds / 10)));
  bench(BigInt(Math.ceil(rounds / 4)));
  const elapsed = stopwatch();
  const checksum = BigInt.asUintN(64, bench(BigInt(rounds)));
  return { ...elapsed(), checksum: checksum.toString(16).padStart(16, '0') };
}

function stopwatch(): () => { readonly seconds: number; readonly cpuSeconds: number | undefined } {
  const cpuMicroseconds = (): number | undefined => {
    // A browser has no `process`.
    const usage = (globalThis as { process?: typeof process }).process?.cpuUsage();
    return usage && usage.user + usage.system;
  };
  const [began, begunCpu] = [performance.now(), cpuMicroseconds()];
  return () => {
    const cpu = cpuMicroseconds();
    return { seconds: (performance.now() - began) / 1000, cpuSeconds: cpu === undefined || begunCpu === undefined ? undefined : (cpu - begunCpu) / 1e6 };
  };
}
