/**
 * The hot loop: one function without calls, so that V8 keeps its four variables in machine registers. Whatever needs more leaves
 * with a reason, having changed nothing of that instruction: the run loop (run-loop.ts) does it and comes back.
 */
import type { Access, Expr, Width } from '../../isa/meaning.ts';
import { STATUS } from '../../machine/hart/form.ts';
import { F_REGISTERS } from '../../machine/hart/state.ts';
import { DECODED_PAGE_BYTES, type MemoryLayout } from '../../machine/memory-layout.ts';
import type { FunctionBody, Label } from '../lowering/function-body.ts';
import { Lowering, loadOp, pushState, storeOp, type Callees, type Push, type Site } from '../lowering/lower.ts';
import { isRelative, type Handler, type HandlerTable } from './handlers.ts';
import { FIRST_INSTRUCTION, SLOT, SLOT_BYTES_PER_BYTE } from './slots.ts';
import { FETCH, pushEntry, pushHost, pushTag, TLB_KIND } from './fast-tlb.ts';

/** Why the hot loop left. */
export const LEFT_FOR_BUDGET = 0;
/** The instruction in the slot is not for the hot loop, this time or ever; its step is already taken from the budget. */
export const LEFT_FOR_OUTLINE = 1;
/** A jump to `target`, which the fast path of fetching does not know. */
export const LEFT_FOR_FETCH = 2;

/** Mutable globals in which the hot loop gives back its variables. */
export interface Globals {
  readonly slot: number;
  readonly bias: number;
  readonly budget: number;
  readonly target: number;
  readonly tlb: number;
  /** What `instret` will be when the whole budget has retired (i64). */
  readonly origin: number;
  /** Bits that an out-of-line instruction leaves for the run loop. */
  readonly attention: number;
  /** Whether `isBreakpoint` may say yes. */
  readonly hasBreakpoints: number;
  /** Every so many instructions of the hot loop somebody looks which one is running; how many are left until then. */
  readonly samplePeriod: number;
  readonly untilSample: number;
}

/** Parameters: the slot; pc - slot / 8 (i64); steps left; the fast TLB of the current mode. */
const SLOT_LOCAL = 0;
const BIAS = 1;
const BUDGET = 2;
const TLB = 3;
export const HOT_SIGNATURE = { params: ['i32', 'i64', 'i32', 'i32'], result: 'i32' } as const;

interface Exits {
  readonly next: Label;
  readonly far: Label;
  readonly outline: Label;
}

class HotSite implements Site {
  readonly #body: FunctionBody;
  readonly #lowering: Lowering;
  readonly #handler: Handler;
  readonly #exits: Exits;
  readonly #scratch: Scratch;

  constructor(lowering: Lowering, handler: Handler, exits: Exits, scratch: Scratch) {
    this.#body = lowering.body;
    this.#lowering = lowering;
    this.#handler = handler;
    this.#exits = exits;
    this.#scratch = scratch;
  }

  register(operand: 'rs1' | 'rs2'): void {
    this.#field(operand);
    this.#body.memory('i64_load', 0);
  }

