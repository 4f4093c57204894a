/** Going to a moment that is described by what happens, counted from the start of the run. */
import { causeName } from '../isa/causes.ts';
import { decode } from '../isa/decode.ts';
import type { Moment } from '../protocol/lab-api.ts';
import type { TrapEvent } from '../trace/events.ts';
import type { OpenProgram } from './open.ts';
import type { Job } from './travel.ts';

/** Steps after which a moment counts as not reached. */
const LIMIT = 1_000_000_000;

export function* goTo(open: OpenProgram, moment: Moment): Job<boolean> {
  const { session, travel } = open;
  switch (moment.at) {
    case 'start':
      yield* travel.to(0);
      return true;
    case 'halt':
      return yield* travel.until(() => session.board.halted !== undefined, [], LIMIT);
    case 'trap':
      return yield* toTrap(open, moment);
    case 'symbol': {
      const symbol = open.program.symbols.find(({ name }) => name === moment.name);
      if (!symbol) return false;
      yield* travel.to(0);
      let passes = session.board.visible().pc === symbol.address ? 1 : 0;
      if (passes >= moment.n) return true;
      if (passes === 1) yield* travel.step('instruction', 'forward');
      return yield* travel.until((end) => end === 'breakpoint' && (passes += 1) >= moment.n, [symbol.address], LIMIT);
    }
    case 'console':
      return yield* toText(open, moment.text);
  }
}

/** Whether a trap is of the kind that a moment asks for. The instruction is known where hardware gives its bits as the trap value. */
function matches(trap: TrapEvent, { cause, instruction }: Extract<Moment, { at: 'trap' }>): boolean {
  const name = causeName(trap.interrupt, trap.cause);
  if (cause !== undefined && cause !== name) return false;
  if (instruction === undefined) return true;
  if (name.startsWith('ecall')) return instruction === 'ecall';
  return name === 'illegal-instruction' && decode(Number(trap.tval & 0xffff_ffffn))?.row.name === instruction;
}

function* toTrap(open: OpenProgram, moment: Extract<Moment, { at: 'trap' }>): Job<boolean> {
  const { session, travel } = open;
  const { traps } = session.recorder;
  let looked = 0;
  if (moment.after !== undefined) {
    if (!(yield* goTo(open, { at: 'symbol', name: moment.after, n: 1 }))) return false;
    looked = session.board.trapCount;
  }
  // Traps that are still in the records need not be run again to be counted; without them, the run begins anew.
  if (traps.begin > looked) yield* travel.to(0);
  let count = 0;
  let found: TrapEvent | undefined;
  const look = (): boolean => {
    for (; looked < traps.end && !found; looked += 1) {
      const trap = traps.get(looked);
      if (trap && matches(trap, moment) && (count += 1) === moment.n) found = trap;
    }
    return found !== undefined;
  };
  if (!look() && !(yield* travel.until(look, [], LIMIT))) return false;
  return yield* travel.seekTrap(found!.trap);
}

/** To the first moment at which the console holds this text: first roughly, then by ever smaller steps from the last moment without it. */
function* toText({ session, travel }: OpenProgram, text: string): Job<boolean> {
  const printed = (): boolean => session.console.text().includes(text);
  if (printed()) yield* travel.to(0);
  let without = session.position;
  if (!(yield* travel.until(() => printed() || ((without = session.position), false), [], LIMIT))) return false;
  let withText = session.position;
  while (withText - without > 1) {
    const middle = Math.floor((without + withText) / 2);
    yield* travel.to(middle);
    if (printed()) withText = middle;
    else without = middle;
  }
  yield* travel.to(withText);
  return true;
}

