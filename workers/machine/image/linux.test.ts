import { describe, expect, test } from 'vitest';
import { loadImage } from './image.ts';

const ORIGIN = 0x8030_0000n;
const LINUX_AT = 0x8020_0000n;
const KERNEL_BYTES = 96;
const KERNEL_MEMORY = 0x9000;

/** The beginning of a kernel: `j`, text offset 2 MiB, its size in memory, the magic. */
function kernel(): Uint8Array {
  const bytes = new Uint8Array(KERNEL_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0400_006f, true);
  view.setBigUint64(8, 0x20_0000n, true);
  view.setBigUint64(16, BigInt(KERNEL_MEMORY), true);
  bytes.set(new TextEncoder().encode('RSC\x05'), 56);
  return bytes;
}

/** As the linker leaves vmlinux: high virtual addresses, physical ones from 0. */
function vmlinux(physical = 0n): Uint8Array {
  const virtual = 0xffff_ffff_8000_0000n;
  const bytes = new Uint8Array(64 + 2 * 56 + KERNEL_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  view.setBigUint64(24, virtual, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 2, true);
  for (const [index, [offset, fileBytes, memory]] of ([[0n, BigInt(KERNEL_BYTES), 4096n], [4096n, 0n, 8192n]] as const).entries()) {
    const at = 64 + 56 * index;
    view.setUint32(at, 1, true);
    view.setUint32(at + 4, 5, true);
    view.setBigUint64(at + 8, 176n, true);
    view.setBigUint64(at + 16, virtual + offset, true);
    view.setBigUint64(at + 24, physical + offset, true);
    view.setBigUint64(at + 32, fileBytes, true);
    view.setBigUint64(at + 40, memory, true);
  }
  bytes.set(kernel(), 176);
  return bytes;
}

function loaded(bytes: Uint8Array) {
  const image = loadImage(bytes, { name: 'linux', origin: ORIGIN });
  if (!image.ok) throw new Error(image.error.message);
  const { entry, segments } = image.value;
  return { entry, places: segments.map(({ address, memoryBytes }) => [address, memoryBytes]) };
}

describe('a kernel of Linux', () => {
  test('as a raw Image stands where its header says, with room for its zeroed data', () => {
    expect(loaded(kernel())).toEqual({ entry: LINUX_AT, places: [[LINUX_AT, KERNEL_MEMORY]] });
  });

  test('without the magic is any flat binary', () => {
    const bytes = kernel();
    bytes[59] = 4;
    expect(loaded(bytes)).toEqual({ entry: ORIGIN, places: [[ORIGIN, KERNEL_BYTES]] });
  });

  test('that claims less memory than the file has, or more than any machine, takes what the file has', () => {
    for (const size of [0n, (1n << 64n) - 1n]) {
      const bytes = kernel();
      new DataView(bytes.buffer).setBigUint64(16, size, true);
      expect(loaded(bytes).places).toEqual([[LINUX_AT, KERNEL_BYTES]]);
    }
  });

  test('as vmlinux is moved from physical address 0 to where firmware enters it', () => {
    expect(loaded(vmlinux())).toEqual({ entry: LINUX_AT, places: [[LINUX_AT, 4096], [LINUX_AT + 4096n, 8192]] });
  });

  test('as an ELF file with physical addresses of its own stays there', () => {
    expect(loaded(vmlinux(0x8100_0000n)).places).toEqual([[0x8100_0000n, 4096], [0x8100_1000n, 8192]]);
  });

  test('whose text offset is no number that memory has is refused by what comes after, not here', () => {
    const bytes = kernel();
    new DataView(bytes.buffer).setBigUint64(8, (1n << 64n) - 1n, true);
    expect(loaded(bytes).entry).toBeGreaterThan(1n << 63n);
  });
});
