/** The user's watchpoints as the machine takes them: what is physical to a guest of a VMM stands in real memory page by page, where it was given any yet. */
import { PAGE_SIZE } from '../base/address.ts';
import type { WatchedRange } from '../machine/watched-memory.ts';
import type { Watchpoint } from '../protocol/lab-api.ts';

export interface WatchedRanges {
  readonly ranges: readonly WatchedRange[];
  /** Of each range the watchpoint that it is a part of, by its place. */
  readonly watchpoints: readonly number[];
}

/** `toHost` gives where a guest-physical address stands; undefined: nowhere (yet). */
export function watchedRanges(watches: readonly Watchpoint[], toHost: (address: bigint) => bigint | undefined): WatchedRanges {
  const ranges: WatchedRange[] = [];
  const watchpoints: number[] = [];
  for (const [index, { space, address, bytes, on }] of watches.entries()) {
    const parts = space === 'guest-physical' ? pages(address, bytes) : [{ at: address, count: bytes }];
    for (const { at, count } of parts) {
      const place = space === 'guest-physical' ? toHost(at) : at;
      if (place === undefined) continue;
      ranges.push({ space: space === 'current' ? 'virtual' : 'physical', address: place, bytes: count, on });
      watchpoints.push(index);
    }
  }
  return { ranges, watchpoints };
}

function pages(address: bigint, bytes: number): { readonly at: bigint; readonly count: number }[] {
  const parts = [];
  for (let done = 0; done < bytes;) {
    const at = address + BigInt(done);
    const count = Math.min(bytes - done, PAGE_SIZE - Number(at % BigInt(PAGE_SIZE)));
    parts.push({ at, count });
    done += count;
  }
  return parts;
}
