import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../tests/differential/random.ts';
import { RAM_BASE } from '../memory-layout.ts';
import { checkFits, loadImage, type Image, type ImageProblem } from './image.ts';

const KERNEL = new Uint8Array(readFileSync(new URL('../../../public/guests/demand-paging/demand-paging.elf', import.meta.url)));
const ORIGIN = 0x8020_0000n;
const SEED = 4711;
const FUZZED = Number(process.env['FUZZED'] ?? 4_000);

const open = (bytes: Uint8Array) => loadImage(bytes, { name: 'kernel.elf', origin: ORIGIN });

function image(bytes: Uint8Array): Image {
  const opened = open(bytes);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function refusal(bytes: Uint8Array): ImageProblem {
  const opened = open(bytes);
  if (opened.ok) throw new Error('it was not refused');
  return opened.error;
}

/** One sentence that names the file. */
function expectSentence(problem: ImageProblem): void {
  expect(problem.message).toMatch(/^kernel\.elf [^\n]+\.$/);
  expect(problem.code).toMatch(/^[a-z0-9-]+$/);
}

/** A small executable, which each test spoils in its own way: an ELF header, one program header, 16 bytes of code. */
function small(): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(64 + 56 + 16);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  view.setBigUint64(24, ORIGIN, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 1, true);
  view.setUint32(68, 5, true);
  view.setBigUint64(72, 120n, true);
  view.setBigUint64(80, 0xffff_ffc0_8020_0000n, true);
  view.setBigUint64(88, ORIGIN, true);
  view.setBigUint64(96, 16n, true);
  view.setBigUint64(104, 4096n, true);
  return { bytes, view };
}

