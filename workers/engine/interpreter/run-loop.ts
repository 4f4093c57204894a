/**
 * Around the hot loop: interrupts, fetching, instructions out of line, traps and stops. It follows machine/executor.ts: before a step
 * comes the budget, then interrupts, then breakpoints; a step is an instruction retired or a trap taken.
 *
 * The steps left are in the global `budget`; `origin` is what `instret` will be when all of them retire. So the count of retired
 * instructions is origin - budget at any time, and a step that does not retire takes one from both.
 */
import { COUNTERS, EXIT, REGION_MARGINS, SLOTS_PER_TRANSLATION, type MemoryLayout } from '../../machine/memory-layout.ts';
import type { FunctionBody, Label } from '../lowering/function-body.ts';
import { pushState, setState, type Callees } from '../lowering/lower.ts';
import { BANK_BYTES, FETCH, pushEntry, pushHost, pushTag } from './fast-tlb.ts';
import { LEFT_FOR_BUDGET, LEFT_FOR_FETCH, pushDecodedPage, pushFetchedSlot, pushSlot, type Globals } from './hot-loop.ts';
import { ATTENTION_WFI } from './out-of-line.ts';
import { SELECTOR_BITS } from './regions.ts';
import { BREAKPOINT, CROSSING, CROSSING_SLOT, FIRST_INSTRUCTION, NOT_DECODED, SLOT, TRANSLATED } from './slots.ts';

/** What `run` returns. The first two are what the procedure `stopAfterTrap` says. */
export const STOP = { none: 0, hostTrap: 1, trapBreakpoint: 2, budget: 3, wfi: 4, breakpoint: 5, device: 6 } as const;

/** Functions of the module and of the code cache that the run loop calls. */
export interface RunLoopFunctions {
  readonly hot: number;
  readonly locate: number;
  readonly raise: number;
  /** The type of out-of-line functions, which stand in the table by handler. */
  readonly outOfLineType: number;
  readonly outOfLineTable: number;
  /** Page of RAM -> index of its decoded page + 1. */
  readonly decodePage: number;
  /** Fills in a slot. */
  readonly decodeSlot: number;
  /** Fills in `CROSSING_SLOT` from the bits of an instruction. */
  readonly decodeCrossing: number;
  readonly isBreakpoint: number;
  /** Tells which slot is running. */
  readonly sampled: number;
  /** The table of regions of translated code, and their type (translator/emit-region.ts). */
  readonly regionTable: number;
  readonly regionType: number;
}

export const RUN_SIGNATURE = { params: ['i32'], result: 'i32' } as const;
export const LOCATE_SIGNATURE = { params: ['i64'], result: 'i32' } as const;
export const RAISE_SIGNATURE = { params: ['i64'], result: 'i32' } as const;

const addToGlobal = (body: FunctionBody, global: number, type: 'i32' | 'i64', amount: 1 | -1): void => {
  body.globalGet(global);
  if (type === 'i32') body.i32Const(amount);
  else body.i64Const(BigInt(amount));
  body.op(`${type}_add`);
  body.globalSet(global);
};

/** Virtual address -> slot; 0 where fetching has left a fault. */
export function defineLocate(body: FunctionBody, layout: MemoryLayout, globals: Globals, functions: RunLoopFunctions, callees: Callees): void {
  const address = 0;
  const host = body.local('i32');
  const page = body.local('i32');
  pushEntry(body, address, () => { body.globalGet(globals.tlb); });
  body.localTee(page);
  pushTag(body, FETCH);
  body.localGet(address);
  body.i64Const(~0xfffn);
  body.op('i64_and');
  body.op('i64_eq');
  body.if(() => {
    pushHost(body, address, page, FETCH);
    body.localSet(host);
  }, () => {
    body.localGet(address);
    body.call(callees.procedure('fetchAddress').index);
    body.localSet(host);
    pushState(body, 'faultCause');
    body.i64Const(0n);
    body.op('i64_ne');
    body.if(() => {
      body.i32Const(0);
      body.op('return');
    });
  });
  body.localGet(host);
  pushDecodedPage(body, layout);
  body.localTee(page);
  body.op('i32_eqz');
  body.if(() => {
    body.localGet(host);
    body.i32Const(layout.ram);
    body.op('i32_sub');
    body.i32Const(12);
    body.op('i32_shr_u');
    body.call(functions.decodePage);
    body.localSet(page);
    // From now on stores to this page must be seen.
    body.call(callees.procedure('flushFastStores').index);
  });
  pushSlot(body, page, address, layout);
}

