/** `lab run`, as a user and a script have it. Every case is a process of its own; those that do not depend on each other run side by side. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectOneLine, lab, runJson } from './lab.ts';

const GUESTS = 'public/guests/';
let folder = '';
const file = (name: string): string => join(folder, name);

/** Programs of a line or two, each with a way of its own to end, or not to. */
const PROGRAMS: Readonly<Record<string, string>> = {
  // The test finisher: FAIL with code 7.
  'seven.s': '_start: li t0, 0x100000\n li t1, 0x73333\n sw t1, 0(t0)\n j .\n',
  '256.s': '_start: li t0, 0x100000\n li t1, 0x1003333\n sw t1, 0(t0)\n j .\n',
  'endless.s': '_start: j _start\n',
  'nowhere.s': '_start: li t0, 0x4000\n jr t0\n',
  'waits.s': '_start: wfi\n j _start\n',
  'mode.s': '_start: csrr a0, mhartid\n li t0, 0x100000\n li t1, 0x5555\n sw t1, 0(t0)\n j .\n',
  // FAIL with code 2 when misa has H, else 1; with code 2 when the clock is past the first seconds of 1970, else 1.
  'misa.s': '_start: csrr t0, misa\n srli t0, t0, 7\n andi t0, t0, 1\n addi t0, t0, 1\n slli t0, t0, 16\n li t1, 0x3333\n or t1, t1, t0\n li t0, 0x100000\n sw t1, 0(t0)\n j .\n',
  'clock.s': '_start: li t0, 0x101000\n lw t1, 0(t0)\n lw t1, 4(t0)\n snez t1, t1\n addi t1, t1, 1\n slli t1, t1, 16\n li t0, 0x3333\n or t1, t1, t0\n li t0, 0x100000\n sw t1, 0(t0)\n j .\n',
  'memory.s': '_start: li t0, 0x87fff000\n sd t0, 0(t0)\n li t0, 0x100000\n li t1, 0x5555\n sw t1, 0(t0)\n j .\n',
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-cli-'));
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(file(name), text);
  writeFileSync(file('typed'), 'help\rexit\r');
});
afterAll(() => { rmSync(folder, { recursive: true }); });

describe('the VMM', () => {
  test('follows the guest\'s tables in three ways, with the same console and other exits', async () => {
    const runs = await Promise.all(['lazy', 'eager', 'write-protect'].map((shadow) => runJson([`${GUESTS}processes.s`, '--regime', 'trap-and-emulate', '--shadow', shadow])));
    for (const { report } of runs) expect(report).toMatchObject({ status: 'pass', regime: 'trap-and-emulate', console: runs[0]!.report.console, instructions: runs[0]!.report.instructions });
    expect(new Set(runs.map(({ report }) => JSON.stringify(report.vmExits))).size, 'the copied tables fault less').toBeGreaterThan(1);
  });

  test('makes the mistakes that it is told to make, and stops where it finds one', async () => {
    const { report, status } = await runJson([`${GUESTS}processes.s`, '--regime', 'trap-and-emulate', '--bug', 'root-not-changed']);
    expect(report).toMatchObject({ status: 'error', bugs: ['root-not-changed (S1)'], message: expect.stringContaining('rule S1') as string });
    expect(status).not.toBe(0);
    const wrong = await Promise.all([['--bug', 'root-not-changed'], ['--shadow', 'lazy'], ['--regime', 'trap-and-emulate', '--bug', 'none']].map((options) => lab(['run', `${GUESTS}hello.s`, ...options])));
    for (const { stderr } of wrong) expectOneLine(stderr);
  });
});

