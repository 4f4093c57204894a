/** Several programs as guests on one machine, run to their ends: what the command line does with more than one file. It has no past and no panes. */
import { err, ok, type Result } from '../base/result.ts';
import { createTranslator } from '../engine/translator/translating-engine.ts';
import { checkFits, type Image } from '../machine/image/image.ts';
import { loadDeviceTree, loadInto, Machine, startMode } from '../machine/machine.ts';
import { Switch } from '../machine/devices/virtio/network.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import type { Problem, ShadowVariant } from '../protocol/lab-api.ts';
import type { HaltReason } from '../trace/events.ts';
import type { VirtualMachine } from '../vmm/virtual-machine.ts';
import { GUEST_BOARD, Vmm, VMM_ENTRY } from '../vmm/vmm.ts';

const VMM_MEMORY = 16 << 20;
/** Hardware addresses of the guests' network cards, which are on one switch: a single machine's is the first of them. */
const FIRST_ADDRESS = [0x52, 0x54, 0x00, 0x12, 0x34] as const;
const LAST_BYTE = 0x56;

export interface SharedMachineOptions {
  /** What each guest is promised, and what there is for all of them. */
  readonly memoryBytes: number;
  readonly hostBytes: number;
  readonly shadow?: ShadowVariant | undefined;
  readonly paravirtual?: boolean;
}

export interface GuestReport {
  readonly name: string;
  readonly instructions: number;
  readonly exits: number;
  /** Of the time that any guest had the hart. */
  readonly share: number;
  readonly memory: { readonly held: number; readonly promised: number };
  readonly end: HaltReason | undefined;
}

export class SharedMachine {
  readonly #machine: Machine;
  readonly #vmm: Vmm;
  readonly #names: readonly string[];

  private constructor(machine: Machine, vmm: Vmm, names: readonly string[]) {
    this.#machine = machine;
    this.#vmm = vmm;
    this.#names = names;
  }

  static build(programs: readonly { readonly image: Image; readonly weight: number }[], { memoryBytes, hostBytes, shadow, paravirtual }: SharedMachineOptions): Result<SharedMachine, Problem> {
    for (const { image } of programs) {
      const misfit = checkFits(image, RAM_BASE, memoryBytes);
      if (misfit) return err(misfit);
    }
    const machine = new Machine({ ramBytes: hostBytes + VMM_MEMORY, createEngine: createTranslator, start: 's', hypervisor: false });
    const [first, ...others] = programs;
    const network = new Switch();
    const options = ({ image, weight }: (typeof programs)[number], number: number) =>
      ({ ramBytes: memoryBytes, weight, shadow, paravirtual, tohost: image.tohost, network: { to: network, address: Uint8Array.of(...FIRST_ADDRESS, LAST_BYTE + number) } });
    const begin = (guest: VirtualMachine, { image }: (typeof programs)[number]): bigint => {
      loadInto(guest.memory, image);
      return loadDeviceTree(guest.memory, memoryBytes, GUEST_BOARD);
    };
    const vmm = new Vmm(machine, { guestRamBytes: memoryBytes, hostOffset: BigInt(VMM_MEMORY), framesBytes: hostBytes, ...options(first!, 0) });
    machine.attach(vmm);
    const tree = begin(vmm.current, first!);
    machine.enter(VMM_ENTRY);
    vmm.boot(first!.image.entry, 0n, tree, startMode(first!.image.entry));
    for (const [index, program] of others.entries()) {
      const guest = vmm.create(options(program, index + 1));
      guest.begin(program.image.entry, 0n, begin(guest, program), startMode(program.image.entry));
    }
    vmm.look();
    const starved = vmm.guests.find(({ memory }) => memory.starved);
    if (starved) {
      const args = { name: programs[starved.number]!.image.name };
      return err({ code: 'no-memory-for-guest', message: `There is no memory left to put ${args.name} into: give the guests more together, with --host-mem.`, args });
    }
    return ok(new SharedMachine(machine, vmm, programs.map(({ image }) => image.name)));
  }

  /** Runs so many steps at most. `waits`: no guest will ever go on by itself. */
  run(steps: number): 'goes-on' | 'ended' | 'waits' {
    const machine = this.#machine;
    const last = machine.position + steps;
    while (machine.position < last) {
      const { by } = machine.run(last - machine.position);
      if (by === 'halt') return 'ended';
      if (by !== 'waiting') continue;
      if (machine.waiting?.ticks === undefined) return 'waits';
      machine.skipWait();
    }
    return 'goes-on';
  }

  /** What was printed since the last call, in order, and by which guest. */
  takeConsole(): readonly { readonly guest: number; readonly bytes: Uint8Array }[] {
    let rest = this.#machine.takeConsole();
    return this.#vmm.takePrinted().map(({ guest, count }) => {
      const bytes = rest.subarray(0, count);
      rest = rest.subarray(count);
      return { guest, bytes };
    });
  }

  get end(): HaltReason | undefined {
    return this.#machine.halted;
  }

  get instructions(): number {
    return this.#vmm.guests.reduce((sum, { hart }) => sum + Number(hart.instret), 0);
  }

  get guests(): readonly GuestReport[] {
    const all = Math.max(1, this.#vmm.guests.reduce((sum, { ran }) => sum + ran, 0));
    return this.#vmm.guests.map(({ number, hart, exits, ran, memory, halted }) => ({
      name: this.#names[number]!, instructions: Number(hart.instret), exits, share: ran / all, memory: { held: memory.held, promised: memory.bytes }, end: halted,
    }));
  }
}
