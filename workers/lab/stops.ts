/** Breakpoints as the user names them, as the board takes them. */
import { causeByName } from '../isa/causes.ts';
import type { Stops } from './board.ts';

export interface Breakpoints {
  readonly addresses: readonly bigint[];
  /** Cause names of isa/causes.ts; an unknown name stops nothing. */
  readonly causes: readonly string[];
}

export function stopsOf({ addresses, causes }: Breakpoints): Stops {
  let exceptions = 0n;
  let interrupts = 0n;
  for (const row of causes.map(causeByName)) {
    if (!row) continue;
    if (row.interrupt) interrupts |= 1n << BigInt(row.code);
    else exceptions |= 1n << BigInt(row.code);
  }
  return { addresses, exceptions, interrupts };
}
