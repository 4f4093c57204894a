/**
 * The supervisor binary interface (SBI 2.0): what a kernel in S asks of whatever runs below it. The built-in firmware answers with it on
 * the real machine, and the VMM for its guest, so a kernel cannot tell them apart by the answers.
 */
import { u64 } from '../../base/bits.ts';
import type { HaltReason } from '../../trace/events.ts';

/** What an answer needs of the machine (real or virtual). One hart, number 0. */
export interface SbiHost {
  /** Programs the timer interrupt and withdraws the one that is pending. */
  setTimer(time: bigint): void;
  putCharacter(byte: number): void;
  /** The next typed character, or undefined. */
  getCharacter(): number | undefined;
  /** Raises or withdraws the supervisor software interrupt. */
  setSoftwareInterrupt(pending: boolean): void;
  /** sfence.vma for all addresses, on behalf of the caller. */
  fence(): void;
  /** hfence.vvma and hfence.gvma for everything; undefined where the caller's hart has no hypervisor extension. */
  readonly fenceGuests?: (() => void) | undefined;
  /** Physical memory of the caller; undefined where there is none. */
  readMemory(address: bigint, length: number): Uint8Array | undefined;
  writeMemory(address: bigint, bytes: Uint8Array): boolean;
  /** Who answers, where that is not to be kept secret: a VMM that offers calls of its own (vmm/paravirtual). */
  readonly announced?: { readonly implementation: bigint; readonly extension: bigint } | undefined;
}

export type SbiAnswer =
  | { readonly kind: 'return'; readonly error: bigint; readonly value: bigint }
  /** The legacy calls give a0 only. */
  | { readonly kind: 'legacy'; readonly value: bigint }
  /** The hart waits for an interrupt, as by wfi; then the call returns with success, or S begins anew with paging and interrupts off. */
  | { readonly kind: 'suspend'; readonly anew: { readonly pc: bigint; readonly opaque: bigint } | undefined }
  | { readonly kind: 'halt'; readonly reason: HaltReason };

const SUCCESS = 0;
const FAILED = -1;
const NOT_SUPPORTED = -2;
const INVALID_PARAMETER = -3;
const ALREADY_AVAILABLE = -6;
const ALREADY_STARTED = -7;

const SPECIFICATION_2_0 = 2n << 24n;
/** Not in the registry of implementations: an experimental one. */
export const IMPLEMENTATION = 0x4859n;

export const SBI = {
  base: 0x10n, time: 0x5449_4d45n, ipi: 0x73_5049n, rfence: 0x5246_4e43n, hsm: 0x48_534dn, reset: 0x5352_5354n, console: 0x4442_434en, pmu: 0x50_4d55n,
} as const;
const LEGACY = { setTimer: 0, putCharacter: 1, getCharacter: 2, clearIpi: 3, sendIpi: 4, fenceI: 5, fence: 6, fenceAsid: 7, shutdown: 8 } as const;

/** cycle, time and instret: what firmware opens to the kernel, and through scounteren, until the kernel decides, to its user (as OpenSBI). */
export const OPEN_COUNTERS = 7n;

const answer = (error: number, value = 0n): SbiAnswer => ({ kind: 'return', error: u64(BigInt(error)), value });
const legacy = (value: number): SbiAnswer => ({ kind: 'legacy', value: u64(BigInt(value)) });
/** A call prints or reads at most so many bytes; SBI lets an answer be short. */
const MOST_BYTES = 65536;

/** The name of a call, for traces: `time.set_timer`. */
export function sbiName(extension: bigint, fn: bigint): string {
  const known = Object.entries(SBI).find(([, number]) => number === extension)?.[0];
  if (known !== undefined) return `${known} ${String(fn)}`;
  const old = Object.entries(LEGACY).find(([, number]) => BigInt(number) === extension)?.[0];
  return old === undefined ? `extension 0x${extension.toString(16)}` : `legacy ${old}`;
}

