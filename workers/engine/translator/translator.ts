/**
 * Which code is hot, what becomes of it, and when it is forgotten. The interpreter tells now and then which slot it is at; where that is
 * often the same granule, the code around it becomes a region (control-flow.ts), a function of WebAssembly (emit-region.ts).
 */
import type { Procedure } from '../../isa/meaning.ts';
import { DECODED_PAGE_BYTES, MOST_REGIONS, REGION_MARGINS, SLOTS_PER_TRANSLATION, type MemoryLayout } from '../../machine/memory-layout.ts';
import type { CodeCache } from '../interpreter/code-cache.ts';
import type { UpperTier } from '../interpreter/interpreter.ts';
import { REGION_SIGNATURE, SELECTOR_BITS } from '../interpreter/regions.ts';
import { NOT_DECODED, SLOT } from '../interpreter/slots.ts';
import { ModuleBuilder } from '../lowering/module-builder.ts';
import type { HighProduct } from '../lowering/lower.ts';
import { discover, edgesOf, runsOn, type Limits, type Region } from './control-flow.ts';
import { emitRegion } from './emit-region.ts';
import { structure, type Loop } from './structure.ts';

const PAGE = 4096;
const GRANULE = 64;
const GRANULES = PAGE / GRANULE;
/** A granule is looked at so many times and then left to the interpreter, until its page is decoded anew. */
const MOST_ATTEMPTS = 5;
/** How far back from a hot instruction its run is followed. */
const FURTHEST_BACK = 64;

export interface TranslatorSettings {
  /** The interpreter tells every so many instructions where it is; so often in one granule make it hot. */
  readonly samplePeriod: number;
  readonly samplesToTranslate: number;
  /** Of one region. */
  readonly limits: Limits;
  /** Regions held at once; the oldest goes first. */
  readonly mostRegions: number;
  /** Regions compiled at once. A module costs some 0.1 ms by itself. */
  readonly batch: number;
}

export const DEFAULT_SETTINGS: TranslatorSettings = { samplePeriod: 2039, samplesToTranslate: 48, limits: { instructions: 400, entries: 64 }, mostRegions: 2000, batch: 8 };

/** What the translator made and holds. */
export interface TranslatorStatistics {
  readonly regions: number;
  readonly compiled: number;
  readonly compileMilliseconds: number;
  readonly codeBytes: number;
  /** Instructions in the regions that are held. */
  readonly instructions: number;
  /** That had to go because there were too many. */
  readonly evicted: number;
}

interface Held {
  readonly index: number;
  readonly decodedPage: number;
  readonly region: Region;
  /** Slots at which it is entered, as linear-memory offsets. */
  readonly slots: readonly number[];
  /** A bit for each granule that it was made from. */
  readonly granules: bigint;
}

interface Candidate {
  readonly decodedPage: number;
  readonly region: Region;
}

export interface TranslatorParts {
  readonly memory: WebAssembly.Memory;
  readonly layout: MemoryLayout;
  readonly procedures: readonly Procedure[];
  readonly table: WebAssembly.Table;
  readonly settings: TranslatorSettings;
  /** Milliseconds, for the statistics. */
  readonly now: () => number;
}

export class Translator implements UpperTier {
  readonly #parts: TranslatorParts;
  readonly #view: DataView;
  readonly #samples: Uint16Array;
  readonly #attempts: Uint8Array;
  /** Of each decoded page, the offsets at which it was sampled. */
  readonly #places: (Set<number> | undefined)[] = [];
  /** By index in the table, in the order in which they were made. */
  readonly #held = new Map<number, Held>();
  readonly #byPage = new Map<number, Set<Held>>();
  readonly #free: number[] = Array.from({ length: MOST_REGIONS - 1 }, (_, n) => MOST_REGIONS - 1 - n);
  #queue: Candidate[] = [];
  #samplesSinceQueued = 0;
  #code!: CodeCache;
  #highProducts!: Readonly<Record<HighProduct, WebAssembly.ExportValue>>;
  #compiled = 0;
  #milliseconds = 0;
  #codeBytes = 0;
  #instructions = 0;
  #evicted = 0;

  constructor(parts: TranslatorParts) {
    this.#parts = parts;
    this.#view = new DataView(parts.memory.buffer);
    this.#samples = new Uint16Array(parts.layout.decodedPageCount * GRANULES);
    this.#attempts = new Uint8Array(parts.layout.decodedPageCount * GRANULES);
  }

  /** What exists only once the interpreter does. */
  connect(code: CodeCache, highProducts: Readonly<Record<HighProduct, WebAssembly.ExportValue>>): void {
    this.#code = code;
    this.#highProducts = highProducts;
  }

