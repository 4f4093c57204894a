/**
 * The log of traps that the hart keeps in linear memory, so that every engine's traps can be shown without leaving the engine: a ring of
 * TRAP_LOG_ENTRIES records; slot `trapCount` says how many were ever written. A record of 64 bytes:
 *   +0 time  +8 instret  +16 cause  +24 epc  +32 tval  +40 handler (all i64)  +48 from  +52 to (i32, modes, plus 4 when V = 1)
 */
import { add, and, i32, i64, mul, poke, wrap, type Expr, type Stmt } from '../../isa/meaning.ts';
import type { Mode, TrapEvent } from '../../trace/events.ts';
import { TRAP_LOG, TRAP_LOG_ENTRIES, TRAP_LOG_ENTRY_BYTES } from '../memory-layout.ts';
import { assign, setState, state, variable } from './form.ts';
import { slot } from './state.ts';

const FIELD = { time: 0, instret: 8, cause: 16, epc: 24, tval: 32, handler: 40, from: 48, to: 52 } as const;

interface Recorded {
  readonly from: Expr;
  readonly to: Expr;
  readonly cause: Expr;
  readonly epc: Expr;
  readonly tval: Expr;
  readonly handler: Expr;
}

/** Writes the record of the trap that is being entered. */
export function recordTrap(trap: Recorded): readonly Stmt[] {
  const record = variable('record', 'i32');
  const number = state('trapCount');
  const put = (field: keyof typeof FIELD, value: Expr): Stmt => poke(field === 'from' || field === 'to' ? 4 : 8, add(record, i32(FIELD[field])), value);
  return [
    assign(record, add(i32(TRAP_LOG), mul(wrap(and(number, i64(TRAP_LOG_ENTRIES - 1))), i32(TRAP_LOG_ENTRY_BYTES)))),
    put('time', add(state('instret'), state('timeOffset'))),
    put('instret', state('instret')),
    put('cause', trap.cause),
    put('epc', trap.epc),
    put('tval', trap.tval),
    put('handler', trap.handler),
    put('from', trap.from),
    put('to', trap.to),
    setState('trapCount', add(number, i64(1))),
  ];
}

/** By mode, and 4 more with V = 1. */
const MODES: readonly Mode[] = ['U', 'S', 'S', 'M', 'VU', 'VS', 'VS', 'M'];

/** How many traps the hart has taken since reset. */
export const trapCount = (memory: Uint32Array): number => memory[COUNT]! + memory[COUNT + 1]! * 2 ** 32;
const COUNT = slot('trapCount').offset / 4;

/** Traps from number `first` on, oldest first. Those that the ring no longer holds are left out. */
export function readTraps(memory: DataView, first: number): TrapEvent[] {
  const count = trapCount(new Uint32Array(memory.buffer));
  const traps: TrapEvent[] = [];
  for (let trap = Math.max(first, count - TRAP_LOG_ENTRIES, 0); trap < count; trap++) {
    const at = TRAP_LOG + (trap % TRAP_LOG_ENTRIES) * TRAP_LOG_ENTRY_BYTES;
    const word = (field: keyof typeof FIELD): bigint => memory.getBigUint64(at + FIELD[field], true);
    const mode = (field: 'from' | 'to'): Mode => MODES[memory.getUint32(at + FIELD[field], true) & 7]!;
    const cause = word('cause');
    traps.push({
      kind: 'trap', trap, time: word('time'), instret: word('instret'), interrupt: cause >> 63n === 1n, cause: Number(BigInt.asUintN(63, cause)),
      from: mode('from'), to: mode('to'), epc: word('epc'), tval: word('tval'), handler: word('handler'),
    });
  }
  return traps;
}
