/**
 * Lowers the intermediate form (isa/meaning.ts) to WebAssembly. What differs between the users of the form, such as where operands
 * come from, how memory is reached, how an instruction ends, is asked of a `Site`; all else is said here once.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { typeOf, type Access, type BinaryOp, type Expr, type FloatFormat, type FloatOp, type Stmt, type Type, type UnaryOp, type Width } from '../../isa/meaning.ts';
import { slot } from '../../machine/hart/state.ts';
import type { FunctionBody, MemoryOp, Opcode } from './function-body.ts';

/** A piece of code that leaves its value on the stack. */
export type Push = () => void;

/** A procedure or built-in as a caller sees it. */
export interface Callee {
  readonly index: number;
  readonly result: Type | undefined;
  /** It may leave a fault in the hart's state (slot `faultCause`), which the caller must look for. */
  readonly mayFault: boolean;
}

/** The place where code is lowered to: one instruction in an interpreter or a translator, or a procedure. */
export interface Site {
  /** Each pushes one i64. */
  register(operand: 'rs1' | 'rs2'): void;
  floatRegister(operand: 'rs1' | 'rs2' | 'rs3'): void;
  operand(name: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2'): void;
  pc(): void;
  length(): void;
  raw(): void;
  instret(): void;
  setRd(value: Push): void;
  setFd(value: Push): void;
  useFloat(): void;
  /** A guest load: pushes the value as i64; leaves the site when it faults. */
  load(width: Width, signed: boolean, access: Access, address: Push): void;
  store(width: Width, access: Access, address: Push, value: Push): void;
  /** True where the site has left instead, since the call belongs to a rare path that it does not do itself. */
  leavesForCall?(): boolean;
  /** `last`: nothing of the meaning comes after, so the instruction may end here. */
  jump(target: Expr, last: boolean): void;
  trap(cause: Push, tval: Push): void;
  /** Leaves the site when the procedure just called has left a fault. Called with the call's result, if any, on the stack. */
  checkFault(): void;
  return(value: Push | undefined): void;
  resync(): void;
  stop(): void;
}

const EXTENDING_LOAD: Readonly<Record<Type, Readonly<Partial<Record<Width, readonly [unsigned: MemoryOp, signed: MemoryOp]>>>>> = {
  i32: { 1: ['i32_load8_u', 'i32_load8_s'], 2: ['i32_load16_u', 'i32_load16_s'], 4: ['i32_load', 'i32_load'] },
  i64: { 1: ['i64_load8_u', 'i64_load8_s'], 2: ['i64_load16_u', 'i64_load16_s'], 4: ['i64_load32_u', 'i64_load32_s'], 8: ['i64_load', 'i64_load'] },
};
const TRUNCATING_STORE: Readonly<Record<Type, Readonly<Partial<Record<Width, MemoryOp>>>>> = {
  i32: { 1: 'i32_store8', 2: 'i32_store16', 4: 'i32_store' },
  i64: { 1: 'i64_store8', 2: 'i64_store16', 4: 'i64_store32', 8: 'i64_store' },
};

export function loadOp(width: Width, type: Type, signed: boolean): MemoryOp {
  const op = EXTENDING_LOAD[type][width]?.[signed ? 1 : 0];
  assert(op, `no ${type} load of ${width} bytes`);
  return op;
}
export function storeOp(width: Width, type: Type): MemoryOp {
  const op = TRUNCATING_STORE[type][width];
  assert(op, `no ${type} store of ${width} bytes`);
  return op;
}

/** Helper functions for what WebAssembly lacks: the high half of a 64 x 64-bit product. */
export type HighProduct = 'mulh_ss' | 'mulh_su' | 'mulh_uu';
const isHighProduct = (op: BinaryOp): op is HighProduct => op === 'mulh_ss' || op === 'mulh_su' || op === 'mulh_uu';

export interface Callees {
  procedure(name: string): Callee;
  highProduct(op: HighProduct): number;
}

export class Lowering {
  readonly body: FunctionBody;
  readonly #callees: Callees;
  readonly #site: Site;
  readonly #locals = new Map<string, { readonly type: Type; readonly index: number }>();

  constructor(body: FunctionBody, callees: Callees, site: (lowering: Lowering) => Site) {
    this.body = body;
    this.#callees = callees;
    this.#site = site(this);
  }

  /** Makes a parameter of the function known by name. */
  bind(name: string, type: Type, index: number): void {
    this.#locals.set(name, { type, index });
  }

