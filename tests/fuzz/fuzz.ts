/** The command: arguments, time, what is printed. Bundled and run by fuzz.mjs. */
import { hex } from '../../workers/base/bits.ts';
import { decode } from '../../workers/isa/decode.ts';
import { disassemble } from '../../workers/isa/disassemble.ts';
import { Random } from '../differential/random.ts';
import { runGuests, runHostile } from './campaigns.ts';
import type { Difference } from './compare.ts';
import { features } from './features.ts';
import { KINDS } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import type { Names, Outcome } from './log.ts';
import { INTERPRETER, qemu, qemuVersion, REFERENCE, TRANSLATOR } from './machines.ts';
import { report } from './report.ts';
import { Session, type Pair } from './session.ts';

const USAGE = `npm run fuzz -- [--seconds N] [--seed S] [--kind NAME] [--against qemu|tiers] [--batch N] [--batches N] [--all]
npm run fuzz -- --guests N [--seed S]     N random kernels, bare and in every regime
npm run fuzz -- --hostile N [--seed S]    N exits of hostile guests, the VMM watched after each
kinds: ${KINDS.map(({ name }) => name).join(', ')}`;

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly kinds: readonly Kind[];
  readonly against: 'qemu' | 'tiers' | 'both';
  readonly batch: number | undefined;
  readonly batches: number;
  /** Goes on after a difference and lists all, unshrunk. */
  readonly all: boolean;
}

/** A message instead, when the arguments are wrong. */
function parse(args: readonly string[]): Options | string {
  let [seconds, seed, kinds, against, batch, batches, all] = [60, (Math.random() * 2 ** 32) >>> 0, KINDS, 'both', undefined as number | undefined, Infinity, false];
  for (let at = 0; at < args.length; at += 1) {
    const option = args[at]!;
    if (option === '--all') { all = true; continue; }
    const value = args[at += 1];
    if (value === undefined) return `${option} needs a value.\n${USAGE}`;
    const number = Number(value);
    if (['--seconds', '--seed', '--batch', '--batches'].includes(option) && !(number >= 0)) return `${option} needs a number, not ${value}.`;
    switch (option) {
      case '--seconds': seconds = number; break;
      case '--seed': seed = number; break;
      case '--batch': batch = number; break;
      case '--batches': batches = number; break;
      case '--against': if (value !== 'qemu' && value !== 'tiers') return `--against is qemu or tiers, not ${value}.`; against = value; break;
      case '--kind': {
        kinds = KINDS.filter(({ name }) => value.split(',').includes(name));
        if (kinds.length === 0) return `There is no kind ${value}; there are ${KINDS.map(({ name }) => name).join(', ')}.`;
        break;
      }
      default: return `There is no option ${option}.\n${USAGE}`;
    }
  }
  return { seconds, seed, kinds, against: against as Options['against'], batch, batches, all };
}

/** The instruction that trapped in ours where the two first differ. */
function trapped(ours: Outcome, differences: readonly Difference[], names: Names): string {
  const at = /^trap (\d+)$/.exec(differences[0]!.where)?.[1];
  const record = at === undefined ? undefined : ours[Number(at)];
  if (record?.kind !== 'trap') return '';
  const word = Number(names.word(record, 'instruction'));
  const decoded = decode(word);
  return `${decoded ? disassemble(decoded) : hex(word)}: `;
}

/** `--guests N` or `--hostile N`, perhaps with a seed: what to run, a message when that is wrong, undefined when it is neither. */
function campaign(args: readonly string[]): (() => number) | string | undefined {
  const run = { '--guests': runGuests, '--hostile': runHostile }[args[0] ?? ''];
  if (!run) return undefined;
  const [, count, option, seed] = args;
  const numbers = [Number(count), option === undefined ? (Math.random() * 2 ** 32) >>> 0 : Number(seed)] as const;
  if (args.length > 4 || (option !== undefined && option !== '--seed') || numbers.some((number) => !Number.isInteger(number) || number < 0)) return `${args[0]!} takes a number, and perhaps --seed with another one.\n${USAGE}`;
  return () => {
    console.log(`seed ${String(numbers[1])}`);
    return run({ count: numbers[0], seed: numbers[1] });
  };
}

