/** Assembly as an image, for tests; without any file, so that it can be bundled. */
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import type { Image } from '../../workers/machine/image/image.ts';

/** Assembled at `origin`: by default where a kernel for S mode is entered. */
export function imageOf(name: string, text: string, origin = 0x8020_0000n): Image {
  const { assembly, diagnostics } = assemble(text, { origin });
  if (!assembly) throw new Error(`${name} was not assembled: ${JSON.stringify(diagnostics, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`);
  return {
    name,
    entry: assembly.entry,
    segments: assembly.sections.map(({ address, bytes }) => ({ address, bytes, memoryBytes: bytes.length, executable: true })),
    symbols: assembly.symbols,
    tohost: undefined,
  };
}
