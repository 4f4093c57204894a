/** `lab trace`: one line for each trap and each micro-step of its handling, as a sentence. */
import { causeName } from '../../isa/causes.ts';
import { hex } from '../../base/bits.ts';
import { open, type OpenProgram } from '../../lab/open.ts';
import { EVERY_TRAP, NO_STOPS } from '../../lab/board.ts';
import { LANGUAGES, stepSentence, type Language } from '../../protocol/narrate.ts';
import { printDiagnostics, printRefusal } from '../diagnostics.ts';
import { readBytes } from '../files.ts';
import { command, DEFAULT_LIMIT, ERROR_STATUS, LIMIT_STATUS, loadRequest, MACHINE_OPTIONS, statusOf } from './command.ts';

const DEFAULT_TRAPS = 1000;

export const trace = command({
  name: 'trace',
  operands: ['FILE'],
  summary: 'Runs a program and prints each trap and each micro-step of its handling.',
  options: [
    ...MACHINE_OPTIONS,
    { name: 'max-traps', value: 'N', help: `stop after so many traps (default ${String(DEFAULT_TRAPS)})` },
    { name: 'lang', value: 'LANGUAGE', choices: LANGUAGES, help: 'language of the sentences (default en)' },
  ],
  notes: 'A trap line is: number, instructions retired, cause, from mode > to mode, the address, and in brackets the trap value.\nExit status: as of run.',
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
  const language = (parsed.text('lang') ?? 'en') as Language;
  return follow(opened.open, language, parsed.number('max-traps') ?? DEFAULT_TRAPS, parsed.number('max-instructions') ?? DEFAULT_LIMIT);
});

function stopped(why: string): number {
  process.stderr.write(`${why}\n`);
  return LIMIT_STATUS;
}

function follow({ session }: OpenProgram, language: Language, mostTraps: number, limit: number): number {
  const { board, recorder } = session;
  recorder.detailed = true;
  session.setStops({ ...NO_STOPS, ...EVERY_TRAP });
  let shown = 0;
  const left = (): number => limit - Number(board.guestInstructions);
  while (shown < mostTraps && left() > 0) {
    const end = session.advance(left(), true);
    for (; shown < Math.min(mostTraps, recorder.traps.end); shown += 1) {
      const trap = recorder.traps.get(shown);
      if (!trap) continue;
      const { instret, interrupt, cause, from, to, epc, tval } = trap;
      process.stdout.write(`#${String(shown)} ${String(instret)} ${causeName(interrupt, cause)} ${from}>${to} ${hex(epc)} [${hex(tval)}]\n`);
      for (const step of recorder.stepsOf(shown) ?? []) process.stdout.write(`    ${step.world}: ${stepSentence(step, language)}\n`);
    }
    const { halted } = board;
    if (halted) {
      process.stdout.write(halted.by === 'stuck' ? `${halted.message}\n` : `The machine was switched off with exit code ${String(halted.exitCode)}.\n`);
      return statusOf(halted.exitCode);
    }
    if (end === 'waiting') return stopped('The guest waits for input or an interrupt that will never come; give it input with --input FILE.');
  }
  if (shown >= mostTraps) return stopped(`Stopped after ${String(shown)} traps; --max-traps N shows more.`);
  return stopped(`The guest did not end within ${limit.toLocaleString('en')} instructions; raise --max-instructions if it should go on.`);
}
