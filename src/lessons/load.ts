/** A lesson with its text in the reader's language, loaded when it is opened. */
import type { ComponentType } from 'react';
import { busyWith } from '../client/idle.ts';
import type { Language } from '../i18n/index.ts';
import type { Lesson } from './lesson.ts';
import { LESSONS } from './list.ts';

/** What the prose is given: the elements that it may use. */
export type ProseComponents = Readonly<Record<'Step' | 'Show' | 'World' | 'Predict', unknown>>;
export type Prose = ComponentType<{ readonly components: ProseComponents }>;

const DATA = import.meta.glob<Record<string, Lesson>>('./*/lesson.ts');
const TEXTS = import.meta.glob<{ readonly default: Prose }>('./*/text.*.mdx');

export interface OpenLesson {
  readonly lesson: Lesson;
  readonly Prose: Prose;
}

/** A lesson's folder is its place in the list and its id: `02-sret`. */
const folderOf = (id: string): string => `./${String(LESSONS.findIndex((lesson) => lesson.id === id) + 1).padStart(2, '0')}-${id}/`;

/** Rejects when the network does, or when there is no such lesson. */
export async function loadLesson(id: string, language: Language): Promise<OpenLesson> {
  const folder = folderOf(id);
  const data = DATA[`${folder}lesson.ts`];
  const text = TEXTS[`${folder}text.${language}.mdx`];
  if (!data || !text) throw new Error(`no lesson ${id}`);
  const [module, { default: Prose }] = await busyWith(Promise.all([data(), text()]));
  const lesson = Object.values(module).find((value) => value.id === id);
  if (!lesson) throw new Error(`no lesson ${id}`);
  return { lesson, Prose };
}
