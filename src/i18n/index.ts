/** The page's languages. The words stand in en.ts and zh-CN.ts, of one shape that the compiler checks. */
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { LANGUAGES, type Language } from '../../workers/protocol/narrate.ts';
import type { Problem } from '../../workers/protocol/lab-api.ts';
import { en, type Messages } from './en.ts';
import { zhCN } from './zh-CN.ts';

export { LANGUAGES, type Language } from '../../workers/protocol/narrate.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Messages };
  }
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});

export { i18next };

/** The reader's language by the browser's preferences: Chinese of any kind reads zh-CN, all others English. */
export const preferredLanguage = (preferences: readonly string[] = navigator.languages): Language =>
  preferences.map((tag) => tag.toLowerCase()).map((tag) => (tag.startsWith('zh') ? 'zh-CN' : tag.startsWith('en') ? 'en' : undefined)).find((language) => language !== undefined) ?? 'en';

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return LANGUAGES.find((language) => language === i18n.language) ?? 'en';
}

/** A problem of the lab in the reader's language; where there is no translation, its English sentence. */
export function problemText(problem: Problem, language: Language): string {
  const sentences: Readonly<Record<string, string>> = language === 'zh-CN' ? zhCN.problem : en.problem;
  const sentence = sentences[problem.code];
  return sentence === undefined ? problem.message : sentence.replace(/\{\{([\w-]+)\}\}/g, (whole, name: string) => problem.args[name] ?? whole);
}
