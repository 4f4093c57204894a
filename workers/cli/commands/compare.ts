/** `lab compare`: the same program and input in each regime and with each way to keep shadow tables, side by side. */
import { measure } from '../../lab/measure.ts';
import { open } from '../../lab/open.ts';
import { finish } from '../../lab/travel.ts';
import { CONFIGURATIONS, type Measurement } from '../../protocol/lab-api.ts';
import { printDiagnostics, printRefusal } from '../diagnostics.ts';
import { readBytes } from '../files.ts';
import { UsageError } from '../options.ts';
import { Typist } from '../typist.ts';
import { command, ERROR_STATUS, loadRequest, MACHINE_OPTIONS } from './command.ts';

const DEFAULT_LIMIT = 100_000_000;
/** Each run has its own; and nothing is written back. */
const FIXED = ['regime', 'shadow', 'bug', 'h', 'no-h', 'disk-write'];

/** One JSON object: a row for each configuration, the bare machine first. */
export interface CompareReport {
  readonly program: string;
  readonly limit: number;
  readonly runs: readonly (Omit<Measurement, 'console'> & {
    readonly exitsPerMillion: number;
    /** Whether console and end are those of the bare machine. */
    readonly sameAsBare: boolean;
  })[];
}

export const compare = command({
  name: 'compare',
  operands: ['FILE'],
  summary: 'Runs a program in each regime and with each kind of shadow tables, and compares what it costs.',
  options: [...MACHINE_OPTIONS.filter(({ name }) => !FIXED.includes(name)).map((row) => (row.name === 'max-instructions' ? { ...row, help: 'stop each run after so many instructions (default 100,000,000)' } : row)), { name: 'json', help: 'print one JSON object instead of a table' }],
  notes: 'Counts are exact. Milliseconds are of this computer now, and so are good for a ratio at most. Exit status 1 when a run prints or ends otherwise than on the bare machine.',
}, (parsed) => {
  const limit = parsed.number('max-instructions') ?? DEFAULT_LIMIT;
  const input = parsed.text('input');
  if (input === '-') throw new UsageError('compare reads its input several times: give --input a file.');
  const runs: Measurement[] = [];
  for (const configuration of CONFIGURATIONS) {
    const opened = open({ ...loadRequest(parsed), ...configuration });
    if (!opened.ok) {
      printRefusal(parsed.operands[0]!, opened.problem, opened.diagnostics);
      return ERROR_STATUS;
    }
    if (runs.length === 0) printDiagnostics(parsed.operands[0]!, opened.open.program.warnings);
    const typist = new Typist(opened.open.session, input === undefined ? new Uint8Array() : readBytes(input));
    runs.push(finish(measure(opened.open, configuration.regime, { limit, typeLine: () => typist.typeLine() })));
  }
  const report = reportOf(parsed.operands[0]!, limit, runs);
  process.stdout.write(parsed.has('json') ? `${JSON.stringify(report)}\n` : table(report));
  return report.runs.every(({ sameAsBare }) => sameAsBare) ? 0 : 1;
});

function reportOf(program: string, limit: number, runs: readonly Measurement[]): CompareReport {
  const [bare] = runs;
  return {
    program, limit,
    runs: runs.map(({ console, ...run }) => ({
      ...run, exitsPerMillion: Math.round((1e6 * run.exits) / Math.max(1, run.instructions)),
      sameAsBare: console === bare!.console && run.end === bare!.end && run.exitCode === bare!.exitCode,
    })),
  };
}

function table({ runs }: CompareReport): string {
  const causes = [...new Set(runs.flatMap(({ exitsByCause }) => Object.keys(exitsByCause)))];
  const number = (value: number): string => value.toLocaleString('en');
  const rows: (readonly string[])[] = [
    ['', ...runs.map(({ regime, shadow }) => (regime === 'trap-and-emulate' ? (shadow ?? '') : regime))],
    ['guest instructions', ...runs.map(({ instructions }) => number(instructions))],
    ['of them run directly', ...runs.map(({ direct, instructions }) => `${((100 * direct) / Math.max(1, instructions)).toFixed(2)} %`)],
    ['exits', ...runs.map(({ exits }) => number(exits))],
    ['exits per million', ...runs.map(({ exitsPerMillion }) => number(exitsPerMillion))],
    ...causes.map((cause) => [`  ${cause}`, ...runs.map(({ exitsByCause }) => number(exitsByCause[cause] ?? 0))]),
    ['pages of shadow tables', ...runs.map(({ shadowPages }) => number(shadowPages))],
    ['milliseconds here', ...runs.map(({ milliseconds }) => number(Math.round(milliseconds)))],
    ['end', ...runs.map(({ end, exitCode }) => (end === 'ended' ? `status ${String(exitCode)}` : end))],
    ['as bare', ...runs.map(({ sameAsBare }) => (sameAsBare ? 'yes' : 'NO'))],
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}\n`).join('');
}