describe('an ELF file', () => {
  test('of an outside compiler gives its segments, entry and symbols', () => {
    const { entry, segments, symbols, tohost } = image(KERNEL);
    expect(entry).toBe(ORIGIN);
    expect(segments.some(({ executable, address, bytes }) => executable && address === ORIGIN && bytes.length > 0)).toBe(true);
    expect(segments.every(({ bytes, memoryBytes }) => memoryBytes >= bytes.length)).toBe(true);
    expect(symbols.map(({ name }) => name)).toEqual(expect.arrayContaining(['trap_entry', 'user_main']));
    expect(symbols.map(({ address }) => address)).toEqual(symbols.map(({ address }) => address).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(symbols.every(({ name }) => !name.startsWith('$') && !name.startsWith('.L'))).toBe(true);
    expect(tohost).toBeUndefined();
  });

  test('is placed at its physical address, with room for what is not in the file', () => {
    const { segments } = image(small().bytes);
    expect(segments).toEqual([{ address: ORIGIN, bytes: new Uint8Array(16), memoryBytes: 4096, executable: true }]);
  });

  test('that is cut off anywhere is refused, or has lost its symbols only', () => {
    const whole = image(KERNEL);
    let refused = 0;
    for (let length = 4; length < KERNEL.length; length += 1) {
      const opened = open(KERNEL.subarray(0, length));
      if (opened.ok) {
        if (opened.value.segments.length !== whole.segments.length || opened.value.symbols.length !== 0) expect.fail(`cut at ${String(length)} it was loaded in part`);
        continue;
      }
      refused += 1;
      expect(opened.error.code, `cut at ${String(length)}`).toBe('elf-truncated');
      expectSentence(opened.error);
    }
    expect(refused).toBeGreaterThan(400);
  });

  const SPOILED: readonly { readonly what: string; readonly code: string; readonly says: RegExp; readonly spoil: (view: DataView) => void }[] = [
    { what: 'for 32 bits', code: 'elf-32-bit', says: /RV64/, spoil: (view) => { view.setUint8(4, 1); } },
    { what: 'of an unknown class', code: 'elf-class', says: /class is 7/, spoil: (view) => { view.setUint8(4, 7); } },
    { what: 'with the bytes of numbers the other way round', code: 'elf-big-endian', says: /little-endian/, spoil: (view) => { view.setUint8(5, 2); } },
    { what: 'for x86-64', code: 'elf-machine', says: /x86-64, not for RISC-V/, spoil: (view) => { view.setUint16(18, 62, true); } },
    { what: 'for AArch64', code: 'elf-machine', says: /AArch64/, spoil: (view) => { view.setUint16(18, 183, true); } },
    { what: 'for a machine nobody knows', code: 'elf-machine', says: /machine number 9999/, spoil: (view) => { view.setUint16(18, 9999, true); } },
    { what: 'that is a relocatable object', code: 'elf-type', says: /link it first/, spoil: (view) => { view.setUint16(16, 1, true); } },
    { what: 'that is a core dump', code: 'elf-type', says: /core dump/, spoil: (view) => { view.setUint16(16, 4, true); } },
    { what: 'that needs a dynamic linker', code: 'elf-dynamic', says: /-static/, spoil: (view) => { view.setUint32(64, 3, true); } },
    { what: 'with program headers behind its end', code: 'elf-truncated', says: /program headers/, spoil: (view) => { view.setBigUint64(32, (1n << 63n) + 64n, true); } },
    { what: 'with program headers of a wrong size', code: 'elf-headers', says: /32 bytes instead of 56/, spoil: (view) => { view.setUint16(54, 32, true); } },
    { what: 'with a segment behind its end', code: 'elf-truncated', says: /segment at 0x80200000/, spoil: (view) => { view.setBigUint64(72, 121n, true); } },
    { what: 'with a segment of endless size', code: 'elf-truncated', says: /segment/, spoil: (view) => { view.setBigUint64(96, (1n << 64n) - 1n, true); } },
    { what: 'with a segment that is smaller in memory than in the file', code: 'elf-segment', says: /claims 8 bytes/, spoil: (view) => { view.setBigUint64(104, 8n, true); } },
    { what: 'with a segment that is larger than any memory', code: 'elf-segment', says: /claims/, spoil: (view) => { view.setBigUint64(104, 1n << 40n, true); } },
    { what: 'with nothing to load', code: 'elf-nothing-to-load', says: /no segment/, spoil: (view) => { view.setUint32(64, 4, true); } },
    { what: 'without program headers', code: 'elf-nothing-to-load', says: /no segment/, spoil: (view) => { view.setUint16(56, 0, true); } },
  ];
  test.each(SPOILED)('$what is refused with one sentence', ({ code, says, spoil }) => {
    const { bytes, view } = small();
    spoil(view);
    const problem = refusal(bytes);
    expectSentence(problem);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(says);
  });

  test('whose symbol table is broken has no symbols, but is loaded', () => {
    const bytes = KERNEL.slice();
    new DataView(bytes.buffer).setBigUint64(40, BigInt(bytes.length - 8), true);
    expect(image(bytes).symbols).toEqual([]);
    expect(image(bytes).segments).toHaveLength(image(KERNEL).segments.length);
  });

  test(`with random bytes anywhere never throws (seed ${String(SEED)})`, () => {
    const random = new Random(SEED);
    let refused = 0;
    for (let round = 0; round < FUZZED; round += 1) {
      const { bytes } = small();
      const victim = random.oneIn(2) ? bytes : KERNEL.slice();
      const headers = random.oneIn(2) ? 64 : 300;
      for (let n = 1 + random.below(6); n > 0; n -= 1) {
        const at = random.oneIn(6) ? random.below(victim.length) : 4 + random.below(Math.min(headers, victim.length) - 4);
        victim[at] = random.oneIn(2) ? random.pick([0, 1, 0x7f, 0x80, 0xff]) : random.word() & 0xff;
      }
      const opened = open(victim);
      if (opened.ok) {
        for (const segment of opened.value.segments) expect(segment.memoryBytes).toBeGreaterThanOrEqual(segment.bytes.length);
        checkFits(opened.value, RAM_BASE, 16 << 20);
      } else {
        refused += 1;
        expectSentence(opened.error);
      }
    }
    expect(refused).toBeGreaterThan(FUZZED / 10);
  });
});

describe('any other file', () => {
  test('is a flat binary at its origin, and is entered there', () => {
    expect(image(Uint8Array.of(0x13, 0, 0, 0))).toMatchObject({ entry: ORIGIN, segments: [{ address: ORIGIN, memoryBytes: 4 }], symbols: [] });
    expect(image(KERNEL.subarray(0, 3)).segments).toHaveLength(1);
  });

  test('that is empty is refused', () => {
    const problem = refusal(new Uint8Array());
    expectSentence(problem);
    expect(problem.code).toBe('image-empty');
  });
});

describe('a program that does not fit', () => {
  const at = (address: bigint, memoryBytes: number, entry = RAM_BASE): ImageProblem | undefined =>
    checkFits({ name: 'kernel.elf', entry, symbols: [], tohost: undefined, segments: [{ address, bytes: new Uint8Array(), memoryBytes, executable: true }] }, RAM_BASE, 1 << 20);

  test('into RAM is told where it wants to be and what there is', () => {
    for (const [address, size] of [[RAM_BASE - 1n, 1], [0n, 16], [RAM_BASE + 0x10_0000n, 1], [RAM_BASE + 0xf_fff0n, 17], [(1n << 64n) - 8n, 16]] as const) {
      const problem = at(address, size);
      expect(problem?.code).toBe('image-outside-ram');
      expectSentence(problem!);
      expect(problem?.message).toContain('0x80000000 to 0x800fffff');
    }
    expect(at(RAM_BASE, 1 << 20)).toBeUndefined();
    expect(at(RAM_BASE + 0xf_fff0n, 16)).toBeUndefined();
  });

  test('because it begins elsewhere is told so', () => {
    for (const entry of [0n, RAM_BASE - 2n, RAM_BASE + 0x10_0000n]) {
      expect(at(RAM_BASE, 16, entry)?.code).toBe('image-entry-outside-ram');
      expectSentence(at(RAM_BASE, 16, entry)!);
    }
  });
});
