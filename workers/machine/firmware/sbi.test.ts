import { describe, expect, test } from 'vitest';
import { OPEN_COUNTERS, SBI, sbiCall, sbiName, type SbiHost } from './sbi.ts';

const NOT_SUPPORTED = -2n, INVALID_PARAMETER = -3n, FAILED = -1n, ALREADY_AVAILABLE = -6n, ALREADY_STARTED = -7n;
const RAM = 0x8000_0000n;

/** A host that writes down what it is asked, with 64 bytes of memory. */
function host(typed = '', guests = false) {
  const done: string[] = [];
  const memory = new Uint8Array(64);
  const input = [...new TextEncoder().encode(typed)];
  const within = (address: bigint, length: number): boolean => address >= RAM && address + BigInt(length) <= RAM + 64n;
  const itself: SbiHost = {
    setTimer: (time) => done.push(`timer ${String(time)}`),
    putCharacter: (byte) => done.push(`put ${String.fromCharCode(byte)}`),
    getCharacter: () => input.shift(),
    setSoftwareInterrupt: (pending) => done.push(`software ${String(pending)}`),
    fence: () => done.push('fence'),
    fenceGuests: guests ? () => { done.push('fence guests'); } : undefined,
    readMemory: (address, length) => (within(address, length) ? memory.slice(Number(address - RAM), Number(address - RAM) + length) : undefined),
    writeMemory: (address, bytes) => {
      if (!within(address, bytes.length)) return false;
      memory.set(bytes, Number(address - RAM));
      return true;
    },
  };
  const call = (extension: bigint, fn: bigint, ...args: bigint[]) => {
    const answer = sbiCall(itself, extension, fn, args);
    if (answer.kind === 'return') return { error: BigInt.asIntN(64, answer.error), value: answer.value };
    if (answer.kind === 'suspend') return { suspend: answer.anew };
    return answer.kind === 'legacy' ? { legacy: BigInt.asIntN(64, answer.value) } : { halt: answer.reason };
  };
  return { call, done, memory };
}

const ok = (value = 0n) => ({ error: 0n, value });
const error = (number: bigint) => ({ error: number, value: 0n });

describe('the base extension', () => {
  test('says SBI 2.0, and of each extension whether it is there', () => {
    const { call } = host();
    expect(call(SBI.base, 0n)).toEqual(ok(2n << 24n));
    for (const extension of [...Object.values<bigint>(SBI), 0n, 1n, 2n, 8n]) expect(call(SBI.base, 3n, extension)).toEqual(ok(1n));
    for (const extension of [9n, 0x5355_5350n, 0x5354_41n, (1n << 64n) - 1n]) expect(call(SBI.base, 3n, extension)).toEqual(ok(0n));
  });

  test('gives the machine no vendor, and knows no seventh function', () => {
    const { call } = host();
    expect([4n, 5n, 6n].map((fn) => call(SBI.base, fn))).toEqual([ok(), ok(), ok()]);
    expect(call(SBI.base, 7n)).toEqual(error(NOT_SUPPORTED));
  });
});

describe('the timer', () => {
  test('is set to an absolute time, as a new and as a legacy call', () => {
    const { call, done } = host();
    expect(call(SBI.time, 0n, 500n)).toEqual(ok());
    expect(call(0n, 0n, (1n << 64n) - 1n)).toEqual({ legacy: 0n });
    expect(done).toEqual(['timer 500', 'timer 18446744073709551615']);
    expect(call(SBI.time, 1n)).toEqual(error(NOT_SUPPORTED));
  });
});

