/** `lab run`: runs a program to its end. The exit status is the guest's own. */
import { bugWithRule } from '../../lab/bug-names.ts';
import { open } from '../../lab/open.ts';
import { SliceBudget } from '../../lab/pacing.ts';
import { Progress } from '../../lab/progress.ts';
import type { DeviceUse, Regime, ShadowVariant } from '../../protocol/lab-api.ts';
import type { Session } from '../../lab/session.ts';
import { printDiagnostics, printRefusal } from '../diagnostics.ts';
import { readBytes, writeBytes } from '../files.ts';
import { UsageError, type Parsed } from '../options.ts';
import { INSTRUCTIONS_BETWEEN_LOOKS, Typist } from '../typist.ts';
import { command, DEFAULT_LIMIT, ERROR_STATUS, LIMIT_STATUS, loadRequest, MACHINE_OPTIONS, statusOf } from './command.ts';

export interface RunReport {
  readonly status: 'pass' | 'fail' | 'limit' | 'error';
  readonly exitCode: number;
  /** That the guest retired: the same bare and under the VMM. */
  readonly instructions: number;
  readonly wallSeconds: number;
  readonly regime?: Regime;
  /** How the VMM's shadow tables follow the guest's; only under a VMM. */
  readonly shadow?: ShadowVariant;
  /** Mistakes that the VMM was told to make, each with the rule of its SPEC.md that it breaks. */
  readonly bugs?: readonly string[];
  /** Entries into the VMM by cause; only under a VMM. */
  readonly vmExits?: Readonly<Record<string, number>>;
  /** What the guest has used its devices for, and how often that was an entry into the VMM. */
  readonly devices?: readonly (DeviceUse & { readonly exitsPerByte?: number })[];
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
  notes: `Exit status: the guest's own; ${String(LIMIT_STATUS)} when it reached the limit or can never go on; ${String(ERROR_STATUS)} on an error, with one sentence on standard error.`,
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
  const writesBack = parsed.has('disk-write');
  if (writesBack && !request.disk) throw new UsageError('--disk-write needs a disk: add --disk IMAGE.');
  const typed = input === undefined ? undefined : readBytes(input);
  const opened = open(request);
  if (!opened.ok) {
    printRefusal(parsed.operands[0]!, opened.problem, opened.diagnostics);
    return answer({ status: 'error', exitCode: ERROR_STATUS, instructions: 0, wallSeconds: 0, console: '', message: opened.problem.message }, json);
  }
  printDiagnostics(parsed.operands[0]!, opened.open.program.warnings);
  const { session } = opened.open;
  const limit = parsed.number('max-instructions') ?? DEFAULT_LIMIT;
  const began = performance.now();
  const end = await runToEnd(session, new Typist(session, typed ?? new Uint8Array()), limit, json ? undefined : print);
  const content = writesBack ? session.board.diskContent : undefined;
  if (content) writeBytes(request.disk!.name, content);
  return finish({
    ...end,
    instructions: Number(session.board.guestInstructions),
    wallSeconds: Math.round(performance.now() - began) / 1000,
    regime: request.regime,
    ...(session.board.shadowVariant && { shadow: session.board.shadowVariant, vmExits: session.board.vmExitsByCause }),
    ...(request.bugs && { bugs: request.bugs.map(bugWithRule) }),
    devices: session.board.deviceUses.map((use) => ({ ...use, ...(use.exits > 0 && use.bytes > 0 && { exitsPerByte: Math.round((1e4 * use.exits) / use.bytes) / 1e4 }) })),
    console: session.console.text(),
  }, json);
}

/** Runs to the end or the limit, giving what the guest prints to `show`. */
async function runToEnd(session: Session, typist: Typist, limit: number, show: ((bytes: Uint8Array) => Promise<void>) | undefined): Promise<End> {
  const { board, console } = session;
  const progress = new Progress(session);
  // Between slices the console is passed on, and a guest that gets nowhere is noticed.
  const slices = new SliceBudget();
  const give = (message: string): End => ({ status: 'limit', exitCode: LIMIT_STATUS, message });
  let shown = 0;
  for (;;) {
    const left = limit - Number(board.guestInstructions);
    // A step is at most one instruction, so the limit is met exactly.
    const toLook = INSTRUCTIONS_BETWEEN_LOOKS - (Number(board.guestInstructions) % INSTRUCTIONS_BETWEEN_LOOKS);
    const steps = Math.min(slices.budget, left, typist.hasMore ? toLook : Infinity);
    const began = performance.now();
    const end = left > 0 ? session.advance(steps, !typist.hasMore) : 'budget';
    slices.took(steps, performance.now() - began);
    if (show && console.length > shown) {
      await show(console.from(shown));
      shown = console.length;
    }
    const { halted } = board;
    if (halted?.by === 'stuck') return { status: 'error', exitCode: halted.exitCode, message: halted.message };
    if (halted) return { status: halted.exitCode === 0 ? 'pass' : 'fail', exitCode: halted.exitCode };
    if (end === 'waiting' && typist.hasMore) {
      // Until its timer, or for a key.
      if (board.waiting?.ticks === undefined) typist.typeLine();
      else if (!typist.look()) board.skipWait();
      continue;
    }
    if (typist.hasMore && Number(board.guestInstructions) % INSTRUCTIONS_BETWEEN_LOOKS === 0) typist.look();
    if (end === 'waiting') return give('The guest waits for input or an interrupt that will never come; give it input with --input FILE.');
    if (left <= 0) return give(`The guest did not end within ${limit.toLocaleString('en')} instructions; raise --max-instructions if it should go on.`);
    const problem = progress.problem();
    if (problem !== undefined) return give(problem);
  }
}

/** Comes back when the reader has taken it: a slow one slows the guest down, and one that has gone ends us. */
const print = (bytes: Uint8Array): Promise<void> => new Promise((resolve) => process.stdout.write(bytes, () => { resolve(); }));

function finish(report: RunReport, json: boolean): number {
  if (report.bugs && !json) process.stderr.write(`The VMM ran with ${report.bugs.join(', ')}.\n`);
  if (report.message !== undefined) process.stderr.write(`${report.message}\n`);
  return answer(report, json);
}

function answer(report: RunReport, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return statusOf(report.exitCode);
}
