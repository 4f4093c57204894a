/**
 * An Sv39 or Sv48 walk to look at: every entry that stands on the way of a virtual address, without side effects and without asking who may
 * use it (privileged manual, "Virtual Address Translation Process"); and all pages of a table, beside each other as runs.
 */
import { bit, bits, signExtend } from '../base/bits.ts';
import type { MappingRun, Mappings, Walk, WalkFailure, WalkLevel } from '../protocol/translation.ts';

/** Levels of a table by satp.MODE (Sv39 and Sv48). */
const LEVELS: Readonly<Record<string, number>> = { 8: 3, 9: 4 };
const ENTRIES = 512;
const FLAGS = 0xffn;
/** A guest may build tables that lead back to themselves; and more runs than these nobody reads. */
const MOST_TABLES = 8192;
const MOST_RUNS = 20_000;

/** Reads an entry at a physical address of the table's own space; undefined where there is no memory. */
export type ReadEntry = (at: bigint) => bigint | undefined;

const tableOf = (entry: bigint): bigint => bits(entry, 53, 10) << 12n;
const isLeaf = (entry: bigint): boolean => bit(entry, 1) || bit(entry, 3);
/** Not valid, or writable and not readable, which is reserved. */
const isNothing = (entry: bigint): boolean => !bit(entry, 0) || (!bit(entry, 1) && bit(entry, 2));
const isMisaligned = (entry: bigint, level: number): boolean => level > 0 && bits(tableOf(entry), 11 + 9 * level, 12) !== 0n;

export function walkTable(table: Walk['table'], satp: bigint, va: bigint, read: ReadEntry): Walk {
  const depth = LEVELS[String(bits(satp, 63, 60))];
  if (depth === undefined) return { va, table, levels: [], result: { ok: true, pa: va, leaf: undefined } };
  const levels: WalkLevel[] = [];
  const failed = (why: WalkFailure): Walk => ({ va, table, levels, result: { ok: false, why } });
  if (signExtend(va, 12 + 9 * depth) !== va) return failed('address');
  let base = bits(satp, 43, 0) << 12n;
  for (let level = depth - 1; level >= 0; level -= 1) {
    const low = 12 + 9 * level;
    const index = bits(va, low + 8, low);
    const entryAt = base + index * 8n;
    const entry = read(entryAt);
    if (entry === undefined) return failed('no-memory');
    levels.push({ level, index: Number(index), entryAt, entry });
    if (isNothing(entry)) return failed('invalid');
    if (isLeaf(entry)) {
      if (isMisaligned(entry, level)) return failed('misaligned');
      return { va, table, levels, result: { ok: true, pa: tableOf(entry) | bits(va, low - 1, 0), leaf: { entry, level } } };
    }
    base = tableOf(entry);
  }
  return failed('no-leaf');
}

/** Puts pages together that stand beside each other in both spaces and have the same flags. */
export class Runs {
  readonly runs: MappingRun[] = [];
  cut = false;

  add(from: bigint, to: bigint, page: bigint, flags: number, bytes = page): void {
    const last = this.runs.at(-1);
    if (last?.flags === flags && last.page === page && last.from + last.bytes === from && last.to + last.bytes === to) {
      this.runs[this.runs.length - 1] = { ...last, bytes: last.bytes + bytes };
      return;
    }
    if (this.runs.length >= MOST_RUNS) this.cut = true;
    else this.runs.push({ from, to, bytes, flags, page });
  }
}

/** Every valid leaf of a table; none with paging off. */
export function mappingsOf(satp: bigint, read: ReadEntry): Mappings {
  const depth = LEVELS[String(bits(satp, 63, 60))];
  const found = new Runs();
  let tables = 0;
  const look = (base: bigint, level: number, va: bigint): void => {
    if (tables >= MOST_TABLES || read(base) === undefined) {
      found.cut ||= tables >= MOST_TABLES;
      return;
    }
    tables += 1;
    const page = 1n << BigInt(12 + 9 * level);
    for (let index = 0; index < ENTRIES; index += 1) {
      const entry = read(base + BigInt(8 * index));
      if (entry === undefined || isNothing(entry)) continue;
      const here = va + BigInt(index) * page;
      if (!isLeaf(entry)) {
        if (level > 0) look(tableOf(entry), level - 1, here);
      } else if (!isMisaligned(entry, level)) found.add(signExtend(here, 12 + 9 * depth!), tableOf(entry), page, Number(entry & FLAGS));
    }
  };
  if (depth !== undefined) look(bits(satp, 43, 0) << 12n, depth - 1, 0n);
  return { runs: found.runs, cut: found.cut, tables };
}
