/**
 * The isolation invariant, checked by tests after everything that the VMM does: whatever the guest did to its own page tables, no shadow
 * table leads anywhere but into the guest's memory, and to the registers of a slice that is the guest's.
 */
import { PAGE_SIZE } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { Prose } from '../../isa/row.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';
import { SUPERPAGE, type GuestMemory } from '../guest-memory.ts';
import type { GrantedSlice } from '../pass-through/granted-slice.ts';
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
  /** A piece of a real device that is the guest's. */
  readonly slice: GrantedSlice | undefined;
}

const prose = (en: string, zh: string): Prose => ({ en, 'zh-CN': zh });

/** One sentence about the first entry that breaks the invariant, or undefined. */
export function brokenIsolation(tables: ShadowTables): Prose | undefined {
  for (const { root, top, levels } of tables.shadow.tables) {
    const broken = brokenTable(tables, root, top, levels - 1);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

function brokenTable(tables: ShadowTables, root: ShadowRoot, table: bigint, level: number): Prose | undefined {
  if (!tables.pool.holds(table)) return prose(`In the shadow root ${root} a table at ${hex(table)} does not stand in the VMM's pool.`, `影子根 ${root} 中位于 ${hex(table)} 的表不在 VMM 的页池里。`);
  const bytes = tables.memory.bytes(table, PAGE_SIZE);
  for (let index = 0; index < ENTRIES; index += 1) {
    // Nearly all entries are empty, and a byte is quicker to read than an entry: this runs after every exit.
    if ((bytes[8 * index]! & VALID) === 0) continue;
    const at = table + BigInt(8 * index);
    const entry = tables.memory.read(at, 8);
    const broken = isLeaf(entry) ? brokenLeaf(tables, entry, level) : brokenPointer(tables, root, entry, level);
    if (broken === undefined) continue;
    // Of a table further down it is told already where.
    return isLeaf(entry) || level === 0 ? prose(`In the shadow root ${root} the level ${String(level)} entry ${hex(entry)} at ${hex(at)}: ${broken.en}`, `影子根 ${root} 中位于 ${hex(at)} 的第 ${String(level)} 级表项 ${hex(entry)}：${broken['zh-CN']}`) : broken;
  }
  return undefined;
}

function brokenPointer(tables: ShadowTables, root: ShadowRoot, entry: bigint, level: number): Prose | undefined {
  return level === 0 ? prose('it points to a further table below the last level.', '它在最后一级之下还指向一张表。') : brokenTable(tables, root, tableOf(entry), level - 1);
}

function brokenLeaf({ guest, slice }: ShadowTables, entry: bigint, level: number): Prose | undefined {
  if (level > 1) return prose('it maps a page of 1 GiB; the VMM makes pages of 4 KiB and 2 MiB only.', '它映射了 1 GiB 的页；VMM 只建立 4 KiB 与 2 MiB 的页。');
  const bytes = level === 0 ? PAGE_SIZE : Number(SUPERPAGE);
  if (isReserved(entry)) return prose('it has reserved bits.', '它含有保留位。');
  if ((entry & PTE.U) === 0n) return prose('it is not a user page, so the guest, which runs in U, cannot use it.', '它不是用户页，运行在 U 模式的客户机无法使用。');
  if (tableOf(entry) % BigInt(bytes) !== 0n) return prose('it maps a superpage that is not aligned.', '它映射了未对齐的大页。');
  if (slice && tableOf(entry) === slice.registers && level === 0) return (entry & PTE.X) === 0n ? undefined : prose('it lets the registers of a device be executed.', '它允许执行设备的寄存器。');
  if (!guest.owns(tableOf(entry), bytes)) return prose(`it leads to ${hex(tableOf(entry))}, which is not the guest's memory.`, `它通向 ${hex(tableOf(entry))}，那不是客户机的内存。`);
  return undefined;
}
