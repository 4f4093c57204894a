/** A snippet: what one random test does, as a list of units that can be dropped one by one while a difference is made smaller. */
import { encode, type Operands } from '../../workers/isa/encode.ts';
import type { InstructionRow } from '../../workers/isa/row.ts';
import { PLACE } from './harness.ts';

export interface Item {
  readonly word: number;
  readonly length: 2 | 4;
  /** A pc-relative instruction: its offset is to the unit that stands `units` further on (or at the end). */
  readonly jump?: { readonly row: InstructionRow; readonly operands: Operands; readonly units: number };
}

/** Instructions that stay together. */
export type Unit = readonly Item[];

export interface Poke {
  readonly address: bigint;
  readonly value: bigint;
}

export interface CsrSetting {
  readonly csr: number;
  readonly value: bigint;
}

export interface Snippet {
  /** CSRs that are written, in M mode, before the body. */
  readonly setup: readonly CsrSetting[];
  readonly pokes: readonly Poke[];
  readonly body: readonly Unit[];
  /** mstatus when the body is entered; MPP and MPV say in which mode. */
  readonly mstatus: bigint;
  /** x1 to x31. */
  readonly x: readonly bigint[];
  /** f0 to f31. */
  readonly f: readonly bigint[];
  readonly fcsr: bigint;
  /** Where the body is entered when that is not where it stands: a virtual address that the pokes map to `bodyAt`. */
  readonly entry: bigint | undefined;
  /** Where the body stands, when the snippet needs to know: a page of the arena; else anywhere. */
  readonly bodyAt: bigint | undefined;
  /** What is read of CSRs is in a0 only, and the CSR's number then in a7. */
  readonly readsCsrs?: boolean;
}

export const item = (row: InstructionRow, operands: Operands): Item => ({ word: encode(row, operands), length: row.length });
export const jump = (row: InstructionRow, operands: Operands, units: number): Item => ({ word: 0, length: row.length, jump: { row, operands, units } });

const ECALL: Item = { word: 0x73, length: 4 };

/** The bytes of a body, which ends with an `ecall` that does not count. */
export function layOut(body: readonly Unit[]): { readonly bytes: Uint8Array; readonly size: number } {
  const starts: number[] = [];
  let size = 0;
  for (const unit of body) {
    starts.push(size);
    for (const { length } of unit) size += length;
  }
  const bytes = new Uint8Array(size + ECALL.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (entry: Item, word: number): void => {
    view.setUint16(at, word & 0xffff, true);
    if (entry.length === 4) view.setUint16(at + 2, word >>> 16, true);
    at += entry.length;
  };
  for (const [index, unit] of body.entries()) {
    for (const entry of unit) {
      if (!entry.jump) {
        put(entry, entry.word);
        continue;
      }
      const { row, operands, units } = entry.jump;
      const target = starts[Math.max(0, index + units)] ?? size;
      put(entry, encode(row, { ...operands, imm: target - at }));
    }
  }
  put(ECALL, ECALL.word);
  return { bytes, size };
}

/** A page of the arena. */
export const arenaPage = (n: number): bigint => PLACE.arena + BigInt(n) * 4096n;
