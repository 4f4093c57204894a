/** The interpreter's WebAssembly module: every procedure, every handler out of line, the hot loop and the run loop. */
import type { Procedure, Type } from '../../isa/meaning.ts';
import { MOST_REGIONS, type MemoryLayout } from '../../machine/memory-layout.ts';
import { IMPORTS } from '../../machine/procedures.ts';
import type { FunctionBody } from '../lowering/function-body.ts';
import { defineHighProduct, type Callee, type Callees, type HighProduct } from '../lowering/lower.ts';
import { ModuleBuilder, type Signature } from '../lowering/module-builder.ts';
import type { HandlerTable } from './handlers.ts';
import { defineHotLoop, HOT_SIGNATURE, type Globals } from './hot-loop.ts';
import { ATTENTION_RESYNC, defineOutOfLine, OUT_OF_LINE_SIGNATURE } from './out-of-line.ts';
import { defineProcedure, mayFault } from './procedures.ts';
import { REGION_SIGNATURE } from './regions.ts';
import { defineLocate, defineRaise, defineRun, LOCATE_SIGNATURE, RAISE_SIGNATURE, RUN_SIGNATURE } from './run-loop.ts';
import { FIRST_INSTRUCTION } from './slots.ts';

/** What the module asks of TypeScript (import module `host`), besides `memory`. */
export interface HostFunctions {
  deviceRead(address: bigint, size: number): bigint;
  deviceWrite(address: bigint, size: number, value: bigint): void;
  /** RAM [offset, offset + size), with decoded code, was written. */
  codeInvalidated(offset: number, size: number): void;
  decodePage(ramPage: number): number;
  decodeSlot(slot: number): void;
  decodeCrossing(bits: number): void;
  isBreakpoint(pc: bigint): number;
  /** The hot loop is at this slot; told now and then. */
  sampled(slot: number): void;
}

const HOST_SIGNATURES: Readonly<Record<keyof HostFunctions, Signature>> = {
  deviceRead: IMPORTS.deviceRead,
  deviceWrite: IMPORTS.deviceWrite,
  codeInvalidated: IMPORTS.codeWritten,
  decodePage: { params: ['i32'], result: 'i32' },
  decodeSlot: { params: ['i32'], result: undefined },
  decodeCrossing: { params: ['i32'], result: undefined },
  isBreakpoint: { params: ['i64'], result: 'i32' },
  sampled: { params: ['i32'], result: undefined },
};

/** Procedures are exported by their names after this. */
export const PROCEDURE_EXPORT = 'hart.';

export const signatureOf = (procedure: Procedure): Signature => ({ params: procedure.params.map(({ type }) => type), result: procedure.result });

