/**
 * Evaluates the intermediate form directly: each expression and statement becomes a closure once. Slow and plain on purpose, for it is
 * what the WebAssembly tiers are checked against.
 */
import { unreachable } from '../../base/assert.ts';
import { u64 } from '../../base/bits.ts';
import type { Expr, Procedure, Stmt, Type, Width } from '../../isa/meaning.ts';
import type { Decoded } from '../../isa/row.ts';
import { fOffset, slot, xOffset } from '../../machine/hart/state.ts';
import { binary, float, unary, type Value } from './operations.ts';

/** Thrown where a guest's fault ends an instruction or a procedure; what happened stands in the slots faultCause and faultTval. One object for all: it carries nothing. */
export const GUEST_FAULT = new Error('Internal error: a guest fault that nobody took');

/** One activation of an instruction's meaning or of a procedure. */
export interface Frame {
  readonly locals: Map<string, Value>;
  /** Of an instruction; undefined in procedures. */
  readonly decoded?: Decoded;
  readonly pc: bigint;
  next: bigint;
  result: Value | undefined;
  resync: boolean;
  wfi: boolean;
}

type Evaluate = (frame: Frame) => Value;
/** True when the activation has returned. */
type Execute = (frame: Frame) => boolean;

export class Evaluator {
  private readonly view: DataView;
  private readonly procedures = new Map<string, Procedure>();
  private readonly compiled = new Map<string, Execute>();
  private readonly imports: ReadonlyMap<string, (...args: Value[]) => Value | undefined>;
  private readonly meanings = new WeakMap<readonly Stmt[], Execute>();

  /** `imports` are procedures that are no data: the devices. */
  constructor(memory: WebAssembly.Memory, procedures: readonly Procedure[], imports: ReadonlyMap<string, (...args: Value[]) => Value | undefined>) {
    this.view = new DataView(memory.buffer);
    for (const procedure of procedures) this.procedures.set(procedure.name, procedure);
    this.imports = imports;
  }

  signature(name: string): Procedure | undefined {
    return this.procedures.get(name);
  }

  /** Runs the meaning of an instruction in a fresh frame. Throws GUEST_FAULT. */
  instruction(decoded: Decoded, pc: bigint): Frame {
    const frame: Frame = { locals: new Map(), decoded, pc, next: u64(pc + BigInt(decoded.row.length)), result: undefined, resync: false, wfi: false };
    let execute = this.meanings.get(decoded.row.meaning);
    if (!execute) this.meanings.set(decoded.row.meaning, execute = this.block(decoded.row.meaning));
    execute(frame);
    return frame;
  }

  /** Calls a procedure. Throws GUEST_FAULT when it left a fault. */
  call(name: string, args: readonly Value[]): Value | undefined {
    const imported = this.imports.get(name);
    let result: Value | undefined;
    if (imported) {
      result = imported(...args);
    } else {
      const procedure = this.procedures.get(name);
      if (!procedure) throw new Error(`Internal error: no procedure ${name}`);
      let body = this.compiled.get(name);
      if (!body) this.compiled.set(name, body = this.block(procedure.body));
      const frame: Frame = { locals: new Map(procedure.params.map((param, index) => [param.name, args[index]!])), pc: 0n, next: 0n, result: undefined, resync: false, wfi: false };
      body(frame);
      result = frame.result ?? (procedure.result === 'i64' ? 0n : procedure.result === 'i32' ? 0 : undefined);
    }
    if (this.getState('faultCause') !== 0n) throw GUEST_FAULT;
    return result;
  }

  getState(name: string): Value {
    const { type, offset } = slot(name);
    return type === 'i64' ? this.view.getBigUint64(offset, true) : this.view.getUint32(offset, true);
  }

  setState(name: string, value: Value): void {
    const { type, offset } = slot(name);
    if (type === 'i64') this.view.setBigUint64(offset, BigInt(value), true);
    else this.view.setUint32(offset, Number(value), true);
  }

  // ---------------------------------------------------------------------------------------------- memory

  private peek(offset: number, width: Width, type: Type): Value {
    const value = width === 1 ? this.view.getUint8(offset) : width === 2 ? this.view.getUint16(offset, true) : width === 4 ? this.view.getUint32(offset, true) : this.view.getBigUint64(offset, true);
    return type === 'i64' ? BigInt(value) : Number(value);
  }

  private poke(offset: number, width: Width, value: Value): void {
    const wide = BigInt(value);
    if (width === 1) this.view.setUint8(offset, Number(wide & 0xffn));
    else if (width === 2) this.view.setUint16(offset, Number(wide & 0xffffn), true);
    else if (width === 4) this.view.setUint32(offset, Number(wide & 0xffff_ffffn), true);
    else this.view.setBigUint64(offset, u64(wide), true);
  }

  // ---------------------------------------------------------------------------------------------- statements

  private block(statements: readonly Stmt[]): Execute {
    const list = statements.map((statement) => this.statement(statement));
    return (frame) => list.some((execute) => execute(frame));
  }

