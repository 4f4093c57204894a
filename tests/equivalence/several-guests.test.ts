/** Several guests on one machine: each as it would be alone, and no more than its own. */
import { describe, expect, test } from 'vitest';
import { LAB_GUESTS, imageOf, labGuest } from '../support/guest-image.ts';
import { addGuest, consolesOf, runToEnd, sharedComputer, virtualComputer, type Computer, type SeveralOptions } from '../support/computers.ts';
import type { Image } from '../../workers/machine/image/image.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import type { HaltReason } from '../../workers/trace/events.ts';
import type { Vmm } from '../../workers/vmm/vmm.ts';

const MIB = 1 << 20;
const RAM = 4 * MIB;

interface Ends {
  readonly consoles: readonly string[];
  readonly ends: readonly (HaltReason | undefined)[];
  /** Each guest's own time and instructions at its end. */
  readonly times: readonly (readonly [time: bigint, instructions: bigint])[];
}

/** Until all have ended, or nothing will happen any more; waits are skipped. */
function runAll(computer: Computer & { readonly vmm: Vmm }, steps = 10_000_000, look: () => void = () => undefined): Ends {
  const { machine, vmm } = computer;
  const consoles = consolesOf(computer);
  const last = machine.position + steps;
  while (!machine.halted && machine.position < last) {
    const { by } = machine.run(Math.min(100_000, last - machine.position));
    consoles.take();
    look();
    if (by !== 'waiting') continue;
    if (machine.waiting?.ticks === undefined) break;
    machine.skipWait();
  }
  return {
    consoles: consoles.of, ends: vmm.guests.map(({ halted }) => halted),
    times: vmm.guests.map(({ clock, hart }) => [clock.now(), hart.instret] as const),
  };
}

/** The same program alone. */
function alone(image: Image, guestRamBytes = RAM) {
  const computer = virtualComputer(image, { guestRamBytes });
  const end = runToEnd(computer);
  return { console: end.console, end: end.reason, time: end.time, instructions: computer.vmm.virtualHart.instret };
}

const together = (images: readonly Image[], options: SeveralOptions = {}): Ends => runAll(sharedComputer(images, { guestRamBytes: RAM, ...options }));

/** Adds up to `rounds` in a loop, prints its letter now and then, and ends with `code`. */
const spinner = (letter: string, rounds: number, code = 0): Image => imageOf(`${letter}.s`, `
    li    s0, ${String(rounds)}
    li    s1, 0
1:  addi  s1, s1, 1
    li    t0, 100000
    remu  t0, s1, t0
    bnez  t0, 2f
    li    a0, '${letter}'
    li    a7, 1
    ecall
2:  blt   s1, s0, 1b
    li    a0, 0
    li    a1, ${String(code)}
    li    a6, 0
    li    a7, 0x53525354
    ecall
`);

/** Prints its letter, waits a millisecond by its timer, ten times. */
const sleeper = (letter: string): Image => imageOf(`${letter}.s`, `
    li    s0, 10
    li    t0, 32
    csrs  sie, t0
1:  li    a0, '${letter}'
    li    a7, 1
    ecall
    rdtime a0
    li    t0, 100000
    add   a0, a0, t0
    li    a7, 0x54494d45
    li    a6, 0
    ecall
    wfi
    addi  s0, s0, -1
    bnez  s0, 1b
    rdtime s2
    li    t1, 20
2:  srl   a0, s2, t1
    andi  a0, a0, 15
    addi  a0, a0, 'a'
    li    a7, 1
    ecall
    addi  t1, t1, -4
    bgez  t1, 2b
    li    a0, 0
    li    a1, 0
    li    a6, 0
    li    a7, 0x53525354
    ecall
`);

