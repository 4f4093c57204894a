/** The access to watched memory that the machine has stopped after, as the page shows it. */
import type { StopCause } from '../protocol/lab-api.ts';
import { disassembleAt } from './inspect.ts';
import type { OpenProgram } from './open.ts';

export function watchStop(open: OpenProgram): StopCause {
  const { session } = open;
  const hit = session.board.watchHit;
  const watchpoint = hit && session.userStops.watches[hit.range];
  if (!hit || !watchpoint) return { by: 'step' };
  const text = hit.by === 'instruction' ? disassembleAt(open, hit.pc, 1, 0)[0]?.text : undefined;
  return { by: 'watchpoint', hit: { watchpoint, by: hit.by, access: hit.access, pc: hit.pc, address: hit.address, physical: hit.physical, bytes: hit.bytes, before: hit.before, after: hit.after, ...(text !== undefined && { text }) } };
}
