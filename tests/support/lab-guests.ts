/** The lab's own guests as the page loads them. */
import { readFileSync } from 'node:fs';
import type { LoadRequest } from '../../workers/protocol/lab-api.ts';

const GUESTS = new URL('../../public/guests/', import.meta.url);

export const guestRequest = (name: string, regime: LoadRequest['regime'] = 'trap-and-emulate'): LoadRequest => ({
  program: { kind: 'assembly', name, text: readFileSync(new URL(name, GUESTS), 'utf8') }, regime,
  // The least: hashes and checkpoints look at all of it.
  memoryBytes: 4 << 20,
});
