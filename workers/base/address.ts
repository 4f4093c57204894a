/**
 * Branded 64-bit addresses, so that the three address spaces of virtualization cannot be mixed by accident.
 * All are unsigned 64-bit values in a bigint.
 */
declare const space: unique symbol;
/** What a guest's instruction uses. */
export type GuestVirtual = bigint & { readonly [space]: 'guest-virtual' };
/** What the guest believes to be physical: the output of its own page tables. */
export type GuestPhysical = bigint & { readonly [space]: 'guest-physical' };
/** What the machine's bus sees: the output of the real page tables. */
export type HostPhysical = bigint & { readonly [space]: 'host-physical' };

export const guestVirtual = (value: bigint): GuestVirtual => BigInt.asUintN(64, value) as GuestVirtual;
export const guestPhysical = (value: bigint): GuestPhysical => BigInt.asUintN(64, value) as GuestPhysical;
export const hostPhysical = (value: bigint): HostPhysical => BigInt.asUintN(64, value) as HostPhysical;

export const PAGE_SHIFT = 12n;
export const PAGE_SIZE = 4096;
