import { describe, expect, test } from 'vitest';
import { createBench, REFERENCE } from '../../tests/support/targets.ts';
import { Htif } from './htif.ts';
import { RAM_BASE } from './memory-layout.ts';

const TOHOST = RAM_BASE + 0x1000n;

async function board(tohost = TOHOST) {
  const { ram } = await createBench(REFERENCE);
  const printed: number[] = [];
  const htif = new Htif(ram, tohost, (byte) => printed.push(byte));
  return { htif, ram, printed, command: (value: bigint) => { ram.write(TOHOST, 8, value); } };
}

describe('tohost', () => {
  test('0 asks for nothing', async () => {
    const { htif } = await board();
    expect(htif.poll()).toBeUndefined();
  });

  test('1 ends the run with success; another odd number holds the exit code', async () => {
    const { htif, command } = await board();
    command(1n);
    expect(htif.poll()).toEqual({ by: 'htif', exitCode: 0 });
    command((5n << 1n) | 1n);
    expect(htif.poll()).toEqual({ by: 'htif', exitCode: 5 });
  });

  test('device 1, command 1 prints a character, and is answered with 0', async () => {
    const { htif, command, printed, ram } = await board();
    command(0x0101_0000_0000_0041n);
    expect(htif.poll()).toBeUndefined();
    expect([printed, ram.read(TOHOST, 8)]).toEqual([[0x41], 0n]);
    expect(htif.poll()).toBeUndefined();
    expect(printed).toEqual([0x41]);
  });

  test('anything else ends the run with a sentence', async () => {
    const { htif, command } = await board();
    command(0x8000_2000n);
    expect(htif.poll()).toMatchObject({ by: 'stuck', message: expect.stringContaining('tohost = 0x80002000') as string });
  });

  test.each([0n, RAM_BASE - 8n, RAM_BASE + (1n << 20n), RAM_BASE + (1n << 20n) - 4n, (1n << 64n) - 8n])('at %i, outside RAM, is no way to the host', async (tohost) => {
    const { htif } = await board(tohost);
    expect(htif.poll()).toBeUndefined();
  });
});
