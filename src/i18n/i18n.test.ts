import { expect, test } from 'vitest';
import { STEPS } from '../../workers/trace/steps.ts';
import { WHY } from '../../workers/protocol/why.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

type Tree = { readonly [key: string]: string | Tree };

/** Every sentence by its path. */
function sentences(tree: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(`${path}${key}`, value);
    else for (const entry of sentences(value, `${path}${key}.`)) found.set(...entry);
  }
  return found;
}

const names = (sentence: string): string[] => [...sentence.matchAll(/\{\{?([\w-]+)\}\}?/g)].map(([, name]) => name!).sort();

test('both languages have the same sentences with the same arguments', () => {
  const english = sentences(en);
  const chinese = sentences(zhCN);
  // English problems are the sentences that the lab itself gives.
  expect([...chinese.keys()].filter((key) => !key.startsWith('problem.')).sort()).toEqual([...english.keys()].sort());
  for (const [key, sentence] of english) expect(names(chinese.get(key)!), key).toEqual(names(sentence));
});

test('steps and reasons say the same in both languages', () => {
  for (const [id, { sentence }] of Object.entries(STEPS)) expect(new Set(names(sentence['zh-CN'])), id).toEqual(new Set(names(sentence.en)));
  for (const [id, prose] of Object.entries(WHY)) expect(prose['zh-CN'].length, id).toBeGreaterThan(0);
});
