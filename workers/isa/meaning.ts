/**
 * The intermediate form in which the meaning of every instruction, and every procedure of the hart (trap entry, CSR access,
 * page walk), is written once. It is plain data, so it can be lowered several times: to the predecoded WebAssembly
 * interpreter (operands come from a decoded slot), to a translator (operands are constants, registers are locals), and to a
 * reference evaluator in TypeScript that the others are checked against.
 *
 * Rules of the form
 *  - Expressions are typed i32 or i64, as in WebAssembly. Comparisons give i32 0 or 1. Booleans are i32.
 *  - `load`, `amo`-kind loads and `call` may raise a guest trap. When they do, the rest of the instruction does not happen;
 *    so a meaning does all that can trap before it changes any state (registers, CSRs), apart from memory itself.
 *  - An instruction retires when its meaning ends without `trap`. The next pc is pc + length unless `jump` said otherwise.
 *  - `if` expressions and statements are lazy; `select` evaluates both arms.
 *  - `div_*` and `rem_*` are WebAssembly's: they are only reached where neither a zero divisor nor overflow is possible.
 */
export type Type = 'i32' | 'i64';
export type Width = 1 | 2 | 4 | 8;

/** How memory is used: decides the permission that is checked and the cause that is raised (privileged manual, 4.3.2). */
export type Access = 'fetch' | 'load' | 'store' | 'amo';

export type BinaryOp =
  | 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor' | 'shl' | 'shr_s' | 'shr_u' | 'rotl' | 'rotr'
  | 'div_s' | 'div_u' | 'rem_s' | 'rem_u'
  /** High 64 bits of the 128-bit product (i64 only): signed*signed, signed*unsigned, unsigned*unsigned. */
  | 'mulh_ss' | 'mulh_su' | 'mulh_uu'
  | 'eq' | 'ne' | 'lt_s' | 'lt_u' | 'le_s' | 'le_u' | 'gt_s' | 'gt_u' | 'ge_s' | 'ge_u';

export type UnaryOp =
  | 'eqz' | 'clz' | 'ctz' | 'popcnt'
  | 'extend8_s' | 'extend16_s'
  /** i64 -> i32 (low half); i32 -> i64 with sign or zero. */
  | 'wrap' | 'extend_s' | 'extend_u';

/**
 * Floating-point arithmetic of the engine itself, on bits: rounded to nearest with ties to even, without exceptions. `demote` gives a
 * single, `promote` a double, `convert` takes a signed i64, `truncate` gives one (towards zero, saturating, 0 of a NaN).
 */
export type FloatOp = 'add' | 'sub' | 'mul' | 'div' | 'sqrt' | 'demote' | 'promote' | 'convert' | 'truncate';
export type FloatFormat = 'f32' | 'f64';

