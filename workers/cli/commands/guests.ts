/** `lab guests`: runs several programs as guests on one machine. */
import { openImage } from '../../lab/open.ts';
import { SharedMachine } from '../../lab/shared-machine.ts';
import { SHADOW_VARIANTS, type ShadowVariant } from '../../protocol/lab-api.ts';
import { printRefusal } from '../diagnostics.ts';
import { readProgram } from '../files.ts';
import { UsageError, type Parsed } from '../options.ts';
import { command, DEFAULT_LIMIT, ERROR_STATUS, LIMIT_STATUS, statusOf } from './command.ts';

const DEFAULT_GUEST_MEMORY = 16 << 20;
const MOST_HOST_MEMORY = 512 << 20;
const MOST_GUESTS = 64;
const PAGE = 4096;
const SLICE = 1_000_000;

export const guests = command({
  name: 'guests',
  operands: ['FILE'],
  more: true,
  summary: 'Runs several programs (assembly, ELF64 or flat binary) as guests on one machine, each until it ends.',
  options: [
    { name: 'weights', value: 'N,N,…', help: 'each guest’s part of the time, against the others’ (default 1 each)' },
    { name: 'mem', value: 'SIZE', help: 'memory that each guest is promised (default 16M)' },
    { name: 'host-mem', value: 'SIZE', help: 'memory for all of them (default what they are promised); less is given as they use it' },
    { name: 'shadow', value: 'VARIANT', choices: SHADOW_VARIANTS, help: 'how the VMM’s shadow page tables follow the guests’ (default lazy)' },
    { name: 'max-instructions', value: 'N', help: 'stop after so many instructions of all guests together (default 10,000,000,000)' },
    { name: 'json', help: 'print one JSON object instead of the consoles' },
  ],
  notes: `Each line printed begins with its guest’s number. Exit status: that of the first guest that failed, or 0; ${String(LIMIT_STATUS)} when a guest reached the limit or can never go on; ${String(ERROR_STATUS)} on an error.`,
}, async (parsed) => {
  const made = build(parsed);
  if (typeof made === 'number') return made;
  const limit = parsed.number('max-instructions') ?? DEFAULT_LIMIT;
  const json = parsed.has('json');
  const texts = parsed.operands.map(() => ({ all: '', line: '' }));
  const decoders = parsed.operands.map(() => new TextDecoder());
  let state: ReturnType<SharedMachine['run']>;
  do {
    state = made.run(SLICE);
    let out = '';
    for (const { guest, bytes } of made.takeConsole()) {
      const text = texts[guest]!;
      const lines = (text.line + decoders[guest]!.decode(bytes, { stream: true })).split('\n');
      text.line = lines.pop()!;
      for (const line of lines) {
        text.all += `${line}\n`;
        out += `${String(guest)}: ${line}\n`;
      }
    }
    if (!json && out !== '') await print(out);
  } while (state === 'goes-on' && made.instructions < limit);
  for (const [guest, text] of texts.entries()) {
    if (text.line !== '' && !json) await print(`${String(guest)}: ${text.line}\n`);
    text.all += text.line;
  }
  const exitCode = state === 'ended' ? made.end?.exitCode ?? 0 : LIMIT_STATUS;
  const reports = made.guests.map(({ end, ...guest }, number) => ({
    ...guest, status: end === undefined ? 'limit' : end.exitCode === 0 ? 'pass' : 'fail', ...(end && { exitCode: end.exitCode }), ...(end?.by === 'stuck' && { message: end.message }), console: texts[number]!.all,
  }));
  if (json) await print(`${JSON.stringify({ exitCode, instructions: made.instructions, guests: reports })}\n`);
  else for (const [number, { status, message }] of reports.entries()) {
    if (message !== undefined) process.stderr.write(`${String(number)}: ${message}\n`);
    else if (status === 'limit') process.stderr.write(`${String(number)}: The guest did not end: it waits for what never comes, or reached the limit.\n`);
  }
  return statusOf(exitCode);
});

function build(parsed: Parsed): SharedMachine | number {
  const files = parsed.operands;
  if (files.length > MOST_GUESTS) throw new UsageError(`At most ${String(MOST_GUESTS)} guests run on one machine, not ${String(files.length)}.`);
  const weights = parsed.text('weights')?.split(',').map(Number) ?? files.map(() => 1);
  if (weights.length !== files.length || weights.some((weight) => !(weight > 0 && weight <= 1000))) {
    throw new UsageError(`--weights needs a number from 1 to 1000 for each of the ${String(files.length)} guests, with commas between.`);
  }
  const memoryBytes = parsed.megabytes('mem') ?? DEFAULT_GUEST_MEMORY;
  const hostBytes = parsed.megabytes('host-mem') ?? Math.min(MOST_HOST_MEMORY, files.length * memoryBytes);
  if (!(memoryBytes >= 4 << 20 && memoryBytes <= 1 << 30 && memoryBytes % PAGE === 0)) throw new UsageError('--mem must be a multiple of 4096 bytes from 4M to 1G.');
  if (!(hostBytes >= 1 << 20 && hostBytes <= 1 << 30 && hostBytes % PAGE === 0)) throw new UsageError('--host-mem must be a multiple of 4096 bytes from 1M to 1G.');
  const programs = [];
  for (const [index, file] of files.entries()) {
    const opened = openImage(readProgram(file, undefined));
    if (!opened.ok) {
      printRefusal(file, opened.problem, opened.diagnostics);
      return ERROR_STATUS;
    }
    programs.push({ image: opened.image, weight: weights[index]! });
  }
  const built = SharedMachine.build(programs, { memoryBytes, hostBytes, shadow: parsed.text('shadow') as ShadowVariant | undefined });
  if (built.ok) return built.value;
  printRefusal(built.error.args['name'] ?? '', built.error, []);
  return ERROR_STATUS;
}

const print = (text: string): Promise<void> => new Promise((resolve) => process.stdout.write(text, () => { resolve(); }));
