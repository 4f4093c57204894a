/**
 * An Sv39 or Sv48 walk to look at: every entry that stands on the way of a virtual address, without side effects and without asking who may
 * use it (privileged manual, "Virtual Address Translation Process").
 */
import { bit, bits, hex, signExtend } from '../base/bits.ts';
import type { Walk, WalkLevel } from '../protocol/lab-api.ts';

/** Levels of a table by satp.MODE (Sv39 and Sv48). */
const LEVELS: Readonly<Record<string, number>> = { 8: 3, 9: 4 };
const FLAGS = 'VRWXUGAD';

/** `R-XU-AD` and so on: a letter for each permission or state bit that is set, V left out. */
export const flagsOf = (entry: bigint): string => Array.from(FLAGS).slice(1).map((letter, index) => (bit(entry, index + 1) ? letter : '-')).join('');

/** Reads an entry at a physical address of the table's own space; undefined where there is no memory. */
export type ReadEntry = (at: bigint) => bigint | undefined;

export function walkTable(table: Walk['table'], satp: bigint, va: bigint, read: ReadEntry): Walk {
  const depth = LEVELS[String(bits(satp, 63, 60))];
  if (depth === undefined) return { va, table, levels: [], result: { ok: true, pa: va, flags: 'bare' } };
  const levels: WalkLevel[] = [];
  const failed = (reason: string): Walk => ({ va, table, levels, result: { ok: false, reason } });
  const width = 12 + 9 * depth;
  if (signExtend(va, width) !== va) return failed(`${hex(va)} is not a ${String(width)}-bit address: bits 63 to ${String(width)} must equal bit ${String(width - 1)}.`);
  let base = bits(satp, 43, 0) << 12n;
  for (let level = depth - 1; level >= 0; level -= 1) {
    const low = 12 + 9 * level;
    const entryAt = base + bits(va, low + 8, low) * 8n;
    const entry = read(entryAt);
    if (entry === undefined) return failed(`There is no memory at ${hex(entryAt)}, where the level ${String(level)} entry would stand.`);
    levels.push({ level, entryAt, entry });
    if (!bit(entry, 0) || (!bit(entry, 1) && bit(entry, 2))) return failed(`The level ${String(level)} entry is not valid.`);
    const next = bits(entry, 53, 10) << 12n;
    if (bit(entry, 1) || bit(entry, 3)) {
      const offset = bits(va, low - 1, 0);
      if (bits(next, low - 1, 12) !== 0n && level > 0) return failed(`The level ${String(level)} entry is a superpage that is not aligned to its size.`);
      return { va, table, levels, result: { ok: true, pa: next | offset, flags: flagsOf(entry) } };
    }
    base = next;
  }
  return failed('The level 0 entry points to a further table, and there is none.');
}
