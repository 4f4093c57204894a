/** The causes of faults by the kind of the access (privileged manual, table of mcause values). */
import { CAUSE } from '../../isa/causes.ts';
import type { Access } from '../shadow-paging/walk-guest.ts';

export function accessOf(cause: number): Access {
  switch (cause) {
    case CAUSE.fetchPageFault: return 'fetch';
    case CAUSE.loadPageFault: return 'load';
    // Stores, store-conditionals and atomic operations.
    default: return 'store';
  }
}

export const pageFaultOf = (access: Access): number => PAGE_FAULT[access];
/** Of an access to where there is nothing, or where it is forbidden. */
export const accessFaultOf = (access: Access): number => ACCESS_FAULT[access];

const PAGE_FAULT: Readonly<Record<Access, number>> = { fetch: CAUSE.fetchPageFault, load: CAUSE.loadPageFault, store: CAUSE.storePageFault };
const ACCESS_FAULT: Readonly<Record<Access, number>> = { fetch: CAUSE.fetchAccessFault, load: CAUSE.loadAccessFault, store: CAUSE.storeAccessFault };