  /** Gives the locals back to the function, for the next meaning lowered into it. */
  releaseLocals(): void {
    for (const { type, index } of this.#locals.values()) this.body.release(type, index);
    this.#locals.clear();
  }

  /** `last`: nothing comes after these statements. */
  statements(list: readonly Stmt[], last = true): void {
    list.forEach((statement, index) => {
      this.#statement(statement, last && index === list.length - 1);
    });
  }

  push(expression: Expr): void {
    const { body } = this;
    const site = this.#site;
    switch (expression.k) {
      case 'const':
        if (expression.type === 'i64') body.i64Const(expression.value);
        else body.i32Const(Number(BigInt.asIntN(32, expression.value)));
        return;
      case 'reg': site.register(expression.operand); return;
      case 'freg': site.floatRegister(expression.operand); return;
      case 'operand': site.operand(expression.operand); return;
      case 'pc': site.pc(); return;
      case 'length': site.length(); return;
      case 'raw': site.raw(); return;
      case 'instret': site.instret(); return;
      case 'state': pushState(body, expression.slot); return;
      case 'local': body.localGet(this.#local(expression.name, expression.type)); return;
      case 'binary': this.#binary(expression.op, expression.type, expression.a, expression.b); return;
      case 'unary': this.#unary(expression.op, expression.type, expression.a); return;
      case 'float': this.#float(expression.op, expression.format, expression.args); return;
      case 'select':
        this.push(expression.a);
        this.push(expression.b);
        this.push(expression.condition);
        body.op('select');
        return;
      case 'ifelse':
        this.push(expression.condition);
        body.if(() => { this.push(expression.a); }, () => { this.push(expression.b); }, expression.type);
        return;
      case 'load':
        site.load(expression.width, expression.signed, expression.access, () => { this.push(expression.address); });
        return;
      case 'peek':
        this.push(expression.address);
        body.memory(loadOp(expression.width, expression.type, false), 0, false);
        return;
      case 'call':
        this.#call(expression.procedure, expression.args);
        return;
      default: unreachable(expression);
    }
  }

  #statement(statement: Stmt, last: boolean): void {
    const { body } = this;
    const site = this.#site;
    switch (statement.s) {
      case 'setRd': site.setRd(() => { this.push(statement.value); }); return;
      case 'setFd': site.setFd(() => { this.push(statement.value); }); return;
      case 'useFloat': site.useFloat(); return;
      case 'jump': site.jump(statement.target, last); return;
      case 'store':
        site.store(statement.width, statement.access, () => { this.push(statement.address); }, () => { this.push(statement.value); });
        return;
      case 'poke':
        this.push(statement.address);
        this.push(statement.value);
        body.memory(storeOp(statement.width, typeOf(statement.value)), 0, false);
        return;
      case 'fill':
        this.push(statement.address);
        this.push(statement.value);
        this.push(statement.bytes);
        body.memoryFill();
        return;
      case 'setState':
        assert(slot(statement.slot).type === typeOf(statement.value), `slot ${statement.slot} is set to a value of another type`);
        setState(body, statement.slot, () => { this.push(statement.value); });
        return;
      case 'let': {
        this.push(statement.value);
        const known = this.#locals.get(statement.name);
        assert(!known || known.type === statement.type, `local ${statement.name} has two types`);
        const index = known?.index ?? body.local(statement.type);
        this.#locals.set(statement.name, { type: statement.type, index });
        body.localSet(index);
        return;
      }
      case 'if':
        this.push(statement.condition);
        if (statement.else.length === 0) body.if(() => { this.statements(statement.then, last); });
        else body.if(() => { this.statements(statement.then, last); }, () => { this.statements(statement.else, last); });
        return;
      case 'while':
        body.block((end) => {
          body.loop((start) => {
            this.push(statement.condition);
            body.op('i32_eqz');
            body.brIf(end);
            this.statements(statement.body, false);
            body.br(start);
          });
        });
        return;
      case 'return': {
        const { value } = statement;
        site.return(value && (() => { this.push(value); }));
        return;
      }
      case 'trap': site.trap(() => { this.push(statement.cause); }, () => { this.push(statement.tval); }); return;
      case 'call':
        if (this.#call(statement.procedure, statement.args)) body.op('drop');
        return;
      case 'resync': site.resync(); return;
      case 'stop': site.stop(); return;
      default: unreachable(statement);
    }
  }

  /** The result's type, when there is one. */
  #call(name: string, args: readonly Expr[]): Type | undefined {
    const callee = this.#callees.procedure(name);
    if (this.#site.leavesForCall?.() === true) return callee.result;
    for (const argument of args) this.push(argument);
    this.body.call(callee.index);
    if (callee.mayFault) this.#site.checkFault();
    return callee.result;
  }

  #binary(op: BinaryOp, type: Type, a: Expr, b: Expr): void {
    this.push(a);
    this.push(b);
    if (isHighProduct(op)) this.body.call(this.#callees.highProduct(op));
    else this.body.op(`${type}_${op}` satisfies Opcode);
  }

  #unary(op: UnaryOp, type: Type, a: Expr): void {
    // A sign-extended low word (every *W instruction) is one WebAssembly instruction.
    if (op === 'extend_s' && a.k === 'unary' && a.op === 'wrap') {
      this.push(a.a);
      this.body.op('i64_extend32_s');
      return;
    }
    this.push(a);
    if (op === 'wrap') this.body.op('i32_wrap_i64');
    else if (op === 'extend_s') this.body.op('i64_extend_i32_s');
    else if (op === 'extend_u') this.body.op('i64_extend_i32_u');
    else this.body.op(`${type}_${op}` satisfies Opcode);
  }

  #float(op: FloatOp, format: FloatFormat, args: readonly Expr[]): void {
    const { body } = this;
    const result = op === 'demote' ? 'f32' : op === 'promote' ? 'f64' : format;
    for (const argument of args) {
      this.push(argument);
      if (op === 'convert') continue;
      if (format === 'f32') {
        body.op('i32_wrap_i64');
        body.op('f32_reinterpret_i32');
      } else {
        body.op('f64_reinterpret_i64');
      }
    }
    switch (op) {
      case 'truncate': body.truncateSaturating(format); return;
      case 'convert': body.op(`${format}_convert_i64_s`); break;
      case 'demote': body.op('f32_demote_f64'); break;
      case 'promote': body.op('f64_promote_f32'); break;
      default: body.op(`${format}_${op}`);
    }
    if (result === 'f32') {
      body.op('i32_reinterpret_f32');
      body.op('i64_extend_i32_u');
    } else {
      body.op('i64_reinterpret_f64');
    }
  }

