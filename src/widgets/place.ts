/** Places as people write them: an address in hexadecimal or decimal, or a symbol of the program, with an offset if need be. */
import type { ProgramInfo } from '../../workers/protocol/lab-api.ts';

export function parsePlace(text: string, symbols: ProgramInfo['symbols']): bigint | undefined {
  const [, base, sign, offset] = /^\s*([^\s+-]+)\s*(?:([+-])\s*(0x[0-9a-f]+|\d+))?\s*$/i.exec(text) ?? [];
  if (base === undefined) return undefined;
  const start = /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(base) ? BigInt(base) : symbols.find(({ name }) => name === base)?.address;
  if (start === undefined) return undefined;
  return BigInt.asUintN(64, sign === '-' ? start - BigInt(offset!) : start + BigInt(offset ?? 0));
}

/** The symbol at or before an address, with the distance; undefined when none is near. */
export function nameOfPlace(address: bigint, symbols: ProgramInfo['symbols']): string | undefined {
  let low = 0;
  let high = symbols.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (symbols[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const found = symbols[low - 1];
  if (!found || address - found.address > 4096n) return undefined;
  return address === found.address ? found.name : `${found.name}+0x${(address - found.address).toString(16)}`;
}
