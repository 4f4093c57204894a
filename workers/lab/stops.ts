/** Breakpoints as the user names them, as the board takes them. */
import { causeByName } from '../isa/causes.ts';
import { MOST_WATCHED_BYTES, MOST_WATCHPOINTS, type Breakpoints, type Watchpoint } from '../protocol/lab-api.ts';
import { NO_STOPS, type Stops } from './board.ts';

const isSound = ({ address, bytes }: Watchpoint): boolean => Number.isInteger(bytes) && bytes >= 1 && bytes <= MOST_WATCHED_BYTES && address >= 0n && address + BigInt(bytes) <= 1n << 64n;

export function stopsOf({ addresses, causes, watches = NO_STOPS.watches }: Breakpoints): Stops {
  let exceptions = 0n;
  let interrupts = 0n;
  for (const row of causes.map(causeByName)) {
    if (!row) continue;
    if (row.interrupt) interrupts |= 1n << BigInt(row.code);
    else exceptions |= 1n << BigInt(row.code);
  }
  return { addresses, exceptions, interrupts, watches: watches.filter(isSound).slice(0, MOST_WATCHPOINTS) };
}
