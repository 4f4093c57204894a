import { describe, expect, it } from 'vitest';
import { capture, heldBytes, restore } from './memory-image.ts';

const memory = (): Uint8Array => new Uint8Array(8 * 4096);

describe('pictures of memory', () => {
  it('hold no bytes for pages of zeros', () => {
    expect(heldBytes([capture(memory())])).toBe(0);
  });

  it('share the pages that did not change', () => {
    const ram = memory();
    ram[0] = 1;
    ram[4096] = 2;
    const first = capture(ram);
    ram[4097] = 3;
    const second = capture(ram, first);
    expect(heldBytes([first, second])).toBe(3 * 4096);
    expect(second[0]).toBe(first[0]);
  });

  it('bring memory back and say which pages changed', () => {
    const ram = memory();
    ram[5000] = 7;
    const image = capture(ram);
    const before = ram.slice();
    ram[5000] = 8;
    ram[20_000] = 9;
    const changed: number[] = [];
    restore(ram, image, (offset) => changed.push(offset));
    expect(ram).toEqual(before);
    expect(changed).toEqual([4096, 16_384]);
  });
});
