/**
 * Floating-point arithmetic in integers: exact results and exceptions in every rounding mode, the same in every engine. Numbers are their
 * bits (those of a single in the low half, the high half 0); procedures are named by format: `f64Add`, `f32ToInteger`.
 */
import type { Procedure } from '../../isa/meaning.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { COMPARE } from './compare.ts';
import { CONVERT } from './convert.ts';
import { FUSED } from './fused.ts';
import { PACK } from './pack.ts';

export const FLOAT_PROCEDURES: readonly Procedure[] = [...PACK, ...ARITHMETIC, ...FUSED, ...COMPARE, ...CONVERT];
