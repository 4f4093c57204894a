/**
 * The calls of a guest kernel that knows that it is a guest. Each does at once what would otherwise take a trap for every instruction or every
 * page; none gives the guest anything that it could not have had by those traps. What it passes is its own word, and is checked as such.
 */
import { guestPhysical, guestVirtual, PAGE_SIZE } from '../../base/address.ts';
import { hex, u64 } from '../../base/bits.ts';
import type { SbiAnswer } from '../../machine/firmware/sbi.ts';
import type { Guest } from '../guest.ts';
import { fillShadow } from '../shadow-paging/fill.ts';
import { isLeaf, PTE } from '../shadow-paging/sv39.ts';
import { walkGuest } from '../shadow-paging/walk-guest.ts';
import { isTranslationMode, SATP_BARE } from '../virtual-hart/virtual-csrs.ts';
import { HYPERCALL, hypercallName, MOST_CONSOLE_BYTES, MOST_FENCED_PAGES, MOST_UPDATES, UPDATE_BYTES } from './interface.ts';
import type { SharedState } from './shared-state.ts';

const SUCCESS = 0n;
const NOT_SUPPORTED = -2n;
const INVALID_PARAMETER = -3n;
const INVALID_ADDRESS = -5n;
const PAGE = BigInt(PAGE_SIZE);
/** An address space identifier has 16 bits; all ones names every one. */
const ASID_BITS = 0xffffn;
const EVERY_SPACE = (1n << 64n) - 1n;

const answer = (error: bigint, value = 0n): SbiAnswer => ({ kind: 'return', error: u64(error), value });

export function hypercall(guest: Guest, shared: SharedState, fn: bigint, args: readonly bigint[]): SbiAnswer {
  const [a0 = 0n, a1 = 0n, a2 = 0n] = args;
  guest.log.step('hypercall.made', () => ({ call: hypercallName(fn), a0: hex(a0), a1: hex(a1) }));
  switch (fn) {
    case HYPERCALL.updateTables: return updateTables(guest, a0, a1);
    case HYPERCALL.switchTable: return switchTable(guest, a0, a1);
    case HYPERCALL.fenceRange: return fenceRange(guest, a0, a1, a2);
    case HYPERCALL.writeConsole: return writeConsole(guest, a0, a1);
    case HYPERCALL.shareState: return shared.place(a0) ? answer(SUCCESS) : answer(INVALID_ADDRESS);
    default: return answer(NOT_SUPPORTED);
  }
}

/**
 * The stores to the guest's tables and the fences behind them, all at once. The whole list is looked at before anything of it is done. A page
 * that the new entry lets its user have is mapped at once, so that its first use does not trap either.
 */
function updateTables(guest: Guest, list: bigint, count: bigint): SbiAnswer {
  if (count > BigInt(MOST_UPDATES)) return answer(INVALID_PARAMETER);
  const { memory, shadow } = guest;
  const bytes = memory.copyOut(guestPhysical(list), Number(count) * UPDATE_BYTES);
  if (!bytes) return answer(INVALID_ADDRESS);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const updates = Array.from({ length: Number(count) }, (_, n) => {
    const at = n * UPDATE_BYTES;
    return { entryAt: view.getBigUint64(at, true), entry: view.getBigUint64(at + 8, true), va: guestVirtual(view.getBigUint64(at + 16, true)) };
  });
  if (updates.some(({ entryAt }) => entryAt % 8n !== 0n || !memory.contains(entryAt, 8))) return answer(INVALID_ADDRESS);
  for (const { entryAt, entry } of updates) memory.write(guestPhysical(entryAt), 8, entry);
  for (const { va } of updates) shadow.fence(va);
  for (const { entry, va } of updates) {
    if ((entry & (PTE.V | PTE.U | PTE.A)) === (PTE.V | PTE.U | PTE.A) && isLeaf(entry)) mapForUser(guest, va & ~(PAGE - 1n));
  }
  return answer(SUCCESS, count);
}

/** What the user's first load would do after its page fault: the same walk, the same rights; and a page that it could not load stays unmapped. */
function mapForUser({ hart, memory, shadow, log }: Guest, address: bigint): void {
  const va = guestVirtual(address);
  // An eager table is copied as a whole before the guest goes on.
  if (shadow.variant === 'eager' || hart.csrs.get('satp') >> 60n === SATP_BARE) return;
  const walk = walkGuest(hart, memory, log, va, 'load', 'U');
  if (walk.found === 'page' && memory.contains(walk.gpa, 1)) fillShadow(hart, memory, shadow, log, { va, access: 'load', ...walk }, 'user');
}

/** `csrw satp`, and with flag 1 `sfence.vma` for its address space behind it. */
function switchTable({ hart, shadow }: Guest, satp: bigint, flags: bigint): SbiAnswer {
  if (flags > 1n) return answer(INVALID_PARAMETER);
  // The instruction would change nothing; a call can say so.
  if (!isTranslationMode(Number(satp >> 60n))) return answer(INVALID_PARAMETER);
  hart.csrs.write('satp', satp);
  shadow.satpWritten();
  if (flags === 1n) shadow.fence(undefined, satp >> 44n & ASID_BITS);
  return answer(SUCCESS);
}

/** `sfence.vma` for every page of a range; of one address space, or of all when `space` is all ones. */
function fenceRange({ shadow }: Guest, start: bigint, size: bigint, space: bigint): SbiAnswer {
  if (space !== EVERY_SPACE && space > ASID_BITS) return answer(INVALID_PARAMETER);
  const asid = space === EVERY_SPACE ? undefined : space;
  const first = start & ~(PAGE - 1n);
  const pages = (start - first + size + PAGE - 1n) / PAGE;
  if (pages > BigInt(MOST_FENCED_PAGES)) shadow.fence(undefined, asid);
  else for (let n = 0n; n < pages; n += 1n) shadow.fence(guestVirtual(u64(first + n * PAGE)), asid);
  return answer(SUCCESS);
}

/** Characters out of the guest's memory: one trap for as many as there are. */
function writeConsole({ memory, devices }: Guest, address: bigint, length: bigint): SbiAnswer {
  const bytes = memory.copyOut(guestPhysical(address), Number(length < BigInt(MOST_CONSOLE_BYTES) ? length : BigInt(MOST_CONSOLE_BYTES)));
  if (!bytes) return answer(INVALID_ADDRESS);
  for (const byte of bytes) devices.putCharacter(byte);
  return answer(SUCCESS, BigInt(bytes.length));
}