export function sbiCall(host: SbiHost, extension: bigint, fn: bigint, args: readonly bigint[]): SbiAnswer {
  const [a0 = 0n, a1 = 0n, a2 = 0n] = args;
  switch (extension) {
    case SBI.base: return base(host, fn, a0);
    case SBI.time:
      if (fn !== 0n) break;
      host.setTimer(a0);
      return answer(SUCCESS);
    case SBI.ipi:
      if (fn !== 0n) break;
      if (!namesOnlyHart0(a0, a1)) return answer(INVALID_PARAMETER);
      if (namesHart0(a0, a1)) host.setSoftwareInterrupt(true);
      return answer(SUCCESS);
    case SBI.rfence:
      // 0 fence.i, 1 sfence.vma, 2 sfence.vma of one address space; 3 to 6 are the fences of hypervisors.
      if (fn > 6n || fn > 2n && !host.fenceGuests) break;
      if (!namesOnlyHart0(a0, a1)) return answer(INVALID_PARAMETER);
      if (fn > 2n) host.fenceGuests!();
      else host.fence();
      return answer(SUCCESS);
    case SBI.hsm: return fn === 3n ? suspend(a0, a1, a2) : hartState(fn, a0);
    case SBI.pmu: return counters(fn, args);
    case SBI.reset:
      if (fn !== 0n) break;
      if (a0 > 2n || a1 > 1n) return answer(INVALID_PARAMETER);
      return { kind: 'halt', reason: { by: 'sbi', exitCode: Number(a1) } };
    case SBI.console: return debugConsole(host, fn, a0, a1, a2);
    default: return legacyCall(host, extension, a0);
  }
  return answer(NOT_SUPPORTED);
}

function base({ announced }: SbiHost, fn: bigint, extension: bigint): SbiAnswer {
  switch (fn) {
    case 0n: return answer(SUCCESS, SPECIFICATION_2_0);
    case 1n: return answer(SUCCESS, announced?.implementation ?? IMPLEMENTATION);
    case 2n: return answer(SUCCESS, 1n);
    case 3n: return answer(SUCCESS, Object.values<bigint>(SBI).includes(extension) || extension <= 8n || extension === announced?.extension ? 1n : 0n);
    case 4n: case 5n: case 6n: return answer(SUCCESS, 0n);
    default: return answer(NOT_SUPPORTED);
  }
}

/** A hart mask as SBI has it: bit n of `mask` is hart `base` + n; a base of -1 names every hart. */
const everyHart = (base: bigint): boolean => base === u64(-1n);
const namesHart0 = (mask: bigint, base: bigint): boolean => everyHart(base) || (base === 0n && (mask & 1n) === 1n);
const namesOnlyHart0 = (mask: bigint, base: bigint): boolean => everyHart(base) || (base === 0n ? mask <= 1n : mask === 0n);

function hartState(fn: bigint, hart: bigint): SbiAnswer {
  switch (fn) {
    case 0n: return answer(hart === 0n ? ALREADY_AVAILABLE : INVALID_PARAMETER);
    case 1n: return answer(FAILED);
    case 2n: return hart === 0n ? answer(SUCCESS, 0n) : answer(INVALID_PARAMETER);
    default: return answer(NOT_SUPPORTED);
  }
}

const RETENTIVE = 0n;
const NON_RETENTIVE = 0x8000_0000n;
/** hart_suspend (9.4): the two types that the specification names, of those that platforms may have none. */
function suspend(typed: bigint, resume: bigint, opaque: bigint): SbiAnswer {
  const type = typed & 0xffff_ffffn;
  if (type === RETENTIVE) return { kind: 'suspend', anew: undefined };
  if (type === NON_RETENTIVE) return { kind: 'suspend', anew: { pc: resume, opaque } };
  const reserved = (type & 0x7fff_ffffn) < 0x1000_0000n;
  return answer(reserved ? INVALID_PARAMETER : NOT_SUPPORTED);
}

/** The counters of the PMU extension by their numbers: cycle and instret run for ever; 1 would be time, which is no counter of events. */
const COUNTERS: Readonly<Record<number, { readonly csr: number; readonly event: bigint }>> = { 0: { csr: 0xc00, event: 1n }, 2: { csr: 0xc02, event: 2n } };
const COUNTER_COUNT = 3;
/** Bits 17:12: one less than the width. */
const WIDTH = 63n << 12n;
const CONFIGURE = { skipMatch: 1n, clearValue: 4n } as const;
const SET_INITIAL_VALUE = 1n;

