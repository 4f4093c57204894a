/** `lab disassemble`: what stands in a program, as assembly. */
import { hex } from '../../base/bits.ts';
import { disassembleBytes, labelAt } from '../../lab/disassembly.ts';
import { openImage } from '../../lab/open.ts';
import { readProgram } from '../files.ts';
import { printRefusal } from '../diagnostics.ts';
import { command, ERROR_STATUS } from './command.ts';

export const disassemble = command({
  name: 'disassemble',
  operands: ['FILE'],
  summary: 'Prints the code of a program (assembly, ELF64 or flat binary) as assembly.',
  options: [{ name: 'origin', value: 'ADDRESS', help: 'where assembly or a flat binary is placed (default 0x80200000)' }],
  notes: 'Each line is: address, the instruction’s bits, its text. Segments that are not executable are left out.',
}, (parsed) => {
  const program = readProgram(parsed.operands[0]!, parsed.address('origin'));
  const opened = openImage(program);
  if (!opened.ok) {
    printRefusal(parsed.operands[0]!, opened.problem, opened.diagnostics);
    return ERROR_STATUS;
  }
  const { segments, symbols } = opened.image;
  for (const { address, bytes, executable } of segments) {
    if (!executable) continue;
    for (let at = 0; at + 2 <= bytes.length;) {
      const here = address + BigInt(at);
      const line = disassembleBytes([...bytes.subarray(at, at + 4)], here, symbols);
      if (!line) break;
      const label = labelAt(symbols, here);
      if (label !== undefined && !label.includes('+')) process.stdout.write(`\n${hex(here, 16)} <${label}>:\n`);
      process.stdout.write(`${hex(here, 8).slice(2)}:  ${line.bytes.toString(16).padStart(line.length * 2, '0').padStart(8)}  ${line.text}\n`);
      at += line.length;
    }
  }
  return 0;
});
