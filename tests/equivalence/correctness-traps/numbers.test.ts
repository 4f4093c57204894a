/** The list of traps has 38 entries, and each has a test that bears its number. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const HERE = new URL('.', import.meta.url);

test('each of the 38 correctness traps has a test of its own', () => {
  const texts = readdirSync(HERE).filter((name) => name.endsWith('.test.ts')).map((name) => readFileSync(new URL(name, HERE), 'utf8'));
  const numbers = texts.flatMap((text) => [...text.matchAll(/^test\('trap (\d+): /gm)].map(([, number]) => Number(number)));
  expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(Array.from({ length: 38 }, (_, n) => n + 1));
});
