/** The assembler against GNU as and ld: every source here and every guest must give the recorded bytes, at the recorded addresses. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { assemble, type Assembly } from '../../../workers/isa/assemble/assemble.ts';
import { CSRS } from '../../../workers/isa/csrs.ts';
import { INSTRUCTIONS } from '../../../workers/isa/instructions/index.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const GUESTS = join(HERE, '../../../public/guests');
/** Bytes in one line of a comparison: two instructions to eight, so that a difference is read at a glance. */
const LINE = 32;

const sources = [HERE, GUESTS].flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.s')).sort().map((file) => [basename(file, '.s'), join(folder, file)] as const));

interface Recorded {
  readonly symbols: ReadonlyMap<string, bigint>;
  readonly sections: readonly { readonly name: string; readonly address: bigint; readonly size: number; readonly bytes: string }[];
}

function recorded(name: string): Recorded {
  const symbols = new Map<string, bigint>();
  const sections: { name: string; address: bigint; size: number; bytes: string }[] = [];
  for (const line of readFileSync(join(HERE, 'recorded', `${name}.txt`), 'utf8').trim().split('\n')) {
    const [word = '', subject = '', address = '', size = ''] = line.split(' ');
    if (word === 'symbol') symbols.set(subject, BigInt(`0x${address}`));
    else if (word === 'section') sections.push({ name: subject, address: BigInt(`0x${address}`), size: parseInt(size, 16), bytes: '' });
    else sections.at(-1)!.bytes += line;
  }
  return { symbols, sections };
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const asLines = (hex: string): readonly string[] => hex.match(new RegExp(`.{1,${String(2 * LINE)}}`, 'g')) ?? [];

function assembled(path: string): Assembly {
  const { assembly, diagnostics } = assemble(readFileSync(path, 'utf8'));
  expect(diagnostics.map(({ line, message }) => `${String(line)}: ${message}`)).toEqual([]);
  return assembly!;
}

describe('the assembler makes the bytes of GNU as and ld', () => {
  describe.each(sources)('%s', (name, path) => {
    const expected = recorded(name);

    it('has the same sections at the same addresses', () => {
      expect(assembled(path).sections.map((section) => ({ name: section.name, address: section.address, size: section.bytes.length })))
        .toEqual(expected.sections.map((section) => ({ name: section.name, address: section.address, size: section.size })));
    });

    it.each(expected.sections.map((section) => [section.name, section] as const))('has the same bytes in %s', (_, section) => {
      const bytes = assembled(path).sections.find((candidate) => candidate.name === section.name)?.bytes ?? new Uint8Array(0);
      if (section.bytes === '') expect(bytes.every((byte) => byte === 0)).toBe(true);
      else expect(asLines(hexOf(bytes))).toEqual(asLines(section.bytes));
    });

    it('has the same symbols', () => {
      const found = assembled(path).symbols.map(({ name: symbol, address }) => [symbol, address] as const);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected.symbols));
    });
  });
});

describe('the recorded sources', () => {
  const text = sources.map(([, path]) => readFileSync(path, 'utf8')).join('\n').toLowerCase();

  /** Those that the recorded binutils (2.40) do not know: their bits are held against the manual below. */
  const UNKNOWN_TO_GNU: Readonly<Record<string, string>> = { 'czero.eqz a0, a1, a2': '33d5c50e', 'czero.nez t6, zero, s11': 'b37fb00f' };

  it.each(Object.entries(UNKNOWN_TO_GNU))('%s is %s by the encoding in the manual', (line, bytes) => {
    expect(Buffer.from(assemble(line, { origin: 0n }).assembly!.sections[0]!.bytes).toString('hex')).toBe(bytes);
  });

  it('hold every other instruction of the table', () => {
    const others = Object.keys(UNKNOWN_TO_GNU).map((line) => line.split(' ')[0]!);
    expect(INSTRUCTIONS.map(({ name }) => name).filter((name) => !others.includes(name)).filter((name) => !new RegExp(`^\\s*${name.replaceAll('.', '\\.')}(\\.aq|\\.rl|\\.aqrl)?(\\s|$)`, 'm').test(text))).toEqual([]);
  });

  it('read every CSR of the table', () => {
    const { bytes } = assembled(join(HERE, 'csrs.s')).sections[0]!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const numbers = new Set(Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true) >>> 20));
    expect(CSRS.filter(({ number }) => !numbers.has(number)).map(({ name }) => name)).toEqual([]);
  });
});
