/**
 * The built-in firmware: software in M mode, as OpenSBI is on a real board. It answers SBI calls and passes every other trap
 * on to S, where it would have gone on delegation. The kernel's timer is its own (Sstc).
 */
import { hex, u64 } from '../../base/bits.ts';
import { CAUSE, causeName, INTERRUPT } from '../../isa/causes.ts';
import { DELEGABLE_OF_GUEST, ENVCFG, MISA_H } from '../../isa/csrs.ts';
import type { Effect, Mode } from '../../trace/events.ts';
import type { StepId } from '../../trace/steps.ts';
import type { HostMachine, HostSoftware, Outcome } from '../host-software.ts';
import { OPEN_COUNTERS, sbiCall, sbiName, type SbiAnswer, type SbiHost } from './sbi.ts';

const A0 = 10;
/** PMP region 0: NAPOT over the whole address space, with every permission. */
const EVERYWHERE = (1n << 54n) - 1n;
const OPEN = 0x1fn;
const NEVER = (1n << 64n) - 1n;
/** The kernel has its own timer (Sstc), hardware updates of A and D, and cache-block instructions. */
const ENVIRONMENT = ENVCFG.STCE | ENVCFG.ADUE | ENVCFG.CBZE | ENVCFG.CBCFE | ENVCFG.CBIE;
const A6 = 16;
const A7 = 17;
const INTERRUPT_BIT = 1n << 63n;
const SSTATUS_SIE = 2n;

/**
 * Every exception that can come from below, but the call from S, and the supervisor's interrupts go to S at once. (OpenSBI keeps illegal
 * instructions, access faults and misaligned addresses back to emulate what some hardware lacks; this hardware lacks nothing.)
 */
const DELEGATED_EXCEPTIONS = 0xb1ffn | DELEGABLE_OF_GUEST;
const DELEGATED_INTERRUPTS = 0x222n;

/** mstatus: MPP, and all that a trap to M and its return change (MPP, MPIE, MIE). */
const MPP = 0x1800n;
const STACK_OF_M = 0x1888n;
const MODES: readonly (Mode | undefined)[] = ['U', 'S', undefined, 'M'];

const UART = 0x1000_0000n;
const UART_LSR = UART + 5n;

/** M-mode registers that a trap and its return change: shown with the values before and after. */
const WATCHED = ['mstatus', 'mepc', 'mcause', 'mtval', 'mip', 'mie'] as const;

interface Left {
  readonly mcause: bigint;
  readonly mepc: bigint;
  readonly mtval: bigint;
  readonly mstatus: bigint;
}

export class Firmware implements HostSoftware {
  readonly #machine: HostMachine;
  readonly #host: SbiHost;
  /** The trap registers of M as the firmware left them: nothing below M can change them before the next trap. */
  #left: Left = { mcause: 0n, mepc: 0n, mtval: 0n, mstatus: 0n };

  constructor(machine: HostMachine) {
    this.#machine = machine;
    const { hart, memory, devices } = machine;
    this.#host = {
      // The kernel's own comparison: no interrupt of M has to be passed on (Sstc).
      setTimer: (time) => { hart.writeCsr('stimecmp', time); },
      putCharacter: (byte) => { devices.writeDevice(UART, 1, BigInt(byte)); },
      getCharacter: () => ((devices.readDevice(UART_LSR, 1) ?? 0n) & 1n) === 1n ? Number(devices.readDevice(UART, 1)) : undefined,
      setSoftwareInterrupt: (pending) => { hart.setInterruptPending(INTERRUPT.ssi, pending); },
      fence: () => { hart.fenceVma(); },
      get fenceGuests() { return (hart.readCsr('misa') & MISA_H) === 0n ? undefined : () => { hart.fenceGuests(); }; },
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
    // All of memory is open to S and U: without a region they may access nothing (privileged manual, 3.7.1).
    hart.writeCsr('pmpaddr0', EVERYWHERE);
    hart.writeCsr('pmpcfg0', OPEN);
    hart.writeCsr('menvcfg', ENVIRONMENT);
    hart.writeCsr('stimecmp', NEVER);
    hart.writeCsr('mcounteren', OPEN_COUNTERS);
    hart.writeCsr('scounteren', OPEN_COUNTERS);
    hart.writeCsr('mie', 0n);
  }

