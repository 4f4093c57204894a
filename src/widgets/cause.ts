/** Trap causes in the reader's language. */
import { causeByName, causeName, causeRow } from '../../workers/isa/causes.ts';
import type { Language } from '../i18n/index.ts';

export const causeTitle = (interrupt: boolean, code: number, language: Language): string =>
  causeRow(interrupt, code)?.title[language] ?? causeName(interrupt, code);

export const causeTitleByName = (name: string, language: Language): string => causeByName(name)?.title[language] ?? name;
