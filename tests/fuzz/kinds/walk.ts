/**
 * Page-table walks: Sv39 and Sv48 tables with random entries, superpages, and loads, stores and fetches through them in S and U mode, and
 * in M mode with MPRV. Addresses come in registers x8 to x15.
 */
import { csrNumber } from '../../../workers/isa/csrs.ts';
import { instructionByName } from '../../../workers/isa/instructions/index.ts';
import { RAM_BASE } from '../../../workers/machine/memory-layout.ts';
import type { Random } from '../../differential/random.ts';
import { PLACE } from '../harness.ts';
import { arenaPage, item, type Item, type Unit } from '../snippet.ts';
import { interesting } from '../values.ts';
import { MODES, type Kind } from './kind.ts';
import { BODY_PAGE, dataPage, dataPokes, leafFlags, OFFSETS, PTE, RETURN_AT, spoiler, Tables, type Varying } from './tables.ts';

const op = (name: string, operands: Record<string, number | bigint> = {}): Item => item(instructionByName(name)!, operands);

/** The registers with addresses. */
export const FIRST_ADDRESS = 8, ADDRESSES = 8;
const S_IN_MPP = 27, MPP = 28;
const LOADS = ['lb', 'lbu', 'lh', 'lhu', 'lw', 'lwu', 'ld'] as const;
const STORES = ['sb', 'sh', 'sw', 'sd'] as const;
const AMOS = ['amoadd.w', 'amoadd.d', 'amoswap.d', 'amomaxu.w'] as const;

/** An access through an address register; `near` moves it so that it may be misaligned or reach the next page. */
export function access(random: Random, amos: boolean): Unit {
  const rs1 = FIRST_ADDRESS + random.below(ADDRESSES);
  const rd = random.pick([5, 6, 7]);
  const imm = random.oneIn(2) ? 0 : random.below(16) - 4;
  switch (random.below(amos ? 5 : 4)) {
    case 0: case 1: return [op(random.pick(LOADS), { rd, rs1, imm })];
    case 2: case 3: return [op(random.pick(STORES), { rs2: random.pick([16, 18, 19]), rs1, imm })];
    default: return [op(random.pick(AMOS), { rd, rs1, rs2: random.pick([16, 18, 19]) })];
  }
}

/** A call of the `ret` that is in each page. After a load under SUM QEMU 7.2 would execute a page of U in S: hence the fence. */
export function fetch(random: Random, fence: boolean): Unit {
  return [...(fence ? [op('sfence.vma')] : []), op('jalr', { rd: 1, rs1: 20 + random.below(4), imm: 0 })];
}

export const WALK: Kind = {
  name: 'walk',
  possible: () => true,
  snippet: (random, { features }) => {
    let next = BODY_PAGE + 4;
    const levels = features.sv48 && random.oneIn(2) ? 4 : 3;
    const tables = new Tables(random, { levels, extraRootBits: 0 }, (pages) => { next += Number(pages); return arenaPage(next - Number(pages)); });
    const mode = random.pick(['m', 's', 's', 'u', 'u'] as const);
    // An AMO that may not store has set A in QEMU 7.2, by its load, and one of nothing has not set D: AMOs only where A is set and something is.
    const amos = random.oneIn(2);
    const varying: Varying = !features.svadu ? 'none' : amos ? 'D' : 'A and D';
    const spoilers = { varying, napot: features.svnapot };
    const spoil = spoiler(random, { ...spoilers, holes: !amos });
    // QEMU has stored the part in the first page when the second turns out to be nowhere, and has set A and D in the second when the first is (3.6.4 leaves that open).
    const spoilNext = spoiler(random, { ...spoilers, varying: 'none', holes: false });
    const level = (): number => random.pick([0, 0, 0, 1, 1, 2, ...(levels === 4 ? [3] : [])]);
    const target = (offset: bigint): bigint => {
      // None of them leads to devices or the harness, whatever superpage it may be in.
      if (random.oneIn(24)) return random.pick([1n << 47n, (1n << 63n) | 0x8020_0000n, 1n << 55n, ...(amos ? [] : [0x40_0000_0000n, (1n << 64n) - 0x1000n])]);
      const flags = (random.oneIn(2) && mode !== 'm' ? PTE.U * BigInt(mode === 'u') : 0n) | leafFlags(random, varying);
      const at = level();
      const va = tables.map(dataPage(random) + offset, flags, at, spoil);
      // What QEMU 7.2 has translated for MPRV it keeps for M when a trap changes MPP: not the addresses of the harness and its data.
      if (mode === 'm' && va >= RAM_BASE - 0x1000n && va < PLACE.end) return target(offset);
      // The page after, for accesses that reach it.
      if (at === 0 && offset >= 0xff0n) tables.mapAt((va & ~0xfffn) + 4096n, dataPage(random), leafFlags(random, 'none'), 0, spoilNext);
      return va;
    };
    const x = Array.from({ length: 31 }, () => interesting(random));
    for (let n = 0; n < ADDRESSES; n += 1) x[FIRST_ADDRESS + n - 1] = target(random.pick(OFFSETS));
    for (let n = 0; n < 4; n += 1) x[20 + n - 1] = target(RETURN_AT);
    x[S_IN_MPP - 1] = MODES.s;
    x[MPP - 1] = MODES.m;
    const bodyAt = arenaPage(BODY_PAGE);
    const entry = mode === 'm' ? undefined
      : tables.map(bodyAt, PTE.V | PTE.X | PTE.A | PTE.D | (mode === 'u' ? PTE.U : 0n) | (random.oneIn(2) ? PTE.R : 0n), 0, random.oneIn(12) ? spoil : undefined);
    const status = (random.oneIn(2) ? 1n << 18n : 0n) | (random.oneIn(3) ? 1n << 19n : 0n) | (mode === 'm' ? 1n << 17n : 0n);
    // mret changes MPP, and QEMU 7.2 forgets that what it translated for MPRV depends on it: hence the fence.
    const privileged = (): Unit => mode !== 'm' ? [] : [op('csrrc', { rd: 0, csr: csrNumber('mstatus'), rs1: MPP }), ...(random.oneIn(2) ? [op('csrrs', { rd: 0, csr: csrNumber('mstatus'), rs1: S_IN_MPP })] : []), op('sfence.vma')];
    const body: Unit[] = Array.from({ length: 4 + random.below(12) }, () => [...privileged(), ...access(random, amos)]);
    if (mode !== 'm') body.push(fetch(random, mode === 's'), ...(random.oneIn(2) ? [fetch(random, mode === 's')] : []));
    return {
      setup: [{ csr: csrNumber('satp'), value: (BigInt(levels + 5) << 60n) | (BigInt(random.below(4)) << 44n) | (tables.root >> 12n) }],
      pokes: [...tables.pokes, ...dataPokes(random)],
      body, mstatus: MODES[mode] | status, x, f: [], fcsr: 0n, entry, bodyAt,
    };
  },
};
