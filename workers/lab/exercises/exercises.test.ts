import { expect, test } from 'vitest';
import { assemble } from '../../isa/assemble/assemble.ts';
import { EXERCISES, exerciseInfo } from './index.ts';

const ids = EXERCISES.map(({ id }) => [id]);
const named = (id: string): (typeof EXERCISES)[number] => EXERCISES.find((exercise) => exercise.id === id)!;

test.each(ids)('%s: every comment of its programs has a translation, and every translation a comment', (id) => {
  const { starter, solution, comments } = named(id);
  const found = [...`${starter}${solution}`.matchAll(/#(?: -+)? ([^#\n]+)$/gm)].map(([, comment]) => comment!.trimEnd());
  expect(Object.keys(comments).sort()).toEqual([...new Set(found)].sort());
});

test.each(ids)('%s: the program is the same in both languages but for its comments', (id) => {
  const { starter, solution } = exerciseInfo(named(id));
  for (const program of [starter, solution]) {
    expect(program['zh-CN']).not.toBe(program.en);
    expect(assemble(program['zh-CN']).assembly?.sections).toEqual(assemble(program.en).assembly?.sections);
  }
});
