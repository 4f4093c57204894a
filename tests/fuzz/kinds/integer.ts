/** Sequences of RV64IMAC in each mode, with traps delegated or not. */
import { csrNumber } from '../../../workers/isa/csrs.ts';
import type { Random } from '../../differential/random.ts';
import type { Kind } from './kind.ts';
import { MODES } from './kind.ts';
import { palette, randomUnit, windowPokes, windowRegisters } from './instructions.ts';

const FAMILY = palette(({ extension, name }) => ['I', 'M', 'A', 'C', 'Zifencei'].includes(extension) && !/^(c\.)?f/.test(name) || name.startsWith('fence'));
/** All but the calls from S, and faults on fetches: then the body has no more instruction to go on with. */
const DELEGABLE = 0xa1fcn;
/** Faults of stores as those of loads: QEMU has AMOs that fault like loads. */
export function delegation(random: Random): bigint {
  const some = random.double() & DELEGABLE & ~((1n << 6n) | (1n << 7n) | (1n << 15n));
  return some | ((some & ((1n << 4n) | (1n << 5n) | (1n << 13n))) << 2n);
}

export const INTEGER: Kind = {
  name: 'integer',
  possible: () => true,
  snippet: (random) => ({
    setup: random.oneIn(2) ? [] : [{ csr: csrNumber('medeleg'), value: delegation(random) }],
    pokes: windowPokes(random),
    body: Array.from({ length: 4 + random.below(40) }, () => randomUnit(random, FAMILY)),
    mstatus: random.pick([MODES.m, MODES.s, MODES.u]),
    x: windowRegisters(random), f: [], fcsr: 0n, entry: undefined, bodyAt: undefined,
  }),
};
