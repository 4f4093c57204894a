/** `lab trace`, `assemble`, `disassemble`, `check` and the help, each as a process of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompareReport } from '../../workers/cli/commands/compare.ts';
import { EXERCISES, shortName } from '../../workers/lab/exercises/index.ts';
import { lab, root, runJson } from './lab.ts';

const HELLO = 'public/guests/hello.s';
let folder = '';
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-cli-'));
  for (const { id, starter, solution } of EXERCISES) {
    writeFileSync(file(`${id}-starter.s`), starter);
    writeFileSync(file(`${id}-solution.s`), solution);
  }
});
afterAll(() => { rmSync(folder, { recursive: true }); });

describe('compare', () => {
  test('runs a program bare and under each VMM, and counts what each costs', async () => {
    const [table, json] = await Promise.all([lab(['compare', HELLO, '--mem', '4M']), lab(['compare', HELLO, '--mem', '4M', '--json'])]);
    expect([table.status, json.status]).toEqual([0, 0]);
    const { runs } = JSON.parse(json.stdout) as CompareReport;
    expect(runs.map(({ regime, shadow }) => `${regime} ${shadow ?? ''}`)).toEqual(['bare ', 'trap-and-emulate lazy', 'trap-and-emulate eager', 'trap-and-emulate write-protect', 'paravirtual lazy']);
    for (const { sameAsBare, instructions, direct, exits, exitsByCause, regime } of runs) {
      expect(sameAsBare).toBe(true);
      expect(instructions).toBe(runs[0]!.instructions);
      expect(direct < instructions).toBe(regime !== 'bare');
      expect(Object.values(exitsByCause).reduce((sum, count) => sum + count, 0)).toBe(exits);
    }
    expect(table.stdout).toMatch(/^as bare( +yes){5}$/m);
  });
});

describe('trace', () => {
  test('tells every trap and every micro-step of the VMM in sentences, in both languages', async () => {
    const [english, chinese, counted] = await Promise.all([
      lab(['trace', HELLO, '--regime', 'trap-and-emulate']),
      lab(['trace', HELLO, '--regime', 'trap-and-emulate', '--lang', 'zh-CN']),
      runJson([HELLO, '--regime', 'trap-and-emulate']),
    ]);
    expect(english.status).toBe(0);
    const traps = english.stdout.split('\n').filter((line) => line.startsWith('#'));
    expect(traps).toHaveLength(Object.values(counted.report.vmExits!).reduce((sum, count) => sum + count));
    expect(traps[0]).toMatch(/^#0 0 fetch-page-fault U>S 0x80200000 \[0x80200000\]$/);
    expect(english.stdout).toMatch(/vmm: .*sret/);
    expect(english.stdout.trimEnd().split('\n').at(-1)).toBe('The machine was switched off with exit code 0.');
    // The same steps, in other words.
    const shape = (text: string): string[] => text.split('\n').slice(0, -2).map((line) => line.replace(/^( +\w+:).*/, '$1'));
    expect(shape(chinese.stdout)).toEqual(shape(english.stdout));
    expect(chinese.stdout).toMatch(/vmm: .*\p{Script=Han}/u);
  });

  test('bare, it tells the traps that the guest’s own kernel takes; --max-traps ends it', async () => {
    const { status, stdout, stderr } = await lab(['trace', HELLO, '--max-traps', '2']);
    expect(status).toBe(124);
    expect(stdout.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(2);
    expect(stderr).toBe('Stopped after 2 traps; --max-traps N shows more.\n');
  });

  test('with --watch it tells each access to that memory, by whom and what it did', async () => {
    const traced = (watch: string): ReturnType<typeof lab> => lab(['trace', 'public/guests/processes.s', '--watch', watch, '--max-traps', '60']);
    const [told, unknown, wrong] = await Promise.all([traced('process_1,8,write'), traced('nowhere'), traced('process_1,0')]);
    const lines = told.stdout.split('\n').filter((line) => line.startsWith('watch'));
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^watch \d+ write 0x8020c000 0x[0-9a-f]{16} > 0x[0-9a-f]{16} by sd \S+ at 0x802\w+$/);
    expect(told.stderr).toMatch(/^Stopped after \d+ traps and \d+ accesses; /);
    expect([unknown.status, unknown.stderr]).toEqual([2, '--watch finds no “nowhere” in the program: give an address such as 0x80200000, or one of its symbols.\n']);
    expect([wrong.status, wrong.stderr.startsWith('--watch cannot be “process_1,0”: ')]).toEqual([2, true]);
  });
});

