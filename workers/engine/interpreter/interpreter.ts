/**
 * The predecoded interpreter: one WebAssembly module made from the table of instructions and the procedures of the hart. It is the
 * engine that programs run on; ../README.md says how it is built and why.
 */
import { INSTRUCTIONS } from '../../isa/instructions/index.ts';
import type { Procedure, Type } from '../../isa/meaning.ts';
import type { Callable, Executor, StopReason } from '../../machine/executor.ts';
import { slot } from '../../machine/hart/state.ts';
import { MOST_REGIONS, RAM_BASE, type MemoryLayout } from '../../machine/memory-layout.ts';
import type { EngineWork } from '../../trace/engine-work.ts';
import type { EngineOptions } from '../engine-options.ts';
import { workOf } from '../work.ts';
import { CodeCache } from './code-cache.ts';
import { buildHandlers, type HandlerTable } from './handlers.ts';
import type { HighProduct } from '../lowering/lower.ts';
import { buildModule, PROCEDURE_EXPORT, signatureOf, type HostFunctions } from './module.ts';
import { PLAIN_CSR_ROWS } from './plain-csrs.ts';
import type { TranslatedCode } from './regions.ts';
import { STOP } from './run-loop.ts';

interface Exported {
  readonly exported: Callable;
  readonly params: readonly Type[];
  readonly result: Type | undefined;
}
type Size = 1 | 2 | 4 | 8;
const PAGE = 4096n;

const REASONS: Readonly<Record<number, StopReason>> = {
  [STOP.hostTrap]: 'host-trap', [STOP.trapBreakpoint]: 'trap-breakpoint', [STOP.budget]: 'budget', [STOP.wfi]: 'wfi',
  [STOP.breakpoint]: 'breakpoint', [STOP.device]: 'device',
};
/** The budget is an i32 in the engine; a longer run goes in pieces. */
const LARGEST_BUDGET = 0x4000_0000;
/** A sample period for an interpreter by itself. */
const NEVER = 0x7fff_ffff;

let handlerTable: HandlerTable | undefined;
const handlers = (): HandlerTable => (handlerTable ??= buildHandlers([...INSTRUCTIONS, ...PLAIN_CSR_ROWS]));

/** Where the functions of regions stand. */
export const regionTable = (): WebAssembly.Table => new WebAssembly.Table({ element: 'anyfunc', initial: MOST_REGIONS });

/** Modules by what they are made from, so that a second machine of the same size costs nothing. */
const modules = new WeakMap<readonly Procedure[], Map<string, WebAssembly.Module>>();

function moduleFor(layout: MemoryLayout, procedures: readonly Procedure[]): WebAssembly.Module {
  const bySize = modules.get(procedures) ?? new Map<string, WebAssembly.Module>();
  modules.set(procedures, bySize);
  const key = `${layout.ramBytes}/${layout.decodedPageCount}`;
  const known = bySize.get(key);
  if (known) return known;
  const made = new WebAssembly.Module(buildModule(layout, procedures, handlers()));
  bySize.set(key, made);
  return made;
}

export const createInterpreter = (options: EngineOptions): Executor => new Interpreter(options);

/** A tier above the interpreter. */
export interface UpperTier extends TranslatedCode {
  readonly samplePeriod: number;
  /** Called before anything runs. */
  connect(code: CodeCache, highProducts: Readonly<Record<HighProduct, WebAssembly.ExportValue>>): void;
  /** The interpreter is at this slot. */
  sampled(slot: number): void;
}

export class Interpreter implements Executor {
  readonly name: string = 'interpreter';
  stepsTaken = 0;
  readonly #state: DataView;
  #steps = 0;
  readonly #run: (budget: number) => number;
  readonly #stepsLeft: () => number;
  readonly #expectBreakpoints: (any: number) => void;
  readonly #callables: ReadonlyMap<string, Exported>;
  readonly #code: CodeCache;

  readonly #upper: UpperTier | undefined;

