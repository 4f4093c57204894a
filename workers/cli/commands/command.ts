import { helpText, parse, UsageError, type CommandRow, type OptionRow, type Parsed } from '../options.ts';
import { ENGINES, REGIMES, SHADOW_VARIANTS, type EngineName, type LoadRequest, type Regime, type ShadowVariant } from '../../protocol/lab-api.ts';
import { readBytes, readProgram } from '../files.ts';

export interface Command extends CommandRow {
  /** The exit status. */
  main(argv: readonly string[]): Promise<number>;
}

export function command(row: CommandRow, work: (parsed: Parsed) => Promise<number> | number): Command {
  return {
    ...row,
    main: async (argv) => {
      const parsed = parse(row, argv);
      if (!parsed.help) return work(parsed);
      process.stdout.write(helpText(row));
      return 0;
    },
  };
}

/** Options of every command that runs a program. */
export const MACHINE_OPTIONS: readonly OptionRow[] = [
  { name: 'regime', value: 'REGIME', choices: REGIMES, help: 'how the guest runs (default bare)' },
  { name: 'shadow', value: 'VARIANT', choices: SHADOW_VARIANTS, help: 'how the VMM’s shadow page tables follow the guest’s (default lazy)' },
  { name: 'bug', value: 'NAME', help: 'a mistake for the VMM to make, or several with commas; it then checks itself after each exit (any other name lists them)' },
  { name: 'mem', value: 'BYTES', help: 'guest memory, such as 64M (default 128M)' },
  { name: 'start', value: 'MODE', choices: ['m', 's'], help: 'mode at entry (default by the entry address, as on QEMU)' },
  { name: 'origin', value: 'ADDRESS', help: 'where assembly or a flat binary is placed (default 0x80200000)' },
  { name: 'engine', value: 'ENGINE', choices: ENGINES, help: 'what runs the instructions (default translator)' },
  { name: 'input', value: 'FILE', help: 'what is typed at the guest’s UART, a line whenever the guest waits or is quiet (- for standard input)' },
  { name: 'disk', value: 'IMAGE', help: 'a disk image for the first virtio slot ; it is never changed' },
  { name: 'max-instructions', value: 'N', help: 'stop after so many instructions (default 10,000,000,000)' },
];

/** Exit status when the limit was reached, as `timeout` has it. */
export const LIMIT_STATUS = 124;
/** Exit status of a command or a program that cannot be used. */
export const ERROR_STATUS = 2;

/** A guest's exit code as a process can have it: its low eight bits, but a failure stays one. */
export const statusOf = (exitCode: number): number => (exitCode & 0xff) || Number(exitCode !== 0);

export const DEFAULT_MEMORY = 128 << 20;
export const DEFAULT_LIMIT = 10_000_000_000;

/** What the machine options ask for. */
export function loadRequest(parsed: Parsed): LoadRequest {
  const start = parsed.text('start') as 'm' | 's' | undefined;
  const disk = parsed.text('disk');
  const bug = parsed.text('bug');
  const shadow = parsed.text('shadow') as ShadowVariant | undefined;
  if (shadow && (parsed.text('regime') ?? 'bare') === 'bare') throw new UsageError(`--shadow ${shadow} needs a VMM: add --regime trap-and-emulate.`);
  return {
    program: readProgram(parsed.operands[0]!, parsed.address('origin')),
    regime: (parsed.text('regime') ?? 'bare') as Regime,
    engine: (parsed.text('engine') ?? 'translator') as EngineName,
    memoryBytes: parsed.number('mem') ?? DEFAULT_MEMORY,
    ...(shadow && { shadow }),
    ...(bug !== undefined && { bugs: bug.split(',') }),
    ...(start && { start }),
    ...(disk !== undefined && { disk: { name: disk, bytes: readBytes(disk) } }),
  };
}
