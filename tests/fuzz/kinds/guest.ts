/**
 * A guest's walks: VS-stage tables with random entries that stand in guest-physical memory, G-stage tables with random entries below them, and
 * loads, stores and fetches through both in VS and VU. Either stage may be bare. Addresses come in registers x8 to x15, as in `walk`. No AMOs: those of
 * QEMU are loads before they are stores, and may find another fault in another stage.
 */
import { csrNumber } from '../../../workers/isa/csrs.ts';
import type { Random } from '../../differential/random.ts';
import { arenaPage, type CsrSetting, type Unit } from '../snippet.ts';
import { interesting } from '../values.ts';
import { MODES, type Kind } from './kind.ts';
import { BODY_PAGE, dataPage, dataPokes, leafFlags, OFFSETS, PTE, RETURN_AT, spoiler, Tables, type Spoil, type Varying } from './tables.ts';
import { access, fetch, FIRST_ADDRESS, ADDRESSES } from './walk.ts';

const SUM = 1n << 18n, MXR = 1n << 19n;
const UXL_64 = 2n << 32n;
/** All the faults of memory go to HS, or none: QEMU 7.2 may find another one first, or call it another (deviations.ts). */
const MEMORY_FAULTS = (1n << 5n) | (1n << 7n) | (1n << 13n) | (1n << 15n) | (1n << 20n) | (1n << 21n) | (1n << 23n);
const FULL = PTE.V | PTE.R | PTE.W | PTE.X | PTE.A | PTE.D;

/** Tables of two stages, or of one. */
export class GuestTables {
  readonly #random: Random;
  readonly #guest: Tables | undefined;
  readonly #host: Tables | undefined;
  readonly #options: { readonly varying: Varying; readonly guestSpoil: Spoil; readonly hostSpoil: Spoil; readonly tableSpoil: Spoil; readonly readable: boolean };
  readonly settings: readonly CsrSetting[];

  constructor(random: Random, { sv48, napot, varying, holes, readable }: { readonly sv48: boolean; readonly napot: boolean; readonly varying: Varying; readonly holes: boolean; readonly readable: boolean }) {
    this.#random = random;
    this.#options = {
      varying, readable,
      guestSpoil: spoiler(random, { varying, napot, holes }),
      hostSpoil: spoiler(random, { varying, napot, holes, keeps: readable ? PTE.R : 0n }),
      // What sets A and D in a guest's entry is a store there, of which QEMU 7.2 asks the G stage nothing: the pages of its tables can be written, and are dirty.
      tableSpoil: spoiler(random, { varying: 'none', napot, holes: false, keeps: PTE.R | PTE.W }),
    };
    let next = BODY_PAGE + 4;
    const take = (pages: bigint): bigint => { next += Number(pages); return arenaPage(next - Number(pages)); };
    const levels = (): number => (sv48 && random.oneIn(2) ? 4 : 3);
    const stages = random.pick(['both', 'both', 'both', 'guest', 'host'] as const);
    const [guestLevels, hostLevels] = [levels(), levels()];
    const satp = (table: bigint, depth: number): bigint => (BigInt(depth + 5) << 60n) | (BigInt(random.below(4)) << 44n) | (table >> 12n);
    this.#host = stages === 'guest' ? undefined : new Tables(random, { levels: hostLevels, extraRootBits: 2 }, take);
    this.#guest = stages === 'host' ? undefined : new Tables(random, { levels: guestLevels, extraRootBits: 0 }, take, (table) => this.#placeTable(table));
    this.settings = [
      { csr: csrNumber('hgatp'), value: this.#host ? satp(this.#host.root, hostLevels) : 0n },
      { csr: csrNumber('vsatp'), value: this.#guest ? satp(this.#placeTable(this.#guest.root), guestLevels) : 0n },
    ];
  }

  #placeTable(table: bigint): bigint {
    return this.#host ? this.#host.map(table, FULL | PTE.U, this.#random.pick([0, 0, 1]), this.#options.tableSpoil) : table;
  }

