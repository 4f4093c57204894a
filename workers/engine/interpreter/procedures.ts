/**
 * The procedures of the hart and the memory unit (workers/machine), as functions of the engine's module: state in memory, faults
 * in the slot `faultCause`, which every caller looks for.
 */
import { walk } from './slots.ts';
import type { Procedure } from '../../isa/meaning.ts';

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