/** The exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const long = campaign(args);
  if (typeof long === 'function') return long();
  if (typeof long === 'string') {
    console.error(long);
    return 2;
  }
  const options = parse(args);
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  const has = features();
  const version = qemuVersion();
  if (options.against !== 'tiers' && version === undefined) {
    const sentence = 'qemu-system-riscv64 is not installed (Debian package qemu-system-misc)';
    if (options.against === 'qemu') {
      console.error(`${sentence}: there is nothing to compare with; --against tiers needs none.`);
      return 2;
    }
    console.log(`${sentence}: only our engines are compared.`);
  }
  const pairs: { readonly name: 'qemu' | 'tiers'; readonly session: Session; readonly pair: Pair; readonly batch: number }[] = [];
  const add = (name: 'qemu' | 'tiers', pair: Pair, batch: number): void => {
    pairs.push({ name, pair, session: new Session(has, pair), batch: options.batch ?? batch });
  };
  if (options.against !== 'tiers' && version !== undefined) add('qemu', { theirs: qemu(has), ours: TRANSLATOR, strict: false }, 1000);
  if (options.against !== 'qemu') {
    add('tiers', { theirs: REFERENCE, ours: INTERPRETER, strict: true }, 60);
    add('tiers', { theirs: REFERENCE, ours: TRANSLATOR, strict: true }, 60);
  }
  const kinds = options.kinds.filter(({ possible }) => possible(has));
  console.log(`seed ${String(options.seed)}; ${kinds.map(({ name }) => name).join(', ')}; ${pairs.map(({ pair }) => `${pair.theirs.name} and ${pair.ours.name}`).join(', ')}${version === undefined ? '' : ` (${version})`}`);

  const random = new Random(options.seed);
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  const tallies = new Map<string, { snippets: number; seconds: number }>();
  let status = 0;
  for (let batch = 0; batch < options.batches && seconds() < options.seconds; batch += 1) {
    // The first batch is the given seed's own, so that a reported seed repeats.
    const seed = batch === 0 ? options.seed : random.word();
    for (const kind of kinds) {
      for (const { name, session, pair, batch: count } of pairs) {
        if (seconds() >= options.seconds && batch > 0) break;
        const started = performance.now();
        const snippets = session.snippets(kind, seed, count);
        const failures = options.all ? await session.allDifferences(snippets) : [await session.firstDifference(snippets)].flatMap((failure) => failure ?? []);
        const tally = tallies.get(`${kind.name}, ${pair.theirs.name} and ${pair.ours.name}`) ?? { snippets: 0, seconds: 0 };
        tallies.set(`${kind.name}, ${pair.theirs.name} and ${pair.ours.name}`, { snippets: tally.snippets + count, seconds: tally.seconds + (performance.now() - started) / 1000 });
        if (failures.length === 0) continue;
        status = 1;
        if (options.all) {
          for (const { differences, ours } of failures) console.log(`${kind.name} ${String(seed)}: ${trapped(ours, differences, session.names)}${differences.slice(0, 3).map(({ where, name: word, theirs, ours }) => `${where} ${word} ${theirs.toString(16)} ${ours.toString(16)}`).join('; ')}`);
          continue;
        }
        const machines = { theirs: pair.theirs.name, ours: pair.ours.name };
        console.log(`${machines.theirs} and ${machines.ours} differ, kind ${kind.name}, seed ${String(seed)}. The least that differs:`);
        console.log(report(await session.shrink(failures[0]!), session.names, machines));
        console.log(`Again: npm run fuzz -- --kind ${kind.name} --seed ${String(seed)} --against ${name} --batches 1 --batch ${String(count)}`);
        return 1;
      }
    }
  }
  for (const [name, { snippets, seconds: spent }] of tallies) console.log(`${name}: ${String(snippets)} programs in ${spent.toFixed(1)} s, ${(snippets / spent).toFixed(0)} a second${status === 0 ? ', no difference' : ''}`);
  return status;
}