  floatRegister(operand: 'rs1' | 'rs2' | 'rs3'): void {
    pushFloatRegister(this.#body, SLOT_LOCAL, operand);
  }

  operand(name: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2'): void {
    pushOperand(this.#body, SLOT_LOCAL, name, this.#handler);
  }

  pc(): void {
    pushPc(this.#body);
  }

  length(): void {
    this.#body.i64Const(BigInt(this.#handler.length));
  }

  raw(): void {
    this.#body.localGet(SLOT_LOCAL);
    this.#body.memory('i64_load32_u', SLOT.immediate);
  }

  instret(): void {
    this.#body.op('unreachable');
  }

  setRd(value: Push): void {
    this.#body.localGet(SLOT_LOCAL);
    this.#body.memory('i32_load16_u', SLOT.rd);
    value();
    this.#body.memory('i64_store', 0);
  }

  setFd(value: Push): void {
    pushFloatDestination(this.#body, SLOT_LOCAL, value);
  }

  /** Leaves unless the unit is dirty already, so that nothing has to be marked: in HS, and in a guest for both. */
  useFloat(): void {
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
    body.brIf(this.#exits.outline);
  }

  /** What calls is rare, and stands before all that changes anything (handlers.ts): the out-of-line function does it all. */
  leavesForCall(): boolean {
    this.#body.br(this.#exits.outline);
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

  jump(target: Expr, last: boolean): void {
    const body = this.#body;
    if (!last) throw new Error('Internal error: a hot meaning goes on after its jump');
    if (this.#handler.packing === 'distance' && isRelative(target)) {
      body.localGet(SLOT_LOCAL);
      body.localGet(SLOT_LOCAL);
      body.memory('i32_load', SLOT.immediate);
      body.op('i32_add');
      body.localSet(SLOT_LOCAL);
      body.br(this.#exits.next);
      return;
    }
    this.#lowering.push(target);
    body.localSet(this.#scratch.target);
    if (isRelative(target)) {
      body.br(this.#exits.far);
      return;
    }
    // Inside the page when (target - bias) and slot / 8 differ in the page offset only.
    const inPage = this.#scratch.address;
    body.localGet(this.#scratch.target);
    body.localGet(BIAS);
    body.op('i64_sub');
    body.localTee(inPage);
    body.localGet(SLOT_LOCAL);
    body.i32Const(3);
    body.op('i32_shr_u');
    body.op('i64_extend_i32_u');
    body.op('i64_xor');
    body.i64Const(12n);
    body.op('i64_shr_u');
    body.op('i64_eqz');
    body.op('i32_eqz');
    body.brIf(this.#exits.far);
    body.localGet(inPage);
    body.op('i32_wrap_i64');
    body.i32Const(3);
    body.op('i32_shl');
    body.localSet(SLOT_LOCAL);
    body.br(this.#exits.next);
  }

  /** Nothing has changed yet (see meaning.ts), so the out-of-line function may do the whole instruction again. */
  trap(): void {
    this.#body.br(this.#exits.outline);
  }

  checkFault(): void {
    this.#body.op('unreachable');
  }

  return(): void {
    this.#body.op('unreachable');
  }

  resync(): void {
    this.#body.op('unreachable');
  }

  stop(): void {
    this.#body.op('unreachable');
  }

  #field(operand: 'rs1' | 'rs2'): void {
    this.#body.localGet(SLOT_LOCAL);
    this.#body.memory('i32_load8_u', SLOT[operand]);
  }

  /** Leaves the linear-memory offset of a guest address on the stack, or leaves the loop. */
  #check(width: Width, access: Access, address: Push): void {
    const body = this.#body;
    const { address: va, entry } = this.#scratch;
    const kind = TLB_KIND[access];
    address();
    body.localSet(va);
    pushEntry(body, va, () => { body.localGet(TLB); });
    body.localTee(entry);
    pushTag(body, kind);
    body.localGet(va);
    body.i64Const(~0xfffn | BigInt(width - 1));
    body.op('i64_and');
    body.op('i64_ne');
    body.brIf(this.#exits.outline);
    pushHost(body, va, entry, kind);
  }
}

interface Scratch {
  readonly target: number;
  readonly address: number;
  readonly entry: number;
}

export function pushOperand(body: FunctionBody, slotLocal: number, name: 'imm' | 'csr' | 'zimm' | 'rd' | 'rs1' | 'rs2', handler: Handler): void {
  body.localGet(slotLocal);
  switch (name) {
    case 'imm':
    case 'csr':
      body.memory('i64_load', SLOT.immediate);
      if (handler.packing !== 'immediate') {
        body.i64Const(handler.packing === 'bits' ? 32n : BigInt(Math.log2(SLOT_BYTES_PER_BYTE)));
        body.op('i64_shr_s');
      }
      return;
    case 'rd':
      // x0 writes to the slot `discard`, which lies one past x31: 32 & 31 is 0 again.
      body.memory('i64_load16_u', SLOT.rd);
      body.i64Const(3n);
      body.op('i64_shr_u');
      body.i64Const(31n);
      body.op('i64_and');
      return;
    case 'zimm':
    case 'rs1':
    case 'rs2':
      body.memory('i64_load8_u', name === 'rs2' ? SLOT.rs2 : SLOT.rs1);
      body.i64Const(3n);
      body.op('i64_shr_u');
      return;
  }
}

/** f registers stand together: the slot holds 8 times the number, as for x registers; that of rs3 is taken from the bits 31:27. */
export function pushFloatRegister(body: FunctionBody, slotLocal: number, operand: 'rs1' | 'rs2' | 'rs3'): void {
  body.localGet(slotLocal);
  if (operand === 'rs3') {
    body.memory('i32_load', SLOT.immediate);
    body.i32Const(27);
    body.op('i32_shr_u');
    body.i32Const(3);
    body.op('i32_shl');
  } else {
    body.memory('i32_load8_u', SLOT[operand]);
  }
  body.memory('i64_load', F_REGISTERS);
}

export function pushFloatDestination(body: FunctionBody, slotLocal: number, value: Push): void {
  body.localGet(slotLocal);
  body.memory('i32_load16_u', SLOT.rd);
  value();
  body.memory('i64_store', F_REGISTERS);
}

function pushPc(body: FunctionBody): void {
  body.localGet(BIAS);
  body.localGet(SLOT_LOCAL);
  body.i32Const(3);
  body.op('i32_shr_u');
  body.op('i64_extend_i32_u');
  body.op('i64_add');
}

export function defineHotLoop(body: FunctionBody, table: HandlerTable, layout: MemoryLayout, globals: Globals, callees: Callees): void {
  const scratch: Scratch = { target: body.local('i64'), address: body.local('i64'), entry: body.local('i32') };
  const hot = table.handlers.slice(0, table.hotCount);
  const leave = (reason: number): void => {
    body.localGet(SLOT_LOCAL);
    body.globalSet(globals.slot);
    body.localGet(BIAS);
    body.globalSet(globals.bias);
    body.localGet(BUDGET);
    body.globalSet(globals.budget);
    body.i32Const(reason);
    body.op('return');
  };
  const takeStep = (noBudget: Label): void => {
    body.localGet(BUDGET);
    body.i32Const(1);
    body.op('i32_sub');
    body.localTee(BUDGET);
    body.i32Const(0);
    body.op('i32_lt_s');
    body.brIf(noBudget);
  };
  /** The instruction, up to the next slot. */
  const inline = (handler: Handler, exits: Exits): void => {
    const lowering = new Lowering(body, callees, (self) => new HotSite(self, handler, exits, scratch));
    lowering.statements(handler.meaning);
    lowering.releaseLocals();
    body.localGet(SLOT_LOCAL);
    body.i32Const(handler.length * SLOT_BYTES_PER_BYTE);
    body.op('i32_add');
    body.localSet(SLOT_LOCAL);
  };
  body.block((noBudget) => {
    body.block((outline) => {
      body.block((unknownTarget) => {
        body.loop((next) => {
          body.block((far) => {
            takeStep(noBudget);
            const exits: Exits = { next, far, outline };
            // The innermost block belongs to the first handler: its code follows the block's end, and so on outwards.
            const nest = (remaining: number, labels: readonly Label[]): void => {
              if (remaining === 0) {
                body.localGet(SLOT_LOCAL);
                body.memory('i32_load16_u', SLOT.handler);
                const inner = labels.toReversed();
                body.brTable([...Array.from({ length: FIRST_INSTRUCTION }, () => outline), ...inner], outline);
                return;
              }
              body.block((label) => { nest(remaining - 1, [...labels, label]); });
              const handler = hot[remaining - 1]!;
              inline(handler, exits);
              if (handler.then) {
                takeStep(noBudget);
                inline(handler.then, exits);
              }
              body.br(next);
            };
            nest(hot.length, []);
          });
          defineFarJump(body, scratch, layout, unknownTarget);
          body.br(next);
        });
      });
      body.localGet(scratch.target);
      body.globalSet(globals.target);
      leave(LEFT_FOR_FETCH);
    });
    leave(LEFT_FOR_OUTLINE);
  });
  body.i32Const(0);
  body.localSet(BUDGET);
  leave(LEFT_FOR_BUDGET);
}

/** Fetching from another page: fast TLB, then the page map; the slot and the bias move there. */
function defineFarJump(body: FunctionBody, scratch: Scratch, layout: MemoryLayout, unknownTarget: Label): void {
  const { target, entry } = scratch;
  pushFetchedSlot(body, { address: target, entry, bank: () => { body.localGet(TLB); } }, layout, unknownTarget);
  body.localTee(SLOT_LOCAL);
  body.i32Const(3);
  body.op('i32_shr_u');
  body.op('i64_extend_i32_u');
  body.localSet(BIAS);
  body.localGet(target);
  body.localGet(BIAS);
  body.op('i64_sub');
  body.localSet(BIAS);
}

/** Leaves the slot of a virtual address on the stack, or goes where fetching is not known to succeed. `entry` is a free i32 local. */
export function pushFetchedSlot(body: FunctionBody, at: { readonly address: number; readonly entry: number; readonly bank: Push }, layout: MemoryLayout, unknown: Label): void {
  const { address, entry, bank } = at;
  pushEntry(body, address, bank);
  body.localTee(entry);
  pushTag(body, FETCH);
  body.localGet(address);
  body.i64Const(~0xfffn);
  body.op('i64_and');
  body.op('i64_ne');
  body.brIf(unknown);
  pushHost(body, address, entry, FETCH);
  pushDecodedPage(body, layout);
  body.localTee(entry);
  body.op('i32_eqz');
  body.brIf(unknown);
  pushSlot(body, entry, address, layout);
}

/** From the linear-memory offset of an instruction to the page map's entry: the decoded page's index + 1, or 0. */
export function pushDecodedPage(body: FunctionBody, layout: MemoryLayout): void {
  body.i32Const(layout.ram);
  body.op('i32_sub');
  body.i32Const(10);
  body.op('i32_shr_u');
  body.i32Const(~3);
  body.op('i32_and');
  body.memory('i32_load', layout.pageMap);
}

/** The slot of a virtual address in a decoded page (index + 1 in a local). */
export function pushSlot(body: FunctionBody, page: number, address: number, layout: MemoryLayout): void {
  body.localGet(page);
  body.i32Const(Math.log2(DECODED_PAGE_BYTES));
  body.op('i32_shl');
  body.localGet(address);
  body.op('i32_wrap_i64');
  body.i32Const(0xffe);
  body.op('i32_and');
  body.i32Const(3);
  body.op('i32_shl');
  body.op('i32_add');
  body.i32Const(layout.decodedPages - DECODED_PAGE_BYTES);
  body.op('i32_add');
}
