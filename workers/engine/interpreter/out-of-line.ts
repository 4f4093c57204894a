/**
 * The out-of-line function of a handler: (slot, pc) -> next pc, the whole instruction with its slow paths, faults and effects on
 * the hart.
 */
import { assert } from '../../base/assert.ts';
import type { Access, Expr, Type, Width } from '../../isa/meaning.ts';
import { pushEntry, pushHost, pushTag, TLB_KIND } from './fast-tlb.ts';
import type { FunctionBody } from '../lowering/function-body.ts';
import { Lowering, loadOp, pushState, setState, storeOp, type Callees, type Push, type Site } from '../lowering/lower.ts';
import type { Handler } from './handlers.ts';
import { pushFloatDestination, pushFloatRegister, pushOperand, type Globals } from './hot-loop.ts';
import { SLOT } from './slots.ts';

export const OUT_OF_LINE_SIGNATURE = { params: ['i32', 'i64'], result: 'i64' } as const;
const SLOT_LOCAL = 0;
const PC = 1;

/** Bits of the global `attention`: what the run loop does after this instruction. */
export const ATTENTION_RESYNC = 1;
export const ATTENTION_WFI = 2;

/** What every function outside the hot loop shares: state in memory, faults as a slot of the hart. */
export abstract class ColdSite implements Site {
  protected readonly body: FunctionBody;
  readonly #result: Type | undefined;

  constructor(body: FunctionBody, result: Type | undefined) {
    this.body = body;
    this.#result = result;
  }

