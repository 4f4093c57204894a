/**
 * The URL parameters of an embedded lesson, `/embed/v1/<lesson>/?theme=dark&lang=zh-CN`: one table that feeds the parser, the types, the
 * help text and the tests. The query says how the lesson looks; it never carries a learner's work. Unknown names and bad values are
 * ignored and reported as warnings, never fatal: an instructor's page must not break because of a typing error.
 */
import * as v from 'valibot';

interface ParameterRow {
  /** What a value must be, checked by the schema; all values are text. */
  readonly schema: v.GenericSchema<string, string>;
  /** Shown in the help: the values in words. */
  readonly values: string;
  readonly fallback: string;
  readonly about: { readonly en: string; readonly 'zh-CN': string };
}

const row = <const T extends ParameterRow>(parameter: T): T => parameter;

/** An origin such as https://course.example: scheme, host and port, nothing after it. */
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

export const EMBED_PARAMETERS = {
  theme: row({
    schema: v.picklist(['auto', 'light', 'dark']),
    values: 'auto, light, dark',
    fallback: 'auto',
    about: { en: 'Colours; auto follows the reader’s system.', 'zh-CN': '配色；auto 跟随读者的系统设置。' },
  }),
  lang: row({
    schema: v.picklist(['auto', 'en', 'zh-CN']),
    values: 'auto, en, zh-CN',
    fallback: 'auto',
    about: { en: 'Language; auto follows the reader’s browser.', 'zh-CN': '语言；auto 跟随读者的浏览器。' },
  }),
  view: row({
    schema: v.picklist(['lesson', 'csrs', 'steps', 'timeline', 'console']),
    values: 'lesson, csrs, steps, timeline, console',
    fallback: 'lesson',
    about: { en: 'The whole lesson with its panes, or one pane alone.', 'zh-CN': '整节课及其面板，或只显示一个面板。' },
  }),
  readonly: row({
    schema: v.picklist(['0', '1']),
    values: '0, 1',
    fallback: '0',
    about: { en: '1: the reader may step and look, but not edit or type.', 'zh-CN': '1：读者可以单步和查看，但不能编辑或输入。' },
  }),
  host: row({
    schema: v.pipe(v.string(), v.check(isOrigin, 'not an origin')),
    values: 'an origin, such as https://course.example',
    fallback: '',
    about: { en: 'The only origin that may talk to this lesson by messages.', 'zh-CN': '唯一允许通过消息与本课通信的来源。' },
  }),
} as const;

export type EmbedParameterName = keyof typeof EMBED_PARAMETERS;
export type EmbedParameters = { readonly [Name in EmbedParameterName]: v.InferOutput<(typeof EMBED_PARAMETERS)[Name]['schema']> | (Name extends 'host' ? '' : never) };

export interface ParameterWarning {
  readonly name: string;
  readonly value: string;
  /** `unknown`: no such parameter; `bad`: not one of its values. */
  readonly problem: 'unknown' | 'bad';
}

/** Reads a query string. The warnings say what was ignored. */
export function parseEmbedParameters(query: string): { readonly parameters: EmbedParameters; readonly warnings: readonly ParameterWarning[] } {
  const values = Object.fromEntries(Object.entries(EMBED_PARAMETERS).map(([name, parameter]) => [name, parameter.fallback as string]));
  const warnings: ParameterWarning[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const parameter = Object.hasOwn(EMBED_PARAMETERS, name) ? EMBED_PARAMETERS[name as EmbedParameterName] : undefined;
    if (!parameter) warnings.push({ name, value, problem: 'unknown' });
    else if (!v.is(parameter.schema, value)) warnings.push({ name, value, problem: 'bad' });
    else values[name] = value;
  }
  return { parameters: values as unknown as EmbedParameters, warnings };
}
