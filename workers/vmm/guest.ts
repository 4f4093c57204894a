/** What every trap handler works on: the guest's virtual hart, its memory and devices, its shadow page tables. */
import { hex } from '../base/bits.ts';
import type { Clock } from '../machine/clock.ts';
import type { Outcome } from '../machine/host-software.ts';
import type { SbiHost } from '../machine/firmware/sbi.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { GrantedSlice } from './pass-through/granted-slice.ts';
import type { SharedState } from './paravirtual/shared-state.ts';
import type { RealHart } from './real-hart.ts';
import type { ShadowRoots } from './shadow-paging/shadow-roots.ts';
import type { StepLog } from './step-log.ts';
import type { VirtualDevices } from './virtual-devices/virtual-devices.ts';
import type { VirtualTimers } from './virtual-devices/virtual-timers.ts';
import type { VirtualHart } from './virtual-hart/virtual-hart.ts';

export interface Guest {
  readonly hart: VirtualHart;
  readonly memory: GuestMemory;
  readonly devices: VirtualDevices;
  readonly shadow: ShadowRoots;
  /** The guest's firmware, played by the VMM: what SBI calls act on. */
  readonly firmware: SbiHost;
  /** The timers of a guest that owns its M mode. */
  readonly timers: VirtualTimers;
  /** Set where the guest is told that it is one, and may make hypercalls. */
  readonly shared: SharedState | undefined;
  /** A piece of a real device that is the guest's. */
  readonly slice: GrantedSlice | undefined;
  readonly clock: Clock;
  readonly log: StepLog;
}

/** The real trap, as the real hardware reports it: its registers, until the VMM writes them. */
export interface Trap {
  readonly interrupt: boolean;
  readonly code: number;
  /** Real sepc: the guest's pc. */
  readonly epc: bigint;
  /** Real stval: the address of a fault, the bits of an illegal instruction. */
  readonly value: bigint;
  /** The low 32 bits of it. */
  readonly word: number;
}

export class RealTrap implements Trap {
  readonly #real: RealHart;

  constructor(real: RealHart) {
    this.#real = real;
  }

  get interrupt(): boolean { return this.#real.causeIsInterrupt; }
  get code(): number { return this.#real.causeCode; }
  get epc(): bigint { return this.#real.sepc; }
  get value(): bigint { return this.#real.stval; }
  get word(): number { return this.#real.stvalWord; }
}

export const RESUME: Outcome = { next: 'resume' };
export const WAIT: Outcome = { next: 'wait' };

/** An instruction was carried out by the VMM in place of the hart: it retires, so time goes on by one tick, and the next one follows. */
export function finishInstruction({ hart, clock, log }: Guest, length: 2 | 4): void {
  hart.advance(length);
  if (log.detailed) log.step('emulate.next-instruction', () => ({ length: String(length), pc: hex(hart.pc) }));
  retire(hart, clock);
}

/** The same for an instruction that sets the pc itself. */
export function retire(hart: VirtualHart, clock: Clock): void {
  hart.countEmulated();
  clock.tick();
}
