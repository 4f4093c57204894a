/** A program as bytes at addresses, from an ELF64 file, an Image of Linux or a flat binary. Files come from strangers: everything is checked, and every refusal is one sentence. */
import { err, ok, type Result } from '../../base/result.ts';
import { hex } from '../../base/bits.ts';
import { parseElf } from './elf.ts';
import { linuxHeader } from './linux.ts';
import { problem, type Image, type ImageProblem } from './parts.ts';

export type { Image, ImageProblem, ImageSymbol, Segment } from './parts.ts';

const MOST_BYTES = 256 << 20;

/** An ELF or an Image of Linux by its magic number, else a flat binary placed at `origin`, where it is entered, too. */
export function loadImage(bytes: Uint8Array, { name, origin }: { readonly name: string; readonly origin: bigint }): Result<Image, ImageProblem> {
  if (bytes.length === 0) return err(problem('image-empty', `${name} is empty: there is nothing to run.`, { name }));
  if (bytes.length > MOST_BYTES) return err(problem('image-too-large', `${name} has ${String(bytes.length)} bytes; at most ${String(MOST_BYTES)} can be loaded.`, { name, bytes: String(bytes.length), most: String(MOST_BYTES) }));
  if (bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46) return parseElf(name, bytes);
  const { address, memoryBytes } = linuxHeader(bytes) ?? { address: origin, memoryBytes: bytes.length };
  return ok({ name, entry: address, segments: [{ address, bytes, memoryBytes, executable: true }], symbols: [], tohost: undefined });
}

/** Refuses an image that does not fit memory from `base`, `size` bytes long. */
export function checkFits(image: Image, base: bigint, size: number): ImageProblem | undefined {
  const end = base + BigInt(size);
  const ram = `${hex(base)} to ${hex(end - 1n)}`;
  for (const { address, memoryBytes } of image.segments) {
    if (address >= base && address + BigInt(memoryBytes) <= end) continue;
    const args = { name: image.name, from: hex(address), to: hex(address + BigInt(Math.max(memoryBytes, 1)) - 1n), ram };
    return problem('image-outside-ram', `${image.name} wants memory from ${args.from} to ${args.to}, but this machine’s RAM is ${ram}: link it for an address in there, or give the machine more memory.`, args);
  }
  if (image.entry < base || image.entry >= end) {
    const args = { name: image.name, entry: hex(image.entry), ram };
    return problem('image-entry-outside-ram', `${image.name} begins at ${args.entry}, which is not in this machine’s RAM (${ram}): check its entry address.`, args);
  }
  return undefined;
}
