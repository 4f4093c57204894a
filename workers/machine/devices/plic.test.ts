import { describe, expect, test } from 'vitest';
import { Plic } from './plic.ts';

const PENDING = 0x1000;
const ENABLE = [0x2000, 0x2080] as const;
const THRESHOLD = [0x20_0000, 0x20_1000] as const;
const CLAIM = [0x20_0004, 0x20_1004] as const;
const M = 0, S = 1;

function board() {
  const outputs = [false, false];
  const plic = new Plic([0, 1].map((context) => ({ set: (high) => { outputs[context] = high; } })));
  return {
    plic, outputs,
    read: (offset: number) => Number(plic.read(offset, 4)),
    write: (offset: number, value: number) => plic.write(offset, 4, BigInt(value)),
    source: (number: number) => plic.source(number),
    /** Gives a source a priority and enables it for S. */
    prepare: (source: number, priority: number) => {
      plic.write(4 * source, 4, BigInt(priority));
      plic.write(ENABLE[S], 4, plic.read(ENABLE[S], 4)! | (1n << BigInt(source)));
    },
  };
}

describe('the PLIC', () => {
  test('raises the line of a context that enables the source, and of no other', () => {
    const { source, prepare, outputs } = board();
    prepare(10, 1);
    source(10).set(true);
    expect(outputs).toEqual([false, true]);
    source(10).set(false);
    expect(outputs).toEqual([false, false]);
  });

  test('a source without a priority, or not above the threshold, raises nothing, but is pending', () => {
    const { source, prepare, outputs, read, write } = board();
    prepare(10, 0);
    source(10).set(true);
    expect(outputs[S]).toBe(false);
    write(40, 3);
    expect(outputs[S]).toBe(true);
    write(THRESHOLD[S], 3);
    expect([outputs[S], read(PENDING)]).toEqual([false, 1 << 10]);
    write(THRESHOLD[S], 2);
    expect(outputs[S]).toBe(true);
  });

  test('a claim gives the source of the highest priority, the lowest number among equals, then the next, then 0', () => {
    const { source, prepare, read, outputs } = board();
    prepare(3, 1);
    prepare(5, 7);
    prepare(9, 7);
    for (const number of [3, 5, 9]) source(number).set(true);
    expect([read(CLAIM[S]), read(CLAIM[S]), read(CLAIM[S]), read(CLAIM[S])]).toEqual([5, 9, 3, 0]);
    expect(outputs[S]).toBe(false);
  });

  test('a claimed source comes again only after completion, and only if its device has asked again', () => {
    const { source, prepare, read, write, outputs } = board();
    prepare(10, 1);
    const line = source(10);
    line.set(true);
    expect(read(CLAIM[S])).toBe(10);
    expect([read(PENDING), outputs[S]]).toEqual([0, false]);
    write(CLAIM[S], 10);
    expect(outputs[S], 'the line alone is no new request').toBe(false);
    line.set(true);
    expect(read(CLAIM[S])).toBe(10);
    line.set(true);
    write(CLAIM[S], 10);
    expect(outputs[S], 'it asked while it was served').toBe(true);
    line.set(false);
    expect(outputs[S], 'and has withdrawn').toBe(false);
  });

  test('completing what this context does not enable is ignored', () => {
    const { source, prepare, read, write, outputs } = board();
    prepare(10, 1);
    source(10).set(true);
    read(CLAIM[S]);
    source(10).set(true);
    for (const value of [0, 11, 99, 0xffff_ffff]) write(CLAIM[S], value);
    write(CLAIM[M], 10);
    expect(outputs[S]).toBe(false);
    write(CLAIM[S], 10);
    expect(outputs[S]).toBe(true);
  });

  test('claims do not look at the threshold', () => {
    const { source, prepare, read, write } = board();
    prepare(10, 1);
    write(THRESHOLD[S], 7);
    source(10).set(true);
    expect(read(CLAIM[S])).toBe(10);
  });

  test('priorities and thresholds end at 7; source 0 has neither priority nor enable', () => {
    const { read, write } = board();
    write(4, 100);
    write(0, 5);
    write(THRESHOLD[M], 100);
    write(ENABLE[M], 0xffff_ffff);
    expect([read(4), read(0), read(THRESHOLD[M]), read(ENABLE[M])]).toEqual([7, 0, 7, 0xffff_fffe]);
  });

  test('what is not there reads 0 and takes writes without effect', () => {
    const { plic, read, write } = board();
    const before = plic.save();
    for (const offset of [0x80, 0xffc, PENDING, PENDING + 4, 0x2004, 0x2100, 0x1f_fffc, 0x20_0008, 0x20_2000, 0x20_2004, 0x5f_fffc]) {
      expect(write(offset, 0xffff_ffff)).toBe(true);
      expect(read(offset)).toBe(0);
    }
    expect(plic.save()).toEqual(before);
  });

  test.each([[0x28, 1], [0x28, 2], [0x28, 8], [0x2a, 4], [0x60_0000, 4]] as const)('refuses the access at %i of %i bytes', (offset, size) => {
    const { plic } = board();
    expect([plic.read(offset, size), plic.write(offset, size, 1n)]).toEqual([undefined, false]);
  });

  test('is the same after save and restore, its lines, too', () => {
    const one = board();
    one.prepare(10, 2);
    one.prepare(31, 3);
    one.source(31).set(true);
    one.source(10).set(true);
    one.read(CLAIM[S]);
    const two = board();
    two.plic.restore(structuredClone(one.plic.save()));
    expect(two.plic.save()).toEqual(one.plic.save());
    expect(two.outputs).toEqual([false, true]);
    expect(two.read(CLAIM[S])).toBe(10);
  });
});
