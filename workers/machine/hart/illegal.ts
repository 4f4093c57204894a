/**
 * The exceptions for what may not be executed; the trap value is the instruction itself (privileged manual, 3.1.16). A virtual instruction
 * is one that is refused in VS or VU and that HS could have executed: the hypervisor may want to emulate it (8.6.1).
 */
import { CAUSE } from '../../isa/causes.ts';
import { i64, trap, type Expr, type Stmt } from '../../isa/meaning.ts';

export const illegalInstruction = (raw: Expr): Stmt => trap(i64(CAUSE.illegalInstruction), raw);
export const virtualInstruction = (raw: Expr): Stmt => trap(i64(CAUSE.virtualInstruction), raw);
