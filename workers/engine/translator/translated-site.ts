/** Where a translated instruction's meaning is lowered to: operands are constants, registers locals, and what is rare leaves the region. */
import type { Access, Expr, Width } from '../../isa/meaning.ts';
import { STATUS } from '../../machine/hart/form.ts';
import { pushEntry, pushHost, pushTag, TLB_KIND } from '../interpreter/fast-tlb.ts';
import type { FunctionBody } from '../lowering/function-body.ts';
import { loadOp, pushState, storeOp, type Lowering, type Push, type Site } from '../lowering/lower.ts';
import type { Instruction } from './control-flow.ts';
import { destinationOf, FLOAT_DIRTY, sourceOf, type RegisterCache } from './register-cache.ts';

/** What an instruction asks of the region around it. */
export interface Surroundings {
  readonly registers: RegisterCache;
  /** Parameters of the function: the virtual address of the page; the fast TLB of the mode. */
  readonly page: number;
  readonly tlb: number;
  readonly scratch: { readonly address: number; readonly entry: number; readonly target: number };
  /** Leaves for the out-of-line function of this instruction, which has changed nothing yet. */
  leaveFor(instruction: Instruction): void;
  /** Goes to an offset from the start of the page, inside or not. */
  goTo(from: Instruction, offset: number): void;
  /** Goes to the virtual address in the local `target`. */
  goToTarget(): void;
}

const unreached = (what: string): never => {
  throw new Error(`Internal error: a translated instruction uses ${what}`);
};

export class TranslatedSite implements Site {
  readonly #body: FunctionBody;
  readonly #lowering: Lowering;
  readonly #instruction: Instruction;
  readonly #around: Surroundings;

  constructor(lowering: Lowering, instruction: Instruction, around: Surroundings) {
    this.#body = lowering.body;
    this.#lowering = lowering;
    this.#instruction = instruction;
    this.#around = around;
  }

  register(operand: 'rs1' | 'rs2'): void {
    this.#around.registers.push(sourceOf(this.#instruction.decoded, operand, 'x'));
  }

  floatRegister(operand: 'rs1' | 'rs2' | 'rs3'): void {
    this.#around.registers.push(sourceOf(this.#instruction.decoded, operand, 'f'));
  }

  operand(name: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2'): void {
    this.#body.i64Const(BigInt(this.#instruction.decoded[name]));
  }

  pc(): void {
    this.#body.localGet(this.#around.page);
    this.#body.i64Const(BigInt(this.#instruction.offset));
    this.#body.op('i64_add');
  }

  length(): void {
    this.#body.i64Const(BigInt(this.#instruction.decoded.row.length));
  }

  raw(): void {
    this.#body.i64Const(BigInt(this.#instruction.decoded.word));
  }

  instret(): void {
    unreached('instret');
  }

  setRd(value: Push): void {
    this.#around.registers.write(destinationOf(this.#instruction.decoded, 'x'), value);
  }

  setFd(value: Push): void {
    this.#around.registers.write(destinationOf(this.#instruction.decoded, 'f'), value);
  }

  /** Leaves unless the unit is dirty already, in HS and in a guest for both, so that nothing has to be marked. Only fewer bits can be set later outside. */
  useFloat(): void {
    const { registers } = this.#around;
    if (registers.valid.has(FLOAT_DIRTY)) return;
    const body = this.#body;
    pushState(body, 'mstatus');
    pushState(body, 'vsstatus');
    pushState(body, 'virt');
    body.i32Const(1);
    body.op('i32_sub');
    body.op('i64_extend_i32_s');
    body.op('i64_or');
    body.op('i64_and');
    body.i64Const(STATUS.FS);
    body.op('i64_and');
    body.i64Const(STATUS.FS);
    body.op('i64_ne');
    body.if(() => { this.#leave(); });
    registers.valid.add(FLOAT_DIRTY);
  }

  leavesForCall(): boolean {
    this.#leave();
    return true;
  }

  load(width: Width, signed: boolean, access: Access, address: Push): void {
    this.#check(width, access, address);
    this.#body.memory(loadOp(width, 'i64', signed), 0, false);
  }

  store(width: Width, access: Access, address: Push, value: Push): void {
    this.#check(width, access, address);
    value();
    this.#body.memory(storeOp(width, 'i64'), 0, false);
  }

  jump(target: Expr): void {
    if (this.#instruction.target !== undefined) {
      this.#around.goTo(this.#instruction, this.#instruction.target);
      return;
    }
    this.#lowering.push(target);
    this.#body.localSet(this.#around.scratch.target);
    this.#around.goToTarget();
  }

  /** Nothing has changed yet (see meaning.ts), so the out-of-line function may do the whole instruction again. */
  trap(): void {
    this.#leave();
  }

  checkFault(): void {
    unreached('a call that may fault');
  }

  return(): void {
    unreached('return');
  }

  /** Comes after a call, for which the region was left. */
  resync(): void {
    this.#body.op('unreachable');
  }

  stop(): void {
    unreached('stop');
  }

  #leave(): void {
    this.#around.leaveFor(this.#instruction);
  }

  /** Leaves the linear-memory offset of a guest address on the stack, or leaves the region. */
  #check(width: Width, access: Access, address: Push): void {
    const body = this.#body;
    const { scratch, tlb } = this.#around;
    const kind = TLB_KIND[access];
    address();
    body.localSet(scratch.address);
    pushEntry(body, scratch.address, () => { body.localGet(tlb); });
    body.localTee(scratch.entry);
    pushTag(body, kind);
    body.localGet(scratch.address);
    body.i64Const(~0xfffn | BigInt(width - 1));
    body.op('i64_and');
    body.op('i64_ne');
    body.if(() => { this.#leave(); });
    pushHost(body, scratch.address, scratch.entry, kind);
  }
}
