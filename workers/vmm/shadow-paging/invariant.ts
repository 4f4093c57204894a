/**
 * The isolation invariant, checked by tests after everything that the VMM does: whatever the guest did to its own page tables, no shadow
 * table leads anywhere but into the guest's memory.
 */
import { PAGE_SIZE } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';
import { SUPERPAGE, type GuestMemory } from '../guest-memory.ts';
import type { PoolShare } from './page-pool.ts';
import type { ShadowRoot, ShadowRoots } from './shadow-roots.ts';
import { ENTRIES, isLeaf, isReserved, PTE, tableOf } from './sv39.ts';

/** PTE.V in the first byte of an entry. */
const VALID = Number(PTE.V);

export interface ShadowTables {
  readonly memory: PhysicalMemory;
  readonly guest: GuestMemory;
  readonly pool: PoolShare;
  readonly shadow: ShadowRoots;
}

/** One sentence about the first entry that breaks the invariant, or undefined. */
export function brokenIsolation(tables: ShadowTables): string | undefined {
  for (const { root, top, levels } of tables.shadow.tables) {
    const broken = brokenTable(tables, root, top, levels - 1);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function brokenTable(tables: ShadowTables, root: ShadowRoot, table: bigint, level: number): string | undefined {
  const where = `In the shadow root ${root}`;
  if (!tables.pool.holds(table)) return `${where} a table at ${hex(table)} does not stand in the VMM's pool.`;
  const bytes = tables.memory.bytes(table, PAGE_SIZE);
  for (let index = 0; index < ENTRIES; index += 1) {
    // Nearly all entries are empty, and a byte is quicker to read than an entry: this runs after every exit.
    if ((bytes[8 * index]! & VALID) === 0) continue;
    const at = table + BigInt(8 * index);
    const entry = tables.memory.read(at, 8);
    const broken = isLeaf(entry) ? brokenLeaf(tables.guest, entry, level) : brokenPointer(tables, root, entry, level);
    if (broken !== undefined) return `${where} the level ${String(level)} entry ${hex(entry)} at ${hex(at)}: ${broken}`;
  }
  return undefined;
}

function brokenPointer(tables: ShadowTables, root: ShadowRoot, entry: bigint, level: number): string | undefined {
  return level === 0 ? 'it points to a further table below the last level.' : brokenTable(tables, root, tableOf(entry), level - 1);
}

function brokenLeaf(guest: GuestMemory, entry: bigint, level: number): string | undefined {
  if (level > 1) return 'it maps a page of 1 GiB; the VMM makes pages of 4 KiB and 2 MiB only.';
  const bytes = level === 0 ? PAGE_SIZE : Number(SUPERPAGE);
  if (isReserved(entry)) return 'it has reserved bits.';
  if ((entry & PTE.U) === 0n) return 'it is not a user page, so the guest, which runs in U, cannot use it.';
  if (tableOf(entry) % BigInt(bytes) !== 0n) return 'it maps a superpage that is not aligned.';
  if (!guest.owns(tableOf(entry), bytes)) return `it leads to ${hex(tableOf(entry))}, which is not the guest's memory.`;
  return undefined;
}
