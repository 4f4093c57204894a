/**
 * The engine's linear memory, drawn once. The hart's state, the address-translation caches, the decoded code and the guest's
 * RAM all live in one WebAssembly memory, so that translated code reaches each with one instruction and a snapshot is a copy.
 *
 *   0x0000_0000  hart state            4 KiB   (hart/state.ts names the slots)
 *   0x0000_1000  trap log              ring of TRAP_LOG_ENTRIES records of 64 bytes (hart/trap-log.ts)
 *   0x0001_1000  PMP regions           16 unpacked regions of 32 bytes (mmu/pmp.ts)
 *   0x0002_0000  fast TLBs             per mode {U,S,M,VU,VS} x {load, store, fetch} x 256 entries x 16 bytes
 *   0x0003_0000  translated code       what a region of it tells the run loop on leaving, margins by region, counters; logs of the fast TLBs; watched ranges
 *   0x0004_0000  architectural TLB     what sfence.vma acts on (mmu/tlb.ts); at its end what hfence.gvma acts on (mmu/second-stage.ts)
 *   0x0008_0000  page map              u32 per RAM page: index of its decoded page + 1, or 0
 *   ....         code granules         u64 per RAM page: a bit per 64 bytes that hold decoded code
 *   ....         decoded pages         DECODED_PAGES x 2048 slots x 16 bytes
 *   ....         translations          u32 per slot: which region of translated code is entered there, and where in it; or 0
 *   ....         RAM                   last, so that the constants above stay small
 *
 * Every part except the decoded and translated code and the fast TLBs is part of the machine's state; those are caches.
 */
export const HART_STATE = 0;
export const TRAP_LOG = 0x1000;
export const TRAP_LOG_ENTRIES = 1024;
export const TRAP_LOG_ENTRY_BYTES = 64;
export const PMP_TABLE = 0x1_1000;
export const FAST_TLB = 0x2_0000;
/** Where a region of translated code says how it was left: the slot of an instruction to be run out of line, or 0, and the pc. */
export const EXIT = { slot: 0x3_0000, pc: 0x3_0008 } as const;
/**
 * Counters of an engine's work (u64 each; trace/engine-work.ts). They are no part of the machine's state.
 */
export const COUNTERS = {
  regionsEntered: 0x3_0010, leftForInstruction: 0x3_0018, leftForInterpreter: 0x3_0020, leftForBudget: 0x3_0028, translatedSteps: 0x3_0030, fastTlbFills: 0x3_0038, pageWalks: 0x3_0040,
} as const;
/** u16 by region: with how many steps left it may be entered. */
export const REGION_MARGINS = 0x3_1000;
export const MOST_REGIONS = 4096;
/** What was filled into the fast TLBs since they were emptied (mmu/fast-tlb.ts). */
export const FAST_TLB_LOGS = 0x3_4000;
/** The user's watched ranges of memory (mmu/watchpoints.ts): configuration, no state of the machine. */
export const WATCHED_RANGES = 0x3_f000;
export const ARCHITECTURAL_TLB = 0x4_0000;
/** Part of it: what is remembered of the second stage alone. */
export const SECOND_STAGE_TLB = 0x7_0000;
export const PAGE_MAP = 0x8_0000;

/** Where RAM begins in the physical address space (QEMU virt). */
export const RAM_BASE = 0x8000_0000n;

export interface MemoryLayout {
  readonly ramBytes: number;
  readonly pageMap: number;
  readonly codeGranules: number;
  readonly decodedPages: number;
  readonly decodedPageCount: number;
  readonly translations: number;
  /** Linear-memory offset of the first byte of RAM. */
  readonly ram: number;
  readonly totalBytes: number;
}

export const DECODED_SLOT_BYTES = 16;
/** One slot for each 2-byte parcel of a 4 KiB page. */
export const DECODED_PAGE_BYTES = 2048 * DECODED_SLOT_BYTES;

/** Bytes of slot for each byte of `translations`. */
export const SLOTS_PER_TRANSLATION = 4;

const align = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Lays out the memory for a machine with `ramBytes` of RAM (a multiple of 4 KiB). */
export function layoutMemory(ramBytes: number, decodedPageCount = 1024): MemoryLayout {
  const pages = ramBytes / 4096;
  const codeGranules = align(PAGE_MAP + pages * 4, 4096);
  const decodedPages = align(codeGranules + pages * 8, 65536);
  const translations = decodedPages + decodedPageCount * DECODED_PAGE_BYTES;
  const ram = align(translations + (decodedPageCount * DECODED_PAGE_BYTES) / SLOTS_PER_TRANSLATION, 65536);
  return { ramBytes, pageMap: PAGE_MAP, codeGranules, decodedPages, decodedPageCount, translations, ram, totalBytes: align(ram + ramBytes, 65536) };
}
