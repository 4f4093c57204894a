/** Small kernels that meet the mistakes of the VMM, one for each (public/guests/bugs/kernels.s); the same that the tests prove them with. */
import type { BugInfo } from '../../workers/protocol/lab-api.ts';
import { i18next, type Language } from '../i18n/index.ts';
import { notify } from '../state/workspace.ts';
import { fetchGuest } from './guests.ts';
import { goTo, load } from './lab.ts';

async function textOf(file: string): Promise<string> {
  const program = await fetchGuest(file);
  return program.kind === 'assembly' ? program.text : '';
}

/** Runs the kernel for a mistake, with it, to the first wrong moment. */
export async function showBug({ id, title, sentence }: BugInfo): Promise<void> {
  let texts: readonly [string, string];
  try {
    texts = await Promise.all([textOf('bugs/letters.s'), textOf('bugs/kernels.s')]);
  } catch {
    notify('fetch', i18next.t('notice.fetchFailed', { name: 'bugs/kernels.s' }));
    return;
  }
  const [letters, kernels] = texts;
  const [macros, ...each] = kernels.split(/^# bug /m);
  const kernel = each.find((text) => text.startsWith(`${id}\n`)) ?? '';
  const language = i18next.language as Language;
  const text = `# ${title[language]}: ${sentence[language]}\n\n${letters}\n${macros ?? ''}# ${kernel}`;
  if (await load({ kind: 'assembly', name: `${id}.s`, text }, 'trap-and-emulate', undefined, { bugs: [id], checked: true })) await goTo({ at: 'halt' });
}
