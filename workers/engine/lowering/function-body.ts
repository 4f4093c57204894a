/**
 * One WebAssembly function as it is written: instructions in stack order, labels instead of relative depths, locals by type.
 * Method names are the specification's mnemonics in camel case; nothing here knows RISC-V.
 */
import { assert } from '../../base/assert.ts';
import type { Type } from '../../isa/meaning.ts';
import { ByteWriter } from './byte-writer.ts';

export const VALUE_TYPE: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e };

/** Opcodes without immediates, as in the specification's index of instructions. */
export const OPCODE = {
  unreachable: 0x00, return: 0x0f, drop: 0x1a, select: 0x1b,
  i32_eqz: 0x45, i32_eq: 0x46, i32_ne: 0x47, i32_lt_s: 0x48, i32_lt_u: 0x49, i32_gt_s: 0x4a, i32_gt_u: 0x4b, i32_le_s: 0x4c, i32_le_u: 0x4d, i32_ge_s: 0x4e, i32_ge_u: 0x4f,
  i64_eqz: 0x50, i64_eq: 0x51, i64_ne: 0x52, i64_lt_s: 0x53, i64_lt_u: 0x54, i64_gt_s: 0x55, i64_gt_u: 0x56, i64_le_s: 0x57, i64_le_u: 0x58, i64_ge_s: 0x59, i64_ge_u: 0x5a,
  i32_clz: 0x67, i32_ctz: 0x68, i32_popcnt: 0x69, i32_add: 0x6a, i32_sub: 0x6b, i32_mul: 0x6c, i32_div_s: 0x6d, i32_div_u: 0x6e, i32_rem_s: 0x6f, i32_rem_u: 0x70,
  i32_and: 0x71, i32_or: 0x72, i32_xor: 0x73, i32_shl: 0x74, i32_shr_s: 0x75, i32_shr_u: 0x76, i32_rotl: 0x77, i32_rotr: 0x78,
  i64_clz: 0x79, i64_ctz: 0x7a, i64_popcnt: 0x7b, i64_add: 0x7c, i64_sub: 0x7d, i64_mul: 0x7e, i64_div_s: 0x7f, i64_div_u: 0x80, i64_rem_s: 0x81, i64_rem_u: 0x82,
  i64_and: 0x83, i64_or: 0x84, i64_xor: 0x85, i64_shl: 0x86, i64_shr_s: 0x87, i64_shr_u: 0x88, i64_rotl: 0x89, i64_rotr: 0x8a,
  f32_sqrt: 0x91, f32_add: 0x92, f32_sub: 0x93, f32_mul: 0x94, f32_div: 0x95, f64_sqrt: 0x9f, f64_add: 0xa0, f64_sub: 0xa1, f64_mul: 0xa2, f64_div: 0xa3,
  f32_convert_i64_s: 0xb4, f32_demote_f64: 0xb6, f64_convert_i64_s: 0xb9, f64_promote_f32: 0xbb,
  i32_reinterpret_f32: 0xbc, i64_reinterpret_f64: 0xbd, f32_reinterpret_i32: 0xbe, f64_reinterpret_i64: 0xbf,
  i32_wrap_i64: 0xa7, i64_extend_i32_s: 0xac, i64_extend_i32_u: 0xad, i32_extend8_s: 0xc0, i32_extend16_s: 0xc1, i64_extend8_s: 0xc2, i64_extend16_s: 0xc3, i64_extend32_s: 0xc4,
} as const;
export type Opcode = keyof typeof OPCODE;

/** Loads and stores: opcode and the natural alignment's exponent. */
export const MEMORY = {
  i32_load: [0x28, 2], i64_load: [0x29, 3], i32_load8_s: [0x2c, 0], i32_load8_u: [0x2d, 0], i32_load16_s: [0x2e, 1], i32_load16_u: [0x2f, 1],
  i64_load8_s: [0x30, 0], i64_load8_u: [0x31, 0], i64_load16_s: [0x32, 1], i64_load16_u: [0x33, 1], i64_load32_s: [0x34, 2], i64_load32_u: [0x35, 2],
  i32_store: [0x36, 2], i64_store: [0x37, 3], i32_store8: [0x3a, 0], i32_store16: [0x3b, 1], i64_store8: [0x3c, 0], i64_store16: [0x3d, 1], i64_store32: [0x3e, 2],
} as const satisfies Record<string, readonly [number, number]>;
export type MemoryOp = keyof typeof MEMORY;

/** A branch target: the nesting depth at which its block was opened. */
export interface Label {
  readonly depth: number;
}

