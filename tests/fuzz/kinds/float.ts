/** Sequences of floating point between integer instructions, with the unit on, off, initial or clean, in each mode. */
import { csrNumber } from '../../../workers/isa/csrs.ts';
import type { Random } from '../../differential/random.ts';
import { anyNumber } from '../../conformance/float/operands.ts';
import { F32, F64 } from '../../conformance/float/oracle.ts';
import { palette, randomUnit, windowPokes, windowRegisters } from './instructions.ts';
import type { Kind } from './kind.ts';
import { MODES } from './kind.ts';

const BOX = 0xffff_ffff_0000_0000n;
const FLOATING = palette(({ extension, name }) => ['F', 'D'].includes(extension) || /^c\.f/.test(name));
const INTEGER = palette(({ extension, name }) => ['I', 'M', 'C'].includes(extension) && !/^c\.f/.test(name));
/** Both, so that results are moved about, loops run and branches are taken. */
const FAMILY = { plain: [...FLOATING.plain, ...FLOATING.plain, ...INTEGER.plain], memory: FLOATING.memory, jumps: INTEGER.jumps };

function register(random: Random): bigint {
  if (random.oneIn(8)) return random.double();
  return random.oneIn(2) ? anyNumber(F64, random) : BOX | anyNumber(F32, random);
}

/** Off, initial, clean, dirty. */
const STATES = [0n, 1n, 2n, 3n, 3n, 3n, 3n, 3n] as const;

export const FLOAT: Kind = {
  name: 'float',
  possible: ({ float }) => float,
  snippet: (random, { features }) => ({
    // In a guest the unit is on when HS and the guest itself have it on.
    setup: features.hypervisor ? [{ csr: csrNumber('vsstatus'), value: random.pick(STATES) << 13n }] : [],
    pokes: windowPokes(random),
    body: Array.from({ length: 4 + random.below(40) }, () => randomUnit(random, FAMILY)),
    mstatus: random.pick([MODES.m, MODES.s, MODES.u, ...(features.hypervisor ? [MODES.vs, MODES.vu] : [])]) | (random.pick(STATES) << 13n),
    x: windowRegisters(random),
    f: Array.from({ length: 32 }, () => register(random)),
    fcsr: BigInt((random.below(random.oneIn(6) ? 8 : 5) << 5) | (random.oneIn(2) ? 0 : random.below(32))),
    entry: undefined, bodyAt: undefined,
  }),
};
