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
  { name: 'bug', value: 'NAME', help: 'mistakes for the VMM to make (commas between); it checks itself then' },
  { name: 'mem', value: 'SIZE', help: 'guest memory: 64M, 1G, or a number of MiB (default 128M)' },
  { name: 'h', help: 'the hart has the hypervisor extension (it has, bare, unless --no-h)' },
  { name: 'no-h', help: 'the hart has no hypervisor extension' },
  { name: 'start', value: 'MODE', choices: ['m', 's'], help: 'mode at entry (default by the entry address, as on QEMU)' },
  { name: 'origin', value: 'ADDRESS', help: 'where assembly or a flat binary is placed (default 0x80200000)' },
  { name: 'engine', value: 'ENGINE', choices: ENGINES, help: 'what runs the instructions (default translator)' },
  { name: 'input', value: 'FILE', help: 'what is typed, a line whenever the guest waits or is quiet (- for standard input)' },
  { name: 'disk', value: 'IMAGE', help: 'a disk image for the first virtio slot; it is not changed' },
  { name: 'disk-write', help: 'at the end, write what the guest has changed back into the disk image' },
  { name: 'pass-through', help: 'the board has a device in slices; under a VMM the guest gets one, and an IOMMU guards it' },
  { name: 'append', value: 'TEXT', help: 'the kernel’s command line' },
  { name: 'initrd', value: 'FILE', help: 'a root file system for the kernel' },
  { name: 'epoch', value: 'SECONDS', help: 'what the clock shows at the start, since 1970 (default the start of 2026)' },
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
  const append = parsed.text('append');
  const initrd = parsed.text('initrd');
  const epoch = parsed.number('epoch');
  if (parsed.has('h') && parsed.has('no-h')) throw new UsageError('--h and --no-h contradict each other: leave one out.');
  const bug = parsed.text('bug');
  const shadow = parsed.text('shadow') as ShadowVariant | undefined;
  if (shadow && (parsed.text('regime') ?? 'bare') === 'bare') throw new UsageError(`--shadow ${shadow} needs a VMM: add --regime trap-and-emulate.`);
  return {
    program: readProgram(parsed.operands[0]!, parsed.address('origin')),
    regime: (parsed.text('regime') ?? 'bare') as Regime,
    engine: (parsed.text('engine') ?? 'translator') as EngineName,
    memoryBytes: parsed.megabytes('mem') ?? DEFAULT_MEMORY,
    ...((parsed.has('h') || parsed.has('no-h')) && { hypervisor: parsed.has('h') }),
    ...(append !== undefined && { bootArguments: append }),
    ...(initrd !== undefined && { initrd: { name: initrd, bytes: readBytes(initrd) } }),
    ...(epoch !== undefined && { epoch }),
    ...(shadow && { shadow }),
    ...(bug !== undefined && { bugs: bug.split(',') }),
    ...(parsed.has('pass-through') && { passThrough: true }),
    ...(start && { start }),
    ...(disk !== undefined && { disk: { name: disk, bytes: readBytes(disk) } }),
  };
}
