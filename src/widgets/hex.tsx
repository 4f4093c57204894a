/** A 64-bit value as 16 hexadecimal digits, aligned in every table; leading zeros step back. */
import type { ReactNode } from 'react';

export function Hex({ value }: { readonly value: bigint }): ReactNode {
  const digits = BigInt.asUintN(64, value).toString(16).padStart(16, '0');
  const zeros = Math.min(digits.length - 1, /^0*/.exec(digits)![0].length);
  return <span className="hex"><span className="zeros">{digits.slice(0, zeros)}</span>{digits.slice(zeros)}</span>;
}