export class FunctionBody {
  readonly #code = new ByteWriter(1024);
  readonly #locals: Type[] = [];
  readonly #free: Record<Type, number[]> = { i32: [], i64: [] };
  readonly #parameters: number;
  #depth = 0;

  constructor(parameters: readonly Type[]) {
    this.#parameters = parameters.length;
  }

  /** A new local; parameters come before. */
  local(type: Type): number {
    const reused = this.#free[type].pop();
    if (reused !== undefined) return reused;
    this.#locals.push(type);
    return this.#parameters + this.#locals.length - 1;
  }

  /** Gives a local back: later code may use it for another value. */
  release(type: Type, index: number): void {
    this.#free[type].push(index);
  }

  op(name: Opcode): void {
    this.#code.byte(OPCODE[name]);
  }
  /** To a signed i64, towards zero; what does not fit gives the nearest that does, a NaN 0. */
  truncateSaturating(format: 'f32' | 'f64'): void {
    this.#code.byte(0xfc);
    this.#code.unsigned(format === 'f32' ? 4 : 6);
  }
  i32Const(value: number): void {
    this.#code.byte(0x41);
    this.#code.signed(value);
  }
  i64Const(value: bigint): void {
    this.#code.byte(0x42);
    this.#code.signed64(value);
  }
  localGet(index: number): void {
    this.#code.byte(0x20);
    this.#code.unsigned(index);
  }
  localSet(index: number): void {
    this.#code.byte(0x21);
    this.#code.unsigned(index);
  }
  localTee(index: number): void {
    this.#code.byte(0x22);
    this.#code.unsigned(index);
  }
  globalGet(index: number): void {
    this.#code.byte(0x23);
    this.#code.unsigned(index);
  }
  globalSet(index: number): void {
    this.#code.byte(0x24);
    this.#code.unsigned(index);
  }
  /** A load or store with a constant offset. Guest addresses may be misaligned, so the hint is that of one byte for them. */
  memory(op: MemoryOp, offset: number, aligned = true): void {
    const [opcode, align] = MEMORY[op];
    this.#code.byte(opcode);
    this.#code.unsigned(aligned ? align : 0);
    this.#code.unsigned(offset);
  }
  memoryFill(): void {
    this.#code.byte(0xfc);
    this.#code.unsigned(11);
    this.#code.byte(0);
  }
  call(functionIndex: number): void {
    this.#code.byte(0x10);
    this.#code.unsigned(functionIndex);
  }
  callIndirect(typeIndex: number, table: number): void {
    this.#code.byte(0x11);
    this.#code.unsigned(typeIndex);
    this.#code.unsigned(table);
  }

  block(body: (end: Label) => void, result?: Type): void {
    this.#structured(0x02, body, result);
  }
  /** A branch to the label goes back to the start. */
  loop(body: (start: Label) => void, result?: Type): void {
    this.#structured(0x03, body, result);
  }
  /** Takes its condition from the stack. */
  if(then: (end: Label) => void, otherwise?: (end: Label) => void, result?: Type): void {
    this.#structured(0x04, (end) => {
      then(end);
      if (!otherwise) return;
      this.#code.byte(0x05);
      otherwise(end);
    }, result);
  }
  br(label: Label): void {
    this.#code.byte(0x0c);
    this.#code.unsigned(this.#depth - label.depth);
  }
  brIf(label: Label): void {
    this.#code.byte(0x0d);
    this.#code.unsigned(this.#depth - label.depth);
  }
  brTable(labels: readonly Label[], otherwise: Label): void {
    this.#code.byte(0x0e);
    this.#code.unsigned(labels.length);
    for (const label of labels) this.#code.unsigned(this.#depth - label.depth);
    this.#code.unsigned(this.#depth - otherwise.depth);
  }

  /** The code section's entry: local declarations in runs of one type, instructions, end. */
  finish(): ByteWriter {
    assert(this.#depth === 0, 'a function body ends inside a block');
    const runs: { type: Type; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count += 1;
      else runs.push({ type, count: 1 });
    }
    const entry = new ByteWriter(this.#code.length + 64);
    entry.unsigned(runs.length);
    for (const run of runs) {
      entry.unsigned(run.count);
      entry.byte(VALUE_TYPE[run.type]);
    }
    entry.append(this.#code);
    entry.byte(0x0b);
    return entry;
  }

  #structured(opcode: number, body: (label: Label) => void, result: Type | undefined): void {
    this.#code.byte(opcode);
    this.#code.byte(result ? VALUE_TYPE[result] : 0x40);
    this.#depth += 1;
    body({ depth: this.#depth });
    this.#depth -= 1;
    this.#code.byte(0x0b);
  }
}
