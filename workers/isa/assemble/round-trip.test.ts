/** What the disassembler writes, the assembler reads back as the same word: of every row, with and without aliases, with and without an address. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../../tests/differential/random.ts';
import { decode } from '../decode.ts';
import { disassemble } from '../disassemble.ts';
import { encode, limitsOf } from '../encode.ts';
import { INSTRUCTIONS } from '../instructions/index.ts';
import type { InstructionRow, OperandBits } from '../row.ts';
import { assemble } from './assemble.ts';

const SEED = 0x5eed_a55e;
const ROUNDS = 60;
const ORIGIN = 0x8020_0000n;

/** Operands that no assembly form says: reserved fields of fences, which GNU as writes as zeros. */
const unsaid = (row: InstructionRow, name: string): boolean => row.name.startsWith('fence') && !['pred', 'succ'].includes(name);

function valueFor(operand: OperandBits, random: Random): bigint {
  const { least, most, step } = limitsOf(operand);
  const ends = [least, most, least <= 0n && most >= 0n ? 0n : least, least <= 1n && step === 1n ? 1n : most];
  return random.oneIn(3) ? random.pick(ends) : least + (random.double() % ((most - least) / step + 1n)) * step;
}

function words(row: InstructionRow): readonly number[] {
  const random = new Random(SEED);
  const found = Array.from({ length: ROUNDS }, () => encode(row, Object.fromEntries(row.operands.map((operand) => [operand.name, unsaid(row, operand.name) ? 0n : valueFor(operand, random)]))));
  return [...new Set(found)].filter((word) => row.excludes?.(word) !== true);
}

/** The word that a text becomes, standing at the origin. */
function wordOf(text: string): number | string {
  const { assembly, diagnostics } = assemble(text, { origin: ORIGIN });
  const bytes = assembly?.sections[0]?.bytes;
  if (!bytes) return diagnostics.map(({ message }) => message).join(' ');
  return bytes.reduce((word, byte, index) => word + byte * 2 ** (8 * index), 0);
}

const each = INSTRUCTIONS.map((row) => [row.name, row] as const);

describe('what is disassembled is assembled to the same word', () => {
  it.each(each)('%s', (_, row) => {
    const [given, wrong] = [words(row), [] as string[]];
    expect(given).not.toEqual([]);
    for (const word of given) {
      const decoded = decode(word)!;
      const texts = [disassemble(decoded), disassemble(decoded, ORIGIN), disassemble(decoded, undefined, undefined, { aliases: false })];
      for (const text of new Set(texts)) {
        const found = wordOf(text);
        if (found !== word) wrong.push(`seed ${String(SEED)}: ${text}: ${word.toString(16)} became ${typeof found === 'number' ? found.toString(16) : found}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('fence.tso, and a fence that orders nothing', () => {
    for (const word of [0x8330_000f, 0x0000_000f, 0x0ff0_000f, 0x0100_000f]) expect(wordOf(disassemble(decode(word)!))).toBe(word);
  });
});