export function buildModule(layout: MemoryLayout, procedures: readonly Procedure[], table: HandlerTable): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory(layout.totalBytes / 65536);
  const regionTable = module.importTable(MOST_REGIONS);
  const host = Object.fromEntries(
    Object.entries(HOST_SIGNATURES).map(([name, signature]) => [name, module.importFunction(name, signature)]),
  ) as Record<keyof HostFunctions, number>;
  const globals: Globals = {
    slot: module.global('i32'), bias: module.global('i64'), budget: module.global('i32'), target: module.global('i64'),
    tlb: module.global('i32'), origin: module.global('i64'), attention: module.global('i32'),
    hasBreakpoints: module.global('i32'), samplePeriod: module.global('i32'), untilSample: module.global('i32'),
  };
  const attend = (body: FunctionBody): void => {
    body.globalGet(globals.attention);
    body.i32Const(ATTENTION_RESYNC);
    body.op('i32_or');
    body.globalSet(globals.attention);
  };

  const known = new Map<string, Callee>();
  for (const name of Object.keys(IMPORTS) as (keyof typeof IMPORTS)[]) {
    known.set(name, { index: module.declare(IMPORTS[name], name), result: IMPORTS[name].result, mayFault: false });
  }
  const faulting = mayFault(procedures);
  for (const procedure of procedures) {
    known.set(procedure.name, { index: module.declare(signatureOf(procedure), procedure.name), result: procedure.result, mayFault: faulting.has(procedure.name) });
  }
  const products = new Map<HighProduct, number>(
    (['mulh_uu', 'mulh_su', 'mulh_ss'] as const).map((op) => [op, module.declare({ params: ['i64', 'i64'], result: 'i64' }, op)]),
  );
  const callees: Callees = {
    procedure: (name) => known.get(name) ?? missingProcedure(name),
    highProduct: (op) => products.get(op)!,
  };
  const outOfLine = table.handlers.map((handler) => module.declare(OUT_OF_LINE_SIGNATURE, `out of line ${table.nameOf(handler)}`));
  const functions = {
    hot: module.declare(HOT_SIGNATURE, 'hot loop'),
    locate: module.declare(LOCATE_SIGNATURE, 'locate'),
    raise: module.declare(RAISE_SIGNATURE, 'raise'),
    outOfLineType: module.typeIndex(OUT_OF_LINE_SIGNATURE),
    outOfLineTable: module.ownTable,
    regionTable,
    regionType: module.typeIndex(REGION_SIGNATURE),
    ...host,
  };
  const run = module.declare(RUN_SIGNATURE, 'run');
  const expectBreakpoints = module.declare({ params: ['i32'], result: undefined });
  const sampleEvery = module.declare({ params: ['i32'], result: undefined });
  const left = module.declare({ params: [], result: 'i32' });

  for (const name of Object.keys(IMPORTS) as (keyof typeof IMPORTS)[]) {
    module.define(known.get(name)!.index, (body) => {
      if (name === 'codeWritten') {
        defineCodeWritten(body, layout, host.codeInvalidated);
        return;
      }
      pushArguments(body, IMPORTS[name].params);
      body.call(host[name]);
      // A device may have raised or lowered an interrupt line.
      attend(body);
    });
  }
  for (const procedure of procedures) {
    const { index } = known.get(procedure.name)!;
    module.define(index, (body) => { defineProcedure(body, procedure, callees); });
    module.exportFunction(PROCEDURE_EXPORT + procedure.name, index);
  }
  for (const [op, index] of products) module.define(index, (body) => { defineHighProduct(body, op, products.get('mulh_uu')!); });
  table.handlers.forEach((handler, number) => {
    module.define(outOfLine[number]!, (body) => { defineOutOfLine(body, handler, callees, globals); });
  });
  module.define(functions.hot, (body) => { defineHotLoop(body, table, layout, globals, callees); });
  module.define(functions.locate, (body) => { defineLocate(body, layout, globals, functions, callees); });
  module.define(functions.raise, (body) => { defineRaise(body, globals, callees); });
  module.define(run, (body) => { defineRun(body, layout, globals, functions, callees); });
  module.define(left, (body) => { body.globalGet(globals.budget); });
  module.define(expectBreakpoints, (body) => {
    body.localGet(0);
    body.globalSet(globals.hasBreakpoints);
  });
  module.define(sampleEvery, (body) => {
    for (const global of [globals.samplePeriod, globals.untilSample]) {
      body.localGet(0);
      body.globalSet(global);
    }
  });
  for (const [op, index] of products) module.exportFunction(op, index);
  module.exportFunction('sampleEvery', sampleEvery);
  module.exportFunction('run', run);
  module.exportFunction('expectBreakpoints', expectBreakpoints);
  module.exportFunction('stepsLeft', left);
  // Handlers that are no instruction never come to the table; it has entries for them so that handlers are its indices.
  module.setTable([...Array.from({ length: FIRST_INSTRUCTION }, () => outOfLine[0]!), ...outOfLine]);
  return module.finish();
}

function missingProcedure(name: string): never {
  throw new Error(`Internal error: no procedure ${name}`);
}

function pushArguments(body: FunctionBody, params: readonly Type[]): void {
  params.forEach((_, index) => { body.localGet(index); });
}

/** Bytes of a cache block, which cbo.zero writes at once. */
const LARGEST_STORE = 64;

/** (offset in RAM, size): a store, which never crosses a page, calls out only when one of the 64-byte granules written has decoded code. */
function defineCodeWritten(body: FunctionBody, layout: MemoryLayout, invalidated: number): void {
  const [offset, size] = [0, 1];
  const granuleBit = (pushOffset: () => void): void => {
    body.i64Const(1n);
    pushOffset();
    body.i32Const(6);
    body.op('i32_shr_u');
    body.op('i64_extend_i32_u');
    body.op('i64_shl'); // by the granule's number modulo 64: its place in the page
  };
  body.localGet(offset);
  body.i32Const(12);
  body.op('i32_shr_u');
  body.i32Const(3);
  body.op('i32_shl');
  body.memory('i64_load', layout.codeGranules);
  granuleBit(() => { body.localGet(offset); });
  granuleBit(() => {
    body.localGet(offset);
    body.localGet(size);
    body.op('i32_add');
    body.i32Const(1);
    body.op('i32_sub');
  });
  body.op('i64_or');
  body.op('i64_and');
  body.i64Const(0n);
  body.op('i64_ne');
  // More than a store: PMP has changed, and all code that was decoded under other rights with it.
  body.localGet(size);
  body.i32Const(LARGEST_STORE);
  body.op('i32_gt_u');
  body.op('i32_or');
  body.if(() => {
    body.localGet(offset);
    body.localGet(size);
    body.call(invalidated);
  });
}
