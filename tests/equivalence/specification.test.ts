/** The VMM's specification is complete only as far as it is tested: each of its rules stands in the name of a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['workers/vmm', 'tests/equivalence', 'tests/isolation'];
/** At the beginning of a name: `T4: …`, `E1, I1: …` or `V9 to V11: …`. */
const NUMBERS = /\b(?:test|describe)(?:\.each\([^\n]*\))?\('((?:[A-Z]\d+(?:, | to )?)+):/g;

function rulesNamed(numbers: string): string[] {
  return numbers.split(', ').flatMap((part) => {
    const [first, last = first] = part.split(' to ') as [string, string?];
    return Array.from({ length: Number(last.slice(1)) - Number(first.slice(1)) + 1 }, (_, n) => `${first.charAt(0)}${String(Number(first.slice(1)) + n)}`);
  });
}

test('each rule of the specification is the name of a test, and each number in a name is a rule', () => {
  const rules = [...readFileSync(new URL('workers/vmm/SPEC.md', ROOT), 'utf8').matchAll(/^- ([A-Z]\d+)\. /gm)].map(([, rule]) => rule);
  const files = FOLDERS.flatMap((folder) => readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)).filter((name) => name.endsWith('.test.ts'));
  const named = files.flatMap((file) => [...readFileSync(new URL(file, ROOT), 'utf8').matchAll(NUMBERS)].flatMap(([, numbers]) => rulesNamed(numbers ?? '')));
  expect(rules.length).toBeGreaterThan(0);
  expect(new Set(rules).size, 'no number stands twice').toBe(rules.length);
  expect([...new Set(named)].sort()).toEqual([...rules].sort());
});
