/** The VMM's half without the VMM: a guest's memory, its virtual hart with paging on, and the shadow tables made from its own. */
import { guestPhysical, guestVirtual, hostPhysical, PAGE_SIZE } from '../../workers/base/address.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { silentProbe } from '../../workers/trace/probe.ts';
import { GuestMemory } from '../../workers/vmm/guest-memory.ts';
import { HostFrames } from '../../workers/vmm/host-frames.ts';
import { RealHart } from '../../workers/vmm/real-hart.ts';
import { AddressSpaces } from '../../workers/vmm/shadow-paging/address-spaces.ts';
import { fillShadow } from '../../workers/vmm/shadow-paging/fill.ts';
import { PagePool } from '../../workers/vmm/shadow-paging/page-pool.ts';
import { ShadowRoots, type ShadowRoot, type ShadowVariant } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { walkGuest, type Access } from '../../workers/vmm/shadow-paging/walk-guest.ts';
import { StepLog } from '../../workers/vmm/step-log.ts';
import { VirtualHart, type VirtualMode } from '../../workers/vmm/virtual-hart/virtual-hart.ts';
import { PageTable } from './page-table.ts';
import { createBench, INTERPRETER } from './targets.ts';

export interface GuestSize {
  readonly ramBytes: number;
  readonly guestBytes: number;
  /** How much further up than it believes its memory stands, once it has been given it. */
  readonly hostOffset: bigint;
  readonly poolPages: number;
  /** Given in pieces of 2 MiB, where there are any. */
  readonly pieces: boolean;
}

/** Too small for a superpage. */
export const SMALL_GUEST: GuestSize = { ramBytes: 1 << 20, guestBytes: 256 << 10, hostOffset: 512n << 10n, poolPages: 64, pieces: true };
/** Where the guest's own tables stand. */
export const TABLES = RAM_BASE + 0x1_0000n;

export async function shadowBench(variant: ShadowVariant = 'lazy', { ramBytes, guestBytes, hostOffset, poolPages, pieces }: GuestSize = SMALL_GUEST) {
  const bench = await createBench(INTERPRETER, { ramBytes });
  const { ram, hart: realHart } = bench;
  realHart.mode = 'S';
  const log = new StepLog(silentProbe);
  const real = new RealHart(realHart, log);
  const hart = new VirtualHart(real, log);
  const frames = new HostFrames(ram, hostPhysical(RAM_BASE + hostOffset), guestBytes / PAGE_SIZE);
  const memory = new GuestMemory(ram, frames, { owner: 0, bytes: guestBytes, pieces });
  const pool = new PagePool(ram, hostPhysical(RAM_BASE), poolPages).share(0);
  const shadow = new ShadowRoots({ memory: ram, pool, spaces: new AddressSpaces(() => { real.fenceVma(); }), real, log }, hart, memory, variant);
  const table = new PageTable({
    read: (address, size) => memory.read(guestPhysical(address), size),
    write: (address, size, value) => { memory.write(guestPhysical(address), size, value); },
  }, TABLES);
  hart.csrs.write('satp', table.satp());

  return {
    hart, memory, shadow, table, pool,
    /** The shadow entry for an address; undefined where there is none. */
    entry: (root: ShadowRoot, va: bigint): bigint | undefined => shadow.table(root)?.leaf(va)?.entry,
    set: (mode: VirtualMode, status: bigint) => {
      hart.mode = mode;
      hart.csrs.write('sstatus', status);
    },
    walk: (va: bigint, access: Access) => walkGuest(hart, memory, log, guestVirtual(va), access),
    /** As a hidden fault: walks and fills; whether the guest's table allows it. */
    touch: (va: bigint, access: Access): boolean => {
      const walk = walkGuest(hart, memory, log, guestVirtual(va), access);
      if (walk.found !== 'page') return false;
      if (access === 'store') shadow.storeTo(walk.gpa);
      fillShadow(hart, memory, shadow, log, { va: guestVirtual(va), access, ...walk });
      return true;
    },
    /** What the real hart finds in U mode, with the table that the guest needs now in satp: a real address, or the cause of a fault. */
    onRealHart: (va: bigint, access: 0 | 1 | 2): bigint | number => {
      shadow.install();
      realHart.mode = 'U';
      const outcome = bench.attempt('translate', va, access);
      realHart.mode = 'S';
      return 'cause' in outcome ? outcome.cause : outcome.result as bigint;
    },
  };
}
