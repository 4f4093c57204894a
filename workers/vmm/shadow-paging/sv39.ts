/** Sv39 and Sv48 page tables (privileged manual, chapters of these names): what an entry holds and where it stands. */
import { bits } from '../../base/bits.ts';
import { SATP_SV48 } from '../virtual-hart/virtual-csrs.ts';

export const PTE = { V: 1n, R: 2n, W: 4n, X: 8n, U: 16n, G: 32n, A: 64n, D: 128n, N: 1n << 63n } as const;
/** Two bits of every entry that hardware ignores: software's own. */
export const SOFTWARE_BITS = 0x300n;
/** Bits of extensions that this hart does not have (Svpbmt and reserved ones): an entry with any of them faults. */
const EXTENSION_BITS = 0x1ffn << 54n;

/** Levels of the table that a satp points to: 3 in Sv39, 4 in Sv48. */
export const levelsOf = (satp: bigint): 3 | 4 => (bits(satp, 63, 60) === SATP_SV48 ? 4 : 3);
export const ENTRIES = 512;

/** Bits 47:39, 38:30, 29:21 or 20:12 of the address: which entry of the table at this level. */
export const tableIndex = (va: bigint, level: number): bigint => (va >> BigInt(12 + 9 * level)) & 511n;

/** The physical address that an entry's page number says. */
export const tableOf = (entry: bigint): bigint => ((entry >> 10n) & ((1n << 44n) - 1n)) << 12n;

/** An entry that points to this physical page. */
export const entryFor = (page: bigint, flags: bigint): bigint => ((page >> 12n) << 10n) | flags;

/** A page, not a pointer to the next table. */
export const isLeaf = (entry: bigint): boolean => (entry & (PTE.R | PTE.X)) !== 0n;

/** Writable but not readable is reserved, and so are the bits of extensions. */
export const isReserved = (entry: bigint): boolean => (entry & (PTE.R | PTE.W)) === PTE.W || (entry & EXTENSION_BITS) !== 0n;

/**
 * The same in words, for walks at every fault: an entry is its low and its high word, an address a number. No physical address has more than
 * 56 bits, and a multiple of 8 below 2^56 is a number exactly.
 */
const PAGE = 4096;
const PPN_LOW_BITS = 22;
/** The page number of a virtual address, without the bits above the largest table. */
export const pageNumber = (va: bigint): number => Number(BigInt.asUintN(48, va) >> 12n);
export const pageNumberOfWords = (low: number, high: number): number => (high & 0xffff) * 2 ** 20 + (low >>> 12);
/** Where the entry of a page stands in the table of this level. */
export const entryAt = (table: number, page: number, level: number): number => table + 8 * (Math.floor(page / ENTRIES ** level) % ENTRIES);
/** The physical address that an entry's page number says. */
export const tableOfWords = (low: number, high: number): number => ((low >>> 10) + (high & 0x3f_ffff) * 2 ** PPN_LOW_BITS) * PAGE;
/** The flags as numbers; all of them are in the low word but N. */
export const FLAG = { V: 1, R: 2, W: 4, X: 8, U: 16, G: 32, A: 64, D: 128 } as const;
/** N in the high word. */
export const N_HIGH = 1 << 31;
/** As `isReserved`. */
export const isReservedWords = (low: number, high: number): boolean => (low & (FLAG.R | FLAG.W)) === FLAG.W || (high & 0x7fc0_0000) !== 0;
