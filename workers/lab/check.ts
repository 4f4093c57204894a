/** Judges an answer to an exercise by the machine that ran it. */
import { fill } from '../protocol/narrate.ts';
import type { CheckResult, Problem } from '../protocol/lab-api.ts';
import { bits, hex } from '../base/bits.ts';
import type { Prose } from '../isa/row.ts';
import { REGISTER_NAMES } from '../isa/registers.ts';
import type { HaltReason } from '../trace/events.ts';
import { causeName } from '../isa/causes.ts';
import { EXERCISES, shortName, type Check, type Expectation } from './exercises/index.ts';
import { open, type OpenProgram } from './open.ts';
import { EVERY_TRAP, NO_STOPS } from './board.ts';
import { LOST } from './trap-counts.ts';

const MEMORY_BYTES = 16 << 20;

export function checkExercise(id: string, text: string): CheckResult {
  const exercise = EXERCISES.find((candidate) => candidate.id === id || shortName(candidate.id) === id);
  if (!exercise) {
    const problem: Problem = { code: 'unknown-exercise', message: `There is no exercise “${id}”: the exercises are ${EXERCISES.map((known) => shortName(known.id)).join(', ')}.`, args: { id } };
    return { passed: false, checks: [], problem, diagnostics: [] };
  }
  const opened = open({ program: { kind: 'assembly', name: `${exercise.id}.s`, text }, regime: exercise.regime, memoryBytes: MEMORY_BYTES });
  if (!opened.ok) return { passed: false, checks: [], problem: opened.problem, diagnostics: opened.diagnostics };
  const run = runToEnd(opened.open, exercise.instructionLimit);
  const checks = exercise.checks.map((check) => judge(check, opened.open, run));
  return { passed: checks.every((check) => check.passed), checks, diagnostics: opened.open.program.warnings };
}

interface Run {
  readonly reason: HaltReason | undefined;
  readonly waits: boolean;
  /** Cause names of all traps, in order. */
  readonly causes: readonly string[];
}

/** Runs to the end or the limit, noting every trap: it stops at each, so that none is lost however fast they come. */
function runToEnd({ session }: OpenProgram, limit: number): Run {
  const causes: string[] = [];
  session.setStops({ ...NO_STOPS, ...EVERY_TRAP });
  let waits = false;
  while (!session.board.halted && !waits && session.position < limit) {
    waits = session.advance(limit - session.position, true) === 'waiting';
    for (let trap = causes.length; trap < session.recorder.traps.end; trap += 1) {
      const event = session.recorder.traps.get(trap);
      causes.push(event ? causeName(event.interrupt, event.cause) : LOST);
    }
  }
  return { reason: session.board.halted, waits, causes };
}

interface Judged {
  readonly passed: boolean;
  readonly expected: string;
  readonly actual: Prose;
}

const same = (text: string): Prose => ({ en: text, 'zh-CN': text });

function judge(check: Check, program: OpenProgram, run: Run): CheckResult['checks'][number] {
  const { passed, expected, actual } = evaluate(check.expect, program, run);
  const failure: Prose = { en: fill(check.failure.en, { actual: actual.en }), 'zh-CN': fill(check.failure['zh-CN'], { actual: actual['zh-CN'] }) };
  return { id: check.id, title: check.title, passed, expected, actual: actual.en, ...(!passed && { failure }) };
}

function evaluate(expect: Expectation, program: OpenProgram, run: Run): Judged {
  const { session } = program;
  const number = (value: bigint | undefined, equals: bigint): Judged => ({
    passed: value === equals,
    expected: hex(equals),
    actual: value === undefined ? { en: 'nothing', 'zh-CN': '无' } : same(value < 1024n ? String(value) : hex(value)),
  });
  switch (expect.of) {
    case 'console': {
      const text = session.console.text();
      const actual = text === '' ? { en: 'nothing', 'zh-CN': '空白' } : same(JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text));
      if ('equals' in expect) return { passed: text === expect.equals, expected: JSON.stringify(expect.equals), actual };
      return { passed: text.includes(expect.contains), expected: JSON.stringify(expect.contains), actual };
    }
    case 'register':
      return number(session.board.visible().registers[REGISTER_NAMES.indexOf(expect.name)], expect.equals);
    case 'real-csr': case 'virtual-csr': {
      const visible = session.board.visible();
      // Without a VMM the guest's register is the real one.
      const csrs = expect.of === 'virtual-csr' && visible.virtualMode !== undefined ? visible.virtual : visible.real;
      const value = csrs.get(expect.name);
      return number(value !== undefined && 'high' in expect ? bits(value, expect.high, expect.low) : value, expect.equals);
    }
    case 'memory': {
      const symbol = program.program.symbols.find(({ name }) => name === expect.symbol);
      if (!symbol) return { passed: false, expected: hex(expect.equals), actual: { en: `nothing: the label ${expect.symbol} is gone`, 'zh-CN': `无：标号 ${expect.symbol} 不见了` } };
      const bytes = program.inspector.read('guest-physical', symbol.address, 8);
      return number(bytes.some((byte) => byte === undefined) ? undefined : bytes.reduceRight<bigint>((sum, byte) => (sum << 8n) | BigInt(byte!), 0n), expect.equals);
    }
    case 'traps': {
      const count = run.causes.filter((cause) => cause === expect.cause).length;
      if ('exactly' in expect) return { passed: count === expect.exactly, expected: String(expect.exactly), actual: same(String(count)) };
      return { passed: count >= expect.atLeast, expected: `at least ${String(expect.atLeast)}`, actual: same(String(count)) };
    }
    case 'trap-order': {
      let next = 0;
      for (const cause of run.causes) if (cause === expect.causes[next]) next += 1;
      return { passed: next === expect.causes.length, expected: expect.causes.join(', '), actual: same(run.causes.slice(0, 20).join(', ') || '-') };
    }
    case 'end':
      return ending(expect.exitCode, run);
  }
}

function ending(exitCode: number, { reason, waits }: Run): Judged {
  const expected = `exit code ${String(exitCode)}`;
  if (waits) return { passed: false, expected, actual: { en: 'it waits for input or an interrupt that never comes', 'zh-CN': '它在等待永远不会到来的输入或中断' } };
  if (!reason) return { passed: false, expected, actual: { en: 'it was still running at the instruction limit', 'zh-CN': '到达指令上限时它仍在运行' } };
  if (reason.by === 'stuck') return { passed: false, expected, actual: same(reason.message) };
  return { passed: reason.exitCode === exitCode, expected, actual: { en: `it ended with exit code ${String(reason.exitCode)}`, 'zh-CN': `它以退出码 ${String(reason.exitCode)} 结束` } };
}
