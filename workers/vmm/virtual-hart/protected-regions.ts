/**
 * Physical memory protection of the guest's own (privileged manual, 3.7): what its M mode lets its S and U modes do where. No hardware knows of
 * it: the VMM gives its shadow pages the rights that the guest's regions leave.
 */
export const PMP_CONFIGS = ['pmpcfg0', 'pmpcfg2'] as const;
export const PMP_ADDRESSES = [
  'pmpaddr0', 'pmpaddr1', 'pmpaddr2', 'pmpaddr3', 'pmpaddr4', 'pmpaddr5', 'pmpaddr6', 'pmpaddr7',
  'pmpaddr8', 'pmpaddr9', 'pmpaddr10', 'pmpaddr11', 'pmpaddr12', 'pmpaddr13', 'pmpaddr14', 'pmpaddr15',
] as const;

/** Bits of a configuration byte. */
const R = 1n;
const W = 2n;
const LOCKED = 0x80n;
const MATCHING = 0x18n;
const TOR = 0x08n;
const NA4 = 0x10n;
const KEPT = 0x9fn;
const REGIONS = PMP_ADDRESSES.length;
const PAGE = 0x1000n;
/** What may be done: R, W and X, as they stand in a configuration byte. */
export const RIGHT = { load: 1, store: 2, fetch: 4 } as const;
const EVERY_RIGHT = 7;
/** The largest TOR region ends 4 bytes before the end of the address space; no memory stands there, so it makes no difference. */
const LAST_OF_ALL = (1n << 56n) - 5n;

interface Region {
  /** First and last byte. */
  readonly first: bigint;
  readonly last: bigint;
  readonly rights: number;
  readonly locked: boolean;
}

/** What a write leaves of eight configuration bytes: locked ones stay, W without R is reserved and leaves the byte as it was. */
export function legalConfig(kept: bigint, wanted: bigint): bigint {
  let result = 0n;
  for (let shift = 0n; shift < 64n; shift += 8n) {
    const old = (kept >> shift) & 0xffn;
    const byte = (wanted >> shift) & KEPT;
    result |= ((old & LOCKED) !== 0n || (byte & (R | W)) === W ? old : byte) << shift;
  }
  return result;
}

/** A locked region keeps its address, and so does the one below a locked TOR region. `configOf`: the configuration byte of a region. */
export function mayWriteAddress(region: number, configOf: (region: number) => bigint): boolean {
  if ((configOf(region) & LOCKED) !== 0n) return false;
  return region === REGIONS - 1 || (configOf(region + 1) & (LOCKED | MATCHING)) !== (LOCKED | TOR);
}

export class ProtectedRegions {
  /** Those that are on, the one that decides first in front. */
  #regions: readonly Region[] = [];
  /** The first region lets everybody do everything everywhere, as the firmware of a kernel leaves it: then nothing is to be asked. */
  #open = false;

  get open(): boolean {
    return this.#open;
  }

  /** After any change of a register. Addresses are in units of 4 bytes. */
  set(configOf: (region: number) => bigint, addressOf: (region: number) => bigint): void {
    this.#regions = Array.from({ length: REGIONS }, (_, region) => regionOf(configOf(region), addressOf(region), region === 0 ? 0n : addressOf(region - 1)))
      .filter((region) => region !== undefined);
    const [first] = this.#regions;
    this.#open = first?.first === 0n && first.last >= LAST_OF_ALL && first.rights === EVERY_RIGHT;
  }

  /**
   * Whether so many bytes may be accessed. The lowest-numbered region that holds any of them decides, and must hold all; M is bound by
   * locked regions only; without a region M may do all and the others nothing.
   */
  allows(address: bigint, length: number, access: keyof typeof RIGHT, machine: boolean): boolean {
    if (this.#open) return true;
    const last = address + BigInt(length) - 1n;
    for (const region of this.#regions) {
      if (last < region.first || address > region.last) continue;
      return address >= region.first && last <= region.last && (rightsIn(region, machine) & RIGHT[access]) !== 0;
    }
    return machine;
  }

  /** What may be done everywhere in a page of 4 KiB, by one rule: bits of RIGHT; none where the page is divided. */
  pageRights(page: bigint, machine: boolean): number {
    if (this.#open) return EVERY_RIGHT;
    for (const region of this.#regions) {
      if (page + PAGE <= region.first || page > region.last) continue;
      return page >= region.first && page + PAGE - 1n <= region.last ? rightsIn(region, machine) : 0;
    }
    return machine ? EVERY_RIGHT : 0;
  }
}

const rightsIn = ({ rights, locked }: Region, machine: boolean): number => (machine && !locked ? EVERY_RIGHT : rights);

function regionOf(config: bigint, address: bigint, before: bigint): Region | undefined {
  const bounds = boundsOf(config & MATCHING, address, before);
  // An empty TOR region matches nothing.
  if (!bounds || bounds.end <= bounds.first) return undefined;
  return { first: bounds.first, last: bounds.end - 1n, rights: Number(config & 7n), locked: (config & LOCKED) !== 0n };
}

function boundsOf(matching: bigint, address: bigint, before: bigint): { readonly first: bigint; readonly end: bigint } | undefined {
  switch (matching) {
    case 0n: return undefined;
    case TOR: return { first: before << 2n, end: address << 2n };
    case NA4: return { first: address << 2n, end: (address << 2n) + 4n };
    // The size is in the trailing ones.
    default: {
      const size = (address ^ (address + 1n)) + 1n;
      return { first: (address & ~(size - 1n)) << 2n, end: ((address & ~(size - 1n)) + size) << 2n };
    }
  }
}
