/** A guest may store anything to any register, at any width: the devices answer, and never throw. */
import { expect, test } from 'vitest';
import { Random } from '../../../tests/differential/random.ts';
import { createReferenceEngine } from '../../engine/reference/reference-engine.ts';
import { Machine } from '../machine.ts';
import { RAM_BASE } from '../memory-layout.ts';
import { ADDRESS, VIRTIO } from '../peripherals.ts';

const SEED = Number(process.env['SEED'] ?? 3);
const ACCESSES = 60_000;
const SIZES = [1, 2, 4, 8] as const;
const PLACES = [
  ADDRESS.rtc, ADDRESS.clint, ADDRESS.clint + 0x4000, ADDRESS.clint + 0xbff0, ADDRESS.plic, ADDRESS.plic + 0x1000, ADDRESS.plic + 0x2000, ADDRESS.plic + 0x20_0000, ADDRESS.plic + 0x20_1000, ADDRESS.uart,
  ...Array.from({ length: VIRTIO.slots }, (_, slot) => VIRTIO.base + slot * VIRTIO.bytes),
];
/** Where drivers that are hostile have their queues: what stands there is as random as all else. */
const QUEUE_BYTES = 0x4000;

test(`any register at any width takes any value, and gives one that fits (seed ${String(SEED)})`, () => {
  const random = new Random(SEED);
  const machine = new Machine({ ramBytes: 1 << 20, createEngine: createReferenceEngine, start: 'm', disk: new Uint8Array(4096) });
  const address = (): bigint => RAM_BASE + BigInt(random.below(QUEUE_BYTES) & ~7);
  const value = (): bigint => [BigInt(random.below(32)), random.double(), address(), BigInt(random.word())][random.below(4)]!;
  const tooWide: string[] = [];
  let answered = 0;
  for (let n = 0; n < ACCESSES; n += 1) {
    const at = BigInt(random.pick(PLACES) + random.below(random.oneIn(2) ? 0x1000 : 0x110));
    const size = random.pick(SIZES);
    if (random.oneIn(2)) {
      const read = machine.devices.readDevice(at, size);
      if (read !== undefined) answered += 1;
      if (read !== undefined && read !== BigInt.asUintN(8 * size, read)) tooWide.push(`${at.toString(16)} ${String(size)}`);
    } else {
      machine.devices.writeDevice(at, size, BigInt.asUintN(8 * size, value()));
    }
    if (random.oneIn(8)) machine.memory.write(address(), 8, value());
    if (random.oneIn(1000)) machine.receive(Uint8Array.of(random.below(256)));
  }
  expect(tooWide).toEqual([]);
  expect(answered).toBeGreaterThan(ACCESSES / 20);
  expect(machine.halted).toBeUndefined();
});
