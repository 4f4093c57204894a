import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STEPS, type StepRow } from '../trace/steps.ts';

const ROOMS = [new URL('.', import.meta.url), new URL('../machine/firmware/', import.meta.url)];

const sources = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, room), 'utf8')));

const rows: readonly (readonly [string, StepRow])[] = Object.entries(STEPS);
const argumentsOf = (sentence: string): string[] => [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].toSorted();

describe('micro-steps', () => {
  test.each(rows)('M1: %s stands once in the source', (id) => {
    const places = sources.reduce((count, text) => count + text.split(`'${id}'`).length - 1, 0);
    expect(places).toBe(1);
  });

  test.each(rows)('M1: the sentences of %s mention the same things in both languages', (_, { sentence }) => {
    expect(argumentsOf(sentence['zh-CN'])).toEqual(argumentsOf(sentence.en));
  });
});
