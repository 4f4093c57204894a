/**
 * The built-in firmware: software in M mode, as OpenSBI is on a real board. It answers SBI calls, turns the machine's timer interrupt into
 * the supervisor's, and passes every other trap on to S, where it would have gone on delegation.
 */
import { hex, u64 } from '../../base/bits.ts';
import { CAUSE, causeName, INTERRUPT } from '../../isa/causes.ts';
import type { Effect } from '../../trace/events.ts';
import type { StepId } from '../../trace/steps.ts';
import type { Clint } from '../devices/clint.ts';
import type { HostMachine, HostSoftware, Outcome } from '../host-software.ts';
import { OPEN_COUNTERS, sbiCall, sbiName, type SbiAnswer, type SbiHost } from './sbi.ts';

const A0 = 10;
const A6 = 16;
const A7 = 17;
const INTERRUPT_BIT = 1n << 63n;
const MTIE = 1n << BigInt(INTERRUPT.mti);

/**
 * Every exception that can come from below, but the call from S, and the supervisor's interrupts go to S at once. (OpenSBI keeps illegal
 * instructions, access faults and misaligned addresses back to emulate what some hardware lacks; this hardware lacks nothing.)
 */
const DELEGATED_EXCEPTIONS = 0xb1ffn;
const DELEGATED_INTERRUPTS = 0x222n;

const UART = 0x1000_0000n;
const UART_LSR = UART + 5n;

/** M-mode registers that a trap and its return change: shown with the values before and after. */
const WATCHED = ['mstatus', 'mepc', 'mcause', 'mtval', 'mip', 'mie'] as const;

export class Firmware implements HostSoftware {
  readonly #machine: HostMachine;
  readonly #clint: Clint;
  readonly #host: SbiHost;

  constructor(machine: HostMachine, clint: Clint) {
    this.#machine = machine;
    this.#clint = clint;
    const { hart, memory, devices } = machine;
    this.#host = {
      setTimer: (time) => {
        clint.compare = time;
        hart.setInterruptPending(INTERRUPT.sti, false);
        hart.writeCsr('mie', hart.readCsr('mie') | MTIE);
      },
      putCharacter: (byte) => { devices.writeDevice(UART, 1, BigInt(byte)); },
      getCharacter: () => ((devices.readDevice(UART_LSR, 1) ?? 0n) & 1n) === 1n ? Number(devices.readDevice(UART, 1)) : undefined,
      setSoftwareInterrupt: (pending) => { hart.setInterruptPending(INTERRUPT.ssi, pending); },
      fence: () => { hart.fenceVma(); },
      readMemory: (address, length) => (memory.contains(address, length) ? memory.bytes(address, length).slice() : undefined),
      writeMemory: (address, bytes) => {
        if (!memory.contains(address, bytes.length)) return false;
        memory.copyIn(address, bytes);
        return true;
      },
    };
  }

  /** What the firmware does before it enters the kernel. The hart is in M. */
  start(): void {
    const { hart } = this.#machine;
    hart.writeCsr('medeleg', DELEGATED_EXCEPTIONS);
    hart.writeCsr('mideleg', DELEGATED_INTERRUPTS);
    hart.writeCsr('mcounteren', OPEN_COUNTERS);
    hart.writeCsr('scounteren', OPEN_COUNTERS);
    hart.writeCsr('mie', 0n);
  }

  handleTrap(): Outcome {
    const { hart } = this.#machine;
    const cause = hart.readCsr('mcause');
    const epc = hart.readCsr('mepc');
    if (cause === (INTERRUPT_BIT | BigInt(INTERRUPT.mti))) return this.#timer(epc);
    if (cause === BigInt(CAUSE.ecallFromSupervisor)) return this.#call(epc);
    return this.#passOn(cause, epc);
  }

  /** The timer interrupt of M becomes the one of S, and stays off until the kernel sets the timer again. */
  #timer(epc: bigint): Outcome {
    const { hart } = this.#machine;
    this.#step('firmware.timer', { epc: hex(epc) }, () => {
      hart.writeCsr('mie', hart.readCsr('mie') & ~MTIE);
      hart.setInterruptPending(INTERRUPT.sti, true);
      hart.mret();
    });
    return { next: 'resume' };
  }

  #call(epc: bigint): Outcome {
    const { hart } = this.#machine;
    const extension = hart.x(A7);
    const fn = hart.x(A6);
    let answer: SbiAnswer | undefined;
    this.#step('firmware.sbi-call', { call: sbiName(extension, fn), epc: hex(epc) }, () => {
      answer = sbiCall(this.#host, extension, fn, [0, 1, 2, 3, 4, 5].map((n) => hart.x(A0 + n)));
      if (answer.kind === 'halt') return;
      hart.setX(A0, answer.kind === 'return' ? answer.error : answer.value);
      if (answer.kind === 'return') hart.setX(A0 + 1, answer.value);
      // ecall is an instruction of 4 bytes; it does not retire, so the firmware steps over it.
      hart.writeCsr('mepc', u64(epc + 4n));
      hart.mret();
    });
    return answer?.kind === 'halt' ? { next: 'halt', reason: answer.reason } : { next: 'resume' };
  }

  /** A trap that the firmware has no use for goes to the kernel as if it had been delegated. */
  #passOn(cause: bigint, epc: bigint): Outcome {
    const { hart } = this.#machine;
    const tval = hart.readCsr('mtval');
    const interrupt = (cause & INTERRUPT_BIT) !== 0n;
    this.#step('firmware.pass-on', { cause: causeName(interrupt, Number(cause & ~INTERRUPT_BIT)), epc: hex(epc) }, () => {
      hart.mret();
      hart.enterTrap('S', cause, epc, tval);
    });
    return { next: 'resume' };
  }

  /** Does the work and, when somebody watches, tells what it changed. */
  #step(id: StepId, args: Readonly<Record<string, string>>, work: () => void): void {
    const { hart, probe } = this.#machine;
    if (!probe.detailed) {
      work();
      return;
    }
    const registers = (): bigint[] => Array.from({ length: 32 }, (_, register) => hart.x(register));
    const csrs = (): bigint[] => WATCHED.map((name) => hart.readCsr(name));
    const before = { registers: registers(), csrs: csrs(), pc: hart.pc, mode: hart.mode };
    work();
    const effects: Effect[] = [];
    const after = { registers: registers(), csrs: csrs() };
    for (const [index, name] of WATCHED.entries()) {
      if (before.csrs[index] !== after.csrs[index]) effects.push({ on: 'real-csr', name, access: 'write', before: before.csrs[index]!, after: after.csrs[index]! });
    }
    for (const [register, value] of before.registers.entries()) {
      if (value !== after.registers[register]) effects.push({ on: 'register', register, before: value, after: after.registers[register]! });
    }
    effects.push({ on: 'real-mode', before: before.mode, after: hart.mode }, { on: 'pc', before: before.pc, after: hart.pc });
    probe.step('firmware', id, args, effects);
  }

  /** The timer interrupt is enabled in mie, which is saved with the hart: the firmware remembers nothing of its own. */
  save(): unknown { return undefined; }
  restore(): void { this.#clint.update(); }

  /** The calls of S-mode software that is TypeScript, too (the VMM). */
  call(extension: bigint, fn: bigint, args: readonly bigint[]): { readonly error: bigint; readonly value: bigint } {
    const answer = sbiCall(this.#host, extension, fn, args);
    return answer.kind === 'return' ? answer : { error: 0n, value: answer.kind === 'legacy' ? answer.value : 0n };
  }
}