/** Takes the trap that the fault in the hart's state asks for, at this pc; the step is already taken from the budget. Returns a stop. */
export function defineRaise(body: FunctionBody, globals: Globals, callees: Callees): void {
  const pc = 0;
  pushState(body, 'faultCause');
  body.i64Const(1n);
  body.op('i64_sub');
  setState(body, 'faultCause', () => { body.i64Const(0n); });
  body.localGet(pc);
  pushState(body, 'faultTval');
  body.call(callees.procedure('raiseException').index);
  addToGlobal(body, globals.origin, 'i64', -1);
  body.call(callees.procedure('stopAfterTrap').index);
}

export function defineRun(body: FunctionBody, layout: MemoryLayout, globals: Globals, functions: RunLoopFunctions, callees: Callees): void {
  const budget = 0;
  const pc = body.local('i64');
  const next = body.local('i64');
  const slot = body.local('i32');
  const handler = body.local('i32');
  const reason = body.local('i32');
  const stop = body.local('i32');
  /** What of the budget the hot loop is given, and what waits meanwhile. */
  const chunk = body.local('i32');
  const rest = body.local('i32');
  const translation = body.local('i32');
  const budgetBefore = body.local('i32');
  /** The instruction in the slot is to run out of line, even where a region might be entered. */
  const alone = body.local('i32');

  const returnStop = (code: number): void => {
    body.i32Const(code);
    body.op('return');
  };
  /** Retired so far, given that `taken` steps of the budget are under way. */
  const storeRetired = (taken: 0 | 1): void => {
    setState(body, 'instret', () => {
      body.globalGet(globals.origin);
      body.globalGet(globals.budget);
      body.op('i64_extend_i32_u');
      body.op('i64_sub');
      if (taken === 1) {
        body.i64Const(1n);
        body.op('i64_sub');
      }
    });
  };
  const storePc = (): void => { setState(body, 'pc', () => { body.localGet(pc); }); };
  const stopWhenSpent = (): void => {
    body.globalGet(globals.budget);
    body.op('i32_eqz');
    body.if(() => { returnStop(STOP.budget); });
  };
  const returnAnyStop = (): void => {
    body.localTee(stop);
    body.if(() => {
      body.localGet(stop);
      body.op('return');
    });
  };
  const raise = (): void => {
    body.localGet(pc);
    body.call(functions.raise);
    returnAnyStop();
  };
  const ifFault = (then: () => void): void => {
    pushState(body, 'faultCause');
    body.i64Const(0n);
    body.op('i64_ne');
    body.if(then);
  };
  const ifHandler = (number: number, then: () => void): void => {
    body.localGet(handler);
    body.i32Const(number);
    body.op('i32_eq');
    body.if(then);
  };

  const pushBias = (): void => {
    body.localGet(pc);
    body.localGet(slot);
    body.i32Const(3);
    body.op('i32_shr_u');
    body.op('i64_extend_i32_u');
    body.op('i64_sub');
  };
  const countMany = (counter: number, push: () => void): void => {
    body.i32Const(0);
    body.i32Const(0);
    body.memory('i64_load', counter);
    push();
    body.op('i64_add');
    body.memory('i64_store', counter);
  };
  const count = (counter: number): void => { countMany(counter, () => { body.i64Const(1n); }); };
  /** The hot loop, until somebody wants to know what runs there. Leaves its reason on the stack. */
  const callHot = (): void => {
    body.globalGet(globals.budget);
    body.globalGet(globals.untilSample);
    body.globalGet(globals.budget);
    body.globalGet(globals.untilSample);
    body.op('i32_lt_u');
    body.op('select');
    body.localSet(chunk);
    body.globalGet(globals.budget);
    body.localGet(chunk);
    body.op('i32_sub');
    body.localSet(rest);
    body.localGet(slot);
    body.globalGet(globals.bias);
    body.localGet(chunk);
    body.globalGet(globals.tlb);
    body.call(functions.hot);
    body.globalGet(globals.untilSample);
    body.localGet(chunk);
    body.globalGet(globals.budget);
    body.op('i32_sub');
    body.op('i32_sub');
    body.globalSet(globals.untilSample);
    body.globalGet(globals.budget);
    body.localGet(rest);
    body.op('i32_add');
    body.globalSet(globals.budget);
  };
  /** A region of translated code stands at the slot: runs it, and those that it leads to, when the budget allows, or this one instruction out of line. */
  const enterRegions = (labels: { readonly fetch: Label; readonly hot: Label; readonly outline: Label }): void => { body.loop((again) => {
    const { fetch, hot, outline } = labels;
    body.localGet(slot);
    body.i32Const(layout.decodedPages);
    body.op('i32_sub');
    body.i32Const(Math.log2(SLOTS_PER_TRANSLATION));
    body.op('i32_shr_u');
    body.memory('i32_load', layout.translations);
    body.localSet(translation);
    const pushRegion = (): void => {
      body.localGet(translation);
      body.i32Const(SELECTOR_BITS);
      body.op('i32_shr_u');
    };
    body.i32Const(1);
    body.localSet(alone);
    body.globalGet(globals.budget);
    pushRegion();
    body.i32Const(1);
    body.op('i32_shl');
    body.memory('i32_load16_u', REGION_MARGINS);
    body.op('i32_lt_u');
    body.if(() => {
      addToGlobal(body, globals.budget, 'i32', -1);
      pushBias();
      body.globalSet(globals.bias);
      storePc();
      storeRetired(1);
      body.br(outline);
    });
    count(COUNTERS.regionsEntered);
    body.localGet(translation);
    body.i32Const((1 << SELECTOR_BITS) - 1);
    body.op('i32_and');
    body.localGet(pc);
    body.i64Const(~0xfffn);
    body.op('i64_and');
    body.globalGet(globals.budget);
    body.localTee(budgetBefore);
    body.globalGet(globals.tlb);
    pushRegion();
    body.callIndirect(functions.regionType, functions.regionTable);
    body.globalSet(globals.budget);
    countMany(COUNTERS.translatedSteps, () => {
      body.localGet(budgetBefore);
      body.globalGet(globals.budget);
      body.op('i32_sub');
      body.op('i64_extend_i32_u');
    });
    body.i32Const(0);
    body.memory('i64_load', EXIT.pc);
    body.localSet(pc);
    body.i32Const(0);
    body.memory('i32_load', EXIT.slot);
    body.localTee(slot);
    body.op('i32_eqz');
    body.if(() => {
      body.globalGet(globals.budget);
      body.op('i32_eqz');
      body.if(() => {
        count(COUNTERS.leftForBudget);
        storePc();
        storeRetired(0);
        returnStop(STOP.budget);
      });
      body.block((unknown) => {
        pushFetchedSlot(body, { address: pc, entry: translation, bank: () => { body.globalGet(globals.tlb); } }, layout, unknown);
        body.localTee(slot);
        body.memory('i32_load16_u', SLOT.handler);
        body.i32Const(TRANSLATED);
        body.op('i32_eq');
        body.brIf(again);
        count(COUNTERS.leftForInterpreter);
        pushBias();
        body.globalSet(globals.bias);
        body.br(hot);
      });
      count(COUNTERS.leftForInterpreter);
      body.br(fetch);
    });
    count(COUNTERS.leftForInstruction);
    pushBias();
    body.globalSet(globals.bias);
    storePc();
    storeRetired(1);
    body.br(outline);
  }); };

  body.i32Const(0);
  body.globalSet(globals.attention);
  body.localGet(budget);
  body.globalSet(globals.budget);
  pushState(body, 'hostModes');
  pushState(body, 'mode');
  pushState(body, 'virt');
  body.i32Const(2);
  body.op('i32_shl');
  body.op('i32_or');
  body.op('i32_shr_u');
  body.i32Const(1);
  body.op('i32_and');
  body.if(() => { returnStop(STOP.hostTrap); });
  pushState(body, 'instret');
  body.localGet(budget);
  body.op('i64_extend_i32_u');
  body.op('i64_add');
  body.globalSet(globals.origin);

  body.loop((resync) => {
    // The bank of the mode: U 0, S 1, M (3) 2, VU 3, VS 4.
    pushState(body, 'mode');
    pushState(body, 'mode');
    body.i32Const(1);
    body.op('i32_shr_u');
    body.op('i32_sub');
    pushState(body, 'virt');
    body.i32Const(3);
    body.op('i32_mul');
    body.op('i32_add');
    body.i32Const(BANK_BYTES);
    body.op('i32_mul');
    body.globalSet(globals.tlb);
    pushState(body, 'pc');
    body.localSet(pc);
    stopWhenSpent();
    pushState(body, 'mip');
    pushState(body, 'mie');
    body.op('i64_and');
    body.i64Const(0n);
    body.op('i64_ne');
    body.if(() => {
      body.localGet(pc);
      body.call(callees.procedure('takeInterrupt').index);
      body.if(() => {
        addToGlobal(body, globals.budget, 'i32', -1);
        addToGlobal(body, globals.origin, 'i64', -1);
        body.call(callees.procedure('stopAfterTrap').index);
        returnAnyStop();
        body.br(resync);
      });
    });

    // Invariant: pc is the address to fetch from, and the budget is not spent.
    body.loop((fetch) => {
      // A breakpoint comes before fetching, which may trap. Where fetching is known to succeed, its slot says so (BREAKPOINT).
      body.globalGet(globals.hasBreakpoints);
      body.if(() => {
        body.localGet(pc);
        body.call(functions.isBreakpoint);
        body.if(() => {
          storePc();
          storeRetired(0);
          returnStop(STOP.breakpoint);
        });
      });
      body.localGet(pc);
      body.call(functions.locate);
      body.localTee(slot);
      body.op('i32_eqz');
      body.if(() => {
        storePc();
        storeRetired(0);
        addToGlobal(body, globals.budget, 'i32', -1);
        raise();
        body.br(resync);
      });
      pushBias();
      body.globalSet(globals.bias);

      body.loop((hot) => {
        body.block((outline) => {
          body.localGet(slot);
          body.memory('i32_load16_u', SLOT.handler);
          body.i32Const(TRANSLATED);
          body.op('i32_eq');
          body.if(() => { enterRegions({ fetch, hot, outline }); });
          callHot();
          body.localTee(reason);
          body.i32Const(LEFT_FOR_FETCH);
          body.op('i32_eq');
          body.if(() => {
            body.globalGet(globals.target);
            body.localSet(pc);
            body.globalGet(globals.budget);
            body.brIf(fetch);
            storePc();
            storeRetired(0);
            returnStop(STOP.budget);
          });
          body.globalGet(globals.slot);
          body.localTee(slot);
          body.i32Const(3);
          body.op('i32_shr_u');
          body.op('i64_extend_i32_u');
          body.globalGet(globals.bias);
          body.op('i64_add');
          body.localSet(pc);
          body.localGet(reason);
          body.i32Const(LEFT_FOR_BUDGET);
          body.op('i32_eq');
          body.if(() => {
            body.globalGet(globals.budget);
            body.if(() => {
              body.globalGet(globals.samplePeriod);
              body.globalSet(globals.untilSample);
              body.localGet(slot);
              body.call(functions.sampled);
              body.br(hot);
            });
            storePc();
            storeRetired(0);
            returnStop(STOP.budget);
          });
          storePc();
          storeRetired(1);
          body.i32Const(0);
          body.localSet(alone);
        });
        body.localGet(slot);
        body.memory('i32_load16_u', SLOT.handler);
        body.localTee(handler);
        body.i32Const(FIRST_INSTRUCTION);
        body.op('i32_lt_u');
        body.if(() => {
          ifHandler(NOT_DECODED, () => {
            addToGlobal(body, globals.budget, 'i32', 1);
            body.localGet(slot);
            body.call(functions.decodeSlot);
            body.br(hot);
          });
          ifHandler(TRANSLATED, () => {
            body.localGet(alone);
            body.op('i32_eqz');
            body.if(() => {
              addToGlobal(body, globals.budget, 'i32', 1);
              body.br(hot);
            });
          });
          ifHandler(BREAKPOINT, () => {
            body.localGet(pc);
            body.call(functions.isBreakpoint);
            body.if(() => {
              addToGlobal(body, globals.budget, 'i32', 1);
              returnStop(STOP.breakpoint);
            });
          });
          body.localGet(handler);
          body.i32Const(CROSSING);
          body.op('i32_ne');
          body.if(() => {
            body.localGet(slot);
            body.memory('i32_load16_u', SLOT.alternate);
            body.localSet(handler);
          });
          ifHandler(CROSSING, () => {
            body.localGet(slot);
            body.memory('i32_load16_u', SLOT.immediate);
            body.localGet(pc);
            body.i64Const(2n);
            body.op('i64_add');
            body.call(callees.procedure('fetchAddress').index);
            body.localTee(slot);
            ifFault(() => {
              raise();
              body.br(resync);
            });
            body.memory('i32_load16_u', 0);
            body.i32Const(16);
            body.op('i32_shl');
            body.op('i32_or');
            body.call(functions.decodeCrossing);
            body.i32Const(CROSSING_SLOT);
            body.localSet(slot);
            body.i32Const(CROSSING_SLOT);
            body.memory('i32_load16_u', SLOT.handler);
            body.localSet(handler);
          });
        });

        body.localGet(slot);
        body.localGet(pc);
        body.localGet(handler);
        body.callIndirect(functions.outOfLineType, functions.outOfLineTable);
        body.localSet(next);
        ifFault(() => {
          raise();
          body.br(resync);
        });
        body.localGet(next);
        body.localSet(pc);
        // On to the next slot when nothing happened but the instruction, and fetching is still known to succeed: it may have displaced its own page's translation.
        pushState(body, 'stopRequest');
        body.globalGet(globals.attention);
        body.op('i32_or');
        body.globalGet(globals.budget);
        body.op('i32_eqz');
        body.op('i32_or');
        body.op('i32_eqz');
        body.if(() => {
          body.block((unknown) => {
            pushFetchedSlot(body, { address: pc, entry: translation, bank: () => { body.globalGet(globals.tlb); } }, layout, unknown);
            body.localSet(slot);
            pushBias();
            body.globalSet(globals.bias);
            body.br(hot);
          });
        });
        storePc();
        storeRetired(0);
        pushState(body, 'stopRequest');
        body.if(() => {
          setState(body, 'stopRequest', () => { body.i32Const(0); });
          returnStop(STOP.device);
        });
        body.globalGet(globals.attention);
        body.if(() => {
          body.globalGet(globals.attention);
          body.i32Const(ATTENTION_WFI);
          body.op('i32_and');
          body.i32Const(0);
          body.globalSet(globals.attention);
          body.if(() => {
            body.call(callees.procedure('interruptWaiting').index);
            body.op('i32_eqz');
            body.if(() => { returnStop(STOP.wfi); });
          });
          body.br(resync);
        });
        stopWhenSpent();
        body.br(fetch);
      });
    });
  });
  body.op('unreachable');
}
