/** `lab run`: runs a program to its end. The exit status is the guest's own. */
import { once } from 'node:events';
import { open } from '../../lab/open.ts';
import type { Session } from '../../lab/session.ts';
import { printDiagnostics } from '../diagnostics.ts';
import { readBytes } from '../files.ts';
import { UsageError, type Parsed } from '../options.ts';
import { command, DEFAULT_LIMIT, loadRequest, MACHINE_OPTIONS } from './command.ts';

/** Exit status when the limit was reached, as `timeout` has it; and of a mistake of ours or of the user. */
export const LIMIT_STATUS = 124;
export const ERROR_STATUS = 2;
/** Console output is passed on at least this often. */
const SLICE = 5_000_000;

export interface RunReport {
  readonly status: 'pass' | 'fail' | 'limit' | 'error';
  readonly exitCode: number;
  readonly instructions: number;
  readonly wallSeconds: number;
  /** Entries into the VMM by cause; only under a VMM. */
  readonly vmExits?: Readonly<Record<string, number>>;
  readonly console: string;
  /** Of `limit` and `error`: one sentence. */
  readonly message?: string;
}

interface End {
  readonly status: RunReport['status'];
  readonly exitCode: number;
  readonly message?: string;
}

export const run = command({
  name: 'run',
  operands: ['FILE'],
  summary: 'Runs a program (assembly, ELF64 or flat binary) until it ends.',
  options: [...MACHINE_OPTIONS, { name: 'json', help: 'print one JSON object instead of the console' }],
  notes: `Exit status: the guest's own; ${String(LIMIT_STATUS)} when it reached the limit or waits for ever; ${String(ERROR_STATUS)} on an error, with one sentence on standard error.`,
}, async (parsed) => {
  const json = parsed.has('json');
  try {
    return await runProgram(parsed, json);
  } catch (error) {
    // A program reads the answer: it gets its object, whatever went wrong.
    if (!json || !(error instanceof UsageError)) throw error;
    return finish({ status: 'error', exitCode: ERROR_STATUS, instructions: 0, wallSeconds: 0, console: '', message: error.message }, json);
  }
});

async function runProgram(parsed: Parsed, json: boolean): Promise<number> {
  const request = loadRequest(parsed);
  const input = parsed.text('input');
  const typed = input === undefined ? undefined : readBytes(input);
  const opened = open(request);
  if (!opened.ok) {
    printDiagnostics(request.program.name, opened.diagnostics);
    return finish({ status: 'error', exitCode: ERROR_STATUS, instructions: 0, wallSeconds: 0, console: '', message: opened.problem.message }, json);
  }
  printDiagnostics(request.program.name, opened.open.program.warnings);
  const { session } = opened.open;
  if (typed) session.receive(typed);
  const limit = parsed.number('max-instructions') ?? DEFAULT_LIMIT;
  const began = performance.now();
  const end = await runToEnd(session, limit, json ? undefined : async (bytes) => { if (!process.stdout.write(bytes)) await once(process.stdout, 'drain'); });
  return finish({
    ...end,
    instructions: Number(session.instant.instret),
    wallSeconds: Math.round(performance.now() - began) / 1000,
    ...(request.regime !== 'bare' && { vmExits: session.board.vmExitsByCause }),
    console: session.console.text(),
  }, json);
}

/** Runs to the end or the limit, giving what the guest prints to `print`. */
async function runToEnd(session: Session, limit: number, print: ((bytes: Uint8Array) => Promise<void>) | undefined): Promise<End> {
  let printed = 0;
  for (;;) {
    const left = limit - Number(session.instant.instret);
    // Traps are steps, too: a guest that only traps uses the limit up as well.
    const spent = session.position >= 2 * limit || left <= 0;
    const end = spent ? 'budget' : session.advance(Math.min(SLICE, left), true);
    if (print && session.console.length > printed) {
      await print(session.console.from(printed));
      printed = session.console.length;
    }
    const { halted } = session.board;
    if (halted?.by === 'stuck') return { status: 'error', exitCode: halted.exitCode, message: halted.message };
    if (halted) return { status: halted.exitCode === 0 ? 'pass' : 'fail', exitCode: halted.exitCode };
    if (end === 'waiting') return { status: 'limit', exitCode: LIMIT_STATUS, message: 'The guest waits for input or an interrupt that will never come; give it input with --input FILE.' };
    if (spent) return { status: 'limit', exitCode: LIMIT_STATUS, message: `The guest did not end within ${limit.toLocaleString('en')} instructions; raise --max-instructions if it should go on.` };
  }
}

function finish(report: RunReport, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (report.message !== undefined) process.stderr.write(`${report.message}\n`);
  return report.exitCode;
}