export type Expr =
  | { readonly k: 'const'; readonly type: Type; readonly value: bigint }
  /** The value of the integer register that this operand names (i64); x0 reads as 0. */
  | { readonly k: 'reg'; readonly operand: 'rs1' | 'rs2' }
  /** The bits of the floating-point register that this operand names (i64; a single has ones above it). */
  | { readonly k: 'freg'; readonly operand: 'rs1' | 'rs2' | 'rs3' }
  /** An operand as a number (i64): the sign-extended immediate, shift amount, CSR number, 5-bit zimm, ordering bits. */
  | { readonly k: 'operand'; readonly operand: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2' }
  /** The address of this instruction (i64); its length in bytes (i64: 4, or 2 when compressed); its bits (i64). */
  | { readonly k: 'pc' | 'length' | 'raw' }
  /** How many instructions had retired before this one (i64), exact in every tier. */
  | { readonly k: 'instret' }
  /** A named slot of the hart's state (workers/machine/hart/state.ts); its type is the slot's. */
  | { readonly k: 'state'; readonly slot: string; readonly type: Type }
  | { readonly k: 'local'; readonly name: string; readonly type: Type }
  | { readonly k: 'binary'; readonly op: BinaryOp; readonly type: Type; readonly a: Expr; readonly b: Expr }
  | { readonly k: 'unary'; readonly op: UnaryOp; readonly type: Type; readonly a: Expr }
  /** The format is the operands', of `convert` the result's. The bits of a NaN are anyone's guess: a meaning looks before it uses a result. */
  | { readonly k: 'float'; readonly op: FloatOp; readonly format: FloatFormat; readonly args: readonly Expr[] }
  | { readonly k: 'select' | 'ifelse'; readonly type: Type; readonly condition: Expr; readonly a: Expr; readonly b: Expr }
  /** A guest memory read at a virtual address (i64 address). The result is i64, extended as said. */
  | { readonly k: 'load'; readonly width: Width; readonly signed: boolean; readonly address: Expr; readonly access: Access }
  /** A read of the engine's linear memory at an i32 address: for the procedures of the hart only (tables, TLB, RAM). */
  | { readonly k: 'peek'; readonly width: Width; readonly type: Type; readonly address: Expr }
  | { readonly k: 'call'; readonly procedure: string; readonly args: readonly Expr[]; readonly type: Type };

export type Stmt =
  /** Writes the destination register (i64); a write to x0 is discarded. */
  | { readonly s: 'setRd'; readonly value: Expr }
  /** Writes the destination among the floating-point registers (i64), which makes the unit's state dirty. */
  | { readonly s: 'setFd'; readonly value: Expr }
  /** Traps unless the floating-point unit is on. First in every meaning that needs it, before anything is read. */
  | { readonly s: 'useFloat' }
  /** The instruction ends by going to this address (i64). Misaligned targets trap before (see `checkTarget`). */
  | { readonly s: 'jump'; readonly target: Expr }
  /** A guest memory write at a virtual address. */
  | { readonly s: 'store'; readonly width: Width; readonly address: Expr; readonly value: Expr; readonly access: Access }
  | { readonly s: 'poke'; readonly width: Width; readonly address: Expr; readonly value: Expr }
  /** Sets `bytes` bytes (i32) of linear memory from an i32 address to one value: empties a TLB at once. For procedures only. */
  | { readonly s: 'fill'; readonly address: Expr; readonly value: Expr; readonly bytes: Expr }
  | { readonly s: 'setState'; readonly slot: string; readonly value: Expr }
  | { readonly s: 'let'; readonly name: string; readonly type: Type; readonly value: Expr }
  | { readonly s: 'if'; readonly condition: Expr; readonly then: readonly Stmt[]; readonly else: readonly Stmt[] }
  | { readonly s: 'while'; readonly condition: Expr; readonly body: readonly Stmt[] }
  /** In a procedure: returns (with a value when it has a result type). */
  | { readonly s: 'return'; readonly value?: Expr }
  /** Raises a synchronous exception for this instruction: it does not retire (cause i64, tval i64). */
  | { readonly s: 'trap'; readonly cause: Expr; readonly tval: Expr }
  | { readonly s: 'call'; readonly procedure: string; readonly args: readonly Expr[] }
  /**
   * After this instruction retires the context of fetching or the set of enabled interrupts may have changed (mode, satp,
   * status, interrupt enables, fences): the engine looks for interrupts and fetches anew.
   */
  | { readonly s: 'resync' }
  /** After this instruction retires the engine leaves with this stop reason (`wfi`). */
  | { readonly s: 'stop'; readonly reason: 'wfi' };

/** A named procedure of the hart or the memory unit, written in the same form (workers/machine/hart, workers/machine/mmu). */
export interface Procedure {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result?: Type;
  readonly body: readonly Stmt[];
}

// ------------------------------------------------------------------------------------------------ builders
export const i64 = (value: bigint | number): Expr => ({ k: 'const', type: 'i64', value: BigInt.asUintN(64, BigInt(value)) });
export const i32 = (value: number): Expr => ({ k: 'const', type: 'i32', value: BigInt.asUintN(32, BigInt(value)) });
export const rs1: Expr = { k: 'reg', operand: 'rs1' };
export const rs2: Expr = { k: 'reg', operand: 'rs2' };
export const fs1: Expr = { k: 'freg', operand: 'rs1' };
export const fs2: Expr = { k: 'freg', operand: 'rs2' };
export const fs3: Expr = { k: 'freg', operand: 'rs3' };
export const imm: Expr = { k: 'operand', operand: 'imm' };
export const csr: Expr = { k: 'operand', operand: 'csr' };
export const zimm: Expr = { k: 'operand', operand: 'zimm' };
/** The register number in a field, for rules such as "rs1 = x0 does not write" (Zicsr). */
export const numberOf = (operand: 'rd' | 'rs1' | 'rs2'): Expr => ({ k: 'operand', operand });
export const pc: Expr = { k: 'pc' };
export const length: Expr = { k: 'length' };
export const raw: Expr = { k: 'raw' };
export const instret: Expr = { k: 'instret' };

/** The type of an expression; every node can say its own. */
export function typeOf(e: Expr): Type {
  switch (e.k) {
    case 'reg': case 'freg': case 'float': case 'operand': case 'pc': case 'length': case 'raw': case 'instret': case 'load':
      return 'i64';
    case 'binary':
      return isComparison(e.op) ? 'i32' : e.type;
    case 'unary':
      if (e.op === 'eqz' || e.op === 'wrap') return 'i32';
      if (e.op === 'extend_s' || e.op === 'extend_u') return 'i64';
      return e.type;
    default:
      return e.type;
  }
}
const COMPARISONS: ReadonlySet<BinaryOp> = new Set(['eq', 'ne', 'lt_s', 'lt_u', 'le_s', 'le_u', 'gt_s', 'gt_u', 'ge_s', 'ge_u']);
export const isComparison = (op: BinaryOp): boolean => COMPARISONS.has(op);

/** `binary.type` is the type of the operands, also for comparisons. */
const binary = (op: BinaryOp) => (a: Expr, b: Expr): Expr => ({ k: 'binary', op, type: typeOf(a), a, b });
export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const and = binary('and');
export const or = binary('or');
export const xor = binary('xor');
export const shl = binary('shl');
export const shrS = binary('shr_s');
export const shrU = binary('shr_u');
export const rotl = binary('rotl');
export const rotr = binary('rotr');
export const divS = binary('div_s');
export const divU = binary('div_u');
export const remS = binary('rem_s');
export const remU = binary('rem_u');
export const mulhSS = binary('mulh_ss');
export const mulhSU = binary('mulh_su');
export const mulhUU = binary('mulh_uu');
export const eq = binary('eq');
export const ne = binary('ne');
export const ltS = binary('lt_s');
export const ltU = binary('lt_u');
export const leS = binary('le_s');
export const leU = binary('le_u');
export const gtS = binary('gt_s');
export const gtU = binary('gt_u');
export const geS = binary('ge_s');
export const geU = binary('ge_u');

/** `unary.type` is the type of the operand. */
const unary = (op: UnaryOp) => (a: Expr): Expr => ({ k: 'unary', op, type: typeOf(a), a });
export const eqz = unary('eqz');
export const wrap = unary('wrap');
export const extendS = unary('extend_s');
export const extendU = unary('extend_u');
export const extend8S = unary('extend8_s');
export const extend16S = unary('extend16_s');
export const clz = unary('clz');
export const ctz = unary('ctz');
export const popcnt = unary('popcnt');
export const not = (a: Expr): Expr => xor(a, typeOf(a) === 'i64' ? i64(-1) : i32(-1));

export const select = (condition: Expr, a: Expr, b: Expr): Expr => ({ k: 'select', type: typeOf(a), condition, a, b });
/** Lazy: only the chosen arm is evaluated. */
export const ifElse = (condition: Expr, a: Expr, b: Expr): Expr => ({ k: 'ifelse', type: typeOf(a), condition, a, b });

export const float = (op: FloatOp, format: FloatFormat, ...args: Expr[]): Expr => ({ k: 'float', op, format, args });
export const slotState = (slot: string, type: Type = 'i64'): Expr => ({ k: 'state', slot, type });

export const load = (width: Width, signed: boolean, address: Expr, access: Access = 'load'): Expr => ({ k: 'load', width, signed, address, access });
export const peek = (width: Width, type: Type, address: Expr): Expr => ({ k: 'peek', width, type, address });
export const local = (name: string, type: Type = 'i64'): Expr => ({ k: 'local', name, type });
export const call = (procedure: string, type: Type, ...args: Expr[]): Expr => ({ k: 'call', procedure, args, type });

export const setRd = (value: Expr): Stmt => ({ s: 'setRd', value });
export const setFd = (value: Expr): Stmt => ({ s: 'setFd', value });
export const useFloat: Stmt = { s: 'useFloat' };
export const jump = (target: Expr): Stmt => ({ s: 'jump', target });
export const store = (width: Width, address: Expr, value: Expr, access: Access = 'store'): Stmt => ({ s: 'store', width, address, value, access });
export const poke = (width: Width, address: Expr, value: Expr): Stmt => ({ s: 'poke', width, address, value });
export const fill = (address: Expr, value: Expr, bytes: Expr): Stmt => ({ s: 'fill', address, value, bytes });
export const let_ = (name: string, value: Expr): Stmt => ({ s: 'let', name, type: typeOf(value), value });
export const if_ = (condition: Expr, then: readonly Stmt[], otherwise: readonly Stmt[] = []): Stmt => ({ s: 'if', condition, then, else: otherwise });
export const while_ = (condition: Expr, ...body: Stmt[]): Stmt => ({ s: 'while', condition, body });
export const return_ = (value?: Expr): Stmt => (value ? { s: 'return', value } : { s: 'return' });
export const trap = (cause: Expr, tval: Expr): Stmt => ({ s: 'trap', cause, tval });
export const callStmt = (procedure: string, ...args: Expr[]): Stmt => ({ s: 'call', procedure, args });
export const resync: Stmt = { s: 'resync' };
export const stopForWfi: Stmt = { s: 'stop', reason: 'wfi' };

interface Signature {
  readonly params: readonly Type[];
  readonly result: Type | undefined;
}
type FloatOperation = 'Add' | 'Multiply' | 'Divide' | 'SquareRoot' | 'MultiplyAdd' | 'Equal' | 'Less' | 'LessOrEqual' | 'Minimum' | 'Maximum' | 'Classify' | 'ToInteger' | 'FromInteger';

function floatEnvironment<F extends 'f32' | 'f64'>(format: F): Record<`${F}${FloatOperation}`, Signature> {
  const taking = (count: number): Signature => ({ params: Array.from({ length: count }, () => 'i64'), result: 'i64' });
  const counts: Record<FloatOperation, number> = {
    Add: 3, Multiply: 3, Divide: 3, SquareRoot: 2, MultiplyAdd: 4, Equal: 2, Less: 2, LessOrEqual: 2, Minimum: 2, Maximum: 2, Classify: 1, ToInteger: 4, FromInteger: 3,
  };
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [format + name, taking(count)])) as Record<`${F}${FloatOperation}`, Signature>;
}