  /** To be called when the firmware has left M: what a later trap changes is told from here. */
  left(): void {
    const { hart } = this.#machine;
    this.#left = { mcause: hart.readCsr('mcause'), mepc: hart.readCsr('mepc'), mtval: hart.readCsr('mtval'), mstatus: hart.readCsr('mstatus') };
  }

  handleTrap(): Outcome {
    const { hart } = this.#machine;
    const cause = hart.readCsr('mcause');
    const epc = hart.readCsr('mepc');
    this.#noteTrapEntry(cause, epc);
    const outcome = this.#handle(cause, epc);
    this.left();
    return outcome;
  }

  #handle(cause: bigint, epc: bigint): Outcome {
    if (cause === BigInt(CAUSE.ecallFromSupervisor)) return this.#call(epc);
    return this.#passOn(cause, epc);
  }

  #call(epc: bigint): Outcome {
    const { hart } = this.#machine;
    const extension = hart.x(A7);
    const fn = hart.x(A6);
    let answer: SbiAnswer | undefined;
    this.#step('firmware.sbi-call', { call: sbiName(extension, fn), epc: hex(epc) }, () => {
      answer = sbiCall(this.#host, extension, fn, [0, 1, 2, 3, 4, 5].map((n) => hart.x(A0 + n)));
      if (answer.kind === 'halt') return;
      if (answer.kind === 'suspend') {
        this.#suspend(answer.anew, epc);
        return;
      }
      hart.setX(A0, answer.kind === 'return' ? answer.error : answer.value);
      if (answer.kind === 'return') hart.setX(A0 + 1, answer.value);
      // ecall is an instruction of 4 bytes; it does not retire, so the firmware steps over it.
      hart.writeCsr('mepc', u64(epc + 4n));
      hart.mret();
    });
    if (answer?.kind === 'halt') return { next: 'halt', reason: answer.reason };
    return answer?.kind === 'suspend' ? { next: 'wait' } : { next: 'resume' };
  }

  /** What the hart goes on with after its wait: behind the call, or S anew with a0 = hart and a1 = what it was given (SBI 9.4). */
  #suspend(anew: { readonly pc: bigint; readonly opaque: bigint } | undefined, epc: bigint): void {
    const { hart } = this.#machine;
    hart.setX(A0, 0n);
    hart.setX(A0 + 1, anew?.opaque ?? 0n);
    hart.writeCsr('mepc', anew?.pc ?? u64(epc + 4n));
    if (anew) {
      hart.writeCsr('satp', 0n);
      hart.writeCsr('sstatus', hart.readCsr('sstatus') & ~SSTATUS_SIE);
    }
    hart.mret();
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

  /** Tells what the hardware did before the firmware's first instruction. */
  #noteTrapEntry(cause: bigint, epc: bigint): void {
    const { hart, probe } = this.#machine;
    if (!probe.detailed) return;
    const status = hart.readCsr('mstatus');
    const write = (name: string, before: bigint, after: bigint): Effect => ({ on: 'real-csr', name, access: 'write', before, after });
    probe.step('hardware', 'hardware.trap-entry-machine', { cause: hex(cause), epc: hex(epc) }, [
      write('mcause', this.#left.mcause, cause),
      write('mepc', this.#left.mepc, epc),
      write('mtval', this.#left.mtval, hart.readCsr('mtval')),
      write('mstatus', (status & ~STACK_OF_M) | (this.#left.mstatus & STACK_OF_M), status),
      { on: 'real-mode', before: MODES[Number((status & MPP) >> 11n)] ?? 'S', after: 'M' },
      { on: 'pc', before: epc, after: hart.pc },
    ]);
  }

  save(): unknown { return this.#left; }
  restore(saved: unknown): void {
    this.#left = saved as Left;
  }

  /** The calls of S-mode software that is TypeScript, too (the VMM). */
  call(extension: bigint, fn: bigint, args: readonly bigint[]): { readonly error: bigint; readonly value: bigint } {
    const answer = sbiCall(this.#host, extension, fn, args);
    return answer.kind === 'return' ? answer : { error: 0n, value: answer.kind === 'legacy' ? answer.value : 0n };
  }
}
