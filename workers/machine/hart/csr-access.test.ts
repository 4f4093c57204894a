import { beforeEach, describe, expect, test } from 'vitest';
import { csrNumber, CSRS, MISA, MSTATUS_FIXED } from '../../isa/csrs.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const WORD = 0x1234_5673n;
const ILLEGAL = { cause: 2, tval: WORD };
const SD = 1n << 63n;
const GVA_MPV = 3n << 38n;
const ALLOWED = { result: undefined };

describe.each(TARGETS)('CSR access ($name)', (target) => {
  let bench: Bench;
  beforeEach(async () => { bench = await createBench(target); });
  const check = (name: string | number, writes = false) =>
    bench.attempt('csrCheck', BigInt(typeof name === 'number' ? name : csrNumber(name)), writes ? 1 : 0, WORD);

  test('M mode reads every register of the table, and writes all that are not read-only', () => {
    bench.hart.writeCsr('mstatus', 1n << 13n); // the floating-point unit is on
    for (const row of CSRS) {
      expect(check(row.name), row.name).toEqual(ALLOWED);
      expect(check(row.name, true), row.name).toEqual(row.number >> 10 === 3 ? ILLEGAL : ALLOWED);
    }
  });

  test('a register that does not exist is an illegal instruction with the instruction as trap value', () => {
    for (const number of [0x000, 0x004, 0x5a8, 0x601, 0x7a4, 0xb01, 0xfff]) expect(check(number), number.toString(16)).toEqual(ILLEGAL);
  });

  test('a mode below the one in the number is refused', () => {
    bench.hart.mode = 'S';
    expect(check('sstatus', true)).toEqual(ALLOWED);
    expect(check('mstatus')).toEqual(ILLEGAL);
    expect(check('mhartid')).toEqual(ILLEGAL);
    bench.hart.mode = 'U';
    expect(check('sstatus')).toEqual(ILLEGAL);
  });

  test('TVM takes satp from S mode and nothing else', () => {
    bench.hart.writeCsr('mstatus', 1n << 20n);
    expect(check('satp', true)).toEqual(ALLOWED);
    bench.hart.mode = 'S';
    expect(check('satp')).toEqual(ILLEGAL);
    expect(check('stvec')).toEqual(ALLOWED);
  });

  test('a counter is open to S by mcounteren, to U by both', () => {
    const seen = () => ['cycle', 'time', 'instret', 'hpmcounter3'].map((name) => 'result' in check(name));
    bench.hart.mode = 'S';
    expect(seen()).toEqual([false, false, false, false]);
    bench.hart.writeCsr('mcounteren', ALL_ONES);
    expect(bench.hart.readCsr('mcounteren')).toBe(7n);
    expect(seen()).toEqual([true, true, true, false]);
    bench.hart.mode = 'U';
    expect(seen()).toEqual([false, false, false, false]);
    bench.hart.writeCsr('scounteren', 2n);
    expect(seen()).toEqual([false, true, false, false]);
    bench.hart.writeCsr('mcounteren', 5n);
    expect(seen()).toEqual([false, false, false, false]);
  });

  test('mstatus keeps what exists, and MPP when the new value is no mode', () => {
    const { hart } = bench;
    expect(hart.readCsr('mstatus')).toBe(MSTATUS_FIXED);
    hart.writeCsr('mstatus', ALL_ONES);
    expect(hart.readCsr('mstatus')).toBe(SD | GVA_MPV | MSTATUS_FIXED | 0x7e_79aan);
    hart.writeCsr('mstatus', 2n << 11n);
    expect(hart.readCsr('mstatus')).toBe(MSTATUS_FIXED | (3n << 11n));
    hart.writeCsr('mstatus', 1n << 11n);
    expect(hart.readCsr('mstatus')).toBe(MSTATUS_FIXED | (1n << 11n));
  });

  test('sstatus shows and changes its part of mstatus only', () => {
    const { hart } = bench;
    hart.writeCsr('mstatus', ALL_ONES);
    expect(hart.readCsr('sstatus')).toBe(SD | 0x2_000c_6122n);
    hart.writeCsr('sstatus', 0n);
    expect(hart.readCsr('mstatus')).toBe(GVA_MPV | MSTATUS_FIXED | 0x72_1888n);
    hart.writeCsr('sstatus', ALL_ONES);
    expect(hart.readCsr('mstatus')).toBe(SD | GVA_MPV | MSTATUS_FIXED | 0x7e_79aan);
  });

  test('sie and sip reach only delegated interrupts, and of sip only SSIP is writable', () => {
    const { hart } = bench;
    hart.writeCsr('mie', ALL_ONES);
    expect(hart.readCsr('mie')).toBe(0xeeen);
    expect(hart.readCsr('sie')).toBe(0n);
    hart.writeCsr('mideleg', ALL_ONES);
    expect(hart.readCsr('mideleg')).toBe(0x666n);
    expect(hart.readCsr('sie')).toBe(0x222n);
    hart.writeCsr('mideleg', 0x20n);
    hart.writeCsr('sie', 0n);
    expect(hart.readCsr('mie')).toBe(0xecen);
    hart.writeCsr('mip', ALL_ONES);
    expect(hart.readCsr('mip')).toBe(0x226n);
    expect(hart.readCsr('sip')).toBe(0x20n);
    hart.writeCsr('sip', 0n);
    expect(hart.readCsr('mip')).toBe(0x226n);
    hart.writeCsr('mideleg', 0x222n);
    hart.writeCsr('sip', 0n);
    expect(hart.readCsr('mip')).toBe(0x224n);
  });

  test('satp takes MODE 0, 8 and 9; a write with another has no effect', () => {
    const { hart } = bench;
    const sv39 = (8n << 60n) | (0x1234n << 44n) | 0x8_0123n;
    hart.writeCsr('satp', sv39);
    expect(hart.readCsr('satp')).toBe(sv39);
    hart.writeCsr('satp', (10n << 60n) | 0x777n);
    expect(hart.readCsr('satp')).toBe(sv39);
    hart.writeCsr('satp', 0n);
    expect(hart.readCsr('satp')).toBe(0n);
  });

  test('medeleg has no bit for the call from M, epc registers no bit 0, vectors no reserved mode', () => {
    const { hart } = bench;
    hart.writeCsr('medeleg', ALL_ONES);
    expect(hart.readCsr('medeleg')).toBe(0xf0_b7ffn);
    for (const name of ['mepc', 'sepc']) {
      hart.writeCsr(name, ALL_ONES);
      expect(hart.readCsr(name)).toBe(ALL_ONES - 1n);
    }
    for (const name of ['mtvec', 'stvec']) {
      hart.writeCsr(name, 0x8000_0001n);
      hart.writeCsr(name, 0x9000_0002n);
      expect(hart.readCsr(name)).toBe(0x8000_0001n);
    }
  });

  test('registers that never change ignore writes', () => {
    const { hart } = bench;
    for (const [name, value] of [['misa', MISA], ['mvendorid', 0n], ['mhartid', 0n], ['mcountinhibit', 0n], ['mhpmcounter3', 0n]] as const) {
      hart.writeCsr(name, ALL_ONES);
      expect(hart.readCsr(name), name).toBe(value);
    }
  });

  test('counters count retired instructions; time has idle ticks too; a written counter goes on from the next instruction', () => {
    const { hart } = bench;
    hart.setState('instret', 100n);
    hart.setState('timeOffset', 50n);
    expect(['cycle', 'instret', 'time', 'mcycle', 'minstret'].map((name) => hart.readCsr(name))).toEqual([100n, 100n, 150n, 100n, 100n]);
    hart.writeCsr('minstret', 7n);
    hart.setState('instret', 101n);
    expect(['cycle', 'instret', 'time'].map((name) => hart.readCsr(name))).toEqual([101n, 7n, 151n]);
  });
});
