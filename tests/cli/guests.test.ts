/** `lab guests`: several programs on one machine. */
import { expect, test } from 'vitest';
import { lab } from './lab.ts';

const guest = (name: string): string => `public/guests/${name}`;

test('each guest prints under its number, and all pass', async () => {
  const { status, stdout, stderr } = await lab(['guests', guest('hello.s'), guest('processes.s'), guest('hello.s'), '--weights', '1,2,1']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = (number: number): string[] => stdout.split('\n').filter((line) => line.startsWith(`${String(number)}: `)).map((line) => line.slice(3));
  expect(lines(0)).toEqual(['Hello from supervisor mode.', 'User mode asked for 6 * 7, the kernel answered 42.']);
  expect(lines(2)).toEqual(lines(0));
  expect(lines(1).at(-1)).toContain('Both have exited.');
}, 60_000);

test('more memory is promised than there is, and the report tells what each was given', async () => {
  const { status, stdout } = await lab(['guests', ...Array.from({ length: 16 }, () => guest('hello.s')), '--host-mem', '2', '--json']);
  expect(status).toBe(0);
  const { guests } = JSON.parse(stdout) as { readonly guests: readonly { readonly status: string; readonly memory: { readonly held: number; readonly promised: number } }[] };
  expect(guests.map(({ status: end }) => end)).toEqual(Array.from({ length: 16 }, () => 'pass'));
  expect(guests.reduce((sum, { memory }) => sum + memory.held, 0)).toBeLessThan(2 << 20);
  expect(guests[0]!.memory.promised).toBe(16 << 20);
}, 60_000);

test('weights that do not fit the guests are refused in one sentence', async () => {
  const { status, stderr } = await lab(['guests', guest('hello.s'), guest('hello.s'), '--weights', '1']);
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('--weights needs a number from 1 to 1000 for each of the 2 guests');
}, 60_000);