describe('guests beside each other', () => {
  // Those that end by themselves.
  const names = LAB_GUESTS.filter((name) => !name.startsWith('echo') && !name.startsWith('floating-point'));
  test('G4: the lab’s guests print, end and count time as each does alone, with any weights', () => {
    const images = [...names.map(labGuest), sleeper('z'), spinner('x', 250_000, 1)];
    const single = images.map((image) => alone(image, 16 * MIB));
    for (const weights of [[], [5, 1, 1, 3, 1, 2, 1]]) {
      const all = together(images, { guestRamBytes: 16 * MIB, weights });
      for (const [guest, { console, end, time, instructions }] of single.entries()) {
        expect({ console: all.consoles[guest], end: all.ends[guest], times: all.times[guest] }, images[guest]!.name).toEqual({ console, end, times: [time, instructions] });
      }
    }
  });

  test('G4: floating-point registers and reservations are each guest’s own', () => {
    const kernel = (value: number): Image => imageOf(`float-${String(value)}.s`, `
      li    t0, 0x2000
      csrs  sstatus, t0
      li    t0, ${String(value)}
      fcvt.d.l fa0, t0
      la    s2, word
      li    s0, 20000
  1:  lr.d  t1, (s2)
      li    s1, 20
  3:  addi  s1, s1, -1
      bnez  s1, 3b
      addi  t1, t1, 1
      sc.d  t2, t1, (s2)
      bnez  t2, fail
      addi  s0, s0, -1
      bnez  s0, 1b
      fcvt.l.d t1, fa0
      bne   t1, t0, fail
      li    a1, 0
      j     end
  fail: li  a1, 1
  end: li   a0, 0
      li    a6, 0
      li    a7, 0x53525354
      ecall
      .balign 8
  word: .dword 0
    `);
    const all = together([kernel(3), kernel(5)]);
    expect(all.ends.map((end) => end?.exitCode)).toEqual([0, 0]);
  });

  test('G5: guests that always run share the time by their weights', () => {
    const computer = sharedComputer(['a', 'b', 'c'].map((letter) => spinner(letter, 1_000_000_000)), { guestRamBytes: RAM, weights: [1, 2, 5] });
    runAll(computer, 16_000_000);
    const ran = computer.vmm.guests.map(({ ran: ticks }) => ticks);
    const sum = ran.reduce((a, b) => a + b);
    for (const [guest, share] of [1 / 8, 2 / 8, 5 / 8].entries()) expect(ran[guest]! / sum).toBeCloseTo(share, 1);
    expect(Math.abs(ran[0]! * 5 - ran[2]!)).toBeLessThan(6 * 100_000);
  });

  test('G5: one that waits takes no time from others, and has no claim to what it did not use', () => {
    const computer = sharedComputer([sleeper('s'), spinner('a', 1_000_000_000), spinner('b', 1_000_000_000)], { guestRamBytes: RAM });
    runAll(computer, 12_000_000);
    const [slept, a, b] = computer.vmm.guests.map(({ ran }) => ran) as [number, number, number];
    expect(slept).toBeLessThan(10_000);
    expect(Math.abs(a - b)).toBeLessThan(300_000);
    expect(computer.vmm.guests[0]!.halted).toMatchObject({ exitCode: 0 });
  });

  test('G5: a guest that does nothing but trap, for which no time passes, keeps nobody from running', () => {
    const { ends } = runAll(sharedComputer([imageOf('stray.s', 'jr zero'), spinner('a', 100_000)], { guestRamBytes: RAM }), 660_000);
    expect(ends).toMatchObject([undefined, { exitCode: 0 }]);
  });

  test('G6: a guest’s end is its own; the machine ends after the last, as the first that failed', () => {
    const computer = sharedComputer([spinner('a', 400_000), spinner('b', 100_000, 1), imageOf('stray.s', 'jr zero')], { guestRamBytes: RAM });
    const { ends, consoles } = runAll(computer, 3_100_000);
    expect(ends).toMatchObject([{ exitCode: 0 }, { exitCode: 1 }, undefined]);
    expect(consoles.slice(0, 2)).toEqual(['aaaa', 'b']);
    expect(computer.machine.halted).toBeUndefined();
    computer.vmm.destroy(2);
    runAll(computer, 1000);
    expect(computer.machine.halted).toMatchObject({ exitCode: 1 });
  });

  test('G6: paused, a guest stands still in its own time; another comes and goes; nobody else notices', () => {
    const images = [sleeper('s'), spinner('a', 300_000), labGuest('hello.s')] as const;
    const single = images.map((image) => alone(image));
    const computer = sharedComputer(images.slice(0, 2), { guestRamBytes: RAM, framesBytes: 3 * RAM });
    const { machine, vmm } = computer;
    const consoles = consolesOf(computer);
    const steps = (count: number): void => {
      const last = machine.position + count;
      while (machine.position < last && !machine.halted) {
        if (machine.run(last - machine.position).by === 'waiting') {
          if (machine.waiting?.ticks === undefined) break;
          machine.skipWait();
        }
      }
      consoles.take();
    };
    steps(150_000);
    vmm.guests[0]!.pause(true);
    vmm.look();
    const before = vmm.guests[0]!.clock.now();
    steps(200_000);
    addGuest(vmm, images[2], { ramBytes: RAM });
    steps(500_000);
    expect(vmm.guests[0]!.clock.now()).toBe(before);
    vmm.destroy(1);
    vmm.guests[0]!.pause(false);
    vmm.look();
    steps(3_000_000);
    expect(consoles.of[0]).toBe(single[0]!.console);
    expect(consoles.of[2]).toBe(single[2]!.console);
    expect(vmm.guests.map(({ number, halted }) => [number, halted?.exitCode])).toEqual([[0, 0], [2, single[2]!.end?.exitCode]]);
    expect(vmm.guests.map(({ clock }) => clock.now())).toEqual([single[0]!.time, single[2]!.time]);
  });

  test('G7: what is typed reaches the guest it was typed for', () => {
    const image = labGuest('echo.s');
    const computer = sharedComputer([image, image, spinner('x', 1_000_000_000)], { guestRamBytes: RAM });
    const { machine, vmm } = computer;
    const consoles = consolesOf(computer);
    machine.run(2_000_000);
    for (const [guest, text] of [[1, 'help\r'], [0, 'exit\r']] as const) {
      const bytes = new TextEncoder().encode(text);
      vmm.willType(guest, bytes.length);
      machine.receive(bytes);
    }
    machine.run(3_000_000);
    consoles.take();
    expect(vmm.guests.map(({ halted }) => halted?.exitCode)).toEqual([0, undefined, undefined]);
    expect(consoles.of[0]).toContain('Goodbye.');
    expect(consoles.of[1]).not.toContain('Goodbye.');
    expect(consoles.of[1]).toContain('help');
  });

  test('E3: several guests, saved and restored at any moment, go on in the same way, also when one had not come yet', () => {
    const computer = sharedComputer([labGuest('processes.s'), sleeper('s')], { guestRamBytes: RAM, framesBytes: 3 * RAM });
    const { machine, vmm } = computer;
    const run = (steps: number): string => {
      const last = machine.position + steps;
      while (machine.position < last && !machine.halted) {
        if (machine.run(last - machine.position).by === 'waiting') machine.skipWait();
      }
      return machine.hash();
    };
    run(120_001);
    const first = machine.save();
    addGuest(vmm, spinner('x', 200_000), { ramBytes: RAM });
    const one = run(77_777);
    const second = machine.save(first);
    const two = run(500_003);
    machine.restore(second);
    expect(machine.hash()).toBe(one);
    expect(run(500_003)).toBe(two);
    machine.restore(first);
    expect(vmm.guests).toHaveLength(2);
    addGuest(vmm, spinner('x', 200_000), { ramBytes: RAM });
    expect(run(77_777)).toBe(one);
    machine.restore(second);
    expect(run(500_003)).toBe(two);
  });
});

