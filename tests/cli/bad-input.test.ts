/** Whatever is wrong with a command or a program: one line on standard error that says what, and a status that is not 0. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectOneLine, lab, labHere, root, runJson } from './lab.ts';

const HELLO = 'public/guests/hello.s';
const ELF = 'public/guests/demand-paging/demand-paging.elf';
let folder = '';
const file = (name: string): string => join(folder, name);

/** The ELF file with some bytes changed. Offsets: the ELF-64 object file format 1.5, "ELF Header" and "Program Header". */
function changed(name: string, changes: readonly (readonly [offset: number, value: number])[], length?: number): void {
  const bytes = readFileSync(root + ELF);
  for (const [offset, value] of changes) bytes[offset] = value;
  writeFileSync(file(name), bytes.subarray(0, length));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-cli-'));
  mkdirSync(file('folder'));
  writeFileSync(file('one-error.s'), '_start:\n    addi a0, a1\n');
  writeFileSync(file('two-errors.s'), 'foo a0\n  addi x1, x2\n');
  writeFileSync(file('empty.bin'), '');
  changed('header.elf', [], 40);
  changed('program-headers.elf', [], 100);
  changed('segment.elf', [], 3000);
  changed('32-bit.elf', [[4, 1]]);
  changed('big-endian.elf', [[5, 2]]);
  changed('object.elf', [[16, 1]]);
  changed('x86.elf', [[18, 62], [19, 0]]);
  // p_paddr of the first loadable segment: 0x40000000, where this machine has nothing.
  const elf = readFileSync(root + ELF);
  const headers = Array.from({ length: elf.readUInt16LE(56) }, (_, index) => Number(elf.readBigUInt64LE(32)) + 56 * index);
  const loadable = headers.find((at) => elf.readUInt32LE(at) === 1)!;
  const paddr = [...new Uint8Array(new BigUint64Array([0x4000_0000n]).buffer)];
  changed('elsewhere.elf', paddr.map((value, i) => [loadable + 24 + i, value] as const));
});
afterAll(() => { rmSync(folder, { recursive: true }); });

interface Case {
  readonly argv: () => readonly string[];
  /** What the line says. */
  readonly says: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'a file that is not there': { argv: () => ['run', file('nothing.s')], says: /Cannot read .*nothing\.s: there is no such file/ },
  'a directory': { argv: () => ['run', file('folder')], says: /folder: it is a directory/ },
  'a path through a file': { argv: () => ['trace', `${HELLO}/x.s`], says: /not a folder/ },
  'an empty file': { argv: () => ['run', file('empty.bin')], says: /empty\.bin is empty/ },
  'a cut ELF header': { argv: () => ['run', file('header.elf')], says: /cut off.*ELF header/ },
  'cut program headers': { argv: () => ['run', file('program-headers.elf')], says: /cut off.*program headers/ },
  'a cut segment': { argv: () => ['trace', file('segment.elf')], says: /cut off.*segment/ },
  'a 32-bit ELF file': { argv: () => ['run', file('32-bit.elf')], says: /32-bit.*-march=rv64gc/ },
  'a big-endian ELF file': { argv: () => ['run', file('big-endian.elf')], says: /big-endian/ },
  'an object file': { argv: () => ['disassemble', file('object.elf')], says: /link it first/ },
  'a program for x86-64': { argv: () => ['run', file('x86.elf')], says: /x86-64, not for RISC-V/ },
  'a segment outside RAM': { argv: () => ['run', file('elsewhere.elf')], says: /0x40000000.*RAM is 0x80000000/ },
  'assembly with an error': { argv: () => ['run', file('one-error.s')], says: /one-error\.s:2:5: error: .*3 operands.*addi rd, rs1, imm/ },
  'assembly with an error, to be assembled': { argv: () => ['assemble', file('one-error.s'), '-o', file('out.elf')], says: /one-error\.s:2:5: error/ },
  'assembly with an error, to be disassembled': { argv: () => ['disassemble', file('one-error.s')], says: /one-error\.s:2:5: error/ },
  'assembly with an error, to be checked': { argv: () => ['check', 'sret', file('one-error.s')], says: /one-error\.s:2:5: error/ },
  'an unknown exercise': { argv: () => ['check', 'vmenter', HELLO], says: /no exercise “vmenter”.*sret/ },
  'nowhere to write': { argv: () => ['assemble', HELLO], says: /-o OUT/ },
  'a place that cannot be written': { argv: () => ['assemble', HELLO, '-o', file('none/out.elf')], says: /Cannot write .*no such file or folder/ },
  'no operand': { argv: () => ['run'], says: /run needs FILE/ },
  'one operand too many': { argv: () => ['run', HELLO, HELLO], says: /takes 1 argument/ },
  'an unknown command': { argv: () => ['boot', HELLO], says: /no command “boot”.*run, guests, trace, compare, assemble, disassemble, check/ },
  'an unknown option': { argv: () => ['run', HELLO, '--fast'], says: /no option --fast.*run --help/ },
  'an option without its value': { argv: () => ['run', HELLO, '--max-instructions'], says: /--max-instructions needs a value/ },
  'a switch with a value': { argv: () => ['run', HELLO, '--json=yes'], says: /--json is a switch/ },
  'something that is no number': { argv: () => ['run', HELLO, '--max-instructions', 'many'], says: /needs a number.*“many”/ },
  'a negative number': { argv: () => ['run', HELLO, '--max-instructions=-1'], says: /needs a number.*“-1”/ },
  'an unknown regime': { argv: () => ['run', HELLO, '--regime', 'magic'], says: /cannot be “magic”: use bare, trap-and-emulate or paravirtual/ },
  'too much memory': { argv: () => ['run', HELLO, '--mem', '16G'], says: /4 MiB to 1 GiB/ },
  'memory that is not whole pages': { argv: () => ['run', HELLO, '--mem', '16000001'], says: /multiple of 4096/ },
};

test.each(Object.keys(CASES))('%s: one line that says what is wrong, and status 2', async (name) => {
  const { argv, says } = CASES[name]!;
  const { status, stdout, stderr } = await labHere(argv());
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expectOneLine(stderr);
  expect(stderr).toMatch(says);
});

test('so it is from a shell, too', async () => {
  const names = ['a directory', 'a cut segment', 'assembly with an error', 'an unknown command'];
  for (const [index, { status, stdout, stderr }] of (await Promise.all(names.map((name) => lab(CASES[name]!.argv())))).entries()) {
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expectOneLine(stderr);
    expect(stderr).toMatch(CASES[names[index]!]!.says);
  }
});

test('each error of a program has a line of its own, with its place', async () => {
  const { status, stderr } = await labHere(['run', file('two-errors.s')]);
  expect(status).toBe(2);
  expect(stderr.trimEnd().split('\n').map((line) => /:(\d+:\d+): error: /.exec(line)?.[1])).toEqual(['1:1', '2:3']);
});

test('without a command, the overview goes to standard error', async () => {
  const { status, stdout, stderr } = await labHere([]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('COMMAND');
});

test('with --json, a mistake is an object as well', async () => {
  for (const [argv, message] of [[[file('nothing.s')], /no such file/], [[file('one-error.s')], /one-error\.s.*line 2/], [[file('x86.elf')], /x86-64/]] as const) {
    const { status, report, stderr } = await runJson(argv);
    expect(report).toMatchObject({ status: 'error', exitCode: 2, instructions: 0, console: '', message: expect.stringMatching(message) as unknown });
    expect(status).toBe(2);
    expectOneLine(stderr);
  }
});
