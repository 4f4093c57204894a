/**
 * The engine that all others are compared with: one instruction at a time, no cache of its own, interrupts looked for before every
 * instruction. It follows machine/executor.ts and machine/hart/README.md to the letter and makes no attempt to be fast.
 */
import { decode } from '../../isa/decode.ts';
import { CAUSE } from '../../isa/causes.ts';
import type { Type } from '../../isa/meaning.ts';
import type { Callable, Executor, StopReason } from '../../machine/executor.ts';
import type { EngineWork } from '../../trace/engine-work.ts';
import type { EngineOptions } from '../engine-options.ts';
import { workOf } from '../work.ts';
import { Evaluator, GUEST_FAULT } from './evaluate.ts';
import type { Value } from './operations.ts';

type Size = 1 | 2 | 4 | 8;
const PAGE_OFFSET = 0xfffn;

export const createReferenceEngine = (options: EngineOptions): Executor => new ReferenceEngine(options);

class ReferenceEngine implements Executor {
  readonly name = 'reference';
  stepsTaken = 0;
  private steps = 0;
  private readonly evaluator: Evaluator;
  private readonly memory: DataView;
  private breakpoints: ReadonlySet<bigint> = new Set();

  constructor({ memory, devices, procedures }: EngineOptions) {
    this.memory = new DataView(memory.buffer);
    const noDevice = (): void => { this.evaluator.setState('busError', 1); };
    this.evaluator = new Evaluator(memory, procedures, new Map<string, (...args: Value[]) => Value | undefined>([
      ['deviceRead', (pa, size) => {
        const value = devices.readDevice(pa as bigint, size as Size);
        if (value === undefined) noDevice();
        return value ?? 0n;
      }],
      ['deviceWrite', (pa, size, value) => {
        if (!devices.writeDevice(pa as bigint, size as Size, value as bigint)) noDevice();
        return undefined;
      }],
      // Nothing is decoded ahead, so nothing needs to be forgotten.
      ['codeWritten', () => undefined],
    ]));
    this.evaluator.call('clearFastTlb', []);
  }

  get work(): EngineWork {
    return workOf(this.memory, this.steps);
  }

  run(budget: number): StopReason {
    const reason = this.runSteps(budget);
    this.steps += this.stepsTaken;
    return reason;
  }

  private runSteps(budget: number): StopReason {
    this.stepsTaken = 0;
    const mode = (this.evaluator.getState('mode') as number) | ((this.evaluator.getState('virt') as number) << 2);
    if ((((this.evaluator.getState('hostModes') as number) >> mode) & 1) !== 0) return 'host-trap';
    while (this.stepsTaken < budget) {
      const pc = this.evaluator.getState('pc') as bigint;
      if (this.evaluator.call('takeInterrupt', [pc]) === 1) {
        this.stepsTaken += 1;
        const stop = this.afterTrap();
        if (stop) return stop;
        continue;
      }
      if (this.breakpoints.has(pc)) return 'breakpoint';
      this.stepsTaken += 1;
      const stop = this.step(pc);
      if (stop) return stop;
    }
    return 'budget';
  }

  private step(pc: bigint): StopReason | undefined {
    const { evaluator } = this;
    try {
      const decoded = decode(this.fetch(pc));
      if (!decoded) {
        evaluator.setState('faultTval', BigInt(this.fetched));
        evaluator.setState('faultCause', BigInt(CAUSE.illegalInstruction + 1));
        throw GUEST_FAULT;
      }
      const { next, wfi } = evaluator.instruction(decoded, pc);
      evaluator.setState('pc', next);
      evaluator.setState('instret', (evaluator.getState('instret') as bigint) + 1n);
      if (evaluator.getState('stopRequest') !== 0) {
        evaluator.setState('stopRequest', 0);
        return 'device';
      }
      return wfi && evaluator.call('interruptWaiting', []) === 0 ? 'wfi' : undefined;
    } catch (fault) {
      if (fault !== GUEST_FAULT) throw fault;
      const cause = (evaluator.getState('faultCause') as bigint) - 1n;
      evaluator.setState('faultCause', 0n);
      evaluator.call('raiseException', [cause, pc, evaluator.getState('faultTval')]);
      return this.afterTrap();
    }
  }

  private fetched = 0;

  /** The bits of the instruction at `pc`: two bytes, or four when the low bits say so (unprivileged manual, 1.5). */
  private fetch(pc: bigint): number {
    const at = this.evaluator.call('fetchAddress', [pc]) as number;
    const low = this.memory.getUint16(at, true);
    this.fetched = low;
    if ((low & 3) !== 3) return low;
    const second = BigInt.asUintN(64, pc + 2n);
    const high = (second & PAGE_OFFSET) === 0n ? this.evaluator.call('fetchAddress', [second]) as number : at + 2;
    this.fetched = (low | (this.memory.getUint16(high, true) << 16)) >>> 0;
    return this.fetched;
  }

  private afterTrap(): StopReason | undefined {
    switch (this.evaluator.call('stopAfterTrap', [])) {
      case 1: return 'host-trap';
      case 2: return 'trap-breakpoint';
      default: return undefined;
    }
  }

  call(procedure: string, ...args: (bigint | number)[]): bigint | number | undefined {
    const params = this.evaluator.signature(procedure)?.params ?? [];
    const values = args.map((arg, index) => (params[index]?.type === 'i32' ? Number(arg) >>> 0 : BigInt.asUintN(64, BigInt(arg))));
    try {
      return this.evaluator.call(procedure, values);
    } catch (fault) {
      if (fault !== GUEST_FAULT) throw fault;
      return undefined;
    }
  }

  procedure(procedure: string): Callable {
    return (...args) => this.call(procedure, ...args);
  }

  signature(procedure: string): { readonly params: readonly Type[]; readonly result: Type | undefined } {
    const found = this.evaluator.signature(procedure);
    if (!found) throw new Error(`Internal error: no procedure ${procedure}`);
    return { params: found.params.map(({ type }) => type), result: found.result };
  }

  codeChanged(): void { /* nothing is decoded ahead */ }

  dropCaches(): void {
    this.dropAddresses();
  }

  dropAddresses(): void {
    this.evaluator.call('clearFastTlb', []);
  }

  setBreakpoints(addresses: readonly bigint[]): void {
    this.breakpoints = new Set(addresses.map((address) => BigInt.asUintN(64, address)));
  }
}
