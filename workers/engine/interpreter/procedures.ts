/**
 * The procedures of the hart and the memory unit (workers/machine), as functions of the engine's module: state in memory, faults
 * in the slot `faultCause`, which every caller looks for.
 */
import type { Procedure } from '../../isa/meaning.ts';
import type { FunctionBody } from '../lowering/function-body.ts';
import { Lowering, type Callees } from '../lowering/lower.ts';
import { ColdSite } from './out-of-line.ts';
import { walk } from './slots.ts';

/** The procedures that may leave a fault: those that trap, and those that call one of them without being its end. */
export function mayFault(procedures: readonly Procedure[]): ReadonlySet<string> {
  const faulting = new Set<string>();
  let grew = true;
  while (grew) {
    grew = false;
    for (const { name, body } of procedures) {
      if (faulting.has(name)) continue;
      walk(body, (node) => {
        const faults = 's' in node
          ? node.s === 'trap' || node.s === 'setState' && node.slot === 'faultCause' || node.s === 'call' && faulting.has(node.procedure)
          : node.k === 'call' && faulting.has(node.procedure);
        if (faults && !faulting.has(name)) {
          faulting.add(name);
          grew = true;
        }
      });
    }
  }
  return faulting;
}

const inProcedure = (what: string): never => {
  throw new Error(`Internal error: a procedure of the hart uses ${what}, which only an instruction has`);
};

class ProcedureSite extends ColdSite {
  register(): void { inProcedure('a register operand'); }
  floatRegister(): void { inProcedure('a floating-point register operand'); }
  operand(): void { inProcedure('an operand'); }
  pc(): void { inProcedure('pc'); }
  length(): void { inProcedure('length'); }
  raw(): void { inProcedure('raw'); }
  setRd(): void { inProcedure('setRd'); }
  setFd(): void { inProcedure('setFd'); }
  useFloat(): void { inProcedure('useFloat'); }
  load(): void { inProcedure('load'); }
  store(): void { inProcedure('store'); }
  jump(): void { inProcedure('jump'); }
  resync(): void { inProcedure('resync'); }
  stop(): void { inProcedure('stop'); }
}

export function defineProcedure(body: FunctionBody, { params, result, body: statements }: Procedure, callees: Callees): void {
  const lowering = new Lowering(body, callees, (self) => new ProcedureSite(self.body, result));
  params.forEach((param, index) => { lowering.bind(param.name, param.type, index); });
  lowering.statements(statements);
  // A procedure with a result ends by `return`; the function's type wants a value here all the same.
  if (result === 'i64') body.i64Const(0n);
  else if (result === 'i32') body.i32Const(0);
}