describe('assemble and disassemble', () => {
  test('the ELF file runs like the source, and its disassembly assembles to the same instructions', async () => {
    const elf = file('hello.elf');
    expect(await lab(['assemble', HELLO, '-o', elf])).toEqual({ status: 0, stdout: '', stderr: '' });
    const [fromSource, fromElf, listing, listed] = await Promise.all([runJson([HELLO]), runJson([elf]), lab(['disassemble', elf]), lab(['disassemble', HELLO])]);
    expect({ ...fromElf.report, wallSeconds: 0 }).toEqual({ ...fromSource.report, wallSeconds: 0 });
    expect(listing.status).toBe(0);
    expect(listing.stdout).toBe(listed.stdout);
    expect(listing.stdout).toContain('<_start>:');
    const sret = listing.stdout.split('\n').filter((line) => line.endsWith('  sret'));
    expect(sret).toHaveLength(readFileSync(root + HELLO, 'utf8').split('\n').filter((line) => /^\s+sret\b/.test(line)).length);
    for (const line of sret) expect(line).toMatch(/^[0-9a-f]{8}: {2}10200073 {2}sret$/);
  });
});

describe('check', () => {
  test.each(EXERCISES.map(({ id }) => [id]))('%s: the starter fails with reasons, the solution passes', async (id) => {
    const { checks } = EXERCISES.find((exercise) => exercise.id === id)!;
    const [starter, solution, chinese, json] = await Promise.all([
      lab(['check', id, file(`${id}-starter.s`)]),
      lab(['check', shortName(id), file(`${id}-solution.s`)]),
      lab(['check', id, file(`${id}-starter.s`), '--lang', 'zh-CN']),
      lab(['check', id, file(`${id}-starter.s`), '--json']),
    ]);
    expect(solution).toEqual({ status: 0, stdout: checks.map(({ title }) => `ok   ${title.en}\n`).join(''), stderr: '' });
    expect(starter.status).toBe(1);
    const lines = starter.stdout.trimEnd().split('\n');
    const failed = lines.filter((line) => line.startsWith('FAIL '));
    expect(failed.length).toBeGreaterThan(0);
    for (const line of failed) expect(lines[lines.indexOf(line) + 1], `a reason stands below “${line}”`).toMatch(/^ {5}\S.{30}/);
    expect(starter.stdout, 'every placeholder is filled in').not.toContain('{');
    expect(chinese.status).toBe(1);
    expect(chinese.stdout).toMatch(/^FAIL \p{Script=Han}/mu);
    const result = JSON.parse(json.stdout) as { passed: boolean; checks: { id: string; passed: boolean; failure?: unknown }[] };
    expect(result.passed).toBe(false);
    expect(result.checks.map((check) => check.id)).toEqual(checks.map((check) => check.id));
    for (const { passed, failure } of result.checks) expect(failure === undefined).toBe(passed);
  });
});

describe('help', () => {
  test('the tool’s names every command, and each command’s names its options and its exit status or notes', async () => {
    const commands = ['run', 'trace', 'assemble', 'disassemble', 'check'];
    const [tool, ...each] = await Promise.all([lab(['--help']), ...commands.map((name) => lab([name, '--help']))]);
    for (const name of commands) expect(tool.stdout).toMatch(new RegExp(`^  ${name} +[A-Z].*\\.$`, 'm'));
    for (const [index, { status, stdout, stderr }] of [tool, ...each].entries()) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(index === 0 ? 'Usage: npm run -s lab -- COMMAND' : `Usage: lab ${commands[index - 1]!} `);
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(140);
    }
    expect(each[0]!.stdout).toContain('--max-instructions N');
    expect(each[0]!.stdout).toContain('124');
  });
});
