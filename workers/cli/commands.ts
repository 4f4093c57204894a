/** What the lab can do from a terminal. */
import { assemble } from './commands/assemble.ts';
import { check } from './commands/check.ts';
import { compare } from './commands/compare.ts';
import type { Command } from './commands/command.ts';
import { disassemble } from './commands/disassemble.ts';
import { guests } from './commands/guests.ts';
import { run } from './commands/run.ts';
import { trace } from './commands/trace.ts';

export const COMMANDS: readonly Command[] = [run, guests, trace, compare, assemble, disassemble, check];

export function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return `A real RISC-V computer and a virtual machine monitor, from a terminal.\n\nUsage: npm run -s lab -- COMMAND ...\n\n${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('')}\n“COMMAND --help” tells more. For example:\n\n  npm run -s lab -- run public/guests/processes.s --regime trap-and-emulate\n`;
}
