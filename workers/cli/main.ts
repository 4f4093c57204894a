/** The lab from a terminal. */
import { COMMANDS, overview } from './commands.ts';
import { UsageError } from './options.ts';

/** As a shell reports a process that ended by SIGPIPE (128 + 13). */
const BROKEN_PIPE_STATUS = 141;

/** `lab trace … | head` closes our output: nobody reads on, so there is nothing to do and nothing to complain of. */
function endQuietlyWithTheReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE_STATUS);
}

/** Returns the exit status of the process. */
export async function main(argv: readonly string[]): Promise<number> {
  // Once, however often this is called.
  process.stdout.off('error', endQuietlyWithTheReader).on('error', endQuietlyWithTheReader);
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