describe('the console', () => {
  test('writes bytes of memory and says how many', () => {
    const { call, done, memory } = host();
    memory.set([72, 105], 10);
    expect(call(SBI.console, 0n, 2n, RAM + 10n, 0n)).toEqual(ok(2n));
    expect(done).toEqual(['put H', 'put i']);
  });

  test('reads what was typed, at most what is asked for, into memory', () => {
    const { call, memory } = host('abc');
    expect(call(SBI.console, 1n, 2n, RAM, 0n)).toEqual(ok(2n));
    expect(call(SBI.console, 1n, 60n, RAM + 4n, 0n)).toEqual(ok(1n));
    expect(call(SBI.console, 1n, 60n, RAM + 4n, 0n)).toEqual(ok(0n));
    expect([...memory.subarray(0, 6)]).toEqual([97, 98, 0, 0, 99, 0]);
  });

  test('writes one byte by itself, and by the legacy call', () => {
    const { call, done } = host();
    expect(call(SBI.console, 2n, 0x141n)).toEqual(ok());
    expect(call(1n, 0n, 0x142n)).toEqual({ legacy: 0n });
    expect(done).toEqual(['put A', 'put B']);
  });

  test('gets a character, or -1, by the legacy call', () => {
    const { call } = host('x');
    expect([call(2n, 0n), call(2n, 0n)]).toEqual([{ legacy: 120n }, { legacy: -1n }]);
  });

  test('refuses memory that the caller does not have, and takes none of it', () => {
    const { call, done } = host('abc');
    for (const [length, low, high] of [[8n, RAM + 60n, 0n], [1n, RAM - 1n, 0n], [1n, RAM, 1n], [1n, (1n << 64n) - 1n, 0n], [(1n << 64n) - 1n, RAM, 0n]] as const) {
      for (const fn of [0n, 1n]) expect(call(SBI.console, fn, length, low, high)).toEqual(error(INVALID_PARAMETER));
    }
    expect(done).toEqual([]);
    expect(call(2n, 0n), 'nothing was read').toEqual({ legacy: 97n });
    expect(call(SBI.console, 3n)).toEqual(error(NOT_SUPPORTED));
  });
});

describe('harts', () => {
  test('there is one, number 0, which runs already and never stops', () => {
    const { call } = host();
    expect(call(SBI.hsm, 2n, 0n)).toEqual(ok(0n));
    expect(call(SBI.hsm, 2n, 1n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.hsm, 0n, 0n)).toEqual(error(ALREADY_AVAILABLE));
    expect(call(SBI.hsm, 0n, 1n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.hsm, 1n)).toEqual(error(FAILED));
    expect(call(SBI.hsm, 4n)).toEqual(error(NOT_SUPPORTED));
  });

  test('a mask must name that one only, or all', () => {
    const { call, done } = host();
    expect(call(SBI.ipi, 0n, 1n, 0n)).toEqual(ok());
    expect(call(SBI.ipi, 0n, 0n, (1n << 64n) - 1n)).toEqual(ok());
    expect(done).toEqual(['software true', 'software true']);
    expect(call(SBI.ipi, 0n, 0n, 0n), 'it names nobody').toEqual(ok());
    expect(call(SBI.ipi, 0n, 2n, 0n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.ipi, 0n, 1n, 1n)).toEqual(error(INVALID_PARAMETER));
    expect(done).toHaveLength(2);
    expect(call(SBI.ipi, 1n)).toEqual(error(NOT_SUPPORTED));
  });

  test('remote fences are fences of this hart; those of hypervisors are not there', () => {
    const { call, done } = host();
    for (const fn of [0n, 1n, 2n]) expect(call(SBI.rfence, fn, 1n, 0n)).toEqual(ok());
    expect(done).toEqual(['fence', 'fence', 'fence']);
    for (const fn of [3n, 4n, 5n, 6n, 7n]) expect(call(SBI.rfence, fn, 1n, 0n)).toEqual(error(NOT_SUPPORTED));
    expect(call(SBI.rfence, 1n, 6n, 0n)).toEqual(error(INVALID_PARAMETER));
  });
});

describe('a hart with guests', () => {
  test('has the remote fences of hypervisors', () => {
    const { call, done } = host('', true);
    for (const fn of [3n, 4n, 5n, 6n]) expect(call(SBI.rfence, fn, 1n, 0n)).toEqual(ok());
    expect(done).toEqual(Array.from({ length: 4 }, () => 'fence guests'));
    expect(call(SBI.rfence, 3n, 6n, 0n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.rfence, 7n, 1n, 0n)).toEqual(error(NOT_SUPPORTED));
  });
});

