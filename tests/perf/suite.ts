/**
 * The registry of everything that `npm run bench` measures. A benchmark is a program in assembly between start.s and its rounds; the kernels in C come as the assembly that a
 * cross compiler made of them (kernels/compile.mjs), so that nobody needs one.
 */
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';

/** Where a program runs: in S mode of the machine alone; in VS mode, under a second stage; under the VMM that traps and emulates. */
export type Environment = 'bare' | 'guest' | 'trap-and-emulate';

interface Common {
  /** Of its file, and for `--only`. */
  readonly name: string;
  readonly rounds: number;
}

/** Work for the processor, compared as a whole, with what translating it costs. */
export interface Kernel extends Common {
  readonly kind: 'kernel';
  readonly language: 'c' | 'assembly';
}

/** One thing that a kernel of an operating system does, compared by what a round costs more than the first one. */
export interface Operation extends Common {
  readonly kind: 'operation';
  readonly environments: readonly Environment[];
  /** Nanoseconds a round: the most that is allowed, and what is aimed for. */
  readonly floor?: number;
  readonly goal?: number;
}

export type Benchmark = Kernel | Operation;

const c = (name: string, rounds: number): Kernel => ({ kind: 'kernel', language: 'c', name, rounds });
const assembly = (name: string, rounds: number): Kernel => ({ kind: 'kernel', language: 'assembly', name, rounds });
const operation = (name: string, rounds: number, limits: { readonly floor?: number; readonly goal?: number; readonly only?: Environment } = {}): Operation => {
  const { only, ...times } = limits;
  return { kind: 'operation', name, rounds, environments: only ? [only] : ['bare', 'guest'], ...times };
};

export const BENCHMARKS: readonly Benchmark[] = [
  c('integer-mix', 250),
  c('coremark-like', 1000),
  c('floating-point', 1000),
  c('memory-copy', 60),
  c('page-chase', 40),
  assembly('branchy', 5_000_000),
  assembly('bytecode', 3000),
  assembly('crc', 200),
  assembly('fib', 145),
  assembly('list', 4000),
  assembly('matmul', 100),
  assembly('sieve', 150),
  operation('system-call', 1_000_000, { floor: 100, goal: 30 }),
  operation('system-call-storm', 300_000),
  operation('process-trap', 200_000, { floor: 1500, goal: 400 }),
  operation('machine-call', 1_000_000),
  operation('return', 1_000_000),
  operation('csr', 1_000_000),
  operation('software-interrupt', 500_000),
  operation('timer-interrupt', 200_000),
  operation('map-touch-unmap', 300_000, { floor: 500, goal: 250 }),
  operation('demand-fault', 200_000, { floor: 800, goal: 400 }),
  operation('user-copy', 500_000),
  operation('fence', 200_000),
  operation('switch', 200_000),
  operation('chase', 1_000_000),
  operation('cold-code', 600_000),
  operation('guest-page-fault', 200_000, { only: 'guest' }),
  operation('hypervisor-fence', 200_000, { only: 'bare' }),
];

/** Whether a benchmark can run there. Operations need the whole machine. */
export const runsIn = (benchmark: Benchmark, environment: Environment): boolean => benchmark.kind === 'kernel' || benchmark.environments.includes(environment);

/** The files of a benchmark, below this folder, in their order. */
export function filesOf(benchmark: Benchmark): readonly string[] {
  if (benchmark.kind === 'operation') return ['start.s', `operations/${benchmark.name}.s`];
  return ['start.s', 'kernels/frame.s', benchmark.language === 'c' ? `kernels/c/compiled/${benchmark.name}.s` : `kernels/${benchmark.name}.s`];
}

/** The benchmark as the bytes at the start of RAM; `text` gives the files. */
export function imageOf(benchmark: Benchmark, rounds: number, environment: Environment, text: (file: string) => string): Uint8Array {
  const head = `.equ ROUNDS, ${String(rounds)}\n.equ GUEST, ${environment === 'guest' ? '1' : '0'}\n`;
  return programImage(benchmark.name, head + filesOf(benchmark).map(text).join(''), RAM_BASE);
}

/** A program as the bytes from `origin` on, without the zeros at its end. */
export function programImage(name: string, source: string, origin: bigint): Uint8Array {
  const { assembly: program, diagnostics } = assemble(source, { origin });
  if (!program) throw new Error(`${name} is not assembled: ${diagnostics.map(({ line, message }) => `line ${String(line)}: ${message}`).join('; ')}`);
  const end = program.sections.reduce((last, { address, bytes }) => Math.max(last, Number(address - origin) + bytes.length), 0);
  const image = new Uint8Array(end);
  for (const { address, bytes } of program.sections) image.set(bytes, Number(address - origin));
  return image.subarray(0, image.findLastIndex((byte) => byte !== 0) + 1);
}
