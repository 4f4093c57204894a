/**
 * Checks that a meaning or a procedure keeps the rules of the intermediate form (meaning.ts): types, locals that are set before they are
 * read, calls that fit, and that an instruction changes no register before all that may trap. For tests: engines trust what was checked.
 */
import { typeOf, type Expr, type Procedure, type Stmt, type Type } from './meaning.ts';

export interface Signature {
  readonly params: readonly Type[];
  readonly result: Type | undefined;
}

export interface CheckOptions {
  readonly procedures: ReadonlyMap<string, Signature>;
  /** Procedures that never raise a fault: they may be called after a register was written. */
  readonly harmless?: ReadonlySet<string>;
  /** The type of a slot of the hart's state, or undefined when there is none of that name. Not looked at when absent. */
  readonly slotType?: (name: string) => Type | undefined;
}

const FULL = { 1: 0xffn, 2: 0xffffn, 4: 0xffff_ffffn, 8: 0xffff_ffff_ffff_ffffn } as const;
const ONLY_64: ReadonlySet<string> = new Set(['mulh_ss', 'mulh_su', 'mulh_uu', 'wrap']);
const ONLY_32: ReadonlySet<string> = new Set(['extend_s', 'extend_u']);

class Checker {
  readonly problems: string[] = [];
  private readonly options: CheckOptions;
  /** Present in procedures, with the result's type. */
  private readonly procedure: { readonly result: Type | undefined } | undefined;
  private registerWritten = false;
  private floatUsed = false;

  constructor(options: CheckOptions, procedure?: { readonly result: Type | undefined }) {
    this.options = options;
    this.procedure = procedure;
  }

  block(statements: readonly Stmt[], outer: ReadonlyMap<string, Type>): Map<string, Type> {
    const locals = new Map(outer);
    for (const statement of statements) this.statement(statement, locals);
    return locals;
  }

  private expect(condition: boolean, problem: string): void {
    if (!condition) this.problems.push(problem);
  }

  private typed(e: Expr, type: Type, what: string, locals: ReadonlyMap<string, Type>): void {
    this.expression(e, locals);
    this.expect(typeOf(e) === type, `${what} is ${typeOf(e)}, not ${type}`);
  }

  private mayTrap(what: string): void {
    this.expect(!this.registerWritten, `${what} may trap after a register was written`);
  }

  private inInstruction(what: string): void {
    this.expect(this.procedure === undefined, `${what} stands in a procedure`);
  }

  private inProcedure(what: string): void {
    this.expect(this.procedure !== undefined, `${what} stands in an instruction`);
  }

  private call(name: string, args: readonly Expr[], result: Type | undefined, locals: ReadonlyMap<string, Type>): void {
    const signature = this.options.procedures.get(name);
    if (!signature) {
      this.problems.push(`there is no procedure ${name}`);
      return;
    }
    this.expect(args.length === signature.params.length, `${name} takes ${signature.params.length} arguments, not ${args.length}`);
    for (const [index, arg] of args.entries()) this.typed(arg, signature.params[index] ?? typeOf(arg), `argument ${index + 1} of ${name}`, locals);
    if (result) this.expect(result === signature.result, `${name} gives ${signature.result ?? 'nothing'}, not ${result}`);
    if (this.procedure === undefined && this.options.harmless?.has(name) !== true) this.mayTrap(name);
  }

  private statement(statement: Stmt, locals: Map<string, Type>): void {
    switch (statement.s) {
      case 'setRd':
        this.inInstruction('setRd');
        this.typed(statement.value, 'i64', 'the value of setRd', locals);
        this.registerWritten = true;
        return;
      case 'setFd':
        this.inInstruction('setFd');
        this.typed(statement.value, 'i64', 'the value of setFd', locals);
        this.expect(this.floatUsed, 'setFd without useFloat');
        this.registerWritten = true;
        return;
      case 'useFloat':
        this.inInstruction('useFloat');
        this.mayTrap('useFloat');
        this.floatUsed = true;
        return;
      case 'jump':
        this.inInstruction('jump');
        this.typed(statement.target, 'i64', 'the target of a jump', locals);
        return;
      case 'store':
        this.typed(statement.address, 'i64', 'the address of a store', locals);
        this.typed(statement.value, 'i64', 'the value of a store', locals);
        this.expect(statement.access === 'store' || statement.access === 'amo', `a store cannot be a ${statement.access}`);
        this.mayTrap('a store');
        return;
      case 'poke':
        this.inProcedure('poke');
        this.typed(statement.address, 'i32', 'the address of a poke', locals);
        this.expression(statement.value, locals);
        this.expect(statement.width < 8 || typeOf(statement.value) === 'i64', 'a poke of 8 bytes takes i64');
        return;
      case 'fill':
        this.inProcedure('fill');
        this.typed(statement.address, 'i32', 'the address of a fill', locals);
        this.typed(statement.value, 'i32', 'the value of a fill', locals);
        this.typed(statement.bytes, 'i32', 'the size of a fill', locals);
        return;
      case 'setState': {
        this.expression(statement.value, locals);
        const type = this.slot(statement.slot);
        this.expect(type === undefined || type === typeOf(statement.value), `slot ${statement.slot} is ${type}, not ${typeOf(statement.value)}`);
        return;
      }
      case 'let': {
        this.typed(statement.value, statement.type, `the value of ${statement.name}`, locals);
        const before = locals.get(statement.name);
        this.expect(before === undefined || before === statement.type, `local ${statement.name} changes its type`);
        locals.set(statement.name, statement.type);
        return;
      }
      case 'if': {
        this.typed(statement.condition, 'i32', 'the condition of an if', locals);
        const before = this.registerWritten;
        const then = this.block(statement.then, locals);
        const inThen = this.registerWritten;
        this.registerWritten = before;
        const otherwise = this.block(statement.else, locals);
        this.registerWritten ||= inThen;
        // A local that both arms set is set after them.
        for (const [name, type] of then) if (otherwise.get(name) === type) locals.set(name, type);
        return;
      }
      case 'while':
        this.inProcedure('while');
        this.typed(statement.condition, 'i32', 'the condition of a while', locals);
        this.block(statement.body, locals);
        return;
      case 'return':
        this.inProcedure('return');
        if (statement.value) this.expression(statement.value, locals);
        this.expect((statement.value && typeOf(statement.value)) === this.procedure?.result, 'return and the result do not agree');
        return;
      case 'trap':
        this.typed(statement.cause, 'i64', 'the cause of a trap', locals);
        this.typed(statement.tval, 'i64', 'the value of a trap', locals);
        this.mayTrap('a trap');
        return;
      case 'call':
        this.call(statement.procedure, statement.args, undefined, locals);
        return;
      case 'resync': case 'stop':
        this.inInstruction(statement.s);
    }
  }

