/** Guests of random words and random page tables, entered anywhere: nothing is expected of them but that they harm only themselves. */
import type { Image } from '../../workers/machine/image/image.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import type { Random } from '../differential/random.ts';
import { prepare } from '../differential/scenario.ts';
import { imageOf } from '../support/assembled.ts';
import type { Bench } from '../support/targets.ts';

/** Pages of random code, data, handlers and tables, as scenario.ts lays them out. */
const SCENARIO_BYTES = 1 << 20;
const SUPERVISOR_HANDLER = RAM_BASE + 17n * 4096n;

/** A start that puts random values into the supervisor's registers and returns to anywhere in the random code. */
function start(random: Random, satp: bigint): string {
  const hex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16)}`;
  const csrs = ['sscratch', 'scause', 'stval', 'sie', 'sip', 'scounteren', 'sstatus'].map((name) => `li t0, ${hex(random.double())}\n csrw ${name}, t0`);
  const registers = Array.from({ length: 26 }, (_, n) => `li x${String(6 + n)}, ${hex(random.oneIn(2) ? random.double() : RAM_BASE + BigInt(random.below(SCENARIO_BYTES)))}`);
  const pc = random.oneIn(3) ? 0x40_0000n + BigInt(random.below(1 << 15)) * 2n : RAM_BASE + BigInt(random.below(1 << 14)) * 2n;
  return `
  ${csrs.join('\n')}
  li t0, ${hex(random.oneIn(8) ? random.double() : SUPERVISOR_HANDLER)}
  csrw stvec, t0
  li t0, ${hex(pc)}
  csrw sepc, t0
  ${registers.join('\n')}
  li t0, ${hex(random.oneIn(10) ? random.double() : random.oneIn(4) ? 0n : satp)}
  csrw satp, t0
  # The identity of these pages is in the tables, so this is still there with paging on.
  sret`;
}

/** With tables of its own. */
export function scenarioGuest(random: Random): Image {
  const bytes = new Uint8Array(SCENARIO_BYTES);
  const view = new DataView(bytes.buffer);
  const ram = {
    read: (address: bigint) => view.getBigUint64(Number(address - RAM_BASE), true),
    write: (address: bigint, size: number, value: bigint) => {
      for (let n = 0; n < size; n += 1) view.setUint8(Number(address - RAM_BASE) + n, Number((value >> BigInt(8 * n)) & 0xffn));
    },
  };
  const { satp } = prepare(random, { ram } as unknown as Bench);
  const code = imageOf('a random guest', start(random, satp), RAM_BASE + 18n * 4096n);
  return { ...code, segments: [{ address: RAM_BASE, bytes, memoryBytes: bytes.length, executable: true }, ...code.segments] };
}

const WORDS = 0x8020_0000n;
/** Runs the words one after the other: its handler steps over what traps, and starts again where there is nothing. */
const STEPPING = `
  la t0, handler
  csrw stvec, t0
  li s0, 0x80200000
  li s1, 0x80204000
  # Something to load and store at: RAM, a device, the VMM's memory, nothing.
  li a0, 0x80300000
  li a1, 0x10000000
  li a2, 0x80400000
  li a3, 0xc000000
  li a4, 0x80200800
  li a5, 8 << 60
  jr s0
  .balign 4
handler:
  csrr t0, sepc
  addi t0, t0, 4
  li s0, 0x80200000
  li s1, 0x80204000
  bltu t0, s0, 1f
  bltu t0, s1, 2f
1:
  csrr t0, instret
  andi t0, t0, 0x7f8
  add t0, t0, s0
2:
  csrw sepc, t0
  li t0, 0x100
  csrs sstatus, t0
  sret`;

export function wordsGuest(random: Random): Image {
  const bytes = new Uint8Array(0x4000);
  for (let at = 0; at < bytes.length; at += 4) {
    // Half of them in the opcodes of SYSTEM, loads and stores, which matter most.
    const word = random.oneIn(2) ? random.word() : (random.word() & ~0x7f) | random.pick([0x73, 0x73, 0x03, 0x23, 0x2f]);
    new DataView(bytes.buffer).setUint32(at, word >>> 0, true);
  }
  const stepping = imageOf('random words', STEPPING, WORDS + 0x1_0000n);
  return { ...stepping, segments: [...stepping.segments, { address: WORDS, bytes, memoryBytes: bytes.length, executable: true }] };
}
