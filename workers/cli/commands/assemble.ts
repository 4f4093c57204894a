/** `lab assemble`: assembly to an ELF file. */
import { assemble as assembleText } from '../../isa/assemble/assemble.ts';
import { printDiagnostics } from '../diagnostics.ts';
import { elfFile } from '../elf-file.ts';
import { readText, writeBytes } from '../files.ts';
import { UsageError } from '../options.ts';
import { command, ERROR_STATUS } from './command.ts';

export const assemble = command({
  name: 'assemble',
  operands: ['FILE'],
  summary: 'Assembles a file in GNU syntax into an ELF64 executable.',
  options: [
    { name: 'output', short: 'o', value: 'FILE', help: 'where to write (required)' },
    { name: 'origin', value: 'ADDRESS', help: 'where .text begins (default 0x80200000)' },
  ],
}, (parsed) => {
  const file = parsed.operands[0]!;
  const output = parsed.text('output');
  if (output === undefined) throw new UsageError('assemble needs to know where to write: -o OUT.elf.');
  const origin = parsed.address('origin');
  const { assembly, diagnostics } = assembleText(readText(file), origin === undefined ? {} : { origin });
  printDiagnostics(file, diagnostics);
  if (!assembly) return ERROR_STATUS;
  writeBytes(output, elfFile(assembly));
  return 0;
});
