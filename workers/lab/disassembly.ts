/** Machine code as text, with the program's labels. */
import { hex } from '../base/bits.ts';
import { decode } from '../isa/decode.ts';
import { disassemble } from '../isa/disassemble.ts';
import type { DisassembledLine, ProgramInfo } from '../protocol/lab-api.ts';

type Symbols = ProgramInfo['symbols'];

/** The last symbol at or before this address, as `name` or `name+0x10`; undefined before the first and far behind the last. */
export function labelAt(symbols: Symbols, address: bigint): string | undefined {
  let best: Symbols[number] | undefined;
  for (const symbol of symbols) {
    if (symbol.address <= address && (!best || symbol.address >= best.address)) best = symbol;
  }
  if (!best || address - best.address > 0x1_0000n) return undefined;
  return best.address === address ? best.name : `${best.name}+${hex(address - best.address)}`;
}

/** The instruction in these bytes (at least two), or the raw half-word where there is none. */
export function disassembleBytes(bytes: readonly (number | undefined)[], address: bigint, symbols: Symbols): Omit<DisassembledLine, 'label' | 'line'> | undefined {
  const [b0, b1, b2, b3] = bytes;
  if (b0 === undefined || b1 === undefined) return undefined;
  const half = b0 | (b1 << 8);
  if ((half & 3) === 3) {
    if (b2 === undefined || b3 === undefined) return undefined;
    const word = (half | (b2 << 16) | (b3 << 24)) >>> 0;
    const decoded = decode(word);
    return { address, bytes: word, length: 4, text: decoded ? disassemble(decoded, address, (target) => labelAt(symbols, target)) : `.word ${hex(word, 8)}` };
  }
  const decoded = decode(half);
  return { address, bytes: half, length: 2, text: decoded ? disassemble(decoded, address, (target) => labelAt(symbols, target)) : `.half ${hex(half, 4)}` };
}
