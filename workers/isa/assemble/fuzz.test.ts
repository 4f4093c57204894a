/** Whatever is written, the assembler answers: an assembly or at least one error, soon, with places inside the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';
import { WORDS } from './language.ts';

/** FUZZ_RUNS asks for more rounds, FUZZ_SEED for those of a report. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const SEED = Number(process.env['FUZZ_SEED'] ?? 0x5eed);
const OPTIONS = { seed: SEED, numRuns: RUNS };
/** A bound on what hangs, not on what is slow. */
const HANGS = 10_000;

const GUESTS = join(dirname(fileURLToPath(import.meta.url)), '../../../public/guests');
const CONFORMANCE = join(GUESTS, '../../tests/conformance/assembler');
const sources = [GUESTS, CONFORMANCE].flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.s')).sort().map((file) => readFileSync(join(folder, file), 'utf8')));
const lines = sources.flatMap((source) => source.split('\n'));

function answers(source: string): void {
  const started = performance.now();
  const { assembly, diagnostics } = assemble(source);
  expect(performance.now() - started).toBeLessThan(HANGS);
  expect(assembly !== undefined).toBe(!diagnostics.some(({ severity }) => severity === 'error'));
  const count = source.split(/\r\n|\n|\r/).length;
  for (const { line, column, endColumn, message } of diagnostics) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(count);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(endColumn).toBeGreaterThanOrEqual(column);
    expect(message).not.toBe('');
  }
  for (const { bytes } of assembly?.sections ?? []) expect(bytes.length).toBeLessThanOrEqual(16 << 20);
}

/** Fragments that an assembler may stumble over. */
const fragment = fc.oneof(
  fc.constantFrom(...WORDS.keys()),
  fc.constantFrom('a0', 'sp', '1f', '1b', '1:', 'x:', 'x', '.', '%hi', '%lo', '%pcrel_hi', '%pcrel_lo', '(', ')', ',', ';', '"', "'", '\\', '\\@', '\\x', '/*', '*/', '#', '=', '<<', '-', '~', '/', '\n', '\n', '\n', ' ', '0x', '0xffffffffffffffff', '4096', '1000000000', '-1', '\u0000', '你', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

/** A source with some of its lines changed, moved, doubled or lost, and characters struck out or put in. */
const mutated = fc.tuple(
  fc.constantFrom(...sources),
  fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'double', 'foreign', 'cut', 'insert', 'join'), fc.nat(), fragment), { minLength: 1, maxLength: 12 }),
).map(([source, changes]) => {
  const text = source.split('\n');
  for (const [where, what, other, extra] of changes) {
    const at = where % text.length;
    const line = text[at]!;
    const column = line.length === 0 ? 0 : other % line.length;
    if (what === 'drop' && text.length > 1) text.splice(at, 1);
    else if (what === 'double') text.splice(at, 0, line);
    else if (what === 'foreign') text.splice(at, 0, lines[other % lines.length]!);
    else if (what === 'cut') text[at] = line.slice(0, column) + line.slice(column + 1 + (where % 3));
    else if (what === 'insert') text[at] = line.slice(0, column) + extra + line.slice(column);
    else text.splice(at, 2, line + (text[at + 1] ?? ''));
  }
  return text.join('\n');
});

describe(`any text at all is answered (seed ${String(SEED)}, ${String(RUNS)} rounds)`, () => {
  it('arbitrary characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), answers), OPTIONS);
  });

  it('the words of the language in any order', () => {
    fc.assert(fc.property(fc.array(fragment, { maxLength: 60 }), fc.constantFrom('', ' '), (words, between) => { answers(words.join(between)); }), OPTIONS);
  });

  it('sources with mistakes in them', () => {
    fc.assert(fc.property(mutated, answers), OPTIONS);
  });
});

const TOO_LARGE = 'This expression is too large: at most 500 numbers, symbols and signs, and symbols that need other symbols likewise.';

describe('what would never end, or never fit, is refused with one sentence', () => {
  it.each([
    ['a macro that calls itself', '.macro m\nm\n.endm\nm', 'Macros are nested more than 64 deep here: does one call itself without end?'],
    ['a macro that calls itself twice', '.macro m\nm\nm\n.endm\nm', 'Macros are nested more than 64 deep here: does one call itself without end?'],
    ['two macros that call each other', '.macro a\nb\n.endm\n.macro b\na\n.endm\na', 'Macros are nested more than 64 deep here: does one call itself without end?'],
    ['a huge count', '.rept 1000000000\nnop\n.endr', '1000000000 is not a possible count.'],
    ['a negative count', '.rept -1\nnop\n.endr', '-1 is not a possible count.'],
    ['many nops', '.rept 250000\n.rept 250000\nnop\n.endr\n.endr', 'The program grows beyond 250000 lines.'],
    ['repetitions of nothing', '.rept 250000\n.rept 250000\n.rept 250000\n.endr\n.endr\n.endr', 'The program grows beyond 250000 lines.'],
    ['statements on one line', `.rept 100000\n${'nop;'.repeat(10)}\n.endr`, 'The program grows beyond 250000 statements.'],
    ['much room', '.space 1 << 40', 'The program grows beyond 16 MiB.'],
    ['much room, in pieces', '.rept 1000\n.space 1 << 20\n.endr', 'The program grows beyond 16 MiB.'],
    ['much room, filled', '.fill 1 << 62, 8, 1', 'The program grows beyond 16 MiB.'],
    ['room before the section', '.space -1', '-1 is not a possible count.'],
    ['a place far ahead', '.org 1 << 40', 'The program grows beyond 16 MiB.'],
    ['a place behind', 'nop\nnop\n.org 4', '.org cannot go back: this section is already at 8.'],
    ['a place before the section', 'nop\n.org . - 8', '.org cannot go back: this section is already at 4.'],
    ['alignment without measure', '.balign 1 << 40', 'The alignment 1099511627776 is not possible.'],
    ['alignments that add up', '.byte 1\n.align 16\n'.repeat(300), 'The program grows beyond 16 MiB.'],
    ['parentheses without end', `li a0, ${'('.repeat(100_000)}`, TOO_LARGE],
    ['signs without end', `li a0, ${'-'.repeat(100_000)}1`, TOO_LARGE],
    ['a sum without end', `.dword ${'1+'.repeat(100_000)}1`, TOO_LARGE],
  ])('%s', (_, source, sentence) => {
    const { assembly, diagnostics } = assemble(source);
    expect(assembly).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual([sentence]);
  }, HANGS);

  it('symbols that need one another in a long chain', () => {
    const chain = Array.from({ length: 60 }, (_, i) => `.equ s${String(i)}_, s${String(i + 1)}_`).join('\n');
    const { assembly, diagnostics } = assemble(`${chain}\n.dword s0_\ns60_:`);
    expect(assembly).toBeUndefined();
    expect(new Set(diagnostics.map(({ message }) => message))).toEqual(new Set([TOO_LARGE]));
  });

  it('a symbol that needs another twice, forty times over, has its value all the same', () => {
    const doubled = Array.from({ length: 40 }, (_, i) => `.equ s${String(i + 1)}_, s${String(i)}_ + s${String(i)}_`).join('\n');
    const { diagnostics, assembly } = assemble(`.equ s0_, later - first\n${doubled}\nfirst: .dword s40_\nlater:`);
    expect(diagnostics).toEqual([]);
    expect(new DataView(assembly!.sections[0]!.bytes.buffer).getBigUint64(0, true)).toBe(8n << 40n);
  });
});