  private statement(statement: Stmt): Execute {
    const go = (effect: (frame: Frame) => void): Execute => (frame) => { effect(frame); return false; };
    switch (statement.s) {
      case 'setRd': {
        const value = this.expression(statement.value);
        return go((frame) => {
          const result = value(frame) as bigint;
          const { rd } = frame.decoded!;
          if (rd !== 0) this.view.setBigUint64(xOffset(rd), result, true);
        });
      }
      case 'setFd': {
        const value = this.expression(statement.value);
        return go((frame) => {
          this.view.setBigUint64(fOffset(frame.decoded!.rd), value(frame) as bigint, true);
          this.call('floatDirty', []);
        });
      }
      case 'useFloat': return go((frame) => { this.call('floatCheck', [BigInt(frame.decoded!.word >>> 0)]); });
      case 'jump': {
        const target = this.expression(statement.target);
        return go((frame) => { frame.next = target(frame) as bigint; });
      }
      case 'store': {
        const [address, value] = [this.expression(statement.address), this.expression(statement.value)];
        return go((frame) => {
          const at = address(frame);
          this.call('storeSlow', [at, statement.width, value(frame)]);
        });
      }
      case 'poke': {
        const [address, value] = [this.expression(statement.address), this.expression(statement.value)];
        return go((frame) => { this.poke(address(frame) as number, statement.width, value(frame)); });
      }
      case 'fill': {
        const [address, value, bytes] = [this.expression(statement.address), this.expression(statement.value), this.expression(statement.bytes)];
        return go((frame) => {
          const at = address(frame) as number;
          new Uint8Array(this.view.buffer).fill(value(frame) as number, at, at + (bytes(frame) as number));
        });
      }
      case 'setState': {
        const value = this.expression(statement.value);
        return go((frame) => { this.setState(statement.slot, value(frame)); });
      }
      case 'let': {
        const value = this.expression(statement.value);
        return go((frame) => { frame.locals.set(statement.name, value(frame)); });
      }
      case 'if': {
        const [condition, then, otherwise] = [this.expression(statement.condition), this.block(statement.then), this.block(statement.else)];
        return (frame) => (condition(frame) !== 0 ? then(frame) : otherwise(frame));
      }
      case 'while': {
        const [condition, body] = [this.expression(statement.condition), this.block(statement.body)];
        return (frame) => {
          while (condition(frame) !== 0) if (body(frame)) return true;
          return false;
        };
      }
      case 'return': {
        const value = statement.value && this.expression(statement.value);
        return (frame) => { frame.result = value?.(frame); return true; };
      }
      case 'trap': {
        const [cause, tval] = [this.expression(statement.cause), this.expression(statement.tval)];
        return (frame) => {
          const code = cause(frame) as bigint;
          this.setState('faultTval', tval(frame));
          this.setState('faultCause', code + 1n);
          throw GUEST_FAULT;
        };
      }
      case 'call': {
        const args = statement.args.map((arg) => this.expression(arg));
        return go((frame) => { this.call(statement.procedure, args.map((arg) => arg(frame))); });
      }
      case 'resync': return go((frame) => { frame.resync = true; });
      case 'stop': return go((frame) => { frame.wfi = true; });
      default: return unreachable(statement);
    }
  }

  // ---------------------------------------------------------------------------------------------- expressions

  private expression(e: Expr): Evaluate {
    switch (e.k) {
      case 'const': {
        const value = e.type === 'i64' ? u64(e.value) : Number(BigInt.asUintN(32, e.value));
        return () => value;
      }
      case 'reg': return (frame) => this.view.getBigUint64(xOffset(frame.decoded![e.operand]), true);
      case 'freg': return (frame) => this.view.getBigUint64(fOffset(frame.decoded![e.operand]), true);
      case 'operand': return (frame) => u64(BigInt(frame.decoded![e.operand]));
      case 'pc': return (frame) => frame.pc;
      case 'length': return (frame) => BigInt(frame.decoded!.row.length);
      case 'raw': return (frame) => BigInt(frame.decoded!.word >>> 0);
      case 'instret': return () => this.getState('instret');
      case 'state': return () => this.getState(e.slot);
      case 'local': return (frame) => frame.locals.get(e.name)!;
      case 'binary': {
        const [a, b] = [this.expression(e.a), this.expression(e.b)];
        return (frame) => { const left = a(frame); return binary(e.op, e.type, left, b(frame)); };
      }
      case 'unary': {
        const a = this.expression(e.a);
        return (frame) => unary(e.op, e.type, a(frame));
      }
      case 'float': {
        const args = e.args.map((arg) => this.expression(arg));
        return (frame) => float(e.op, e.format, args.map((arg) => arg(frame) as bigint));
      }
      case 'select': {
        const [condition, a, b] = [this.expression(e.condition), this.expression(e.a), this.expression(e.b)];
        return (frame) => { const [x, y] = [a(frame), b(frame)]; return condition(frame) !== 0 ? x : y; };
      }
      case 'ifelse': {
        const [condition, a, b] = [this.expression(e.condition), this.expression(e.a), this.expression(e.b)];
        return (frame) => (condition(frame) !== 0 ? a(frame) : b(frame));
      }
      case 'load': {
        const address = this.expression(e.address);
        return (frame) => {
          const value = this.call('loadSlow', [address(frame), e.width, e.access === 'amo' ? 1 : 0]) as bigint;
          return e.signed ? u64(BigInt.asIntN(8 * e.width, value)) : value;
        };
      }
      case 'peek': {
        const address = this.expression(e.address);
        return (frame) => this.peek(address(frame) as number, e.width, e.type);
      }
      case 'call': {
        const args = e.args.map((arg) => this.expression(arg));
        return (frame) => this.call(e.procedure, args.map((arg) => arg(frame)))!;
      }
      default: return unreachable(e);
    }
  }
}