  constructor({ memory, layout, devices, procedures }: EngineOptions, upper?: { readonly tier: UpperTier; readonly table: WebAssembly.Table }) {
    const code = new CodeCache(memory, layout, handlers(), upper?.tier);
    this.#upper = upper?.tier;
    this.#code = code;
    const state = this.#state = new DataView(memory.buffer);
    const busError = slot('busError').offset;
    const host: HostFunctions = {
      deviceRead: (address, size) => {
        const value = devices.readDevice(BigInt.asUintN(64, address), size as Size);
        if (value === undefined) state.setUint32(busError, 1, true);
        return value ?? 0n;
      },
      deviceWrite: (address, size, value) => {
        const low = BigInt.asUintN(size * 8, value);
        if (!devices.writeDevice(BigInt.asUintN(64, address), size as Size, low)) state.setUint32(busError, 1, true);
      },
      codeInvalidated: (offset, size) => { code.codeChanged(offset, size); },
      decodePage: (ramPage) => code.decodePage(ramPage, this.call('pmpWholePage', RAM_BASE + BigInt(ramPage) * PAGE) === 0),
      decodeSlot: (at) => { code.decodeSlot(at); },
      decodeCrossing: (bits) => { code.decodeCrossing(bits); },
      isBreakpoint: (pc) => Number(code.isBreakpoint(pc)),
      sampled: (at) => { this.#upper?.sampled(at); },
    };
    const table = upper?.table ?? regionTable();
    const instance = new WebAssembly.Instance(moduleFor(layout, procedures), { host: { memory, table, ...host } });
    this.#callables = new Map(procedures.map((procedure) => [
      procedure.name, { ...signatureOf(procedure), exported: instance.exports[PROCEDURE_EXPORT + procedure.name] as Callable },
    ]));
    this.#run = instance.exports['run'] as (budget: number) => number;
    this.#stepsLeft = instance.exports['stepsLeft'] as () => number;
    this.#expectBreakpoints = instance.exports['expectBreakpoints'] as (any: number) => void;
    const { mulh_ss, mulh_su, mulh_uu } = instance.exports;
    upper?.tier.connect(code, { mulh_ss: mulh_ss!, mulh_su: mulh_su!, mulh_uu: mulh_uu! });
    (instance.exports['sampleEvery'] as (period: number) => void)(upper?.tier.samplePeriod ?? NEVER);
    this.dropCaches();
  }

  run(budget: number): StopReason {
    this.stepsTaken = 0;
    for (;;) {
      const piece = Math.min(budget - this.stepsTaken, LARGEST_BUDGET);
      const reason = REASONS[this.#run(piece)]!;
      const steps = piece - this.#stepsLeft();
      this.stepsTaken += steps;
      this.#steps += steps;
      if (reason !== 'budget' || this.stepsTaken >= budget) return reason;
    }
  }

  get work(): EngineWork {
    return workOf(this.#state, this.#steps);
  }

  call(procedure: string, ...args: (bigint | number)[]): bigint | number | undefined {
    const { exported, params, result } = this.#callable(procedure);
    // In place: the array is ours, and a VMM calls this several times at each exit.
    for (let index = 0; index < args.length; index += 1) args[index] = params[index] === 'i32' ? Number(args[index]) : BigInt(args[index]!);
    const value = exported(...args);
    if (result === 'i64') return BigInt.asUintN(64, value as bigint);
    return result === 'i32' ? (value as number) >>> 0 : undefined;
  }

  procedure(procedure: string): Callable {
    return this.#callable(procedure).exported;
  }

  signature(procedure: string): { readonly params: readonly Type[]; readonly result: Type | undefined } {
    return this.#callable(procedure);
  }

  #callable(procedure: string): Exported {
    const found = this.#callables.get(procedure);
    if (!found) throw new Error(`Internal error: no procedure ${procedure}`);
    return found;
  }

  codeChanged(offset: number, length: number): void {
    this.#code.codeChanged(offset, length);
  }

  dropCaches(): void {
    this.#code.clear();
    this.dropAddresses();
  }

  dropAddresses(): void {
    this.call('clearFastTlb');
  }

  setBreakpoints(addresses: readonly bigint[]): void {
    this.#code.setBreakpoints(addresses);
    this.#expectBreakpoints(Number(addresses.length > 0));
  }
}