describe('hart_suspend', () => {
  test('waits, and goes on behind the call or begins anew', () => {
    const { call } = host();
    expect(call(SBI.hsm, 3n, 0n, 1n, 2n)).toEqual({ suspend: undefined });
    expect(call(SBI.hsm, 3n, 0x8000_0000n, RAM, 7n)).toEqual({ suspend: { pc: RAM, opaque: 7n } });
  });

  test('refuses types that are reserved, and those of platforms', () => {
    const { call } = host();
    for (const type of [1n, 0x8000_0001n]) expect(call(SBI.hsm, 3n, type)).toEqual(error(INVALID_PARAMETER));
    for (const type of [0x1000_0000n, 0x9000_0000n]) expect(call(SBI.hsm, 3n, type)).toEqual(error(NOT_SUPPORTED));
  });
});

describe('counters of events', () => {
  test('are cycle and instret, 64 bits wide, each found by its event', () => {
    const { call } = host();
    expect(call(SBI.pmu, 0n)).toEqual(ok(3n));
    expect([0n, 2n].map((n) => call(SBI.pmu, 1n, n))).toEqual([ok((63n << 12n) | 0xc00n), ok((63n << 12n) | 0xc02n)]);
    expect(call(SBI.pmu, 1n, 1n)).toEqual(error(INVALID_PARAMETER));
    expect([1n, 2n].map((event) => call(SBI.pmu, 2n, 0n, 5n, 0n, event))).toEqual([ok(0n), ok(2n)]);
    expect(call(SBI.pmu, 2n, 2n, 1n, 1n, 99n), 'without matching').toEqual(ok(2n));
    expect(call(SBI.pmu, 2n, 0n, 5n, 0n, 3n)).toEqual(error(NOT_SUPPORTED));
    expect(call(SBI.pmu, 2n, 0n, 2n, 0n, 1n)).toEqual(error(INVALID_PARAMETER));
  });

  test('run already, and can be neither set nor stopped', () => {
    const { call } = host();
    expect(call(SBI.pmu, 3n, 0n, 5n)).toEqual(error(ALREADY_STARTED));
    expect(call(SBI.pmu, 3n, 0n, 1n, 1n, 5n)).toEqual(error(NOT_SUPPORTED));
    expect(call(SBI.pmu, 4n, 0n, 1n)).toEqual(error(NOT_SUPPORTED));
    for (const fn of [3n, 4n]) expect(call(SBI.pmu, fn, 0n, 8n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.pmu, 5n, 0n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.pmu, 8n)).toEqual(error(NOT_SUPPORTED));
  });
});

describe('switching off', () => {
  test('has the reason as its exit code, and refuses types and reasons that do not exist', () => {
    const { call } = host();
    expect(call(SBI.reset, 0n, 0n, 0n)).toEqual({ halt: { by: 'sbi', exitCode: 0 } });
    expect(call(SBI.reset, 0n, 1n, 1n)).toEqual({ halt: { by: 'sbi', exitCode: 1 } });
    expect(call(SBI.reset, 0n, 3n, 0n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.reset, 0n, 0n, 2n)).toEqual(error(INVALID_PARAMETER));
    expect(call(SBI.reset, 1n)).toEqual(error(NOT_SUPPORTED));
    expect(call(8n, 0n)).toEqual({ halt: { by: 'sbi', exitCode: 0 } });
  });
});

describe('the other legacy calls', () => {
  test('clear and send interprocessor interrupts, and fence', () => {
    const { call, done } = host();
    for (const extension of [3n, 4n, 5n, 6n, 7n]) expect(call(extension, 0n)).toEqual({ legacy: 0n });
    expect(done).toEqual(['software false', 'software true', 'fence', 'fence', 'fence']);
  });
});

describe('an extension that is not there', () => {
  test.each([9n, 0xffn, 0x5355_5350n, 0x0900_0000n, 1n << 32n, (1n << 63n) + 1n, (1n << 64n) - 1n])('%i is not supported, whatever the function', (extension) => {
    const { call, done } = host();
    for (const fn of [0n, 1n, 99n]) expect(call(extension, fn, 1n, 2n, 3n)).toEqual(error(NOT_SUPPORTED));
    expect(done).toEqual([]);
  });

  test('has its number for a name', () => {
    expect([sbiName(SBI.time, 0n), sbiName(1n, 0n), sbiName(0x99n, 5n)]).toEqual(['time 0', 'legacy putCharacter', 'extension 0x99']);
  });
});

test('cycle, time and instret are open', () => {
  expect(OPEN_COUNTERS).toBe(0b111n);
});
