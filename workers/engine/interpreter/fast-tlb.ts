/** The inline check of the fast TLBs (their format is that of machine/mmu): index, tag, host offset. */
import type { Access } from '../../isa/meaning.ts';
import { FAST_TLB } from '../../machine/memory-layout.ts';
import type { FunctionBody } from '../lowering/function-body.ts';
import type { Push } from '../lowering/lower.ts';

const ENTRY_BYTES = 16;
const ENTRIES = 256;
export const KIND_BYTES = ENTRIES * ENTRY_BYTES;
export const BANK_BYTES = 3 * KIND_BYTES;

/** The byte offset of each kind's array in a mode's bank. An atomic access needs what a store needs. */
export const LOAD = 0;
export const STORE = KIND_BYTES;
export const FETCH = 2 * KIND_BYTES;
export const TLB_KIND: Readonly<Record<Access, number>> = { load: LOAD, store: STORE, amo: STORE, fetch: FETCH };

/** The offset, in the bank that `bank` pushes, of the entry for an address. */
export function pushEntry(body: FunctionBody, address: number, bank: Push): void {
  body.localGet(address);
  body.i64Const(8n);
  body.op('i64_shr_u');
  body.op('i32_wrap_i64');
  body.i32Const((ENTRIES - 1) * ENTRY_BYTES);
  body.op('i32_and');
  bank();
  body.op('i32_add');
}

/** Takes the entry's offset from the stack. */
export function pushTag(body: FunctionBody, kind: number): void {
  body.memory('i64_load', FAST_TLB + kind);
}

/** The linear-memory offset of the address, by the entry that has just matched. */
export function pushHost(body: FunctionBody, address: number, entry: number, kind: number): void {
  body.localGet(address);
  body.op('i32_wrap_i64');
  body.localGet(entry);
  body.memory('i32_load', FAST_TLB + kind + 8);
  body.op('i32_add');
}
