import { describe, expect, test } from 'vitest';
import { Uart } from './uart.ts';

const [DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR] = [0, 1, 2, 3, 4, 5, 6, 7];

function board() {
  const sent: number[] = [];
  const lines: boolean[] = [];
  const uart = new Uart({ set: (high) => lines.push(high) }, (byte) => sent.push(byte));
  return {
    uart, sent,
    line: (): boolean => lines.at(-1) ?? false,
    type: (text: string) => { uart.receive(new TextEncoder().encode(text)); },
    read: (offset: number) => Number(uart.read(offset, 1)),
    write: (offset: number, byte: number) => uart.write(offset, 1, BigInt(byte)),
  };
}

describe('the UART', () => {
  test('sends each byte that is stored in THR, and is always ready for the next', () => {
    const { write, read, sent } = board();
    for (const byte of [72, 105, 10]) {
      expect(read(LSR) & 0x60).toBe(0x60);
      write(DATA, byte);
    }
    expect(sent).toEqual([72, 105, 10]);
  });

  test('gives what was typed in its order, and 0 when there is nothing more', () => {
    const { type, read } = board();
    type('ab');
    expect([read(LSR) & 1, read(DATA), read(LSR) & 1, read(DATA), read(LSR) & 1, read(DATA)]).toEqual([1, 97, 1, 98, 0, 0]);
  });

  test('loses nothing of a very long line', () => {
    const { type, uart } = board();
    type('x'.repeat(300_000));
    expect(uart.save().input).toHaveLength(300_000);
  });

  test('raises its line for input only while IER asks for it, and lowers it with the last byte', () => {
    const { type, read, write, line } = board();
    type('ab');
    expect(line()).toBe(false);
    write(IER, 1);
    expect(line()).toBe(true);
    expect(read(IIR) & 0xf).toBe(4);
    read(DATA);
    expect(line()).toBe(true);
    read(DATA);
    expect(line()).toBe(false);
    expect(read(IIR) & 0xf).toBe(1);
  });

  test('tells once that the transmitter is empty: reading IIR acknowledges it, sending raises it again', () => {
    const { read, write, line } = board();
    write(IER, 2);
    expect(line()).toBe(true);
    expect([read(IIR) & 0xf, read(IIR) & 0xf]).toEqual([2, 1]);
    expect(line()).toBe(false);
    write(DATA, 65);
    expect(line()).toBe(true);
    write(IER, 0);
    expect(line()).toBe(false);
  });

  test('tells of input before it tells of the empty transmitter', () => {
    const { type, read, write } = board();
    write(IER, 3);
    type('a');
    expect(read(IIR) & 0xf).toBe(4);
    read(DATA);
    expect(read(IIR) & 0xf).toBe(2);
  });

  test('with DLAB set, the first two registers are the divisor and nothing is sent', () => {
    const { read, write, sent } = board();
    write(IER, 5);
    write(LCR, 0x83);
    write(DATA, 0x34);
    write(IER, 0x12);
    expect([read(DATA), read(IER), sent]).toEqual([0x34, 0x12, []]);
    write(LCR, 0x03);
    expect([read(IER), read(LCR)]).toEqual([5, 3]);
  });

  test('has FIFOs when FCR says so, and clears the receiver on demand', () => {
    const { type, read, write } = board();
    expect(read(IIR) & 0xc0).toBe(0);
    write(IIR, 1);
    expect(read(IIR) & 0xc0).toBe(0xc0);
    type('abc');
    write(IIR, 3);
    expect(read(LSR) & 1).toBe(0);
  });

  test('loses nothing of what was typed when a driver starts the device: it comes when somebody listens', () => {
    const { type, read, write, line } = board();
    type('abc');
    write(IIR, 7);
    // Linux, serial8250_do_startup: registers are read blindly to clear what they tell.
    for (let n = 0; n < 2; n += 1) {
      expect([read(LSR) & 1, read(DATA), read(IIR) & 0x0f, read(MSR)]).toEqual([0, 0, 1, 0xb0]);
    }
    write(IER, 5);
    expect([line(), read(LSR) & 1, read(DATA), read(DATA), read(DATA), line()]).toEqual([true, 1, 97, 98, 99, false]);
  });

  test('gives what was typed after a clear to a guest that polls, too', () => {
    const { type, read, write } = board();
    write(IIR, 7);
    type('q');
    expect([read(LSR) & 1, read(LSR) & 1, read(DATA)]).toEqual([0, 1, 113]);
  });

  test('keeps the cable apart from the loop', () => {
    const { type, read, write } = board();
    type('c');
    write(MCR, 0x10);
    expect(read(LSR) & 1).toBe(0);
    write(DATA, 76);
    expect([read(LSR) & 1, read(DATA), read(LSR) & 1]).toEqual([1, 76, 0]);
    write(MCR, 0);
    expect([read(LSR) & 1, read(DATA)]).toEqual([1, 99]);
  });

  test('keeps the scratch register; LSR and MSR cannot be written', () => {
    const { read, write } = board();
    write(SCR, 0xa5);
    const before = [read(LSR), read(MSR)];
    write(LSR, 0);
    write(MSR, 0xff);
    expect([read(SCR), read(LSR), read(MSR)]).toEqual([0xa5, ...before]);
  });

  test('in loopback receives what it sends, at most a FIFO of it, and nobody else does', () => {
    const { read, write, sent } = board();
    write(MCR, 0x10);
    for (let n = 0; n < 40; n += 1) write(DATA, n);
    expect(sent).toEqual([]);
    const back: number[] = [];
    while ((read(LSR) & 1) === 1) back.push(read(DATA));
    expect(back).toEqual(Array.from({ length: 16 }, (_, n) => n));
  });

  test.each([2, 4, 8] as const)('refuses an access of %i bytes, and registers behind the eighth', (size) => {
    const { uart } = board();
    expect([uart.read(LSR, size), uart.write(DATA, size, 1n)]).toEqual([undefined, false]);
    expect([uart.read(8, 1), uart.write(8, 1, 1n)]).toEqual([undefined, false]);
  });

  test('is the same after save and restore, its line, too; and empty after reset', () => {
    const one = board();
    one.write(IER, 3);
    one.write(SCR, 9);
    one.type('z');
    const two = board();
    two.uart.restore(structuredClone(one.uart.save()));
    expect(two.uart.save()).toEqual(one.uart.save());
    expect([two.line(), two.read(SCR), two.read(DATA)]).toEqual([true, 9, 122]);
    two.uart.reset();
    expect([two.line(), two.read(SCR), two.read(LSR) & 1]).toEqual([false, 0, 0]);
  });
});
