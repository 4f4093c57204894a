/** The lab from a terminal. Returns the exit status of the process. */
import { COMMANDS, overview } from './commands.ts';
import { UsageError } from './options.ts';

export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(overview());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if (!command) throw new UsageError(`There is no command “${name}”: use one of ${COMMANDS.map((candidate) => candidate.name).join(', ')}.`);
    return await command.main(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
