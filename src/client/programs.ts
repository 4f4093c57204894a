/** Opening programs: those that come with the lab, and files that the reader chooses or drops. */
import type { Regime } from '../../workers/protocol/lab-api.ts';
import { i18next, problemText, type Language } from '../i18n/index.ts';
import { useMachine } from '../state/machine.ts';
import { dismiss, notify, useWorkspace } from '../state/workspace.ts';
import { fetchGuest, listGuests, programOf, type Guest } from './guests.ts';
import { goTo, load, step } from './lab.ts';

const MOST_FILE = 256 << 20;
const MIB = 1 << 20;

/** Tells why a program was refused; the machine that was there goes on. */
function tellRefusal(): void {
  const { refusal } = useMachine.getState();
  if (refusal) notify('refusal', problemText(refusal.problem, i18next.language as Language));
}

/** True when the guest was loaded. */
export async function openGuest({ id, file, passThrough }: Pick<Guest, 'id' | 'file'> & Partial<Guest>, regime: Regime): Promise<boolean> {
  try {
    const program = await fetchGuest(file);
    useWorkspace.setState({ codeAt: 'pc' });
    const good = await load(program, regime, id, passThrough === true ? { passThrough } : {});
    if (!good) tellRefusal();
    return good;
  } catch {
    notify('fetch', i18next.t('notice.fetchFailed', { name: file }));
    return false;
  }
}

export async function openFile(file: File, regime: Regime): Promise<void> {
  dismiss('refusal');
  if (file.size > MOST_FILE) {
    notify('refusal', i18next.t('notice.tooLarge', { name: file.name, megabytes: Math.ceil(file.size / MIB), most: MOST_FILE / MIB }));
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    notify('refusal', i18next.t('notice.fileUnreadable', { name: file.name }));
    return;
  }
  const program = programOf(file.name, bytes);
  useWorkspace.setState({ codeAt: 'pc' });
  if (await load(program, regime)) return;
  tellRefusal();
}

/** The first thing that anybody sees: a guest kernel's first sret, trapped, with the VMM in the middle of it. */
export async function openFirst(): Promise<void> {
  const guests = await listGuests().catch(() => []);
  const first = guests[0] ?? { id: 'processes', file: 'processes.s' };
  if (!await openGuest(first, 'trap-and-emulate')) return;
  const { loaded } = useMachine.getState();
  // The reader may have gone elsewhere meanwhile: another program must not be moved.
  const still = (): boolean => useMachine.getState().loaded === loaded;
  if (!await goTo({ at: 'trap', cause: 'illegal-instruction', instruction: 'sret', n: 1 })) return;
  // Past the hardware's entry, the save and the triage: the VMM knows that it is an sret.
  for (let i = 0; i < 4 && still(); i += 1) await step('micro-step', 'forward');
}