/**
 * The procedures that instruction meanings may call. They are defined in workers/machine; an engine resolves them by name.
 * `void` procedures are used with `callStmt`.
 */
export const ENVIRONMENT = {
  /** Traps unless the mode may access this CSR (Zicsr; number, whether it will be written, the instruction's bits). */
  csrCheck: { params: ['i64', 'i32', 'i64'], result: undefined },
  /** The number of the register that an instruction means: VS mode has its own copies of some (8.2.5). */
  csrTarget: { params: ['i64'], result: 'i64' },
  /** Of a CSR and the value read from it: what csrrs and csrrc combine with their bits. */
  csrBase: { params: ['i64', 'i64'], result: 'i64' },
  /** The CSR's value as an instruction reads it (after csrCheck). */
  csrRead: { params: ['i64'], result: 'i64' },
  /** Writes a CSR by its WARL rules (after csrCheck). Follow it by `resync`. */
  csrWrite: { params: ['i64', 'i64'], result: undefined },
  /** ecall: raises the environment call of the current mode. */
  environmentCall: { params: [], result: undefined },
  /** sret and mret: check, then restore the stacks and return the new pc. Argument: the instruction's bits for tval. */
  supervisorReturn: { params: ['i64'], result: 'i64' },
  machineReturn: { params: ['i64'], result: 'i64' },
  /** sfence.vma: check, then drop TLB entries. Arguments: rs1 number, rs1 value, rs2 number, rs2 value, bits for tval. */
  fenceVma: { params: ['i64', 'i64', 'i64', 'i64', 'i64'], result: undefined },
  /** sfence.w.inval and sfence.inval.ir: the check. Argument: the bits for tval. */
  fenceInvalidationCheck: { params: ['i64'], result: undefined },
  /** hfence.vvma: check, then drop a guest's TLB entries. Arguments as for fenceVma. */
  fenceGuestVirtual: { params: ['i64', 'i64', 'i64', 'i64', 'i64'], result: undefined },
  /** hfence.gvma: the same by VMID. Arguments: rs2 number, rs2 value, bits for tval. */
  fenceGuestPhysical: { params: ['i64', 'i64', 'i64'], result: undefined },
  /** hlv, hlvx, hsv: check, then access a guest's memory. Arguments: address, width, kind (0 load, 3 load of what is executable) or value, bits. */
  guestLoad: { params: ['i64', 'i32', 'i32', 'i64'], result: 'i64' },
  guestStore: { params: ['i64', 'i32', 'i64', 'i64'], result: undefined },
  /** cbo.zero: check, then a block of zeros. Arguments: address, bits for tval. */
  zeroBlock: { params: ['i64', 'i64'], result: undefined },
  /** cbo.clean, cbo.flush (0) and cbo.inval (1): check. Arguments: address, which, bits for tval. */
  manageBlock: { params: ['i64', 'i32', 'i64'], result: undefined },
  /** fence.i: later fetches see earlier stores. */
  fenceI: { params: [], result: undefined },
  /** wfi: traps where it must (U mode, TW); argument: the instruction's bits for tval. Follow it by `stopForWfi`. */
  waitForInterruptCheck: { params: ['i64'], result: undefined },
  /** The rounding mode (0 to 4) of an instruction with these bits, from its own field or from frm; traps when there is none such. */
  floatRounding: { params: ['i64'], result: 'i64' },
  /** Floating-point arithmetic on the numbers' bits (workers/machine/float); the last argument is the rounding mode where one is used. */
  ...floatEnvironment('f32'),
  ...floatEnvironment('f64'),
  f32ToF64: { params: ['i64', 'i64'], result: 'i64' },
  f64ToF32: { params: ['i64', 'i64'], result: 'i64' },
  /** lr: sets the reservation for the (translated) address after the load; sc: 1 when the reservation is good, and clears it. */
  reserve: { params: ['i64', 'i64'], result: undefined },
  tryReservation: { params: ['i64', 'i64'], result: 'i32' },
} as const satisfies Record<string, Signature>;
