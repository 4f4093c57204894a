import { describe, expect, test } from 'vitest';
import { TIMEBASE_FREQUENCY } from './clock.ts';
import { isaString } from '../isa/extensions.ts';
import { deviceTree } from './device-tree.ts';
import { ADDRESS, RTC_INTERRUPT, UART_INTERRUPT } from './peripherals.ts';
import { RAM_BASE } from './memory-layout.ts';

interface Node {
  readonly properties: ReadonlyMap<string, Uint8Array>;
  readonly nodes: ReadonlyMap<string, Node>;
}

/** Reads a blob as a kernel does (Devicetree specification, 5.4): an independent reader, which throws at whatever it does not expect. */
function parse(blob: Uint8Array): Node {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const structure = view.getUint32(8);
  const strings = view.getUint32(12);
  let at = structure;
  const text = (from: number): string => new TextDecoder().decode(blob.subarray(from, blob.indexOf(0, from)));
  const word = (): number => (at += 4, view.getUint32(at - 4));
  const align = (): void => { at = (at + 3) & ~3; };
  const node = (): Node => {
    const properties = new Map<string, Uint8Array>();
    const nodes = new Map<string, Node>();
    for (;;) {
      const token = word();
      if (token === 2) return { properties, nodes };
      if (token === 3) {
        const length = word();
        properties.set(text(strings + word()), blob.subarray(at, at + length));
        at += length;
      } else if (token === 1) {
        const name = text(at);
        at += name.length + 1;
        align();
        nodes.set(name, node());
      } else throw new Error(`token ${String(token)} at ${String(at - 4)}`);
      align();
    }
  };
  if (word() !== 1 || text(at) !== '') throw new Error('no root');
  at += 4;
  const root = node();
  if (word() !== 9 || at !== structure + view.getUint32(36)) throw new Error('the structure does not end where it should');
  return root;
}

const RAM = 48 << 20;
const VIRTIO = { base: ADDRESS.virtio, bytes: 0x1000, slots: 8 };
const blob = deviceTree({ ramBytes: RAM, isa: isaString(), virtio: VIRTIO });
const root = parse(blob);
const find = (path: string): Node => path.split('/').filter(Boolean).reduce((node, name) => node.nodes.get(name) ?? expect.fail(`no ${path}`), root);
const cells = (path: string, property: string): number[] => {
  const bytes = find(path).properties.get(property)!;
  return Array.from({ length: bytes.length / 4 }, (_, n) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * n));
};
const texts = (path: string, property: string): string[] => new TextDecoder().decode(find(path).properties.get(property)).split('\0').slice(0, -1);

describe('the device tree', () => {
  test('has the header of version 17, with sizes that are right', () => {
    const header = Array.from({ length: 10 }, (_, n) => new DataView(blob.buffer).getUint32(4 * n));
    expect(header).toEqual([0xd00d_feed, blob.length, 56, expect.any(Number), 40, 17, 16, 0, expect.any(Number), expect.any(Number)]);
    const [, , structure, strings, , , , , stringBytes, structureBytes] = header as [number, number, number, number, number, number, number, number, number, number];
    expect([structure + structureBytes, strings + stringBytes]).toEqual([strings, blob.length]);
    expect(blob.subarray(40, 56)).toEqual(new Uint8Array(16));
  });

  test('says how much memory there is, and where', () => {
    expect(cells('memory@80000000', 'reg')).toEqual([0, Number(RAM_BASE), 0, RAM]);
  });

  test('has one hart with Sv48, and the frequency of its clock', () => {
    expect(cells('cpus', 'timebase-frequency')).toEqual([TIMEBASE_FREQUENCY]);
    expect([...find('cpus').nodes.keys()]).toEqual(['cpu@0']);
    expect(texts('cpus/cpu@0', 'mmu-type')).toEqual(['riscv,sv48']);
    expect(texts('cpus/cpu@0', 'riscv,isa')[0]).toMatch(/^rv64imafdch_.*_sstc_/);
    expect(cells('cpus/cpu@0', 'riscv,cboz-block-size')).toEqual([64]);
  });

  test.each([
    ['clint', ADDRESS.clint, 'riscv,clint0'], ['plic', ADDRESS.plic, 'sifive,plic-1.0.0'], ['serial', ADDRESS.uart, 'ns16550a'], ['test', ADDRESS.finisher, 'sifive,test1'],
  ] as const)('has the device %s where the machine has it', (name, address, compatible) => {
    const path = `soc/${name}@${address.toString(16)}`;
    expect(cells(path, 'reg').slice(0, 2)).toEqual([0, address]);
    expect(texts(path, 'compatible')).toContain(compatible);
  });

  test('leads the interrupt of the serial line to the controller, and that to the hart', () => {
    const plic = `soc/plic@${ADDRESS.plic.toString(16)}`;
    const serial = `soc/serial@${ADDRESS.uart.toString(16)}`;
    const [hart] = cells('cpus/cpu@0/interrupt-controller', 'phandle');
    expect(cells(serial, 'interrupts')).toEqual([UART_INTERRUPT]);
    expect(cells(serial, 'interrupt-parent')).toEqual(cells(plic, 'phandle'));
    expect(cells(plic, 'interrupts-extended')).toEqual([hart, 11, hart, 9]);
    expect(texts('chosen', 'stdout-path')).toEqual([`/${serial}`]);
  });

  test('tells the kernel its command line and where its root file system stands', () => {
    const { nodes } = parse(deviceTree({ ramBytes: RAM, isa: isaString(), bootArguments: 'console=ttyS0 quiet', initrd: { start: 0x1_8123_4000n, end: 0x1_8123_4567n } }));
    const { properties } = nodes.get('chosen')!;
    expect(new TextDecoder().decode(properties.get('bootargs'))).toBe('console=ttyS0 quiet\0');
    expect([...properties.get('linux,initrd-start')!]).toEqual([0, 0, 0, 1, 0x81, 0x23, 0x40, 0]);
    expect([...properties.get('linux,initrd-end')!]).toEqual([0, 0, 0, 1, 0x81, 0x23, 0x45, 0x67]);
    expect(find('chosen').properties.has('bootargs')).toBe(false);
  });

  test('has the clock of the board', () => {
    const path = `soc/rtc@${ADDRESS.rtc.toString(16)}`;
    expect([texts(path, 'compatible'), cells(path, 'interrupts')]).toEqual([['google,goldfish-rtc'], [RTC_INTERRUPT]]);
  });

  test('has the eight virtio slots with their interrupts; without any when there are none', () => {
    for (let slot = 0; slot < 8; slot += 1) {
      const path = `soc/virtio_mmio@${(ADDRESS.virtio + slot * 0x1000).toString(16)}`;
      expect([cells(path, 'interrupts'), texts(path, 'compatible')]).toEqual([[1 + slot], ['virtio,mmio']]);
    }
    const guest = parse(deviceTree({ ramBytes: RAM, isa: isaString({ hypervisor: false, without: ['zicboz'] }) }));
    expect([...guest.nodes.get('soc')!.nodes.keys()].filter((name) => name.startsWith('virtio'))).toEqual([]);
    expect(new TextDecoder().decode(guest.nodes.get('cpus')!.nodes.get('cpu@0')!.properties.get('riscv,isa'))).not.toMatch(/^rv64[a-g]*h|zicboz/);
  });

  test('fits the room that the machine gives it', () => {
    expect(blob.length).toBeLessThan(0x1_0000);
  });
});