  private expression(e: Expr, locals: ReadonlyMap<string, Type>): void {
    switch (e.k) {
      case 'const':
        this.expect(e.value >= 0n && e.value <= FULL[e.type === 'i64' ? 8 : 4], `${e.value.toString()} is no ${e.type}`);
        return;
      case 'freg':
        this.inInstruction('freg');
        this.expect(this.floatUsed, 'freg without useFloat');
        return;
      case 'reg': case 'operand': case 'pc': case 'length': case 'raw':
        this.inInstruction(e.k);
        return;
      case 'instret':
        return;
      case 'state': {
        const type = this.slot(e.slot);
        this.expect(type === undefined || type === e.type, `slot ${e.slot} is ${type}, not ${e.type}`);
        return;
      }
      case 'local':
        this.expect(locals.get(e.name) === e.type, locals.has(e.name) ? `local ${e.name} is not ${e.type}` : `local ${e.name} is read before it is set`);
        return;
      case 'binary':
        this.typed(e.a, e.type, `the first operand of ${e.op}`, locals);
        this.typed(e.b, e.type, `the second operand of ${e.op}`, locals);
        this.expect(e.type === 'i64' || !ONLY_64.has(e.op), `${e.op} takes i64`);
        return;
      case 'unary':
        this.typed(e.a, e.type, `the operand of ${e.op}`, locals);
        this.expect(e.type === 'i64' || !ONLY_64.has(e.op), `${e.op} takes i64`);
        this.expect(e.type === 'i32' || !ONLY_32.has(e.op), `${e.op} takes i32`);
        return;
      case 'float':
        for (const arg of e.args) this.typed(arg, 'i64', `an operand of ${e.op}`, locals);
        this.expect(e.args.length === (['add', 'sub', 'mul', 'div'].includes(e.op) ? 2 : 1), `${e.op} has another number of operands`);
        return;
      case 'select': case 'ifelse':
        this.typed(e.condition, 'i32', `the condition of ${e.k}`, locals);
        this.typed(e.a, e.type, `the first arm of ${e.k}`, locals);
        this.typed(e.b, e.type, `the second arm of ${e.k}`, locals);
        return;
      case 'load':
        this.typed(e.address, 'i64', 'the address of a load', locals);
        this.mayTrap('a load');
        return;
      case 'peek':
        this.inProcedure('peek');
        this.typed(e.address, 'i32', 'the address of a peek', locals);
        this.expect(e.width < 8 || e.type === 'i64', 'a peek of 8 bytes gives i64');
        return;
      case 'call':
        this.call(e.procedure, e.args, e.type, locals);
    }
  }

  private slot(name: string): Type | undefined {
    const type = this.options.slotType?.(name);
    this.expect(this.options.slotType === undefined || type !== undefined, `there is no slot ${name}`);
    return type;
  }
}

/** What is wrong with the meaning of an instruction; empty when nothing is. */
export function checkMeaning(meaning: readonly Stmt[], options: CheckOptions): readonly string[] {
  const checker = new Checker(options);
  checker.block(meaning, new Map());
  return checker.problems;
}

/** What is wrong with a procedure. */
export function checkProcedure({ params, result, body }: Procedure, options: CheckOptions): readonly string[] {
  const checker = new Checker(options, { result });
  checker.block(body, new Map(params.map(({ name, type }) => [name, type])));
  return checker.problems;
}
