import { describe, expect, test } from 'vitest';
import { bareComputer, virtualComputer } from '../../tests/support/computers.ts';
import { imageOf, labGuest } from '../../tests/support/guest-image.ts';
import { createInterpreter } from '../engine/interpreter/interpreter.ts';
import { createReferenceEngine } from '../engine/reference/reference-engine.ts';
import { Machine, startMode, type EngineFactory } from './machine.ts';
import { ADDRESS } from './peripherals.ts';
import { RAM_BASE } from './memory-layout.ts';

const RAM = 4 << 20;
const CODE = 0x8020_0000n;

/** A program that begins in S, after boot. */
const machine = (text: string): Machine => bareComputer(imageOf('a program', text), { guestRamBytes: RAM }).machine;

/** A program that begins in M, without firmware. */
function machineMode(text: string, createEngine: EngineFactory = createInterpreter): Machine {
  const made = new Machine({ ramBytes: RAM, createEngine, start: 'm' });
  made.boot(imageOf('a program', text, RAM_BASE));
  return made;
}

const LOOP = '1: addi t0, t0, 1\n j 1b';

describe('a machine that starts', () => {
  test('enters a kernel in S with firmware below it, any other program in M with nothing', () => {
    expect([startMode(CODE), startMode(CODE - 2n), startMode(RAM_BASE)]).toEqual(['s', 'm', 'm']);
    const [kernel, program] = [machine(LOOP), machineMode(LOOP)];
    expect([kernel.hart.mode, kernel.hart.pc, program.hart.mode, program.hart.pc]).toEqual(['S', CODE, 'M', RAM_BASE]);
    expect(kernel.hart.readCsr('medeleg')).not.toBe(0n);
    expect(program.hart.readCsr('medeleg')).toBe(0n);
  });

  test('says its hart\'s number and where the device tree is', () => {
    for (const { hart, memory } of [machine(LOOP), machineMode(LOOP)]) {
      expect(hart.x(10)).toBe(0n);
      expect(memory.read(hart.x(11), 4)).toBe(0xedfe_0dd0n);
    }
  });
});

describe('a machine that runs', () => {
  test('makes exactly as many steps as asked, and a tick for each instruction', () => {
    const one = machine(LOOP);
    const began = one.clock.now();
    for (const steps of [1, 2, 3, 1000, 7]) {
      const { position } = one;
      expect(one.run(steps)).toEqual({ by: 'budget' });
      expect(one.position).toBe(position + steps);
    }
    expect(one.clock.now() - began).toBe(1013n);
  });

  test('counts a trap as a step without a tick', () => {
    const one = machine('la t0, 1f\n csrw stvec, t0\n .balign 4\n1: ebreak');
    one.run(10);
    const { position, instant, trapCount } = one;
    one.run(50);
    expect([one.position - position, one.instant.time - instant.time, one.trapCount - trapCount]).toEqual([50, 0n, 50]);
  });

  test('is the same however its run is cut into pieces', () => {
    const whole = bareComputer(labGuest('processes.s'), { guestRamBytes: RAM }).machine;
    const pieces = bareComputer(labGuest('processes.s'), { guestRamBytes: RAM }).machine;
    whole.run(9_000);
    for (let n = 0, left = 9_000; left > 0; n += 1) {
      const steps = Math.min(left, 1 + (n * 37) % 211);
      pieces.run(steps);
      left -= steps;
    }
    expect(pieces.hash()).toBe(whole.hash());
  });

  const trapping = (text: string): string => `
      la t0, trapped
      csrw mtvec, t0
      ${text}
    1:
      addi t2, t2, 1
      j 1b
      .balign 4
    trapped:
      csrw mie, zero
    2:
      j 2b`;
  const ENGINES = [{ engine: 'interpreter', createEngine: createInterpreter }, { engine: 'reference', createEngine: createReferenceEngine }];
  const LARGE_PIECE = 1_000;

  test.each(ENGINES)('takes the timer interrupt of M before the instruction at which mtime reaches mtimecmp, however long the piece ($engine)', ({ createEngine }) => {
    for (const store of ['sd t0, (t1)', 'sw zero, 4(t1)\n sw t0, (t1)']) {
      const one = machineMode(trapping(`li t1, ${String(ADDRESS.clint + 0x4000)}\n li t0, 0x80\n csrw mie, t0\n csrsi mstatus, 8\n li t0, 100\n ${store}`), createEngine);
      one.run(LARGE_PIECE);
      expect(one.trapsFrom(0)).toMatchObject([{ interrupt: true, cause: 7, to: 'M', time: 100n }]);
    }
  });

  test.each(ENGINES)('takes an interrupt that a store to a device raises before the next instruction ($engine)', ({ createEngine }) => {
    const software = machineMode(trapping(`li t1, ${String(ADDRESS.clint)}\n li t0, 8\n csrw mie, t0\n csrsi mstatus, 8\n sw t0, (t1)\n li t0, 1\n li t2, 0\n sw t0, (t1)`), createEngine);
    software.run(LARGE_PIECE);
    expect(software.trapsFrom(0)).toMatchObject([{ interrupt: true, cause: 3 }]);
    expect(software.hart.x(7), 'not one instruction later').toBe(0n);
    const transmitter = machineMode(trapping(`
      li t1, ${String(ADDRESS.plic)}
      li t0, 1024
      li t2, 0x2000
      add t2, t2, t1
      sw t0, (t2)
      li t0, 1
      sw t0, 40(t1)
      slli t0, t0, 11
      csrw mie, t0
      csrsi mstatus, 8
      li t1, ${String(ADDRESS.uart)}
      li t0, 2
      li t2, 0
      sb t0, 1(t1)`), createEngine);
    transmitter.run(LARGE_PIECE);
    expect(transmitter.trapsFrom(0)).toMatchObject([{ interrupt: true, cause: 11 }]);
    expect(transmitter.hart.x(7), 'not one instruction later').toBe(0n);
  });
});

