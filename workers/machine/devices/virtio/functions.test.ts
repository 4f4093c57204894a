/** Console, entropy and network behind their registers, driven as drivers do: by memory and register accesses only. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createBench, REFERENCE, type Bench } from '../../../../tests/support/targets.ts';
import { Random } from '../../../../tests/differential/random.ts';
import { RAM_BASE } from '../../memory-layout.ts';
import { VirtioConsole } from './console.ts';
import { Entropy } from './entropy.ts';
import { NetworkCard, Switch } from './network.ts';
import { VirtioMmio, type VirtioFunction } from './transport.ts';

const SIZE = 8;
const WRITE = 2;
const NEEDS_RESET = 64;

/** A driver of one device, with its queues and buffers from an address on. */
class Driver {
  readonly device: VirtioMmio;
  line = false;
  readonly #bench: Bench;
  readonly #base: bigint;
  readonly #posted: number[] = [];

  constructor(bench: Bench, base: bigint, itsFunction: VirtioFunction) {
    this.#bench = bench;
    this.#base = base;
    this.device = new VirtioMmio({ set: (high) => { this.line = high; } }, bench.ram, itsFunction);
    this.write(0x70, 11);
    for (let queue = 0; queue < itsFunction.queues; queue += 1) {
      this.write(0x30, queue);
      this.write(0x38, SIZE);
      for (const [low, part] of [[0x80, 0x0n], [0x90, 0x400n], [0xa0, 0x800n]] as const) {
        this.write(low, (this.#queue(queue) + part) & 0xffff_ffffn);
        this.write(low + 4, (this.#queue(queue) + part) >> 32n);
      }
      this.write(0x44, 1);
      this.#posted.push(0);
    }
    this.write(0x70, 15);
  }

  #queue(number: number): bigint { return this.#base + BigInt(number * 0x1000); }
  buffer(queue: number): bigint { return this.#base + 0x4000n + BigInt(queue * 0x1000); }
  write(offset: number, value: number | bigint): void { this.device.write(offset, 4, BigInt(value)); }
  get status(): number { return Number(this.device.read(0x70, 4)); }

  /** Offers one buffer. */
  offer(queue: number, length: number, deviceWrites: boolean, address = this.buffer(queue)): void {
    const { ram } = this.#bench;
    const at = this.#queue(queue);
    const posted = this.#posted[queue]!;
    const index = posted % SIZE;
    ram.write(at + BigInt(index * 16), 8, address);
    ram.write(at + BigInt(index * 16 + 8), 4, BigInt(length));
    ram.write(at + BigInt(index * 16 + 12), 2, BigInt(deviceWrites ? WRITE : 0));
    ram.write(at + 0x404n + BigInt(index * 2), 2, BigInt(index));
    this.#posted[queue] = posted + 1;
    ram.write(at + 0x402n, 2, BigInt(posted + 1));
    this.write(0x50, queue);
  }

  /** Bytes given back in buffer after buffer. */
  used(queue: number): number[] {
    const { ram } = this.#bench;
    const at = this.#queue(queue) + 0x800n;
    const count = Number(ram.read(at + 2n, 2));
    return Array.from({ length: count }, (_, n) => Number(ram.read(at + 8n + BigInt((n % SIZE) * 8), 4)));
  }

  send(queue: number, bytes: Uint8Array): void {
    this.#bench.ram.copyIn(this.buffer(queue), bytes);
    this.offer(queue, bytes.length, false);
  }

  bytes(queue: number, length: number): Uint8Array { return this.#bench.ram.bytes(this.buffer(queue), length).slice(); }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (string: string): Uint8Array => new TextEncoder().encode(string);

let bench: Bench;
beforeEach(async () => { bench = await createBench(REFERENCE); });

describe('a virtio console', () => {
  test('prints what the driver sends', () => {
    let printed = '';
    const driver = new Driver(bench, RAM_BASE + 0x1_0000n, new VirtioConsole((bytes) => { printed += text(bytes); }));
    driver.send(1, bytesOf('hello'));
    expect(printed).toBe('hello');
    expect(driver.used(1)).toEqual([0]);
    expect(driver.line).toBe(true);
  });

  test('what is typed waits for a buffer, and goes in pieces that fit', () => {
    const console = new VirtioConsole(() => undefined);
    const driver = new Driver(bench, RAM_BASE + 0x1_0000n, console);
    console.receive(bytesOf('abcdef'));
    expect(driver.used(0)).toEqual([]);
    driver.offer(0, 4, true);
    expect([driver.used(0), text(driver.bytes(0, 4))]).toEqual([[4], 'abcd']);
    driver.offer(0, 4, true);
    expect([driver.used(0), text(driver.bytes(0, 2))]).toEqual([[4, 2], 'ef']);
    driver.offer(0, 4, true);
    expect(driver.used(0), 'nothing to bring').toEqual([4, 2]);
    console.receive(bytesOf('!'));
    expect([driver.used(0), text(driver.bytes(0, 1))]).toEqual([[4, 2, 1], '!']);
  });

  test('what was typed is saved and restored', () => {
    const console = new VirtioConsole(() => undefined);
    console.receive(bytesOf('abc'));
    const other = new VirtioConsole(() => undefined);
    other.restore(console.save());
    expect(text(other.take(10)!)).toBe('abc');
  });
});

describe('a virtio source of random numbers', () => {
  const read = (seed: bigint, base: bigint): string => {
    const driver = new Driver(bench, base, new Entropy(seed));
    driver.offer(0, 29, true);
    expect(driver.used(0)).toEqual([29]);
    return driver.bytes(0, 29).join();
  };

  test('fills the whole buffer, the same for the same seed and otherwise for another', () => {
    const first = read(1n, RAM_BASE + 0x1_0000n);
    expect(read(1n, RAM_BASE + 0x2_0000n)).toBe(first);
    expect(read(2n, RAM_BASE + 0x3_0000n)).not.toBe(first);
  });

  test('goes on after a restore as it would have', () => {
    const [one, other] = [new Entropy(7n), new Entropy(8n)];
    new Driver(bench, RAM_BASE + 0x1_0000n, one).offer(0, 8, true);
    other.restore(one.save());
    expect(other.save()).toBe(one.save());
  });
});

describe('virtio network cards on a switch', () => {
  const address = (last: number): Uint8Array => Uint8Array.of(2, 0, 0, 0, 0, last);
  const frame = (to: Uint8Array, from: Uint8Array, content: string): Uint8Array => Uint8Array.of(...new Uint8Array(12), ...to, ...from, 8, 0, ...bytesOf(content));
  const EVERYBODY = new Uint8Array(6).fill(0xff);
  const cards = (count: number): Driver[] => {
    const network = new Switch();
    return Array.from({ length: count }, (_, n) => {
      const driver = new Driver(bench, RAM_BASE + 0x1_0000n * BigInt(n + 1), new NetworkCard(address(n), network));
      for (let buffer = 0; buffer < 3; buffer += 1) driver.offer(0, 1526, true);
      return driver;
    });
  };
  const heard = (drivers: readonly Driver[]): number[] => drivers.map((driver) => driver.used(0).length);

  test('a card says its address', () => {
    const [card] = cards(2).slice(1);
    expect([0, 1, 2, 3, 4, 5].map((n) => Number(card!.device.read(0x100 + n, 1)))).toEqual([...address(1)]);
  });

  test('a frame to everybody reaches all others, with a header that says one buffer', () => {
    const drivers = cards(3);
    drivers[0]!.send(1, frame(EVERYBODY, address(0), 'hello'));
    expect(heard(drivers)).toEqual([0, 1, 1]);
    const got = drivers[2]!.bytes(0, 31);
    expect([got[10], text(got.subarray(26))]).toEqual([1, 'hello']);
  });

  test('the switch learns behind which card an address is', () => {
    const drivers = cards(3);
    drivers[1]!.send(1, frame(EVERYBODY, address(1), 'here I am'));
    drivers[0]!.send(1, frame(address(1), address(0), 'for you'));
    expect(heard(drivers)).toEqual([1, 1, 1]);
    drivers[0]!.send(1, frame(address(9), address(0), 'for somebody'));
    expect(heard(drivers), 'an unknown address goes to all').toEqual([1, 2, 2]);
  });

  test('what the switch has learned is saved with the cards, and moves back with them', () => {
    const network = new Switch();
    const functions = [0, 1, 2].map((n) => new NetworkCard(address(n), network));
    const drivers = functions.map((card, n) => new Driver(bench, RAM_BASE + 0x1_0000n * BigInt(n + 1), card));
    const say = (from: number, to: number, as = from): void => { drivers[from]!.send(1, frame(address(to), address(as), 'x')); };
    const reached = (from: number, to: number): number[] => {
      const before = functions.map((card) => card.save().waiting.length);
      say(from, to);
      return functions.flatMap((card, n) => (card.save().waiting.length > before[n]! ? [n] : []));
    };
    const nothing = functions.map((card) => card.save());
    say(1, 9);
    const learned = functions.map((card) => card.save());
    expect(reached(0, 1)).toEqual([1]);
    say(2, 9, 1);
    expect(reached(0, 1), 'address 1 speaks behind card 2 now').toEqual([2]);
    for (const [n, card] of functions.entries()) card.restore(learned[n]);
    expect(reached(0, 1)).toEqual([1]);
    for (const [n, card] of functions.entries()) card.restore(nothing[n]);
    expect(reached(0, 1)).toEqual([1, 2]);
  });

  test('the addresses behind a card are bounded, the oldest is forgotten; the address of a group is none', () => {
    const network = new Switch();
    const functions = [0, 1, 2].map((n) => new NetworkCard(address(n), network));
    const ports = functions.map((card, n) => new Driver(bench, RAM_BASE + 0x1_0000n * BigInt(n + 1), card));
    const waiting = (): number[] => functions.map((card) => card.save().waiting.length);
    const from = (high: number, low: number): Uint8Array => Uint8Array.of(2, 0, 0, 1, high, low);
    for (let n = 0; n < 1000; n += 1) ports[1]!.send(1, frame(address(0), from(n >> 8, n & 0xff), 'x'));
    expect(functions[1]!.save().behind.length).toBeLessThanOrEqual(64);
    const before = waiting();
    ports[0]!.send(1, frame(from(3, 0xe7), address(0), 'the last'));
    expect(waiting()).toEqual([before[0], before[1]! + 1, before[2]]);
    ports[0]!.send(1, frame(from(0, 0), address(0), 'the first'));
    expect(waiting(), 'to all: it is forgotten').toEqual([before[0], before[1]! + 2, before[2]! + 1].map((count) => Math.min(count!, 256)));
    ports[1]!.send(1, frame(address(0), EVERYBODY, 'x'));
    expect(functions[1]!.save().behind).not.toContain('255:255:255:255:255:255');
  });

  test('frames wait for buffers, and too many or malformed ones are lost', () => {
    const network = new Switch();
    const [one, other] = [0, 1].map((n) => new Driver(bench, RAM_BASE + 0x1_0000n * BigInt(n + 1), new NetworkCard(address(n), network)));
    for (let n = 0; n < 300; n += 1) one!.send(1, frame(EVERYBODY, address(0), 'x'));
    one!.send(1, new Uint8Array(13));
    one!.send(1, new Uint8Array(0x800));
    other!.offer(0, 1526, true);
    expect(other!.used(0)).toEqual([27]);
    expect(one!.status & NEEDS_RESET).toBe(0);
  });
});

describe('a driver that writes anything', () => {
  const SEED = Number(process.env['SEED'] ?? 11);
  test.each(['console', 'entropy', 'network'] as const)(`never throws in the device, and never writes outside of its buffers (${String(SEED)}): %s`, (which) => {
    const functions = { console: () => new VirtioConsole(() => undefined), entropy: () => new Entropy(1n), network: () => new NetworkCard(new Uint8Array(6), new Switch()) };
    const random = new Random(SEED);
    const console = functions[which]();
    const driver = new Driver(bench, RAM_BASE + 0x1_0000n, console);
    const OFFSETS = [0x14, 0x20, 0x24, 0x30, 0x38, 0x44, 0x50, 0x64, 0x70, 0x80, 0x84, 0x90, 0x94, 0xa0, 0xa4, 0x100];
    for (let step = 0; step < 4000; step += 1) {
      const at = RAM_BASE + 0x1_0000n + BigInt(random.below(0x2000) & ~7);
      if (random.below(3) === 0) bench.ram.write(at, 8, random.double());
      else driver.write(OFFSETS[random.below(OFFSETS.length)]!, random.below(4) === 0 ? BigInt(random.word()) : BigInt(random.below(16)));
      if (console instanceof VirtioConsole) console.receive(Uint8Array.of(1));
    }
    expect(bench.ram.read(RAM_BASE + 0x8_0000n, 8)).toBe(0n);
  });
});
