/** Command-line options as a table: it makes the parser, the help and the errors. */

/** A mistake of whoever typed the command: one sentence that says what is wrong and what to do. Ends with status 2. */
export class UsageError extends Error {}

export interface OptionRow {
  readonly name: string;
  readonly short?: string;
  /** What the value stands for in the help; none: a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface CommandRow {
  readonly name: string;
  /** Names of what stands without a dash, in order; all are required. */
  readonly operands: readonly string[];
  /** The last of them may come several times. */
  readonly more?: boolean;
  readonly summary: string;
  /** What follows the options in the help. */
  readonly notes?: string;
  readonly options: readonly OptionRow[];
}

export interface Parsed {
  readonly operands: readonly string[];
  readonly help: boolean;
  has(name: string): boolean;
  text(name: string): string | undefined;
  /** A number as the user may write it: 4096, 0x1000, 16M, 128MiB, 1G. */
  number(name: string): number | undefined;
  /** The same in bytes, but a number without a unit is of MiB, as QEMU's -m has it. */
  megabytes(name: string): number | undefined;
  address(name: string): bigint | undefined;
}

const HELP: OptionRow = { name: 'help', short: 'h', help: 'show this help' };

export function parse(command: CommandRow, argv: readonly string[]): Parsed {
  const rows = [...command.options, HELP];
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const argument = argv[i]!;
    // A lone dash is an operand: standard input.
    if (!argument.startsWith('-') || argument === '-') {
      operands.push(argument);
      continue;
    }
    const [flag, attached] = argument.startsWith('--') ? splitOnce(argument.slice(2)) : [argument.slice(1), undefined];
    const row = rows.find((candidate) => (argument.startsWith('--') ? candidate.name : candidate.short) === flag);
    if (!row) throw new UsageError(`${command.name} has no option ${argument.split('=')[0]}: see “lab ${command.name} --help”.`);
    if (row.value === undefined) {
      if (attached !== undefined) throw new UsageError(`--${row.name} is a switch and takes no value.`);
      values.set(row.name, '');
      continue;
    }
    const value = attached ?? argv[i += 1];
    if (value === undefined) throw new UsageError(`--${row.name} needs a value: --${row.name} ${row.value}.`);
    if (row.choices && !row.choices.includes(value)) throw new UsageError(`--${row.name} cannot be “${value}”: use ${orList(row.choices)}.`);
    values.set(row.name, value);
  }
  const help = values.has('help');
  if (!help && operands.length < command.operands.length) {
    throw new UsageError(`${command.name} needs ${command.operands.slice(operands.length).join(' and ')}: ${usage(command)}`);
  }
  if (operands.length > command.operands.length && command.more !== true) {
    throw new UsageError(`${command.name} takes ${String(command.operands.length)} argument(s), but “${operands[command.operands.length]!}” came as well: ${usage(command)}`);
  }
  return {
    operands,
    help,
    has: (name) => values.has(name),
    text: (name) => values.get(name),
    number: (name) => {
      const value = values.get(name);
      return value === undefined ? undefined : Number(parseNumber(name, value));
    },
    megabytes: (name) => {
      const value = values.get(name);
      return value === undefined ? undefined : Number(parseNumber(name, /^\d+$/.test(value) && Number(value) < LEAST_BYTES ? `${value}M` : value));
    },
    address: (name) => {
      const value = values.get(name);
      return value === undefined ? undefined : parseNumber(name, value);
    },
  };
}

const splitOnce = (text: string): readonly [string, string | undefined] => {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};

/** A bare number this large can only mean bytes. */
const LEAST_BYTES = 1 << 20;
const UNITS: Readonly<Record<string, bigint>> = { '': 1n, K: 1n << 10n, M: 1n << 20n, G: 1n << 30n };

function parseNumber(name: string, text: string): bigint {
  const match = /^(0x[0-9a-f]+|\d+)([kmg]?)(?:i?b)?$/i.exec(text.replaceAll('_', ''));
  if (!match) throw new UsageError(`--${name} needs a number such as 4096, 0x1000 or 16M, not “${text}”.`);
  return BigInt(match[1]!) * UNITS[match[2]!.toUpperCase()]!;
}

const orList = (choices: readonly string[]): string => (choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)!}`);

const optionForm = (row: OptionRow): string => `--${row.name}${row.value === undefined ? '' : ` ${row.choices ? row.choices.join('|') : row.value}`}`;

export const usage = (command: CommandRow): string => `lab ${[command.name, ...command.operands].join(' ')}${command.options.length > 0 ? ' [options]' : ''}`;

export function helpText(command: CommandRow): string {
  const rows = [...command.options, HELP].map((row) => [`${row.short === undefined ? '    ' : `-${row.short}, `}${optionForm(row)}`, row.help] as const);
  const width = Math.min(44, Math.max(...rows.map(([form]) => form.length)));
  const lines = rows.map(([form, help]) => (form.length > width ? `  ${form}\n  ${' '.repeat(width)}  ${help}` : `  ${form.padEnd(width)}  ${help}`));
  return `${command.summary}\n\nUsage: ${usage(command)}\n\n${lines.join('\n')}\n${command.notes === undefined ? '' : `\n${command.notes}\n`}`;
}
