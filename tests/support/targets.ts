/**
 * One test body, every engine: a bare hart with RAM and, if wanted, devices, without firmware. What a test says of one engine it says
 * of all.
 */
import type { EngineOptions } from '../../workers/engine/engine-options.ts';
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { translatorWith } from '../../workers/engine/translator/translating-engine.ts';
import type { DeviceAccess, Executor } from '../../workers/machine/executor.ts';
import { HartView } from '../../workers/machine/hart/hart-view.ts';
import { resetHart } from '../../workers/machine/hart/reset.ts';
import { layoutMemory, RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { Ram } from '../../workers/machine/physical-memory.ts';
import { PROCEDURES } from '../../workers/machine/procedures.ts';

export interface Target {
  readonly name: string;
  create(options: EngineOptions): Executor | Promise<Executor>;
}

export const REFERENCE: Target = { name: 'reference', create: createReferenceEngine };
export const INTERPRETER: Target = { name: 'interpreter', create: createInterpreter };
/** Translates whatever ran at all, in pieces that a short budget allows for. */
export const EAGER_TRANSLATION = { samplePeriod: 5, samplesToTranslate: 1, limits: { instructions: 12, entries: 8 } } as const;
export const TRANSLATOR: Target = { name: 'translator', create: translatorWith(EAGER_TRANSLATION) };
export const TARGETS: readonly Target[] = [REFERENCE, INTERPRETER, TRANSLATOR];

export interface Bench {
  readonly memory: DataView;
  readonly executor: Executor;
  readonly hart: HartView;
  readonly ram: Ram;
  /** Calls a procedure that may fault: its result, or the fault. */
  attempt(procedure: string, ...args: (bigint | number)[]): { readonly result: bigint | number | undefined } | { readonly cause: number; readonly tval: bigint };
}

const NO_DEVICES: DeviceAccess = { readDevice: () => undefined, writeDevice: () => false };

export interface BenchOptions {
  /** Whether the hart has the hypervisor extension; it has, as a rule. */
  readonly hypervisor?: boolean;
  readonly ramBytes?: number;
  readonly devices?: DeviceAccess;
}

/** A hart in M mode at the start of RAM. */
export async function createBench(target: Target, { ramBytes = 1 << 20, devices = NO_DEVICES, hypervisor = true }: BenchOptions = {}): Promise<Bench> {
  const layout = layoutMemory(ramBytes, 16);
  const pages = layout.totalBytes / 65536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  resetHart(memory, layout, { pc: RAM_BASE, hypervisor });
  const executor = await target.create({ memory, layout, devices, procedures: PROCEDURES });
  const view = new DataView(memory.buffer);
  const hart = new HartView(view, executor);
  // Memory open to S and U, as firmware leaves it: without a region they may access nothing (privileged manual, 3.7.1).
  hart.writeCsr('pmpaddr0', (1n << 54n) - 1n);
  hart.writeCsr('pmpcfg0', 0x1fn);
  return {
    memory: view,
    executor,
    hart,
    ram: new Ram(memory, layout, executor),
    attempt(procedure, ...args) {
      const result = executor.call(procedure, ...args);
      const fault = hart.state('faultCause');
      if (fault === 0n) return { result };
      hart.setState('faultCause', 0n);
      return { cause: Number(fault) - 1, tval: hart.state('faultTval') };
    },
  };
}
