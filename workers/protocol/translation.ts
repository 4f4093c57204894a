/** How an address is translated, in all of its tables: what the page shows of paging. */
import type { Mode } from '../trace/events.ts';

export const ACCESS_KINDS = ['fetch', 'load', 'store'] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];

/** One level of a page-table walk. */
export interface WalkLevel {
  readonly level: number;
  /** Which of the table's 512 entries: nine bits of the address. */
  readonly index: number;
  /** Where the entry stands, in the table's own physical space. */
  readonly entryAt: bigint;
  readonly entry: bigint;
}

export interface Walk {
  readonly va: bigint;
  /** `guest`: the guest's own table (gva to gpa); `shadow`: the real satp's (gva to hpa). */
  readonly table: 'guest' | 'shadow';
  readonly levels: readonly WalkLevel[];
  readonly result:
    | { readonly ok: true; readonly pa: bigint; /** The leaf, and its level; undefined with paging off. */ readonly leaf: { readonly entry: bigint; readonly level: number } | undefined }
    | { readonly ok: false; readonly why: WalkFailure };
}

/** Why a walk ends without a page. */
export type WalkFailure = 'address' | 'no-memory' | 'invalid' | 'misaligned' | 'no-leaf';

/** What stands at a guest-physical address; a slice is a piece of a real device that was given to the guest. */
export type GuestPlace = { readonly is: 'memory'; /** Undefined while the guest has not used it: then no real page has been given to it. */ readonly hpa: bigint | undefined } | { readonly is: 'slice'; readonly hpa: bigint } | { readonly is: 'device'; readonly name: string } | { readonly is: 'nothing' };

/** Why the shadow entry says something else than the guest's. The page has a sentence for each. */
export const RIGHTS_REASONS = [
  'paging-off', 'not-filled', 'not-for-this-root', 'dirty-first', 'watched-table', 'sum-no-execute', 'mxr-read', 'regions', 'user-inverted', 'marks-set', 'pieces', 'stale', 'device', 'nothing',
] as const;
export type RightsReason = (typeof RIGHTS_REASONS)[number];

/**
 * What such an access does now, and so which table decides:
 *   bare-off, bare-through, bare-fault   there is one table at most: the kernel's
 *   through        the shadow table lets it pass: the hardware asks no other
 *   hidden-fault   the shadow table refuses, the guest's allows: the VMM fills the page in
 *   guest-fault    the guest's table refuses: the fault is the guest's own
 *   device, nothing   the guest's table allows, but the VMM's memory map has no memory there
 *   carried-out    the VMM does the access itself, no page can let it through
 */
export const VERDICTS = ['bare-off', 'bare-through', 'bare-fault', 'through', 'hidden-fault', 'guest-fault', 'device', 'nothing', 'carried-out'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Translation {
  readonly va: bigint;
  readonly access: AccessKind;
  /** The mode whose rights count: the guest's virtual one under a VMM. */
  readonly mode: Mode;
  readonly guest: Walk;
  /** Under a VMM, where the guest's walk found a page. */
  readonly place: GuestPlace | undefined;
  readonly shadow: Walk | undefined;
  /** Name of the shadow table in the real satp. */
  readonly root: string | undefined;
  readonly reasons: readonly RightsReason[];
  readonly verdict: Verdict;
}

/** Pages beside each other in both spaces, with the same flags. */
export interface MappingRun {
  readonly from: bigint;
  readonly bytes: bigint;
  readonly to: bigint;
  /** The low eight bits of the leaf; of the memory map none. */
  readonly flags: number;
  /** Bytes of one page. */
  readonly page: bigint;
}

export interface Mappings {
  readonly runs: readonly MappingRun[];
  /** There is more than one call gives. */
  readonly cut: boolean;
  /** Pages that the tables themselves take. */
  readonly tables: number;
}

export const MAPPING_KINDS = ['guest', 'memory', 'shadow'] as const;
export type MappingKind = (typeof MAPPING_KINDS)[number];

/** The memory that shadow tables take. */
export interface ShadowUse {
  readonly tables: readonly { readonly root: string; readonly satp: bigint; readonly pages: number; readonly current: boolean }[];
  /** Pages of the pool: in use now, at most so far, and all. */
  readonly used: number;
  readonly most: number;
  readonly all: number;
}
