/** What the walks of both stages share: the bits of an entry, the shape of a table, and the faults that a walk can end in. */
import { and, eq, extendU, add, i32, i64, mul, ne, not, or, select, shl, shrU, sub, trap, type Expr, type Stmt } from '../../isa/meaning.ts';
import { CAUSE } from '../../isa/causes.ts';
import { anyOf, bitsOf, nonZero, setState } from '../hart/form.ts';
import { BLOCK, EXECUTE_LOAD, FETCH, STORE } from './fast-tlb.ts';

/** Bits of a page-table entry (10.3.1, 10.4.1, Svnapot). RESERVED are those of extensions that are not here. */
export const PTE = { V: 1n, R: 2n, W: 4n, X: 8n, U: 16n, G: 32n, A: 64n, D: 128n, RESERVED: 0x1ffn << 54n, N: 1n << 63n } as const;
/** Stands for the leaf of a stage that is off. */
export const ALL_PERMISSIONS = PTE.V | PTE.R | PTE.W | PTE.X | PTE.U | PTE.A | PTE.D;
/** The largest page, for a stage that is off: 512 GiB. */
export const TOP_LEVEL = 3;

/** A fetch and a store have causes of their own; all else is a load. */
const byKind = (kind: Expr, load: number, store: number, fetch: number): Expr =>
  select(or(eq(kind, i32(STORE)), eq(kind, i32(BLOCK))), i64(store), select(eq(kind, i32(FETCH)), i64(fetch), i64(load)));
export const pageFault = (kind: Expr, va: Expr): Stmt =>
  trap(byKind(kind, CAUSE.loadPageFault, CAUSE.storePageFault, CAUSE.fetchPageFault), va);
export const accessFault = (kind: Expr, va: Expr): Stmt =>
  trap(byKind(kind, CAUSE.loadAccessFault, CAUSE.storeAccessFault, CAUSE.fetchAccessFault), va);
/** The second stage refuses: beside the virtual address, HS learns the guest-physical one, and whether the walk itself asked (8.6.3). */
export const guestPageFault = (kind: Expr, va: Expr, gpa: Expr, pseudo: Expr): readonly Stmt[] => [
  setState('faultGuest', shrU(gpa, i64(2))),
  setState('faultPseudo', pseudo),
  trap(byKind(kind, CAUSE.loadGuestPageFault, CAUSE.storeGuestPageFault, CAUSE.fetchGuestPageFault), va),
];

/** What an access needs of a leaf. Pages that are only executable may be loaded from where MXR says so. */
export const neededOf = (kind: Expr, executableIsReadable: Expr): Expr =>
  select(or(eq(kind, i32(FETCH)), eq(kind, i32(EXECUTE_LOAD))), i64(PTE.X),
    select(eq(kind, i32(STORE)), i64(PTE.W), select(eq(kind, i32(BLOCK)), i64(PTE.R | PTE.W), select(executableIsReadable, i64(PTE.R | PTE.X), i64(PTE.R)))));

/** The address bits below this level's page number: 12, 21, 30 or 39. */
export const shiftOf = (level: Expr): Expr => extendU(add(i32(12), mul(level, i32(9))));
export const offsetMaskOf = (level: Expr): Expr => sub(shl(i64(1), shiftOf(level)), i64(1));
/** Where an entry points to, or the root of satp and its like. */
export const pageOf = (entry: Expr): Expr => shl(bitsOf(entry, 53, 10), i64(12));
export const rootOf = (atp: Expr): Expr => shl(bitsOf(atp, 43, 0), i64(12));
/** The physical address that a leaf gives, of a page whose offset has these bits. */
export const physicalAddress = (leaf: Expr, address: Expr, offsetMask: Expr): Expr =>
  or(and(pageOf(leaf), not(offsetMask)), and(address, offsetMask));

/** An entry that no walk goes on from: not valid, writable without being readable, or with reserved bits. */
export const isBadEntry = (pte: Expr): Expr =>
  or(ne(and(pte, i64(PTE.V | PTE.RESERVED)), i64(PTE.V)), eq(and(pte, i64(PTE.R | PTE.W)), i64(PTE.W)));
export const isLeaf = (pte: Expr): Expr => anyOf(pte, PTE.R | PTE.X);
/** Reserved in a pointer: D, A, U, and N. */
export const isBadPointer = (pte: Expr): Expr => anyOf(pte, PTE.D | PTE.A | PTE.U | PTE.N);
/** A superpage must be aligned to its size; N stands only in leaves of 4 KiB, for 64 KiB (Svnapot 11). */
export const isBadLeaf = (pte: Expr, level: Expr): Expr =>
  or(nonZero(and(pageOf(pte), offsetMaskOf(level))),
    and(anyOf(pte, PTE.N), or(nonZero(level), nonEqual(bitsOf(pte, 13, 10), 8n))));
const nonEqual = (a: Expr, b: bigint): Expr => eq(eq(a, i64(b)), i32(0));
/** A leaf of 64 KiB as that of the 4 KiB page that holds the address: four bits of the page number come from there. */
export const napotPiece = (pte: Expr, address: Expr): Expr =>
  select(anyOf(pte, PTE.N), or(and(pte, i64(~(15n << 10n))), shl(bitsOf(address, 15, 12), i64(10))), pte);
