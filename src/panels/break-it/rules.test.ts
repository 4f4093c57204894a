import { expect, test } from 'vitest';
import { BUGS } from '../../../workers/vmm/bugs.ts';
import { CHINESE, ruleText } from './rules.ts';

test('each rule that a bug breaks can be read in both languages', () => {
  for (const { id, rule } of BUGS) {
    expect(ruleText(rule, 'en').length, id).toBeGreaterThan(20);
    expect(CHINESE[rule]?.length, id).toBeGreaterThan(10);
  }
  expect(ruleText('T9', 'en')).toBe('Interrupts are looked at again after everything that the VMM does, before the guest goes on.');
});
