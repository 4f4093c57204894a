/**
 * Linux as a file: the raw `Image` that begins with a header of its own, and the ELF file `vmlinux` around the same bytes
 * (Linux, Documentation/riscv/boot-image-header.rst).
 */
import { RAM_BASE } from '../memory-layout.ts';
import type { Segment } from './parts.ts';

const HEADER_BYTES = 64;
const TEXT_OFFSET = 8;
const IMAGE_SIZE = 16;
const MAGIC2 = 56;
/** “RSC\x05”, little-endian; the older magic in front of it is deprecated. */
const MAGIC = 0x0543_5352;

/** Where the kernel wants to stand and how much memory it takes from there, zeroed data included; undefined when this is no kernel. */
export function linuxHeader(bytes: Uint8Array): { readonly address: bigint; readonly memoryBytes: number } | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(MAGIC2, true) !== MAGIC) return undefined;
  const size = view.getBigUint64(IMAGE_SIZE, true);
  return { address: RAM_BASE + view.getBigUint64(TEXT_OFFSET, true), memoryBytes: size > 0x4000_0000n ? bytes.length : Math.max(Number(size), bytes.length) };
}

/**
 * The segments of a vmlinux moved to where it is to run: its linker script counts physical addresses from 0, since the kernel takes any
 * place that firmware gives it. Undefined when the file is no vmlinux.
 */
export function placeLinux(segments: readonly Segment[]): { readonly entry: bigint; readonly segments: readonly Segment[] } | undefined {
  const first = segments.find(({ address }) => address === 0n);
  const header = first && linuxHeader(first.bytes);
  if (!header) return undefined;
  return { entry: header.address, segments: segments.map((segment) => ({ ...segment, address: segment.address + header.address })) };
}
