/** The rights of a shadow page, from the guest's leaf entry and the mode that the guest looks from. */
import type { Bugs } from '../bugs.ts';
import type { ShadowRoot } from './shadow-table.ts';
import { PTE } from './sv39.ts';

/** Never more than the guest's table allows; and always a user page, because the guest really runs in U. */
export function rightsIn(root: ShadowRoot, leaf: bigint, mxr: boolean, bugs: Bugs): bigint {
  let rights = leaf & PTE.X;
  // With MXR set, what may be executed may be loaded, too.
  if ((leaf & (mxr ? PTE.R | PTE.X : PTE.R)) !== 0n) rights |= PTE.R;
  // Not writable before the guest's entry is dirty: so the first store faults, and the VMM can set the guest's dirty bit.
  if ((leaf & PTE.D) !== 0n || bugs['writable-before-dirty']) rights |= leaf & PTE.W;
  // The kernel may touch user pages while SUM is set, but never execute them.
  if (root === 'kernel-sum' && (leaf & PTE.U) !== 0n && !bugs['user-pages-executable']) rights &= ~PTE.X;
  return PTE.V | PTE.U | PTE.A | PTE.D | rights;
}
