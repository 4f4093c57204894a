/** Theme, language and keys: the reader's choices, kept when storage allows. */
import { create } from 'zustand';
import { i18next, preferredLanguage, type Language } from '../i18n/index.ts';

export type Theme = 'auto' | 'light' | 'dark';

export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
  /** Single-key shortcuts may be switched off (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

const KEY = 'hypervisible.settings';

function stored(): Partial<Settings> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value) : {};
  } catch {
    // Storage is refused, or somebody wrote nonsense there: the defaults do.
    return {};
  }
}

function initial(): Settings {
  const { theme, language, singleKeys } = stored();
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    language: language === 'en' || language === 'zh-CN' ? language : preferredLanguage(),
    singleKeys: singleKeys !== false,
  };
}

export const useSettings = create<Settings>(initial);

/** Puts the choices into force on the document. */
function apply({ theme, language }: Settings): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.documentElement.lang = language;
  if (i18next.language !== language) void i18next.changeLanguage(language);
}

/** @param keep false in an embed: its parameters are the host's choice, not the reader's. */
export function setSettings(change: Partial<Settings>, keep = true): void {
  useSettings.setState(change);
  const settings = useSettings.getState();
  apply(settings);
  if (!keep) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Refused storage: the choice holds until the page is closed.
  }
}

apply(useSettings.getState());
