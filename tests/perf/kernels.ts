/** The bench's kernels as images of RAM, assembled by the project's own assembler. */
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';

/** `source` is start.s and a kernel, one after the other. The image begins at `origin`, which is the start of RAM when nothing else is said. */
export function kernelImage(name: string, source: string, origin = RAM_BASE): Uint8Array {
  const { assembly, diagnostics } = assemble(source, { origin });
  if (!assembly) throw new Error(`${name} is not assembled: ${diagnostics.map(({ line, message }) => `line ${String(line)}: ${message}`).join('; ')}`);
  const end = assembly.sections.reduce((last, { address, bytes }) => Math.max(last, Number(address - origin) + bytes.length), 0);
  const image = new Uint8Array(end);
  for (const { address, bytes } of assembly.sections) image.set(bytes, Number(address - origin));
  return image;
}
