/** The rights of a shadow page, from the guest's leaf entry and the mode that the guest looks from. */
import type { Bugs } from '../bugs.ts';
import { RIGHT } from '../virtual-hart/protected-regions.ts';
import type { ShadowRoot } from './shadow-table.ts';
import { PTE } from './sv39.ts';

/** Never more than the guest's table allows; and always a user page, because the guest really runs in U. */
export function rightsIn(root: ShadowRoot, leaf: bigint, mxr: boolean, bugs: Bugs): bigint {
  // The guest's M loads and stores as another mode now: it may execute as M, and every load and store comes to the VMM.
  if (root === 'machine-as-other') return PTE.V | PTE.U | PTE.A | PTE.D | (leaf & PTE.X);
  let rights = leaf & PTE.X;
  // With MXR set, what may be executed may be loaded, too.
  if ((leaf & (mxr ? PTE.R | PTE.X : PTE.R)) !== 0n) rights |= PTE.R;
  // Not writable before the guest's entry is dirty: so the first store faults, and the VMM can set the guest's dirty bit.
  if ((leaf & PTE.D) !== 0n || bugs['writable-before-dirty']) rights |= leaf & PTE.W;
  // The kernel may touch user pages while SUM is set, but never execute them.
  if (root === 'kernel-sum' && (leaf & PTE.U) !== 0n && !bugs['user-pages-executable']) rights &= ~PTE.X;
  return PTE.V | PTE.U | PTE.A | PTE.D | rights;
}

/** What the guest's own protected regions (PMP) leave of the rights in a page. */
export function withinRegions(rights: bigint, allowed: number): bigint {
  let left = rights;
  if ((allowed & RIGHT.load) === 0) left &= ~PTE.R;
  if ((allowed & RIGHT.store) === 0) left &= ~PTE.W;
  if ((allowed & RIGHT.fetch) === 0) left &= ~PTE.X;
  // Writable but not readable is reserved: such a page is written by the VMM.
  return (left & PTE.R) === 0n ? left & ~PTE.W : left;
}