/** PMU (11), at its least: the fixed counters can be found and read; they cannot be set or stopped, and there are no others. */
function counters(fn: bigint, [a0 = 0n, a1 = 0n, a2 = 0n, a3 = 0n]: readonly bigint[]): SbiAnswer {
  const named = Object.entries(COUNTERS).map(([number, counter]) => ({ number: BigInt(number), ...counter })).filter(({ number }) => number >= a0 && number - a0 < 64n && ((a1 >> (number - a0)) & 1n) === 1n);
  const onlyKnown = a1 !== 0n && named.reduce((mask, { number }) => mask | (1n << (number - a0)), 0n) === a1;
  switch (fn) {
    case 0n: return answer(SUCCESS, BigInt(COUNTER_COUNT));
    case 1n: {
      const counter = COUNTERS[Number(a0)];
      return counter ? answer(SUCCESS, BigInt(counter.csr) | WIDTH) : answer(INVALID_PARAMETER);
    }
    case 2n: {
      if (!onlyKnown) return answer(INVALID_PARAMETER);
      const found = (a2 & CONFIGURE.skipMatch) !== 0n ? named[0] : named.find(({ event }) => event === a3);
      return found && (a2 & CONFIGURE.clearValue) === 0n ? answer(SUCCESS, found.number) : answer(NOT_SUPPORTED);
    }
    case 3n:
      if (!onlyKnown) return answer(INVALID_PARAMETER);
      return answer((a2 & SET_INITIAL_VALUE) !== 0n ? NOT_SUPPORTED : ALREADY_STARTED);
    case 4n: return answer(onlyKnown ? NOT_SUPPORTED : INVALID_PARAMETER);
    // Of firmware's own events there are no counters.
    case 5n: case 6n: return answer(INVALID_PARAMETER);
    default: return answer(NOT_SUPPORTED);
  }
}

function debugConsole(host: SbiHost, fn: bigint, a0: bigint, a1: bigint, a2: bigint): SbiAnswer {
  if (fn === 2n) {
    host.putCharacter(Number(a0 & 0xffn));
    return answer(SUCCESS);
  }
  if (fn > 2n) return answer(NOT_SUPPORTED);
  if (a2 !== 0n) return answer(INVALID_PARAMETER);
  const length = Number(a0 < BigInt(MOST_BYTES) ? a0 : BigInt(MOST_BYTES));
  const memory = host.readMemory(a1, length);
  if (!memory) return answer(INVALID_PARAMETER);
  if (fn === 0n) {
    for (const byte of memory) host.putCharacter(byte);
    return answer(SUCCESS, BigInt(length));
  }
  const typed: number[] = [];
  while (typed.length < length) {
    const byte = host.getCharacter();
    if (byte === undefined) break;
    typed.push(byte);
  }
  host.writeMemory(a1, Uint8Array.from(typed));
  return answer(SUCCESS, BigInt(typed.length));
}

function legacyCall(host: SbiHost, extension: bigint, a0: bigint): SbiAnswer {
  switch (Number(extension)) {
    case LEGACY.setTimer: host.setTimer(a0); return legacy(0);
    case LEGACY.putCharacter: host.putCharacter(Number(a0 & 0xffn)); return legacy(0);
    case LEGACY.getCharacter: return legacy(host.getCharacter() ?? -1);
    case LEGACY.clearIpi: host.setSoftwareInterrupt(false); return legacy(0);
    // The legacy mask is a pointer; there is one hart to name.
    case LEGACY.sendIpi: host.setSoftwareInterrupt(true); return legacy(0);
    case LEGACY.fenceI: case LEGACY.fence: case LEGACY.fenceAsid: host.fence(); return legacy(0);
    case LEGACY.shutdown: return { kind: 'halt', reason: { by: 'sbi', exitCode: 0 } };
    default: return answer(NOT_SUPPORTED);
  }
}