describe('memory', () => {
  /** Stores a word into each of so many pages behind it, then ends. */
  const toucher = (pages: number, fill = 0x5a): Image => imageOf('toucher.s', `
    li    s0, ${String(pages)}
    li    t0, 0x80210000
    li    t1, ${String(fill)}
    li    t2, 4096
1:  ld    t3, (t0)
    bnez  t3, dirty
    sd    t1, (t0)
    add   t0, t0, t2
    addi  s0, s0, -1
    bnez  s0, 1b
    li    a1, 0
    j     end
dirty: li a1, 9
end: li   a0, 0
    li    a6, 0
    li    a7, 0x53525354
    ecall
  `);

  test('G2: more can be promised than there is; a page is given at its first use, and reads as zeros before', () => {
    const computer = sharedComputer(Array.from({ length: 8 }, (_, n) => toucher(n + 1)), { guestRamBytes: RAM, framesBytes: RAM });
    const { ends } = runAll(computer);
    expect(ends.map((end) => end?.exitCode)).toEqual(Array.from({ length: 8 }, () => 0));
    const { vmm } = computer;
    // The first is promised what is there, and has it in pieces; the others page by page.
    const held = vmm.guests.slice(1).map(({ memory }) => memory.held / 4096);
    for (const [index, pages] of held.entries()) expect(pages - held[0]!).toBe(index);
    expect(vmm.memory.free).toBe(RAM - vmm.guests.reduce((sum, { memory }) => sum + memory.held, 0));
  });

  test('G3: a guest that uses memory when there is none left ends with a sentence, and the others go on', () => {
    const computer = sharedComputer([spinner('a', 300_000), toucher(480), spinner('c', 300_000)], { guestRamBytes: RAM, framesBytes: 3 * MIB / 2 });
    const { ends, consoles } = runAll(computer);
    expect(ends).toMatchObject([{ exitCode: 0 }, { by: 'stuck', message: expect.stringMatching(/no memory left for this guest: it was promised 4096 KiB/) as string }, { exitCode: 0 }]);
    expect([consoles[0], consoles[2]]).toEqual(['aaa', 'ccc']);
  });

  test('G2: what a guest leaves behind is emptied before another gets it', () => {
    const computer = sharedComputer([spinner('a', 1_000_000_000), toucher(400)], { guestRamBytes: RAM, framesBytes: RAM + MIB });
    const { machine, vmm } = computer;
    runAll(computer, 1_000_000);
    expect(vmm.guests[1]!.halted).toMatchObject({ exitCode: 0 });
    const { free } = vmm.memory;
    vmm.destroy(1);
    runAll(computer, 200_000);
    expect(vmm.memory.free).toBeGreaterThan(free + 400 * 4096 - 1);
    // The toucher ends with 9 where it finds anything.
    addGuest(vmm, toucher(400, 0x77), { ramBytes: RAM });
    runAll(computer, 1_000_000);
    expect(vmm.guests[1]!.halted).toMatchObject({ exitCode: 0 });
    expect(machine.halted).toBeUndefined();
  });

  test('G1: every page of real memory is at most one guest’s, and each guest’s pages lead back to it', () => {
    const computer = sharedComputer([toucher(30), toucher(50), labGuest('processes.s')], { guestRamBytes: RAM, framesBytes: 2 * RAM });
    const { vmm } = computer;
    const seen = (): void => {
      const owners = new Map<bigint, number>();
      for (const { number, memory } of vmm.guests) {
        for (let address = RAM_BASE; address < RAM_BASE + BigInt(RAM); address += 4096n) {
          const place = memory.placeOf(address);
          if (place === undefined) continue;
          expect(owners.get(place), 'it has no other owner').toBeUndefined();
          owners.set(place, number);
          expect(memory.owns(place, 4096) && memory.fromHost(place) === address).toBe(true);
          expect(vmm.guests.some((other) => other.number !== number && other.memory.owns(place, 4096))).toBe(false);
        }
      }
      expect(owners.size).toBeGreaterThan(0);
    };
    runAll(computer, 2_000_000);
    seen();
  });
});
