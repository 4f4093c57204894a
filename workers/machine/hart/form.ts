/** A few words on top of isa/meaning.ts, so that the procedures of the hart read like the manual: state by name, fields, procedures. */
import { and, eq, i32, i64, ne, or, shl, shrU, typeOf, type Expr, type Procedure, type Stmt, type Type } from '../../isa/meaning.ts';
import { MISA_H } from '../../isa/csrs.ts';
import { slot } from './state.ts';

type Local = Expr & { readonly k: 'local' };

/** The value of a slot of the hart's state. */
export const state = (name: string): Expr => ({ k: 'state', slot: name, type: slot(name).type });
export const setState = (name: string, value: Expr): Stmt => ({ s: 'setState', slot: name, value });

/** A parameter or a local variable, used by this name in the body. */
export const variable = (name: string, type: Type = 'i64'): Local => ({ k: 'local', name, type });
export const assign = (target: Local, value: Expr): Stmt => ({ s: 'let', name: target.name, type: target.type, value });

export const procedure = (name: string, params: readonly Local[], result: Type | undefined, body: readonly Stmt[]): Procedure =>
  ({ name, params: params.map((param) => ({ name: param.name, type: param.type })), ...(result && { result }), body });

/** Modes as the manual encodes them (privileged manual, 1.2). */
export const U = 0;
export const S = 1;
export const M = 3;
/** As the target of a trap: S with V = 1. */
export const VS = 5;
export const mode = state('mode');
export const modeIs = (wanted: number): Expr => eq(mode, i32(wanted));
/** V = 1: the hart is in VS or VU. */
export const virtual = state('virt');
/** The machine has the hypervisor extension. */
export const hasHypervisor: Expr = ne(and(state('misa'), i64(MISA_H)), i64(0));
/** All conditions hold; all are evaluated. */
export const all = (...conditions: readonly Expr[]): Expr => conditions.reduce((a, b) => and(a, b));
export const any = (...conditions: readonly Expr[]): Expr => conditions.reduce((a, b) => or(a, b));

const number = (value: number | bigint, type: Type): Expr => (type === 'i64' ? i64(value) : i32(Number(value)));

/** Not zero, for conditions. */
export const nonZero = (value: Expr): Expr => ne(value, number(0, typeOf(value)));
/** Some bit of the mask is set. */
export const anyOf = (value: Expr, mask: bigint): Expr => nonZero(and(value, i64(mask)));
/** Bits high..low of a value, moved down. */
export const bitsOf = (value: Expr, high: number, low: number): Expr =>
  and(shrU(value, i64(low)), i64((1n << BigInt(high - low + 1)) - 1n));
/** `value` with the bits of `mask` taken from `from` (both in place). */
export const blend = (value: Expr, mask: bigint, from: Expr): Expr => or(and(value, i64(~mask)), and(from, i64(mask)));
/** Moves bit `from` of a value to bit `to`; all else is zero. */
export const moveBit = (value: Expr, from: number, to: number): Expr => shl(bitsOf(value, from, from), i64(to));

/** Bits of mstatus by their names in the manual (3.1.6). */
export const STATUS = {
  SIE: 1n << 1n, MIE: 1n << 3n, SPIE: 1n << 5n, MPIE: 1n << 7n, SPP: 1n << 8n, MPP: 3n << 11n,
  FS: 3n << 13n, MPRV: 1n << 17n, SUM: 1n << 18n, MXR: 1n << 19n, TVM: 1n << 20n, TW: 1n << 21n, TSR: 1n << 22n, GVA: 1n << 38n, MPV: 1n << 39n, SD: 1n << 63n,
} as const;
export const mstatus = state('mstatus');

/** Bits of hstatus (8.2.1). */
export const HSTATUS = { GVA: 1n << 6n, SPV: 1n << 7n, SPVP: 1n << 8n, HU: 1n << 9n, VTVM: 1n << 20n, VTW: 1n << 21n, VTSR: 1n << 22n } as const;
export const hstatus = state('hstatus');

/** MODE of satp and its like: 0 Bare, 8 Sv39 (or Sv39x4), 9 Sv48 (or Sv48x4). */
export const modeOf = (atp: Expr): Expr => shrU(atp, i64(60));