  abstract register(operand: 'rs1' | 'rs2'): void;
  abstract floatRegister(operand: 'rs1' | 'rs2' | 'rs3'): void;
  abstract operand(name: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2'): void;
  abstract pc(): void;
  abstract length(): void;
  abstract raw(): void;
  abstract setRd(value: Push): void;
  abstract setFd(value: Push): void;
  abstract useFloat(): void;
  abstract load(width: Width, signed: boolean, access: Access, address: Push): void;
  abstract store(width: Width, access: Access, address: Push, value: Push): void;
  abstract jump(target: Expr): void;
  abstract resync(): void;
  abstract stop(): void;

  /** The run loop stores the count before it calls. */
  instret(): void {
    pushState(this.body, 'instret');
  }

  trap(cause: Push, tval: Push): void {
    setState(this.body, 'faultTval', tval);
    setState(this.body, 'faultCause', () => {
      cause();
      this.body.i64Const(1n);
      this.body.op('i64_add');
    });
    this.#leave();
  }

  checkFault(): void {
    pushState(this.body, 'faultCause');
    this.body.i64Const(0n);
    this.body.op('i64_ne');
    this.body.if(() => { this.#leave(); });
  }

  return(value: Push | undefined): void {
    assert((value === undefined) === (this.#result === undefined), 'a return that does not fit the result');
    value?.();
    this.body.op('return');
  }

  #leave(): void {
    if (this.#result === 'i64') this.body.i64Const(0n);
    else if (this.#result === 'i32') this.body.i32Const(0);
    this.body.op('return');
  }
}

class OutOfLineSite extends ColdSite {
  readonly #lowering: Lowering;
  readonly #handler: Handler;
  readonly #callees: Callees;
  readonly #globals: Globals;
  readonly #next: number;

  constructor(lowering: Lowering, handler: Handler, callees: Callees, globals: Globals, next: number) {
    super(lowering.body, 'i64');
    this.#lowering = lowering;
    this.#handler = handler;
    this.#callees = callees;
    this.#globals = globals;
    this.#next = next;
  }

  register(operand: 'rs1' | 'rs2'): void {
    this.body.localGet(SLOT_LOCAL);
    this.body.memory('i32_load8_u', SLOT[operand]);
    this.body.memory('i64_load', 0);
  }

  floatRegister(operand: 'rs1' | 'rs2' | 'rs3'): void {
    pushFloatRegister(this.body, SLOT_LOCAL, operand);
  }

  operand(name: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2'): void {
    pushOperand(this.body, SLOT_LOCAL, name, this.#handler);
  }

  pc(): void {
    this.body.localGet(PC);
  }

  length(): void {
    this.body.i64Const(BigInt(this.#handler.length));
  }

  raw(): void {
    this.body.localGet(SLOT_LOCAL);
    this.body.memory('i64_load32_u', SLOT.immediate);
  }

  setRd(value: Push): void {
    this.body.localGet(SLOT_LOCAL);
    this.body.memory('i32_load16_u', SLOT.rd);
    value();
    this.body.memory('i64_store', 0);
  }

  setFd(value: Push): void {
    pushFloatDestination(this.body, SLOT_LOCAL, value);
    this.body.call(this.#callees.procedure('floatDirty').index);
  }

  useFloat(): void {
    this.raw();
    this.body.call(this.#callees.procedure('floatCheck').index);
    this.checkFault();
  }

  load(width: Width, signed: boolean, access: Access, address: Push): void {
    const { body } = this;
    const at = this.#lookUp(width, access, address);
    body.if(() => {
      pushHost(body, at.address, at.entry, TLB_KIND[access]);
      body.memory(loadOp(width, 'i64', signed), 0, false);
    }, () => {
      const slow = this.#callees.procedure('loadSlow');
      body.localGet(at.address);
      body.i32Const(width);
      body.i32Const(access === 'amo' ? 1 : 0);
      body.call(slow.index);
      this.checkFault();
      if (signed && width < 8) body.op(SIGN_EXTENSION[width as 1 | 2 | 4]);
    }, 'i64');
    this.#release(at);
  }

  store(width: Width, access: Access, address: Push, value: Push): void {
    const { body } = this;
    const at = this.#lookUp(width, access, address);
    body.if(() => {
      pushHost(body, at.address, at.entry, TLB_KIND[access]);
      value();
      body.memory(storeOp(width, 'i64'), 0, false);
    }, () => {
      const slow = this.#callees.procedure('storeSlow');
      body.localGet(at.address);
      body.i32Const(width);
      value();
      body.call(slow.index);
      this.checkFault();
    });
    this.#release(at);
  }

  jump(target: Expr): void {
    this.#lowering.push(target);
    this.body.localSet(this.#next);
  }

  resync(): void {
    this.#attend(ATTENTION_RESYNC);
  }

  stop(): void {
    this.#attend(ATTENTION_WFI);
  }

  #attend(bit: number): void {
    this.body.globalGet(this.#globals.attention);
    this.body.i32Const(bit);
    this.body.op('i32_or');
    this.body.globalSet(this.#globals.attention);
  }

  /** Leaves on the stack whether the fast TLB knows the page of this access (and the access is aligned). */
  #lookUp(width: Width, access: Access, address: Push): LookedUp {
    const { body } = this;
    address();
    const at: LookedUp = { address: body.local('i64'), entry: body.local('i32') };
    body.localSet(at.address);
    pushEntry(body, at.address, () => { body.globalGet(this.#globals.tlb); });
    body.localTee(at.entry);
    pushTag(body, TLB_KIND[access]);
    body.localGet(at.address);
    body.i64Const(~0xfffn | BigInt(width - 1));
    body.op('i64_and');
    body.op('i64_eq');
    return at;
  }

  #release(at: LookedUp): void {
    this.body.release('i64', at.address);
    this.body.release('i32', at.entry);
  }
}

interface LookedUp {
  readonly address: number;
  readonly entry: number;
}

const SIGN_EXTENSION = { 1: 'i64_extend8_s', 2: 'i64_extend16_s', 4: 'i64_extend32_s' } as const;

/** Writes the function (slot, pc) -> next pc. When it leaves a fault, its result means nothing. */
export function defineOutOfLine(body: FunctionBody, handler: Handler, callees: Callees, globals: Globals): void {
  const next = body.local('i64');
  body.localGet(PC);
  body.i64Const(BigInt(handler.length));
  body.op('i64_add');
  body.localSet(next);
  const lowering = new Lowering(body, callees, (self) => new OutOfLineSite(self, handler, callees, globals, next));
  lowering.statements(handler.meaning);
  body.localGet(next);
}