  #level(): number {
    return this.#random.pick([0, 0, 0, 1, 1, 2]);
  }

  /** Some guest-physical address of `target`, mostly. */
  #place(target: bigint, spoil: Spoil | undefined, flags: bigint): bigint {
    return this.#host ? this.#host.map(target, flags | PTE.U | (this.#options.readable ? PTE.R : 0n), this.#level(), spoil) : target;
  }

  /** Some virtual address of the guest for `target`, mostly. With `next` the page behind it leads there. */
  map(target: bigint, flags: bigint, next?: bigint): bigint {
    const { guestSpoil, hostSpoil, varying } = this.#options;
    const gpa = this.#place(target, hostSpoil, leafFlags(this.#random, varying));
    if (!this.#guest) return gpa;
    const level = this.#level();
    const va = this.#guest.map(gpa, flags, level, guestSpoil);
    // Where nothing varies, as in `walk`.
    if (level === 0 && next !== undefined) this.#guest.mapAt((va & ~0xfffn) + 4096n, this.#place(next, undefined, leafFlags(this.#random, 'none')), leafFlags(this.#random, 'none'), 0);
    return va;
  }

  /** The page of the body, which can be fetched, but for now and then. */
  mapBody(target: bigint, flags: bigint): bigint {
    const [spoiled, hostSpoiled] = [this.#random.oneIn(12), this.#random.oneIn(12)];
    const gpa = this.#place(target, hostSpoiled ? this.#options.hostSpoil : undefined, FULL);
    return this.#guest ? this.#guest.map(gpa, flags, 0, spoiled ? this.#options.guestSpoil : undefined) : gpa;
  }

  get pokes() { return [...(this.#host?.pokes ?? []), ...(this.#guest?.pokes ?? [])]; }
}

export const GUEST: Kind = {
  name: 'guest',
  possible: ({ hypervisor }) => hypervisor,
  snippet: (random, { features }) => {
    const mode = random.pick(['vs', 'vu'] as const);
    const user = mode === 'vu' ? PTE.U : 0n;
    const varying: Varying = features.svadu ? 'A and D' : 'none';
    const mxr = random.oneIn(3);
    // QEMU 7.2 has the guest's MXR make executable pages readable in the G stage, too, where only that of HS does (8.2.11): no G-stage page is executable only then.
    const tables = new GuestTables(random, { sv48: features.sv48, napot: features.svnapot, varying, holes: true, readable: mxr });
    const target = (offset: bigint): bigint => {
      if (random.oneIn(24)) return random.pick([1n << 47n, (1n << 63n) | 0x8020_0000n, 1n << 55n, 1n << 41n, 1n << 50n]);
      return tables.map(dataPage(random) + offset, (random.oneIn(2) ? user : 0n) | leafFlags(random, varying), offset >= 0xff0n ? dataPage(random) : undefined);
    };
    const x = Array.from({ length: 31 }, () => interesting(random));
    for (let n = 0; n < ADDRESSES; n += 1) x[FIRST_ADDRESS + n - 1] = target(random.pick(OFFSETS));
    for (let n = 0; n < 4; n += 1) x[20 + n - 1] = target(RETURN_AT);
    const bodyAt = arenaPage(BODY_PAGE);
    const entry = tables.mapBody(bodyAt, PTE.V | PTE.X | PTE.A | PTE.D | user | (random.oneIn(2) ? PTE.R : 0n));
    const body: Unit[] = Array.from({ length: 4 + random.below(12) }, () => access(random, false));
    body.push(fetch(random, mode === 'vs'), ...(random.oneIn(2) ? [fetch(random, mode === 'vs')] : []));
    return {
      setup: [
        ...tables.settings,
        { csr: csrNumber('vsstatus'), value: UXL_64 | (random.oneIn(2) ? SUM : 0n) | (mxr ? MXR : 0n) },
        { csr: csrNumber('medeleg'), value: random.oneIn(2) ? MEMORY_FAULTS : 0n },
      ],
      pokes: [...tables.pokes, ...dataPokes(random)],
      body, mstatus: MODES[mode], x, f: [], fcsr: 0n, entry, bodyAt,
    };
  },
};
