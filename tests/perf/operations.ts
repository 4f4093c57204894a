/**
 * What single operations of a kernel cost: traps, returns, page tables, fences, cold code. Each is a program in operations/, done many times in S mode, and
 * most of them in VS mode under a second stage, too. Works in Node and in a worker of a browser.
 */
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createTranslator } from '../../workers/engine/translator/translating-engine.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { Machine } from '../../workers/machine/machine.ts';
import { kernelImage } from './kernels.ts';
import type { Measurement } from './measure.ts';

export interface Operation {
  /** Of the file in operations/. */
  readonly name: string;
  readonly rounds: number;
  /** Under what it runs: the machine alone, or as a guest under a second stage. */
  readonly where: 'bare' | 'guest' | 'both';
  /** Nanoseconds a round: the most that is allowed, and what is aimed for. */
  readonly floor?: number;
  readonly goal?: number;
}

export const OPERATIONS: readonly Operation[] = [
  { name: 'system-call', rounds: 1_000_000, where: 'both', floor: 100, goal: 30 },
  { name: 'system-call-storm', rounds: 300_000, where: 'both' },
  { name: 'process-trap', rounds: 200_000, where: 'both', floor: 1500, goal: 400 },
  { name: 'machine-call', rounds: 1_000_000, where: 'both' },
  { name: 'return', rounds: 1_000_000, where: 'both' },
  { name: 'csr', rounds: 1_000_000, where: 'both' },
  { name: 'software-interrupt', rounds: 500_000, where: 'both' },
  { name: 'timer-interrupt', rounds: 200_000, where: 'both' },
  { name: 'map-touch-unmap', rounds: 300_000, where: 'both', floor: 500, goal: 250 },
  { name: 'demand-fault', rounds: 200_000, where: 'both', floor: 800, goal: 400 },
  { name: 'user-copy', rounds: 500_000, where: 'both' },
  { name: 'fence', rounds: 200_000, where: 'both' },
  { name: 'switch', rounds: 200_000, where: 'both' },
  { name: 'chase', rounds: 1_000_000, where: 'both' },
  { name: 'cold-code', rounds: 1_500_000, where: 'both' },
  { name: 'guest-page-fault', rounds: 200_000, where: 'guest' },
  { name: 'hypervisor-fence', rounds: 200_000, where: 'bare' },
];

/** `start` and `source` are the texts of start.s and of the operation. */
export const operationImage = (name: string, start: string, source: string, rounds: number, guest: boolean): Uint8Array =>
  kernelImage(name, `.equ ROUNDS, ${String(rounds)}\n.equ GUEST, ${guest ? '1' : '0'}\n${start}${source}`);

const RAM_BYTES = 64 << 20;
/** Steps between two looks of the lab at the machine while it runs. */
const SLICE = 500_000;
const ENGINES = { interpreter: createInterpreter, translator: createTranslator } as const;

/** Every run begins with a new machine. `now` gives milliseconds. */
export function measureOperation(image: Uint8Array, engine: keyof typeof ENGINES, now: () => number = () => performance.now()): Measurement {
  const machine = new Machine({ ramBytes: RAM_BYTES, createEngine: ENGINES[engine], start: 'm' });
  machine.load({ name: 'operation', entry: RAM_BASE, symbols: [], tohost: undefined, segments: [{ address: RAM_BASE, bytes: image, memoryBytes: image.length, executable: true }] });
  machine.enter(RAM_BASE);
  const start = now();
  while (!machine.halted) if (machine.run(SLICE).by === 'waiting') throw new Error('The program waits for ever.');
  const seconds = (now() - start) / 1000;
  if (machine.halted.exitCode !== 0) throw new Error(`The program failed: ${JSON.stringify(machine.halted)}; cause ${String(machine.hart.readCsr('mcause'))}, ${String(machine.hart.readCsr('scause'))} at 0x${machine.hart.readCsr('sepc').toString(16)}.`);
  return { instructions: Number(machine.hart.instret), seconds, checksum: machine.hart.x(10).toString(16) };
}
