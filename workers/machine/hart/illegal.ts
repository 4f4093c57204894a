/** The exception for what may not be executed, here or at all; the trap value is the instruction itself (privileged manual, 3.1.16). */
import { CAUSE } from '../../isa/causes.ts';
import { i64, trap, type Expr, type Stmt } from '../../isa/meaning.ts';

export const illegalInstruction = (raw: Expr): Stmt => trap(i64(CAUSE.illegalInstruction), raw);
