/** Guests that try to break out, or only to break the VMM. Whatever they do, it happens to them alone. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { guestPhysical } from '../../workers/base/address.ts';
import type { Image } from '../../workers/machine/image/image.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { bareComputer, runToEnd } from '../support/computers.ts';
import { letterKernel } from '../support/guest-image.ts';
import { RAM, runWatched, type WatchedRun } from './watched.ts';

const source = (name: string): string => readFileSync(new URL(`hostile/${name}`, import.meta.url), 'utf8');
const hostile = (name: string): Image => letterKernel(name, source(name));
const inline = (text: string): Image => letterKernel('a hostile kernel', `kernel:\n${text}`);

const PROBING = ['reach-host.s', 'map-host.s', 'odd-sret.s', 'machine-mode.s', 'odd-devices.s', 'firmware-calls.s', 'aliases.s'];

describe('a hostile kernel', () => {
  test.each(PROBING.flatMap((name) => SHADOW_VARIANTS.map((shadow) => ({ name, shadow }))))('I1, E1: $name meets what it would meet on a bare machine, and nothing else ($shadow)', ({ name, shadow }) => {
    const run = runWatched(hostile(name), { exits: 10_000, shadow });
    expect(run.broken).toBeUndefined();
    const bare = runToEnd(bareComputer(hostile(name), { guestRamBytes: RAM }), 200_000n);
    expect({ end: run.end, console: run.console, time: run.machine.clock.now() }).toEqual({ end: bare.reason, console: bare.console, time: bare.time });
    expect(run.end).toEqual({ by: 'sbi', exitCode: 0 });
    expect(run.console.length).toBeGreaterThan(5);
  });

  test.each(SHADOW_VARIANTS)('I1: that makes tables out of pages and pages out of tables falls into its own trap loop, as on a bare machine (%s)', (shadow) => {
    const run = runWatched(hostile('self-map.s'), { exits: 3_000, shadow });
    expect(run.broken).toBeUndefined();
    const bare = runToEnd(bareComputer(hostile('self-map.s'), { guestRamBytes: RAM }), 200_000n);
    expect({ end: bare.reason, console: bare.console }).toEqual({ end: undefined, console: run.console });
    expect(run.end).toBe('limit');
  });

  test.each(SHADOW_VARIANTS)('P6, I1, I2: that makes hypercalls with whatever comes to its mind is answered, and reaches nothing (%s)', (shadow) => {
    const run = runWatched(hostile('hypercalls.s'), { exits: 10_000, shadow, paravirtual: true });
    expect(run.broken).toBeUndefined();
    expect(run.end).toEqual({ by: 'sbi', exitCode: 0 });
    // a: done; \\ (-5): an address that is not the guest's; ^ (-3): a parameter that cannot be; _ (-2): no such call.
    expect(run.console).toBe('\\\\\\\\^^' + '\\\\\\a\\' + '^^^a' + 'aa^a' + '\\\\\\\\' + '\\\\\\\\a' + '__');
  });

  test('S6: that uses up the shadow pages goes on all the same', () => {
    const run = runWatched(hostile('aliases.s'), { exits: 10_000 });
    expect(run.console).toBe('a!!!!!!');
    expect(run.exits, 'more faults than there are tables').toBeGreaterThan(512);
  });

  test('I2: that writes over everything it has destroys itself only', () => {
    const run = runWatched(hostile('overwrite.s'), { steps: 3_000_000, exits: 2_500 });
    expect(run.broken).toBeUndefined();
    expect(run.end).toBe('limit');
    expect(run.vmm.guestMemory.read(guestPhysical(0x803f_fff8n), 8), 'it came as far as its last word').not.toBe(0n);
  });

  const LOOPS: readonly { readonly what: string; readonly text: string; readonly end: WatchedRun['end'] }[] = [
    { what: 'has its trap handler at address 0', text: 'csrw stvec, zero\n unimp', end: 'limit' },
    { what: 'has its trap handler at the end of the address space', text: 'li t0, -4\n csrw stvec, t0\n ebreak', end: 'limit' },
    { what: 'has a vectored trap handler in the middle of nowhere', text: 'li t0, 0x10000001\n csrw stvec, t0\n csrw sie, t0\n ecall\n lw t0, (zero)', end: 'limit' },
    { what: 'traps in its trap handler', text: 'la t0, 1f\n csrw stvec, t0\n .balign 4\n1: ebreak', end: 'limit' },
    { what: 'runs in a circle', text: '1: j 1b', end: 'limit' },
    { what: 'calls the firmware for ever', text: '1: li a7, 0x10\n ecall\n j 1b', end: 'limit' },
    { what: 'fences for ever', text: '1: sfence.vma\n fence.i\n j 1b', end: 'limit' },
    { what: 'changes its root for ever', text: '1: xor t0, t0, t1\n li t1, 8 << 60\n csrw satp, t0\n j 1b', end: 'limit' },
    { what: 'waits for what cannot come', text: '1: wfi\n j 1b', end: 'waits for ever' },
    { what: 'waits for its timer with the interrupt off', text: 'li a7, 0\n li a0, 5000\n ecall\n1: wfi\n j 1b', end: 'waits for ever' },
    { what: 'is interrupted all the time', text: 'la t0, 1f\n csrw stvec, t0\n li t0, 0x222\n csrw sie, t0\n csrwi sip, 2\n csrsi sstatus, 2\n .balign 4\n1: csrsi sstatus, 2\n j 1b', end: 'limit' },
    { what: 'powers off with an error', text: 'li t0, 0x100000\n li t1, 0x73333\n sw t1, (t0)', end: { by: 'finisher', exitCode: 7 } },
  ];
  test.each(LOOPS)('I1, T11: that $what ends in a limit, a wait or a clear stop', ({ text, end }) => {
    const run = runWatched(inline(text), { steps: 30_000, exits: 2_000 });
    expect(run.broken).toBeUndefined();
    expect(run.end).toEqual(end);
    if (end === 'limit') return;
    const bare = runToEnd(bareComputer(inline(text), { guestRamBytes: RAM }), 100_000n);
    expect({ end: bare.reason ?? 'waits for ever', time: bare.time }).toEqual({ end, time: run.machine.clock.now() });
  });

  const ROOTS = ['0', '0x80000', '0x80200', '0x80400', '0x80600', '0x81000', '0x100', '0x10000', '0xc000', '0xfffffffffff', '0x7ffff'];
  test.each(ROOTS)('I1: whose root table stands on physical page %s reaches nothing of the VMM', (page) => {
    const image = inline(`li t0, (8 << 60) | ${page}\n csrw satp, t0\n sfence.vma\n nop\n end`);
    const run = runWatched(image, { steps: 30_000, exits: 1_000 });
    expect(run.broken).toBeUndefined();
    const bare = runToEnd(bareComputer(image, { guestRamBytes: RAM }), 10_000n);
    expect(run.console).toBe(bare.console);
    expect(run.end).toEqual(bare.reason ?? 'limit');
  });
});