describe('run --json', () => {
  test.each(['hello.s', 'processes.s', 'echo.s', 'paravirtual.s', 'nested-vmm.s', 'devices.s', 'demand-paging/demand-paging.elf', 'floating-point/floating-point.elf'])('%s: one object, the same console and instructions bare and under the VMM', async (guest) => {
    const input = guest === 'echo.s' || guest.startsWith('floating-point') ? ['--input', file('typed')] : [];
    const [bare, virtual] = await Promise.all(['bare', 'trap-and-emulate'].map((regime) => runJson([GUESTS + guest, '--regime', regime, ...input])));
    for (const { report, status, stderr } of [bare!, virtual!]) {
      expect(report).toMatchObject({ status: 'pass', exitCode: 0 });
      expect(report.wallSeconds).toBeGreaterThan(0);
      expect(report.instructions).toBeGreaterThan(500);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
    expect(bare!.report.console).not.toBe('');
    expect(virtual!.report.console).toBe(bare!.report.console);
    expect(virtual!.report.instructions, 'the guest’s own instructions, the emulated ones too').toBe(bare!.report.instructions);
    expect(Object.keys(bare!.report).sort()).toEqual(['console', 'devices', 'exitCode', 'instructions', 'regime', 'status', 'wallSeconds']);
    expect(Object.keys(virtual!.report).sort()).toEqual(['console', 'devices', 'exitCode', 'instructions', 'regime', 'shadow', 'status', 'vmExits', 'wallSeconds']);
    for (const count of Object.values(virtual!.report.vmExits!)) expect(count).toBeGreaterThan(0);
    expect(virtual!.report.vmExits).toHaveProperty('illegal-instruction');
    expect(virtual!.report.vmExits).toHaveProperty('ecall-from-user');
  });

  test('a guest that fails: its code is the exit status', async () => {
    const [bare, virtual] = await Promise.all([runJson([file('seven.s')]), runJson([file('seven.s'), '--regime', 'trap-and-emulate'])]);
    expect(bare.report).toMatchObject({ status: 'fail', exitCode: 7 });
    expect(virtual.report).toMatchObject({ status: 'fail', exitCode: 7, instructions: bare.report.instructions });
    expect([bare.status, virtual.status]).toEqual([7, 7]);
    const wide = await runJson([file('256.s')]);
    expect([wide.report.exitCode, wide.status], 'eight bits of it would be 0').toEqual([256, 1]);
  });

  test('an endless guest ends exactly at the limit, with a status of its own', async () => {
    for (const { report, status, stderr } of await Promise.all(['bare', 'trap-and-emulate'].map((regime) => runJson([file('endless.s'), '--max-instructions', '123456', '--regime', regime])))) {
      expect(report).toMatchObject({ status: 'limit', exitCode: 124, instructions: 123_456 });
      expect(status).toBe(124);
      expectOneLine(stderr);
      expect(stderr).toBe(`${report.message!}\n`);
      expect(stderr).toContain('123,456');
    }
  });

  test('a guest that jumps to nowhere and has no trap handler is noticed at once', async () => {
    for (const { report, status } of await Promise.all(['bare', 'trap-and-emulate'].map((regime) => runJson([file('nowhere.s'), '--regime', regime])))) {
      expect(report).toMatchObject({ status: 'limit', exitCode: 124 });
      expect(report.message).toMatch(/trap handler traps itself.*stvec/);
      expect(status).toBe(124);
    }
  });

  test('a guest that waits for what never comes is told so', async () => {
    const { report } = await runJson([file('waits.s')]);
    expect(report).toMatchObject({ status: 'limit', exitCode: 124 });
    expect(report.message).toContain('--input');
  });
});

describe('devices', () => {
  test('D1 to D3: exits for each byte by UART, virtio console and a slice that is passed through', async () => {
    const [bare, virtual] = await Promise.all(['bare', 'trap-and-emulate'].map((regime) => runJson([`${GUESTS}devices.s`, '--regime', regime, '--pass-through'])));
    expect(virtual!.report).toMatchObject({ status: 'pass', console: bare!.report.console, instructions: bare!.report.instructions });
    expect(bare!.report.devices!.map(({ device, strategy, bytes, exits }) => [device, strategy, bytes, exits])).toEqual([['uart', 'real', 64, 0], ['virtio-console', 'real', 64, 0], ['slice', 'real', 64, 0]]);
    expect(virtual!.report.devices).toMatchObject([
      { device: 'uart', strategy: 'emulated', bytes: 64, exits: 64, exitsPerByte: 1 },
      // Fifteen to set it up, and one kick.
      { device: 'virtio-console', strategy: 'virtual', bytes: 64, exits: 16, exitsPerByte: 0.25 },
      { device: 'slice', strategy: 'pass-through', bytes: 64, exits: 0 },
    ]);
  });

  test('I3: without its IOMMU the slice reaches what is not the guest’s, and the run stops and says so', async () => {
    const { report } = await runJson([`${GUESTS}devices.s`, '--regime', 'trap-and-emulate', '--bug', 'iommu-off']);
    expect(report).toMatchObject({ status: 'error', bugs: ['iommu-off (I3)'], message: expect.stringMatching(/rule I3: The guest's slice of a device has read 64 bytes at 0x80[0-9a-f]+, which are not/) as string });
  });
});

describe('run', () => {
  test('prints the guest’s console and nothing else', async () => {
    const { status, stdout, stderr } = await lab(['run', `${GUESTS}hello.s`, '--regime', 'trap-and-emulate']);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'Hello from supervisor mode.\nUser mode asked for 6 * 7, the kernel answered 42.\n', stderr: '' });
  });

  test('npm runs it in the project’s folder, but files are where the user stands', async () => {
    const { report } = await runJson(['seven.s', '--input', 'typed'], { typedIn: folder });
    expect(report).toMatchObject({ status: 'fail', exitCode: 7 });
  });

  test('takes the guest’s input from standard input', async () => {
    const { status, stdout } = await lab(['run', `${GUESTS}echo.s`, '--input=-'], { input: 'help\rexit\r' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/\$ help\n.*Goodbye\.\n$/s);
  });

  test('ends quietly when its reader has gone', async () => {
    const { status, stderr } = await lab(['trace', `${GUESTS}processes.s`, '--regime', 'trap-and-emulate'], { closeEarly: true });
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });

  test('--start m begins in machine mode; without it, a kernel begins in supervisor mode', async () => {
    const [machine, supervisor] = await Promise.all([runJson([file('mode.s'), '--start', 'm']), runJson([file('mode.s')])]);
    expect(machine.report.status).toBe('pass');
    // Reading mhartid in S is an illegal instruction, and this program has no handler.
    expect(supervisor.report.status).toBe('limit');
  });

  test('--no-h takes the hypervisor extension away, which the bare machine has', async () => {
    const codes = await Promise.all([[], ['--h'], ['--no-h']].map(async (options) => (await runJson([file('misa.s'), '--start', 'm', ...options])).report.exitCode));
    expect(codes).toEqual([2, 2, 1]);
    const wrong = await Promise.all([['--h', '--no-h'], ['--h', '--regime', 'trap-and-emulate']].map((options) => lab(['run', file('misa.s'), ...options])));
    for (const { status, stderr } of wrong) {
      expect(status).toBe(2);
      expectOneLine(stderr);
    }
  });

  test('--epoch sets the clock, bare and under the VMM', async () => {
    const codes = await Promise.all([[], ['--epoch', '0'], ['--epoch', '0', '--regime', 'trap-and-emulate'], ['--regime', 'trap-and-emulate']].map(async (options) =>
      (await runJson([file('clock.s'), ...options])).report.exitCode));
    expect(codes).toEqual([2, 1, 1, 2]);
  });

  test('--disk-write wants a disk, --initrd a file that fits, and both leave the files as they are otherwise', async () => {
    writeFileSync(file('disk.img'), new Uint8Array(1024).fill(7));
    const wrong = await Promise.all([['--disk-write'], ['--initrd', file('none')], ['--initrd', file('disk.img'), '--mem', '4M', '--origin', '0x803effc0']].map((options) => lab(['run', file('seven.s'), ...options])));
    for (const { status, stderr } of wrong) {
      expect(status).toBe(2);
      expectOneLine(stderr);
    }
    const { report } = await runJson([file('seven.s'), '--disk', file('disk.img'), '--disk-write', '--append', 'quiet', '--initrd', file('disk.img')]);
    expect(report.exitCode).toBe(7);
    expect([...readFileSync(file('disk.img'))]).toEqual(Array.from({ length: 1024 }, () => 7));
  });

  test('--mem gives the guest as much memory as it says', async () => {
    const [enough, less] = await Promise.all([runJson([file('memory.s'), '--mem', '128']), runJson([file('memory.s'), '--mem', '64MiB'])]);
    expect(enough.report.status).toBe('pass');
    expect(less.report.status).toBe('limit');
  });

  test('runs a flat binary at --origin, and the reference engine agrees', async () => {
    // lui t0, 0x100; lui t1, 0x5; addi t1, t1, 0x555; sw t1, 0(t0); j .
    const code = new Uint32Array([0x0010_02b7, 0x0000_5337, 0x5553_0313, 0x0062_a023, 0x0000_006f]);
    writeFileSync(file('flat.bin'), new Uint8Array(code.buffer));
    const [interpreter, reference] = await Promise.all(['interpreter', 'reference'].map((engine) => runJson([file('flat.bin'), '--origin', '0x80400000', '--engine', engine])));
    expect(interpreter!.report).toMatchObject({ status: 'pass', instructions: 4 });
    expect({ ...reference!.report, wallSeconds: 0 }).toEqual({ ...interpreter!.report, wallSeconds: 0 });
  });
});
