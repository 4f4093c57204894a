/** The guest's access to the registers of its slice has trapped: the page is mapped, and then none of its accesses traps any more. */
import { hex } from '../../base/bits.ts';
import type { GuestVirtual } from '../../base/address.ts';
import type { Guest } from '../guest.ts';
import { rightsIn } from '../shadow-paging/rights.ts';
import { neededRoot } from '../shadow-paging/shadow-roots.ts';
import { GLOBAL_PAGE } from '../shadow-paging/shadow-table.ts';
import { PTE } from '../shadow-paging/sv39.ts';
import { STATUS_LOW } from '../virtual-hart/virtual-csrs.ts';
import type { GrantedSlice } from './granted-slice.ts';

/** Whether an access may go through: where the guest's own M mode stands in the way, the VMM must look at each. */
export function mayMapSlice({ hart }: Guest): boolean {
  return hart.csrs.regions.open && !hart.modifiesPrivilege;
}

export function mapSlice({ hart, shadow, log }: Guest, slice: GrantedSlice, { va, leaf, level, global }: { readonly va: GuestVirtual; readonly leaf: bigint; readonly level: number; readonly global: boolean }): void {
  const root = neededRoot(hart);
  // Registers are never executed, whatever the guest's table says.
  const rights = rightsIn(root, leaf, (hart.csrs.statusLow & STATUS_LOW.MXR) !== 0, hart.bugs) & ~PTE.X;
  log.step('pass-through.map', () => ({ va: hex(va), page: hex(slice.registers) }));
  shadow.map(va, slice.registers, { rights: global ? rights | GLOBAL_PAGE : rights, level, superpage: undefined, root });
}
