/** The flattened device tree that tells a kernel what the machine has (Devicetree specification 0.4, chapter 5), like that of QEMU's virt. */
import { TIMEBASE_FREQUENCY } from './clock.ts';
import { RAM_BASE } from './memory-layout.ts';
import { BLOCK_BYTES } from './mmu/cache-block.ts';

const MAGIC = 0xd00d_feed;
const BEGIN_NODE = 1;
const END_NODE = 2;
const PROPERTY = 3;
const END = 9;
const HEADER_BYTES = 40;
const RESERVATIONS_BYTES = 16;

type Value = string | readonly string[] | readonly number[] | true;

class Tree {
  readonly #structure: number[] = [];
  readonly #strings: number[] = [];
  readonly #known = new Map<string, number>();

  node(name: string, content: () => void): void {
    this.#word(BEGIN_NODE);
    this.#text(name);
    content();
    this.#word(END_NODE);
  }

  property(name: string, value: Value): void {
    const bytes = encode(value);
    this.#word(PROPERTY);
    this.#word(bytes.length);
    this.#word(this.#string(name));
    this.#structure.push(...bytes);
    this.#align();
  }

  blob(): Uint8Array {
    this.#word(END);
    const structureAt = HEADER_BYTES + RESERVATIONS_BYTES;
    const stringsAt = structureAt + this.#structure.length;
    const total = stringsAt + this.#strings.length;
    const blob = new Uint8Array(total);
    const view = new DataView(blob.buffer);
    const header = [MAGIC, total, structureAt, stringsAt, HEADER_BYTES, 17, 16, 0, this.#strings.length, this.#structure.length];
    for (const [index, word] of header.entries()) view.setUint32(index * 4, word);
    blob.set(this.#structure, structureAt);
    blob.set(this.#strings, stringsAt);
    return blob;
  }

  #word(value: number): void {
    this.#structure.push(...bigEndian(value));
  }

  #text(text: string): void {
    this.#structure.push(...new TextEncoder().encode(text), 0);
    this.#align();
  }

  #align(): void {
    while (this.#structure.length % 4 !== 0) this.#structure.push(0);
  }

  #string(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const at = this.#strings.length;
    this.#known.set(name, at);
    this.#strings.push(...new TextEncoder().encode(name), 0);
    return at;
  }
}

/** Two cells. */
const wide = (value: bigint): readonly number[] => [Number(value >> 32n), Number(value & 0xffff_ffffn)];

const bigEndian = (word: number): number[] => [(word >>> 24) & 0xff, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff];

function encode(value: Value): number[] {
  if (value === true) return [];
  const list = typeof value === 'string' ? [value] : value;
  return list.flatMap((item) => (typeof item === 'number' ? bigEndian(item) : [...new TextEncoder().encode(item), 0]));
}

/** `phandle`s: how nodes refer to interrupt controllers. */
const HART = 1;
const PLIC = 2;
const FINISHER = 3;
const IOMMU = 4;

export interface Board {
  readonly ramBytes: number;
  /** Extensions, as the ISA string names them. */
  readonly isa: string;
  /** virtio slots: where the first is, how far apart they are, and how many; interrupts from 1 on. */
  readonly virtio?: { readonly base: number; readonly bytes: number; readonly slots: number };
  /** The device in slices: where the first is, how far apart they are, how many; interrupts from `interrupt` on. And the IOMMU that they stand behind. */
  readonly slices?: { readonly base: number; readonly bytes: number; readonly count: number; readonly interrupt: number; readonly iommu?: number } | undefined;
  /** The kernel's command line. */
  readonly bootArguments?: string | undefined;
  /** Where a root file system for the kernel stands: first byte, and the one after the last. */
  readonly initrd?: { readonly start: bigint; readonly end: bigint } | undefined;
}