  get samplePeriod(): number { return this.#parts.settings.samplePeriod; }

  get statistics(): TranslatorStatistics {
    return { regions: this.#held.size, compiled: this.#compiled, compileMilliseconds: this.#milliseconds, codeBytes: this.#codeBytes, instructions: this.#instructions, evicted: this.#evicted };
  }

  // ---------------------------------------------------------------------------------------------- what is hot

  /** The interpreter is at this slot. */
  sampled(slot: number): void {
    const { layout, settings } = this.#parts;
    const inPages = slot - layout.decodedPages;
    // An instruction across two pages has no place of its own.
    if (inPages < 0) return;
    // What is hot may wait for company, but not long.
    if (this.#queue.length > 0 && (this.#samplesSinceQueued += 1) > settings.samplesToTranslate >> 1) this.#compile();
    const decodedPage = Math.floor(inPages / DECODED_PAGE_BYTES);
    const offset = (inPages % DECODED_PAGE_BYTES) / 8;
    const granule = decodedPage * GRANULES + (offset >>> 6);
    if (this.#attempts[granule]! >= MOST_ATTEMPTS) return;
    this.#samples[granule]! += 1;
    (this.#places[decodedPage] ??= new Set()).add(offset);
    // Each attempt waits for more than the last one.
    if (this.#samples[granule]! < settings.samplesToTranslate << this.#attempts[granule]!) return;
    this.#samples[granule] = 0;
    this.#attempts[granule]! += 1;
    this.#propose(decodedPage, offset, this.#attempts[granule]!);
    if (this.#queue.length >= settings.batch) this.#compile();
  }

  #propose(decodedPage: number, offset: number, attempt: number): void {
    const { layout, memory, settings } = this.#parts;
    const page = this.#code.page(decodedPage);
    // Where PMP divides a page every instruction is checked by itself.
    if (!page || page.divided) return;
    const bytes = new DataView(memory.buffer, layout.ram + page.ramPage * PAGE, PAGE);
    const available = (at: number): boolean => !this.#code.isBreakpointOffset(at);
    // What else is warm in the page belongs to it, as far as there is room: the targets of indirect jumps, above all.
    const warm = [offset, ...this.#places[decodedPage]!];
    const found = discover(bytes, [...new Set(warm.map((at) => this.#runStart(decodedPage, bytes, at)))], settings.limits, available);
    // The interpreter, wherever it is in a loop, comes to the head.
    const heads = loopsAround(found, warm, attempt === 1);
    const entries = [...new Set([...heads, ...found.entries])].slice(0, settings.limits.entries);
    if (entries.length === 0 || found.size < 2) return;
    // From now on, for a change before it is compiled matters, too.
    for (const { instructions } of found.blocks) this.#code.hold(page.ramPage, instructions[0]!.offset, instructions.at(-1)!.next);
    this.#queue.push({ decodedPage, region: { ...found, entries } });
    this.#samplesSinceQueued = 0;
  }

  /** The first instruction of the run that leads to this one, as far as it was ever decoded. */
  #runStart(decodedPage: number, page: DataView, offset: number): number {
    const slots = this.#parts.layout.decodedPages + decodedPage * DECODED_PAGE_BYTES;
    const runsInto = (at: number, length: 2 | 4): boolean =>
      at >= 0 && this.#view.getUint16(slots + at * 8 + SLOT.handler, true) !== NOT_DECODED && runsOn(page, at, length);
    let start = offset;
    for (let steps = 0; steps < FURTHEST_BACK; steps += 1) {
      if (runsInto(start - 2, 2)) start -= 2;
      else if (runsInto(start - 4, 4)) start -= 4;
      else break;
    }
    return start;
  }

  // ---------------------------------------------------------------------------------------------- making regions

  /** Makes what was found hot, all in one module. */
  #compile(): void {
    const candidates = this.#queue;
    this.#queue = [];
    const { layout, memory, procedures, table, now } = this.#parts;
    const begun = now();
    const module = new ModuleBuilder();
    module.importMemory(layout.totalBytes / 65536);
    const names = ['mulh_uu', 'mulh_su', 'mulh_ss'] as const;
    const highProducts = Object.fromEntries(names.map((name) => [name, module.importFunction(name, { params: ['i64', 'i64'], result: 'i64' })])) as Record<HighProduct, number>;
    const places = candidates.map(({ decodedPage }) => ({
      index: this.#takeIndex(),
      slots: layout.decodedPages + decodedPage * DECODED_PAGE_BYTES,
      translations: layout.translations + (decodedPage * DECODED_PAGE_BYTES) / SLOTS_PER_TRANSLATION,
    }));
    for (const [n, { region }] of candidates.entries()) {
      const index = module.declare(REGION_SIGNATURE, `region ${String(places[n]!.index)}`);
      module.define(index, (body) => { emitRegion(body, region, places[n]!, { highProducts, procedures }); });
      module.exportFunction(String(n), index);
    }
    const bytes = module.finish();
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory, ...this.#highProducts } });
    for (const [n, candidate] of candidates.entries()) {
      const { index, slots, translations } = places[n]!;
      table.set(index, instance.exports[String(n)]);
      this.#install(candidate, index, slots, translations);
    }
    this.#compiled += candidates.length;
    this.#codeBytes += bytes.length;
    this.#milliseconds += now() - begun;
  }

  #install({ decodedPage, region }: Candidate, index: number, pageSlots: number, translations: number): void {
    let granules = 0n;
    for (const { instructions } of region.blocks) {
      for (const { offset, next } of instructions) granules |= (1n << BigInt(offset >>> 6)) | (1n << BigInt((next - 1) >>> 6));
    }
    this.#view.setUint16(REGION_MARGINS + index * 2, region.size, true);
    // What it holds whole it replaces.
    const starts = new Set(region.blocks.map(({ start }) => start));
    for (const other of this.#byPage.get(decodedPage) ?? []) if (other.region.entries.every((entry) => starts.has(entry))) this.#drop(other);
    const slots: number[] = [];
    for (const [selector, entry] of region.entries.entries()) {
      const slot = pageSlots + entry * 8;
      if (!this.#code.enterAt(slot)) continue;
      this.#view.setUint32(translations + entry * 2, (index << SELECTOR_BITS) | selector, true);
      slots.push(slot);
    }
    const held: Held = { index, decodedPage, region, slots, granules };
    this.#held.set(index, held);
    this.#instructions += region.size;
    const ofPage = this.#byPage.get(decodedPage);
    if (ofPage) ofPage.add(held);
    else this.#byPage.set(decodedPage, new Set([held]));
    if (slots.length === 0) this.#drop(held);
  }

  #takeIndex(): number {
    if (this.#held.size >= this.#parts.settings.mostRegions || this.#free.length === 0) {
      const [oldest] = this.#held.values();
      if (oldest) {
        this.#drop(oldest);
        this.#evicted += 1;
      }
    }
    return this.#free.pop()!;
  }

  // ---------------------------------------------------------------------------------------------- forgetting

  #drop(held: Held): void {
    const { layout, table } = this.#parts;
    for (const slot of held.slots) {
      this.#view.setUint32(layout.translations + (slot - layout.decodedPages) / SLOTS_PER_TRANSLATION, 0, true);
      this.#code.leaveAt(slot);
    }
    table.set(held.index, null);
    this.#held.delete(held.index);
    this.#instructions -= held.region.size;
    this.#byPage.get(held.decodedPage)!.delete(held);
    this.#free.push(held.index);
  }

  forget(decodedPage: number, first: number, last: number): void {
    const mask = ((1n << BigInt(last - first + 1)) - 1n) << BigInt(first);
    for (const held of this.#byPage.get(decodedPage) ?? []) if ((held.granules & mask) !== 0n) this.#drop(held);
    this.#queue = this.#queue.filter((candidate) => candidate.decodedPage !== decodedPage);
    if (first === 0 && last === GRANULES - 1) {
      this.#samples.fill(0, decodedPage * GRANULES, (decodedPage + 1) * GRANULES);
      this.#attempts.fill(0, decodedPage * GRANULES, (decodedPage + 1) * GRANULES);
      this.#places[decodedPage] = undefined;
    }
  }

  forgetAll(): void {
    for (const held of this.#held.values()) this.#drop(held);
    this.#queue = [];
    this.#samples.fill(0);
    this.#attempts.fill(0);
    this.#places.length = 0;
  }
}

/** Where the loops begin that hold the instructions at these offsets, the outermost or the innermost ones, as offsets. */
function loopsAround(region: Region, offsets: readonly number[], outermost: boolean): readonly number[] {
  const { blocks, entries } = region;
  const blockAt = new Map(blocks.map(({ start }, index) => [start, index]));
  const blockOf = new Map(blocks.flatMap(({ instructions }, index) => instructions.map(({ offset }): [number, number] => [offset, index])));
  const loops = [...structure(edgesOf(region), entries.map((entry) => blockAt.get(entry)!)).loops.values()].toSorted((a, b) => a.head - b.head);
  if (loops.length === 0) return [];
  const heads = offsets.flatMap((offset) => {
    const block = blockOf.get(offset);
    if (block === undefined) return [];
    const holds = ({ head, last }: Loop): boolean => head <= block && block <= last;
    return (outermost ? loops.find(holds) : loops.findLast(holds))?.head ?? [];
  });
  return [...new Set(heads)].map((head) => blocks[head]!).filter(({ instructions }) => instructions[0]!.flow !== 'outside').map(({ start }) => start);
}
