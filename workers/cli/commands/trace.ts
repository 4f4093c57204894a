/** `lab trace`: one line for each trap and each micro-step of its handling, as a sentence; and for each access to watched memory. */
import { causeName } from '../../isa/causes.ts';
import { hex } from '../../base/bits.ts';
import { open, type OpenProgram } from '../../lab/open.ts';
import { EVERY_TRAP, NO_STOPS } from '../../lab/board.ts';
import { watchStop } from '../../lab/watch-stop.ts';
import { MOST_WATCHED_BYTES, WATCH_KINDS, type Watchpoint, type WatchKind } from '../../protocol/lab-api.ts';
import { LANGUAGES, stepSentence, type Language } from '../../protocol/narrate.ts';
import { printDiagnostics, printRefusal } from '../diagnostics.ts';
import { readBytes } from '../files.ts';
import { UsageError } from '../options.ts';
import { command, DEFAULT_LIMIT, ERROR_STATUS, LIMIT_STATUS, loadRequest, MACHINE_OPTIONS, statusOf } from './command.ts';

const DEFAULT_TRAPS = 1000;

export const trace = command({
  name: 'trace',
  operands: ['FILE'],
  summary: 'Runs a program and prints each trap and each micro-step of its handling.',
  options: [
    ...MACHINE_OPTIONS,
    { name: 'max-traps', value: 'N', help: `stop after so many traps, and accesses to watched memory (default ${String(DEFAULT_TRAPS)})` },
    { name: 'watch', value: 'PLACE[,BYTES][,KIND]', help: 'tell each access there, too: write, change, read or access (default 8 bytes, change)' },
    { name: 'lang', value: 'LANGUAGE', choices: LANGUAGES, help: 'language of the sentences (default en)' },
  ],
  notes: 'A trap line is: number, instructions retired, cause, from mode > to mode, the address, and in brackets the trap value.\nA watch line is: instructions retired, the access, the address, what was there before and after, and the instruction.\nExit status: as of run.',
}, (parsed) => {
  const request = loadRequest(parsed);
  const opened = open(request);
  if (!opened.ok) {
    printRefusal(parsed.operands[0]!, opened.problem, opened.diagnostics);
    return ERROR_STATUS;
  }
  printDiagnostics(parsed.operands[0]!, opened.open.program.warnings);
  const input = parsed.text('input');
  if (input !== undefined) opened.open.session.receive(readBytes(input));
  const watch = parsed.text('watch');
  const watches = watch === undefined ? [] : [watchpointOf(watch, opened.open.program.symbols)];
  const language = (parsed.text('lang') ?? 'en') as Language;
  return follow(opened.open, watches, language, parsed.number('max-traps') ?? DEFAULT_TRAPS, parsed.number('max-instructions') ?? DEFAULT_LIMIT);
});

function stopped(why: string): number {
  process.stderr.write(`${why}\n`);
  return LIMIT_STATUS;
}

/** `counter`, `0x80200000,4`, `counter,8,write`. */
function watchpointOf(text: string, symbols: OpenProgram['program']['symbols']): Watchpoint {
  const [place = '', ...rest] = text.split(',');
  const on = WATCH_KINDS.find((kind) => kind === rest.at(-1)) satisfies WatchKind | undefined;
  const [size = '8', ...more] = on ? rest.slice(0, -1) : rest;
  const bytes = Number(size);
  const address = /^(0x[0-9a-f]{1,16}|[0-9]{1,20})$/i.test(place) ? BigInt(place) : symbols.find(({ name }) => name === place)?.address;
  if (more.length > 0 || !Number.isInteger(bytes) || bytes < 1 || bytes > MOST_WATCHED_BYTES) {
    throw new UsageError(`--watch cannot be “${text}”: write an address or a symbol, then if need be 1 to ${String(MOST_WATCHED_BYTES)} bytes, and ${WATCH_KINDS.join(', ')}, with commas between: counter,8,write.`);
  }
  if (address === undefined || address + BigInt(bytes) > 1n << 64n) throw new UsageError(`--watch finds no “${place}” in the program: give an address such as 0x80200000, or one of its symbols.`);
  return { space: 'current', address, bytes, on: on ?? 'change' };
}

function watchLine(open: OpenProgram): string | undefined {
  const stop = watchStop(open);
  if (stop.by !== 'watchpoint') return undefined;
  const { access, address, bytes, before, after, pc, text } = stop.hit;
  const padded = (value: bigint): string => `0x${value.toString(16).padStart(2 * bytes, '0')}`;
  return `watch ${String(open.session.instant.instret)} ${access} ${hex(address)} ${padded(before)} > ${padded(after)} by ${text ?? '?'} at ${hex(pc)}\n`;
}

function follow(program: OpenProgram, watches: readonly Watchpoint[], language: Language, mostTraps: number, limit: number): number {
  const { session } = program;
  const { board, recorder } = session;
  recorder.detailed = true;
  session.setStops({ ...NO_STOPS, ...EVERY_TRAP, watches });
  let shown = 0;
  let accesses = 0;
  const left = (): number => limit - Number(board.guestInstructions);
  while (shown + accesses < mostTraps && left() > 0) {
    const end = session.advance(left(), true);
    for (; shown < Math.min(mostTraps, recorder.traps.end); shown += 1) {
      const trap = recorder.traps.get(shown);
      if (!trap) continue;
      const { instret, interrupt, cause, from, to, epc, tval } = trap;
      process.stdout.write(`#${String(shown)} ${String(instret)} ${causeName(interrupt, cause)} ${from}>${to} ${hex(epc)} [${hex(tval)}]\n`);
      for (const step of recorder.stepsOf(shown) ?? []) process.stdout.write(`    ${step.world}: ${stepSentence(step, language)}\n`);
    }
    const line = end === 'watchpoint' ? watchLine(program) : undefined;
    if (line !== undefined) {
      process.stdout.write(line);
      accesses += 1;
    }
    const { halted } = board;
    if (halted) {
      process.stdout.write(halted.by === 'stuck' ? `${halted.message}\n` : `The machine was switched off with exit code ${String(halted.exitCode)}.\n`);
      return statusOf(halted.exitCode);
    }
    if (end === 'waiting') return stopped('The guest waits for input or an interrupt that will never come; give it input with --input FILE.');
  }
  if (shown + accesses >= mostTraps) return stopped(`Stopped after ${String(shown)} traps${accesses > 0 ? ` and ${String(accesses)} accesses` : ''}; --max-traps N shows more.`);
  return stopped(`The guest did not end within ${limit.toLocaleString('en')} instructions; raise --max-instructions if it should go on.`);
}
