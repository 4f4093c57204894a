/** `lab check`: judges an answer to an exercise, as the page does. */
import { checkExercise } from '../../lab/check.ts';
import { EXERCISES, shortName } from '../../lab/exercises/index.ts';
import { LANGUAGES, type Language } from '../../protocol/narrate.ts';
import { printDiagnostics, printRefusal } from '../diagnostics.ts';
import { readText } from '../files.ts';
import { command, ERROR_STATUS } from './command.ts';

export const check = command({
  name: 'check',
  operands: ['EXERCISE', 'FILE'],
  summary: 'Assembles and runs an answer to an exercise and says what is right, what is wrong and why.',
  options: [
    { name: 'json', help: 'print one JSON object' },
    { name: 'lang', value: 'LANGUAGE', choices: LANGUAGES, help: 'language of the sentences (default en)' },
  ],
  notes: `EXERCISE is one of ${EXERCISES.map(({ id }) => shortName(id)).join(', ')}.\nExit status: 0 when every check passes, 1 when one fails, 2 when the answer does not assemble or the exercise is unknown.`,
}, (parsed) => {
  const [exercise, file] = parsed.operands as [string, string];
  const language = (parsed.text('lang') ?? 'en') as Language;
  const result = checkExercise(exercise, readText(file));
  const status = result.passed ? 0 : result.problem ? ERROR_STATUS : 1;
  if (parsed.has('json')) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return status;
  }
  if (result.problem) printRefusal(file, result.problem, result.diagnostics);
  else printDiagnostics(file, result.diagnostics);
  for (const { passed, title, failure } of result.checks) {
    process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${title[language]}\n`);
    if (failure) process.stdout.write(`     ${failure[language]}\n`);
  }
  return status;
});
