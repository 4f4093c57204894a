import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMBED_PARAMETERS, parseEmbedParameters } from './parameters.ts';

describe('the URL parameters of an embedded lesson', () => {
  it('have their defaults when the URL says nothing', () => {
    expect(parseEmbedParameters('')).toEqual({ parameters: { theme: 'auto', lang: 'auto', view: 'lesson', readonly: '0', host: '' }, warnings: [] });
  });
  it('are taken when they are good', () => {
    const { parameters, warnings } = parseEmbedParameters('?theme=dark&lang=zh-CN&view=steps&readonly=1&host=https://course.example');
    expect(parameters).toEqual({ theme: 'dark', lang: 'zh-CN', view: 'steps', readonly: '1', host: 'https://course.example' });
    expect(warnings).toEqual([]);
  });
  it('are ignored with a warning when they are unknown or bad', () => {
    const { parameters, warnings } = parseEmbedParameters('?theme=purple&colour=red&host=course.example/path&constructor=1');
    expect(parameters.theme).toBe('auto');
    expect(parameters.host).toBe('');
    expect(warnings).toEqual([
      { name: 'theme', value: 'purple', problem: 'bad' },
      { name: 'colour', value: 'red', problem: 'unknown' },
      { name: 'host', value: 'course.example/path', problem: 'bad' },
      { name: 'constructor', value: '1', problem: 'unknown' },
    ]);
  });
  it('never throw and never let a bad value through, whatever the query', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...Object.keys(EMBED_PARAMETERS)), (text, name) => {
        const { parameters } = parseEmbedParameters(`${name}=${encodeURIComponent(text)}&${text}`);
        expect(['auto', 'light', 'dark']).toContain(parameters.theme);
        expect(['0', '1']).toContain(parameters.readonly);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
  it('are all explained in both languages', () => {
    for (const parameter of Object.values(EMBED_PARAMETERS)) {
      expect(parameter.about.en).not.toBe('');
      expect(parameter.about['zh-CN']).not.toBe('');
    }
  });
});
