/** The lessons are true: prose and data agree, every moment is reached, and the machine has exactly one right answer to each prediction. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Lab } from '../../workers/lab/lab.ts';
import { STEPS } from '../../workers/trace/steps.ts';
import { isPane } from '../state/workspace.ts';
import { userMode } from './01-user-mode/lesson.ts';
import { sret } from './02-sret/lesson.ts';
import { ecall } from './03-ecall/lesson.ts';
import { judgePrediction, type Judge } from './judge.ts';
import type { Lesson } from './lesson.ts';
import { LESSONS } from './list.ts';

const ALL: readonly Lesson[] = [userMode, sret, ecall];
const LANGUAGES = ['en', 'zh-CN'] as const;
const here = new URL('.', import.meta.url);
const textOf = (lesson: Lesson, language: string): string => readFileSync(new URL(`${String(ALL.indexOf(lesson) + 1).padStart(2, '0')}-${lesson.id}/text.${language}.mdx`, here), 'utf8');
const attributes = (text: string, element: string, attribute: string): string[] => [...text.matchAll(new RegExp(`<${element}\\s[^>]*?${attribute}="([^"]+)"`, 'g'))].map(([, value]) => value!);

test('the list names the lessons in the order of their folders', () => {
  expect(LESSONS.map(({ id }) => id)).toEqual(ALL.map(({ id }) => id));
  expect(readdirSync(here).filter((name) => /^\d\d-/.test(name))).toEqual(LESSONS.map(({ id }, index) => `0${String(index + 1)}-${id}`));
});

describe.each(ALL.map((lesson) => [lesson.id, lesson] as const))('lesson %s', (_, lesson) => {
  test.each(LANGUAGES)('%s: the prose has the steps of the data, in order, and asks their predictions', (language) => {
    const text = textOf(lesson, language);
    expect(attributes(text, 'Step', 'id')).toEqual(lesson.steps.map(({ id }) => id));
    expect(attributes(text, 'Predict', 'id')).toEqual(lesson.steps.flatMap(({ prediction }) => prediction?.id ?? []));
    for (const pane of attributes(text, 'Show', 'pane')) expect(isPane(pane), pane).toBe(true);
  });

  test('points at panes and micro-steps that exist', () => {
    for (const { panes, microStep } of lesson.steps) {
      for (const pane of panes) expect(isPane(pane), pane).toBe(true);
      if (microStep !== undefined) expect(Object.keys(STEPS)).toContain(microStep);
    }
  });

  test('reaches every moment, and the machine has exactly one right answer to each prediction', async () => {
    const lab = new Lab();
    const result = await lab.load({ program: { kind: 'assembly', name: lesson.guest, text: readFileSync(new URL(`../../public/guests/${lesson.guest}`, here), 'utf8') }, regime: lesson.regime });
    expect(result.ok).toBe(true);
    const symbols = result.ok ? result.program.symbols : [];
    const judge: Judge = {
      datum: (datum) => lab.datum(datum),
      symbol: (name) => symbols.find((symbol) => symbol.name === name)?.address,
      goTo: async (moment, microStep) => {
        const { reached, view } = await lab.goTo(moment);
        if (!reached) return false;
        if (microStep === undefined) return true;
        const index = (await lab.steps(view.micro!.trap)).findIndex(({ id }) => id === microStep);
        if (index < 0) return false;
        await lab.seekTrap(view.micro!.trap, index);
        return true;
      },
      finishTrap: async () => {
        const micro = (await lab.goTo(current)).view.micro!;
        await lab.seekTrap(micro.trap, micro.count - 1);
      },
    };
    let current = lesson.steps[0]!.moment!;
    for (const step of lesson.steps) {
      if (step.moment) {
        current = step.moment;
        expect(await judge.goTo(step.moment, step.microStep), step.id).toBe(true);
      }
      if (!step.prediction) continue;
      const verdict = await judgePrediction(step.prediction, judge);
      expect(verdict?.right.filter(Boolean), `${step.prediction.id}: the machine says ${String(verdict?.value)}`).toHaveLength(1);
    }
  }, 60_000);
});
