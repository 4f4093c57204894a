/**
 * Random PMP configurations, and accesses around the edges of their regions in S and U mode, and in M mode with MPRV. Nothing is locked:
 * that would last beyond the snippet. The body's page, and all that is not the data, is open by the last two entries.
 */
import { csrNumber } from '../../../workers/isa/csrs.ts';
import { instructionByName } from '../../../workers/isa/instructions/index.ts';
import type { Random } from '../../differential/random.ts';
import { PLACE } from '../harness.ts';
import { arenaPage, item, type CsrSetting, type Item, type Poke, type Unit } from '../snippet.ts';
import { interesting } from '../values.ts';
import { MODES, type Kind } from './kind.ts';

const op = (name: string, operands: Record<string, number | bigint> = {}): Item => item(instructionByName(name)!, operands);

const BODY = arenaPage(4);
/** Two pages that the first entries divide; known in four double words around each edge. */
const DATA = arenaPage(8);
const EDGES = [0n, 8n, 0x40n, 0x100n, 0x800n, 0xff8n, 0x1000n, 0x1040n, 0x1800n] as const;
const RETURN_AT = 0x20n;
const FIRST = 8, COUNT = 8, S_IN_MPP = 27, MPP = 28;
const R = 1, W = 2, X = 4, TOR = 1, NA4 = 2, NAPOT = 3;
const DATA_ENTRIES = 13;

interface Entry { readonly config: number; readonly address: bigint }

function entry(random: Random): Entry {
  // W without R is reserved (3.7.1).
  const permissions = random.pick([0, R, R | W, X, R | X, R | W | X]);
  const at = DATA + random.pick(EDGES) + (random.oneIn(3) ? 4n * BigInt(random.below(4)) : 0n);
  switch (random.below(5)) {
    case 0: return { config: permissions, address: at >> 2n };
    case 1: case 2: return { config: permissions | (TOR << 3), address: at >> 2n };
    case 3: return { config: permissions | (NA4 << 3), address: at >> 2n };
    default: {
      // 8 bytes and more, up to 16 KiB.
      const ones = random.below(12);
      return { config: permissions | (NAPOT << 3), address: ((at >> 2n) & ~((1n << BigInt(ones + 1)) - 1n)) | ((1n << BigInt(ones)) - 1n) };
    }
  }
}

const NONE: Entry = { config: 0, address: 4n };

function settings(random: Random): CsrSetting[] {
  const used = 1 + random.below(6);
  const first = random.below(DATA_ENTRIES - used);
  const entries = Array.from({ length: 16 }, (_, n) => (n >= first && n < first + used ? entry(random) : NONE));
  // Of the data's two pages what no entry has is closed, or open; all else is open.
  entries[14] = random.oneIn(2) ? { config: NAPOT << 3, address: (DATA >> 2n) | 0x3ffn } : NONE;
  entries[15] = { config: (NAPOT << 3) | R | W | X, address: (1n << 54n) - 1n };
  const word = (from: number): bigint => entries.slice(from, from + 8).reduce((sum, { config }, n) => sum | (BigInt(config) << BigInt(8 * n)), 0n);
  return [
    ...entries.map(({ address }, n) => ({ csr: csrNumber(`pmpaddr${String(n)}`), value: address })),
    { csr: csrNumber('pmpcfg0'), value: word(0) }, { csr: csrNumber('pmpcfg2'), value: word(8) },
  ];
}

function pokes(random: Random): Poke[] {
  const words = new Set(EDGES.flatMap((edge) => [-16n, -8n, 0n, 8n, 16n].map((distance) => DATA + edge + distance)));
  return [...words].map((address) => ({ address, value: address === DATA + RETURN_AT ? 0x8082n : interesting(random) }));
}

const LOADS = ['lb', 'lhu', 'lw', 'ld'] as const;
const STORES = ['sb', 'sh', 'sw', 'sd'] as const;

/**
 * A misaligned access may be made in parts, each of which PMP allows or not by itself (3.7.1): ours is at the end of a page, QEMU's never. So none
 * crosses one.
 */
const inOnePage = (address: bigint): bigint => ((address & 0xfffn) > 0xff8n ? address & ~7n : address);

/**
 * An access by a register that holds one of the addresses. QEMU 7.2 looks where its first and its last byte are, and does not see a region of four
 * bytes between them, which it has a part of (3.7.1): so eight bytes only at a multiple of four.
 */
function access(random: Random, x: readonly bigint[]): Unit {
  const rs1 = FIRST + random.below(COUNT);
  const most = (x[rs1 - 1]! & 3n) === 0n ? 4 : 3;
  return [random.oneIn(2) ? op(LOADS[random.below(most)]!, { rd: 5, rs1, imm: 0 }) : op(STORES[random.below(most)]!, { rs2: random.pick([16, 18, 19]), rs1, imm: 0 })];
}

export const PMP: Kind = {
  name: 'pmp',
  possible: () => PLACE.arena < DATA,
  snippet: (random) => {
    const mode = random.pick(['m', 's', 'u'] as const);
    const x = Array.from({ length: 31 }, () => interesting(random));
    for (let n = 0; n < COUNT; n += 1) x[FIRST + n - 1] = inOnePage(DATA + random.pick(EDGES) + BigInt(random.below(16) - 8) * (random.oneIn(2) ? 4n : 1n));
    x[S_IN_MPP - 1] = MODES.s;
    x[MPP - 1] = MODES.m;
    const privileged = (): Unit => mode !== 'm' ? [] : [op('csrrc', { rd: 0, csr: csrNumber('mstatus'), rs1: MPP }), ...(random.oneIn(2) ? [op('csrrs', { rd: 0, csr: csrNumber('mstatus'), rs1: S_IN_MPP })] : []), op('sfence.vma')];
    return {
      setup: settings(random),
      pokes: pokes(random),
      body: Array.from({ length: 4 + random.below(16) }, () => [...privileged(), ...access(random, x)]),
      mstatus: MODES[mode] | (mode === 'm' ? 1n << 17n : 0n), x, f: [], fcsr: 0n, entry: undefined, bodyAt: BODY,
    };
  },
};