describe('a machine that waits', () => {
  const WAIT = 'li t0, 0x20\n csrw sie, t0\n li a7, 0\n li a0, 5000\n ecall\n wfi\n li t1, 7\n1: j 1b';

  test('says until when, lets no step pass, and skips the time on demand', () => {
    const one = machine(WAIT);
    expect(one.run(100)).toEqual({ by: 'waiting' });
    const { position } = one;
    expect(one.run(100)).toEqual({ by: 'waiting' });
    expect([one.position, one.waiting]).toEqual([position, { ticks: 5000n - one.clock.now() }]);
    one.skipWait();
    expect([one.waiting, one.clock.now()]).toEqual([undefined, 5000n]);
    one.run(3);
    expect(one.hart.x(6)).toBe(7n);
  });

  test('for something that cannot come says so, and a skip changes nothing', () => {
    const one = machine('csrw sie, zero\n wfi\n1: j 1b');
    expect(one.run(100)).toEqual({ by: 'waiting' });
    const time = one.clock.now();
    one.skipWait();
    expect([one.waiting, one.clock.now()]).toEqual([{ ticks: undefined }, time]);
  });

  test.each([{ where: 'bare', boot: bareComputer }, { where: 'under the VMM', boot: virtualComputer }])('for a key goes on when one is typed, $where', ({ boot }) => {
    const { machine: one } = boot(labGuest('echo.s'));
    while (one.run(1_000_000).by !== 'waiting' || one.waiting?.ticks !== undefined) one.skipWait();
    one.takeConsole();
    one.receive(new TextEncoder().encode('a'));
    expect(one.waiting).toBeUndefined();
    while (one.run(1_000_000).by !== 'waiting');
    expect(new TextDecoder().decode(one.takeConsole())).toBe('a');
  });
});

test.each([{ where: 'bare', boot: bareComputer }, { where: 'under the VMM', boot: virtualComputer }])('what a device writes between lr and sc breaks the reservation, $where (unprivileged manual, 13.2)', ({ boot }) => {
  // The source of random numbers fills the word that is reserved when it is notified; then the same without notifying it.
  const { machine: one } = boot(imageOf('a program', `
      li s0, 0x10003000
      la s1, place
      li t0, 11
      sw t0, 0x70(s0)
      sw zero, 0x30(s0)
      li t0, 1
      sw t0, 0x38(s0)
      la t0, table
      sw t0, 0x80(s0)
      la t0, available
      sw t0, 0x90(s0)
      la t0, used
      sw t0, 0xa0(s0)
      li t0, 1
      sw t0, 0x44(s0)
      li t0, 15
      sw t0, 0x70(s0)
      lr.d t0, (s1)
      sw zero, 0x50(s0)
      sc.d t1, zero, (s1)
      lr.d t0, (s1)
      sc.d t2, zero, (s1)
    done:
      wfi
      j done
      .balign 16
    table: .quad place
      .word 8
      .half 2, 0
    available: .half 0, 1, 0
      .balign 8
    used: .half 0, 0
      .word 0, 0
      .balign 8
    place: .quad 0
  `), { guestRamBytes: RAM });
  one.run(10_000);
  expect([one.hart.x(6), one.hart.x(7)]).toEqual([1n, 0n]);
});

describe('a machine that stops', () => {
  const NO_STOPS = { addresses: [], exceptions: 0n, interrupts: 0n };

  test('stops before the instruction at a breakpoint, until it is taken away', () => {
    const one = machine('nop\n nop\n nop\n1: j 1b');
    one.setStops({ ...NO_STOPS, addresses: [CODE + 8n] });
    expect(one.run(100)).toEqual({ by: 'breakpoint' });
    expect(one.hart.pc).toBe(CODE + 8n);
    expect(one.run(100), 'again and again').toEqual({ by: 'breakpoint' });
    one.setStops(NO_STOPS);
    expect(one.run(1)).toEqual({ by: 'budget' });
    expect(one.hart.pc).toBe(CODE + 12n);
  });

  test('stops after the trap of a kind that it was told', () => {
    const one = machine('la t0, 1f\n csrw stvec, t0\n unimp\n .balign 4\n1: ebreak');
    one.setStops({ ...NO_STOPS, exceptions: 1n << 3n });
    expect(one.run(100)).toEqual({ by: 'trap' });
    expect(one.trapsFrom(0).map(({ cause }) => cause)).toEqual([2, 3]);
  });

  test('that was switched off stays off', () => {
    const one = machine('li a7, 8\n ecall\n1: j 1b');
    const off = { by: 'halt', reason: { by: 'sbi', exitCode: 0 } };
    expect([one.run(100), one.run(100)]).toEqual([off, off]);
    expect(one.halted).toEqual(off.reason);
  });
});
