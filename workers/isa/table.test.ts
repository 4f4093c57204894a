/** The instruction table checks itself: bits, round trips, words, prose and meanings. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../tests/differential/random.ts';
import { checkMeaning } from './check-meaning.ts';
import { decode, lengthOf, matchRow } from './decode.ts';
import { encode, fits, limitsOf, type Operands } from './encode.ts';
import { INSTRUCTIONS } from './instructions/index.ts';
import { ENVIRONMENT } from './meaning.ts';
import type { InstructionRow, OperandBits } from './row.ts';

const SEED = 0x5eed_15a1;
const ROUNDS = 200;

const each = INSTRUCTIONS.map((row) => [row.name, row] as const);
const bitsBetween = (high: number, low: number): bigint => ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
const wholeWord = (row: InstructionRow): bigint => (1n << BigInt(8 * row.length)) - 1n;

/** A value that fits: the ends of the range and 0 more often than chance would have them. */
function valueFor(operand: OperandBits, random: Random): bigint {
  const { least, most, step } = limitsOf(operand);
  const choices = [least, most, least <= 0n && most >= 0n ? 0n : least];
  return random.oneIn(4) ? random.pick(choices) : least + (random.double() % ((most - least) / step + 1n)) * step;
}

describe('the instruction table', () => {
  it('has 49 + 12 of I, 13 of M, 22 of A, 6 of Zicsr, 1 of Zifencei, 30 of F, 32 of D, 4 privileged and 37 compressed instructions', () => {
    const count = (extension: string): number => INSTRUCTIONS.filter((row) => row.extension === extension).length;
    expect(Object.fromEntries(['I', 'M', 'A', 'F', 'D', 'Zicsr', 'Zifencei', 'S', 'M-mode', 'C'].map((extension) => [extension, count(extension)])))
      .toEqual({ I: 52, M: 13, A: 22, F: 30, D: 32, Zicsr: 6, Zifencei: 1, S: 3, 'M-mode': 1, C: 37 });
  });

  it('names every instruction once', () => {
    expect(new Set(INSTRUCTIONS.map(({ name }) => name)).size).toBe(INSTRUCTIONS.length);
  });

  it.each(each)('%s: every bit is fixed or belongs to one operand', (_, row) => {
    let claimed = BigInt(row.mask);
    for (const { high, low } of row.operands.flatMap(({ pieces }) => pieces)) {
      expect(high).toBeGreaterThanOrEqual(low);
      const bits = bitsBetween(high, low);
      expect(claimed & bits, `bits ${high}..${low} are claimed twice`).toBe(0n);
      claimed |= bits;
    }
    expect(claimed, 'bits that nobody claims').toBe(wholeWord(row));
    expect((row.match & ~row.mask) >>> 0, 'bits of match outside mask').toBe(0);
    expect(lengthOf(row.match)).toBe(row.length);
  });

  it.each(each)('%s: the pieces of each operand fill its width without overlap', (_, row) => {
    for (const { pieces, width, name } of row.operands) {
      let held = 0n;
      for (const { high, low, at } of pieces) {
        const bits = bitsBetween(at + high - low, at);
        expect(held & bits, name).toBe(0n);
        held |= bits;
      }
      // Low bits that no piece holds are the step of the value; above them there is no hole.
      const step = held & -held;
      expect(held + step, name).toBe(1n << BigInt(width));
    }
  });

  it('has no two 4-byte rows that match one word', () => {
    const rows = INSTRUCTIONS.filter(({ length }) => length === 4);
    const clashes = rows.flatMap((a, index) => rows.slice(index + 1)
      .filter((b) => ((a.match ^ b.match) & a.mask & b.mask) === 0)
      .map((b) => `${a.name} and ${b.name}`));
    expect(clashes).toEqual([]);
  });

  it('has no two 2-byte rows that match one word, and each word that decodes encodes to itself', () => {
    const rows = INSTRUCTIONS.filter(({ length }) => length === 2);
    const wrong: string[] = [];
    for (let word = 0; word < 0x1_0000; word += 1) {
      if (lengthOf(word) !== 2) continue;
      const matching = rows.filter((row) => (word & row.mask) === row.match && row.excludes?.(word) !== true);
      if (matching.length > 1) wrong.push(`${word.toString(16)}: ${matching.map(({ name }) => name).join(' and ')}`);
      const decoded = decode(word);
      if (decoded?.row !== matching[0]) wrong.push(`${word.toString(16)}: decoded as ${decoded?.row.name}`);
      if (decoded && encode(decoded.row, decoded as unknown as Operands) !== word) wrong.push(`${word.toString(16)}: encoded as another word`);
    }
    expect(wrong).toEqual([]);
  });

  it('leaves the word of zeros and the word of ones illegal, as the manual promises', () => {
    expect(decode(0)).toBeUndefined();
    expect(decode(0xffff_ffff)).toBeUndefined();
  });

  it('finds by its buckets the row that a search of all rows finds', () => {
    const random = new Random(SEED);
    for (let round = 0; round < 20_000; round += 1) {
      const row = random.pick(INSTRUCTIONS);
      // Half the words are near an instruction, so that the fixed bits are met and missed by one.
      const word = random.oneIn(2) ? random.word() : ((row.match | (random.word() & ~row.mask)) ^ (1 << random.below(32))) >>> 0;
      const bits = lengthOf(word) === 2 ? word & 0xffff : word;
      const expected = INSTRUCTIONS.find(({ length, mask, match, excludes }) => length === lengthOf(word) && ((bits & mask) >>> 0) === match && excludes?.(bits) !== true);
      expect(matchRow(word)?.name, `seed ${SEED}, word ${word.toString(16)}`).toBe(expected?.name);
    }
  });

  it.each(each)('%s: what is encoded is decoded to the same operands', (_, row) => {
    const random = new Random(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      const operands = Object.fromEntries(row.operands.map((operand) => [operand.name, valueFor(operand, random)]));
      const word = encode(row, operands);
      if (row.excludes?.(word) === true) continue;
      const decoded = decode(word);
      expect(decoded?.row.name, `seed ${SEED}, word ${word.toString(16)}`).toBe(row.name);
      const found = Object.fromEntries(row.operands.map(({ name }) => [name, BigInt(decoded![name])]));
      expect(found, `seed ${SEED}, word ${word.toString(16)}`).toEqual(operands);
    }
  });

  it.each(each)('%s: values just outside the range do not fit', (_, row) => {
    for (const operand of row.operands) {
      const { least, most, step } = limitsOf(operand);
      expect([least, most].map((value) => fits(value, operand))).toEqual([true, true]);
      expect([least - step, most + step].map((value) => fits(value, operand))).toEqual([false, false]);
      if (step > 1n) expect(fits(least + 1n, operand)).toBe(false);
    }
  });

  it.each(each)('%s: the assembly form names its operands and nothing else', (_, row) => {
    const words = row.form.match(/[a-z]+\d?/g) ?? [];
    const names = new Set(words.map((word) => (word === 'target' || word === 'upper' ? 'imm' : word)));
    names.delete('sp');
    // Ordering is a suffix of the name; reserved fields of fences are 0 in assembly.
    const hidden = row.name.startsWith('fence') ? ['rd', 'rs1', 'fm', 'imm'] : ['aq', 'rl'];
    expect([...names].sort()).toEqual(row.operands.map(({ name }) => name).filter((name) => !hidden.includes(name)).sort());
  });

  it.each(each)('%s: is explained in both languages, with its clause', (_, row) => {
    expect(row.prose.en).toMatch(/^[A-Z][^\u4e00-\u9fff]+\.$/);
    expect(row.prose['zh-CN']).toMatch(/^.*[\u4e00-\u9fff].*。$/);
    expect(row.clause).not.toBe('');
  });

  it.each(each)('%s: its meaning keeps the rules of the intermediate form', (_, row) => {
    // csrWrite follows csrCheck, which has raised all that can be raised.
    const problems = checkMeaning(row.meaning, { procedures: new Map(Object.entries(ENVIRONMENT)), harmless: new Set(['csrWrite', 'csrBase']) });
    expect(problems).toEqual([]);
  });

  it('gives a compressed instruction the very meaning of the one that it abbreviates', () => {
    const base = new Set(INSTRUCTIONS.filter(({ length }) => length === 4).map(({ meaning }) => meaning));
    expect(INSTRUCTIONS.filter(({ length, meaning }) => length === 2 && !base.has(meaning))).toEqual([]);
  });
});
