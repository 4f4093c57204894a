import { describe, expect, test } from 'vitest';
import { ConsoleBuffer } from './console-buffer.ts';

describe('what was printed', () => {
  test('comes in order, bytes and pieces, beyond what there was room for at first', () => {
    const buffer = new ConsoleBuffer();
    const expected: number[] = [];
    for (let n = 0; n < 3000; n += 1) {
      buffer.push(n & 0xff);
      expected.push(n & 0xff);
      if (n % 1000 === 0) {
        buffer.append(new Uint8Array(5000).fill(n / 1000));
        for (let i = 0; i < 5000; i += 1) expected.push(n / 1000);
      }
    }
    expect([...buffer.take()]).toEqual(expected);
  });

  test('is taken once, and what was taken does not change with what comes later', () => {
    const buffer = new ConsoleBuffer();
    buffer.push(1);
    const taken = buffer.take();
    buffer.push(2);
    expect([[...taken], [...buffer.take()], [...buffer.take()]]).toEqual([[1], [2], []]);
  });
});