export function deviceTree({ ramBytes, isa, virtio, slices, bootArguments, initrd }: Board): Uint8Array {
  const tree = new Tree();
  const device = (name: string, compatible: string | readonly string[], address: number, size: number, more: Readonly<Record<string, Value>> = {}): void => {
    tree.node(`${name}@${address.toString(16)}`, () => {
      tree.property('compatible', compatible);
      tree.property('reg', [0, address, 0, size]);
      for (const [property, value] of Object.entries(more)) tree.property(property, value);
    });
  };
  tree.node('', () => {
    tree.property('#address-cells', [2]);
    tree.property('#size-cells', [2]);
    tree.property('compatible', 'riscv-virtio');
    tree.property('model', 'riscv-virtio,qemu');
    tree.node('chosen', () => {
      tree.property('stdout-path', '/soc/serial@10000000');
      if (bootArguments !== undefined) tree.property('bootargs', bootArguments);
      if (!initrd) return;
      tree.property('linux,initrd-start', wide(initrd.start));
      tree.property('linux,initrd-end', wide(initrd.end));
    });
    tree.node(`memory@${RAM_BASE.toString(16)}`, () => {
      tree.property('device_type', 'memory');
      tree.property('reg', [0, Number(RAM_BASE), 0, ramBytes]);
    });
    tree.node('cpus', () => {
      tree.property('#address-cells', [1]);
      tree.property('#size-cells', [0]);
      tree.property('timebase-frequency', [TIMEBASE_FREQUENCY]);
      tree.node('cpu@0', () => {
        tree.property('device_type', 'cpu');
        tree.property('reg', [0]);
        tree.property('status', 'okay');
        tree.property('compatible', 'riscv');
        tree.property('riscv,isa', isa);
        tree.property('mmu-type', 'riscv,sv48');
        if (isa.includes('zicboz')) tree.property('riscv,cboz-block-size', [BLOCK_BYTES]);
        if (isa.includes('zicbom')) tree.property('riscv,cbom-block-size', [BLOCK_BYTES]);
        tree.node('interrupt-controller', () => {
          tree.property('#interrupt-cells', [1]);
          tree.property('interrupt-controller', true);
          tree.property('compatible', 'riscv,cpu-intc');
          tree.property('phandle', [HART]);
        });
      });
    });
    tree.node('soc', () => {
      tree.property('#address-cells', [2]);
      tree.property('#size-cells', [2]);
      tree.property('compatible', 'simple-bus');
      tree.property('ranges', true);
      device('clint', ['sifive,clint0', 'riscv,clint0'], 0x200_0000, 0x1_0000, { 'interrupts-extended': [HART, 3, HART, 7] });
      device('plic', ['sifive,plic-1.0.0', 'riscv,plic0'], 0xc00_0000, 0x60_0000, {
        'interrupts-extended': [HART, 11, HART, 9], 'interrupt-controller': true, '#interrupt-cells': [1], '#address-cells': [0], 'riscv,ndev': [31], phandle: [PLIC],
      });
      device('serial', 'ns16550a', 0x1000_0000, 0x100, { interrupts: [10], 'interrupt-parent': [PLIC], 'clock-frequency': [3_686_400] });
      device('rtc', 'google,goldfish-rtc', 0x10_1000, 0x1000, { interrupts: [11], 'interrupt-parent': [PLIC] });
      for (let slot = 0; slot < (virtio?.slots ?? 0); slot += 1) {
        device('virtio_mmio', 'virtio,mmio', virtio!.base + slot * virtio!.bytes, virtio!.bytes, { interrupts: [1 + slot], 'interrupt-parent': [PLIC] });
      }
      if (slices?.iommu !== undefined) device('iommu', 'hypervisible,iommu', slices.iommu, 0x1000, { phandle: [IOMMU], '#iommu-cells': [1] });
      for (let slice = 0; slice < (slices?.count ?? 0); slice += 1) {
        const behind = slices!.iommu === undefined ? undefined : { iommus: [IOMMU, slice] };
        device('dma', 'hypervisible,slice', slices!.base + slice * slices!.bytes, slices!.bytes, { interrupts: [slices!.interrupt + slice], 'interrupt-parent': [PLIC], ...behind });
      }
      device('test', ['sifive,test1', 'sifive,test0', 'syscon'], 0x10_0000, 0x1000, { phandle: [FINISHER] });
    });
    tree.node('poweroff', () => {
      tree.property('compatible', 'syscon-poweroff');
      tree.property('regmap', [FINISHER]);
      tree.property('offset', [0]);
      tree.property('value', [0x5555]);
    });
  });
  return tree.blob();
}