  #local(name: string, type: Type): number {
    const found = this.#locals.get(name);
    assert(found, `local ${name} is read before it is set`);
    assert(found.type === type, `local ${name} is read as ${type}`);
    return found.index;
  }
}

export function pushState(body: FunctionBody, name: string): void {
  const { type, offset } = slot(name);
  body.i32Const(0);
  body.memory(type === 'i64' ? 'i64_load' : 'i32_load', offset);
}

export function setState(body: FunctionBody, name: string, value: Push): void {
  const { type, offset } = slot(name);
  body.i32Const(0);
  value();
  body.memory(type === 'i64' ? 'i64_store' : 'i32_store', offset);
}

/** Writes the three helpers that give the high half of a 128-bit product. */
export function defineHighProduct(body: FunctionBody, op: HighProduct, unsigned: number): void {
  if (op !== 'mulh_uu') {
    // Signed from unsigned: a negative operand was read as 2^64 too much, which adds the other operand to the high half.
    const correct = (operand: number, other: number): void => {
      body.localGet(operand);
      body.i64Const(63n);
      body.op('i64_shr_s');
      body.localGet(other);
      body.op('i64_and');
      body.op('i64_sub');
    };
    body.localGet(0);
    body.localGet(1);
    body.call(unsigned);
    correct(0, 1);
    if (op === 'mulh_ss') correct(1, 0);
    return;
  }
  // Schoolbook with 32-bit digits: a = a1:a0, b = b1:b0; middle = a1*b0 + carry of a0*b0, then + a0*b1.
  const digit = (operand: number, high: boolean): void => {
    body.localGet(operand);
    if (high) {
      body.i64Const(32n);
      body.op('i64_shr_u');
    } else {
      body.i64Const(0xffff_ffffn);
      body.op('i64_and');
    }
  };
  const product = (aHigh: boolean, bHigh: boolean): void => {
    digit(0, aHigh);
    digit(1, bHigh);
    body.op('i64_mul');
  };
  const shiftDown = (): void => {
    body.i64Const(32n);
    body.op('i64_shr_u');
  };
  const middle = body.local('i64');
  product(true, false);
  product(false, false);
  shiftDown();
  body.op('i64_add');
  body.localSet(middle);
  product(true, true);
  body.localGet(middle);
  shiftDown();
  body.op('i64_add');
  product(false, true);
  body.localGet(middle);
  body.i64Const(0xffff_ffffn);
  body.op('i64_and');
  body.op('i64_add');
  shiftDown();
  body.op('i64_add');
}
