import { expect, test } from 'vitest';
import { csrByName, CSRS } from './csrs.ts';
import { INSTRUCTIONS, instructionByName } from './instructions/index.ts';
import { MANUAL_CSRS, MANUAL_INSTRUCTIONS } from './manual.test-data.ts';

test.each(Object.entries(MANUAL_INSTRUCTIONS))('%s: no instruction of the manual is absent from the table', (_, names) => {
  expect(names.filter((name) => !instructionByName(name))).toEqual([]);
});

test('no CSR of the manual is absent, and each has the manual\'s number', () => {
  expect(Object.entries(MANUAL_CSRS).filter(([name, number]) => csrByName(name)?.number !== number)).toEqual([]);
});

test('the tables hold nothing that the manual does not list, but the triggers that are not there', () => {
  const listed = new Set(Object.values(MANUAL_INSTRUCTIONS).flat());
  expect(INSTRUCTIONS.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
  expect(CSRS.map(({ name }) => name).filter((name) => !(name in MANUAL_CSRS))).toEqual(['tselect', 'tdata1', 'tdata2', 'tdata3']);
});
