/**
 * Registers in locals of a region. Every write goes to memory, too, so that all exits are precise without spill code; a local only
 * saves reading again what a path has read or written before. Once valid on a path, a local stays so until the region is left.
 */
import type { Expr, Stmt } from '../../isa/meaning.ts';
import type { Decoded } from '../../isa/row.ts';
import { uses } from '../interpreter/slots.ts';
import type { FunctionBody } from '../lowering/function-body.ts';
import { fOffset, xOffset } from '../../machine/hart/state.ts';

/** x registers are 0 to 31, f registers 32 to 63. */
export type Register = number;
const F = 32;
/** Not a register: the floating-point unit is known to be on and dirty. It is valid along a path like one. */
export const FLOAT_DIRTY: Register = 64;

export class RegisterCache {
  readonly #body: FunctionBody;
  readonly #locals = new Map<Register, number>();
  /** Whose locals are valid here. */
  valid = new Set<Register>();

  constructor(body: FunctionBody) {
    this.#body = body;
  }

  /** Makes a register's local valid. */
  fetch(register: Register): void {
    if (register === 0 || this.valid.has(register)) return;
    this.#body.i32Const(0);
    this.#body.memory('i64_load', offsetOf(register));
    this.#body.localSet(this.#local(register));
    this.valid.add(register);
  }

  push(register: Register): void {
    if (register === 0) this.#body.i64Const(0n);
    else this.#body.localGet(this.#local(register));
  }

  /** Writes what `value` pushes to the register, in memory and local. */
  write(register: Register, value: () => void): void {
    const body = this.#body;
    if (register === 0) {
      value();
      body.op('drop');
      return;
    }
    body.i32Const(0);
    value();
    body.localTee(this.#local(register));
    body.memory('i64_store', offsetOf(register));
  }

  #local(register: Register): number {
    const known = this.#locals.get(register);
    if (known !== undefined) return known;
    const made = this.#body.local('i64');
    this.#locals.set(register, made);
    return made;
  }
}

const offsetOf = (register: Register): number => (register < F ? xOffset(register) : fOffset(register - F));

type SourceOperand = 'rs1' | 'rs2' | 'rs3';

export function sourceOf(decoded: Decoded, operand: SourceOperand, file: 'x' | 'f'): Register {
  return file === 'f' ? F + decoded[operand] : decoded[operand];
}

export const destinationOf = (decoded: Decoded, file: 'x' | 'f'): Register => (file === 'f' ? F + decoded.rd : decoded.rd);

/** What registers a meaning reads, and which it has written whenever it ends. */
interface Accesses {
  readonly sources: readonly { readonly operand: SourceOperand; readonly file: 'x' | 'f' }[];
  readonly writes: 'x' | 'f' | undefined;
  /** It may end without having written. */
  readonly sometimes: boolean;
}

const accesses = new WeakMap<readonly Stmt[], Accesses>();

export function accessesOf(meaning: readonly Stmt[]): Accesses {
  const known = accesses.get(meaning);
  if (known) return known;
  const sources = (['rs1', 'rs2', 'rs3'] as const).flatMap((operand) => (['x', 'f'] as const).flatMap((file) => {
    const reads = (node: Expr | Stmt): boolean => 'k' in node && node.k === (file === 'x' ? 'reg' : 'freg') && node.operand === operand;
    return uses(meaning, reads) ? [{ operand, file }] : [];
  }));
  const writesTo = (kind: 'setRd' | 'setFd'): boolean => uses(meaning, (node) => 's' in node && node.s === kind);
  const writes = writesTo('setRd') ? 'x' : writesTo('setFd') ? 'f' : undefined;
  const made: Accesses = { sources, writes, sometimes: writes !== undefined && !alwaysWrites(meaning) };
  accesses.set(meaning, made);
  return made;
}

const alwaysWrites = (statements: readonly Stmt[]): boolean =>
  statements.some((statement) => statement.s === 'setRd' || statement.s === 'setFd' || statement.s === 'if' && alwaysWrites(statement.then) && alwaysWrites(statement.else));
