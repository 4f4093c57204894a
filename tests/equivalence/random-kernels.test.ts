/**
 * Random kernels, bare and under the VMM: every trap, every register that a kernel can read, every byte of its memory and every instant is
 * the same, and the VMM is watched after each exit. KERNELS=n makes more of them, KERNEL_SEED=n others.
 */
import { describe, expect, test } from 'vitest';
import type { Image } from '../../workers/machine/image/image.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { Random } from '../differential/random.ts';
import { HOST_OFFSET, RAM, runWatched } from '../isolation/watched.ts';
import { bareComputer, runToEnd, type Computer } from '../support/computers.ts';
import { imageOf } from '../support/guest-image.ts';
import { A, D, PageTable, R, RWX, U, W, X } from '../support/page-table.ts';
import { CODE, DATA, KERNEL_DATA, LARGE, LOG, PAGES, randomKernel, TABLES, USER_CODE, USER_DATA } from './random-kernel.ts';

const SEED = Number(process.env['KERNEL_SEED'] ?? 1);
const KERNELS = Number(process.env['KERNELS'] ?? 6);
const PIECES = 150;
const ENTRY_BYTES = 88;

/** The kernel with its first tables: some pages for the user, some for the kernel, with all kinds of rights. */
function kernel(random: Random): Image {
  const code = imageOf('a random kernel', randomKernel(random, PIECES), CODE);
  const bytes = new DataView(new ArrayBuffer(16 * 4096));
  const table = new PageTable({
    read: (address) => bytes.getBigUint64(Number(address - TABLES), true),
    write: (address, _, value) => { bytes.setBigUint64(Number(address - TABLES), value, true); },
  }, TABLES);
  const anyPage = (): bigint => DATA + BigInt(random.below(PAGES)) * 4096n;
  const anyFlags = (): bigint => (random.oneIn(4) ? BigInt(random.below(256)) : random.oneIn(4) ? X | A : R | (random.oneIn(3) ? 0n : W) | (random.oneIn(3) ? 0n : A) | (random.oneIn(2) ? 0n : D));
  for (let n = 0n; n < 16n; n += 1n) table.map(USER_CODE + n * 4096n, CODE + n * 4096n, R | X | U | A);
  for (let n = 0n; n < BigInt(PAGES); n += 1n) table.map(USER_DATA + n * 4096n, anyPage(), U | anyFlags());
  for (let n = 0n; n < BigInt(PAGES); n += 1n) table.map(KERNEL_DATA + n * 4096n, anyPage(), anyFlags());
  table.map(LARGE, CODE, R | W | (random.oneIn(2) ? U : 0n) | (random.oneIn(2) ? A | D : 0n), 1);
  for (let n = 0n; n < 2n; n += 1n) table.map(RAM_BASE + n * 0x20_0000n, RAM_BASE + n * 0x20_0000n, RWX | A | D, 1);
  table.map(0x1000_0000n, 0x1000_0000n, R | W | A | D);
  table.map(0xc20_1000n, 0xc20_1000n, R | W | U | A | D);
  const tables = new Uint8Array(bytes.buffer);
  return { ...code, segments: [...code.segments, { address: TABLES, bytes: tables, memoryBytes: tables.length, executable: false }] };
}

/** The traps that the kernel wrote down, one line each. */
function written({ machine }: Computer, offset = 0n): string[] {
  const lines: string[] = [];
  for (let at = LOG + offset; machine.memory.read(at + 8n, 8) !== 0n; at += BigInt(ENTRY_BYTES)) {
    const word = (n: number): string => machine.memory.read(at + BigInt(8 * n), 8).toString(16);
    lines.push(`cause ${word(0)} at ${word(1)} value ${word(2)} sstatus ${word(3)} sie ${word(4)} sip ${word(5)} sscratch ${word(6)} time ${word(7)} instret ${word(8)} a0 ${word(9)} a1 ${word(10)}`);
  }
  return lines;
}

describe.each(SHADOW_VARIANTS)('random kernels, shadow tables %s', (shadow) => {
  test.each(Array.from({ length: KERNELS }, (_, n) => SEED + n))('E1, I1: seed %i', (seed) => {
    const image = kernel(new Random(seed));
    const bare = bareComputer(image, { guestRamBytes: RAM });
    const end = runToEnd(bare, 20_000n);
    const run = runWatched(image, { steps: 60_000, exits: 5_000, shadow });
    expect(run.broken).toBeUndefined();
    const [virtual, real] = [written(run, HOST_OFFSET), written(bare)];
    const first = real.findIndex((line, index) => virtual[index] !== line);
    if (first >= 0) expect(virtual[first], `trap ${String(first)}, after ${String(real[first - 1])}`).toBe(real[first]);
    expect(run.end === 'limit').toBe(end.reason === undefined && !bare.machine.waiting);
    // A random word may have led the kernel astray, into traps for ever.
    if (run.end === 'limit') return;
    expect(virtual.length).toBe(real.length);
    expect({ end: run.end, console: run.console, time: run.machine.clock.now() }).toEqual({ end: end.reason ?? 'waits for ever', console: end.console, time: end.time });
    expect(Buffer.compare(run.machine.memory.bytes(RAM_BASE + HOST_OFFSET, RAM), bare.machine.memory.bytes(RAM_BASE, RAM)), 'all of its memory').toBe(0);
    expect(real.length, 'it met many traps').toBeGreaterThan(5);
  });
});
