import { expect, test } from 'vitest';
import { MISA, MISA_H } from './csrs.ts';
import { EXTENSIONS, isaString } from './extensions.ts';

test('the ISA string has the letters in their order, then Z, then S', () => {
  expect(isaString()).toMatch(/^rv64imafdch_zic[a-z0-9_]+_zifencei(_z[a-z0-9]+)*_sstc_svadu_svinval_svnapot$/);
  expect(isaString({ hypervisor: false })).toMatch(/^rv64imafdc_/);
});

test('misa says the same letters, and S and U', () => {
  const letters = EXTENSIONS.filter((name) => name.length === 1).join('');
  const bits = Array.from(letters + 'su').reduce((set, letter) => set | (1n << BigInt(letter.charCodeAt(0) - 97)), 0n);
  expect(MISA & 0x3ff_ffffn).toBe(bits);
  expect(bits & MISA_H).toBe(MISA_H);
});
