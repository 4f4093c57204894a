/** Whole computers for tests: the same program bare, and under the VMM that traps and emulates. */
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import type { Image } from '../../workers/machine/image/image.ts';
import { loadDeviceTree, loadInto, Machine, type EngineFactory } from '../../workers/machine/machine.ts';
import type { Equipment } from '../../workers/machine/peripherals.ts';
import type { Effect, HaltReason, World } from '../../workers/trace/events.ts';
import type { StepId } from '../../workers/trace/steps.ts';
import type { BugId } from '../../workers/vmm/bugs.ts';
import type { ShadowVariant } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import type { VirtualMachine } from '../../workers/vmm/virtual-machine.ts';
import { GUEST_BOARD, Vmm, VMM_ENTRY } from '../../workers/vmm/vmm.ts';

export const GUEST_RAM = 16 << 20;
const HOST_OFFSET = 16n << 20n;
const A1 = 11;

export interface RecordedStep {
  readonly world: World;
  readonly id: StepId;
  readonly args: Readonly<Record<string, string>>;
  readonly effects: readonly Effect[];
  /** How many traps the real hart had taken. */
  readonly trap: number;
}

export interface Computer {
  readonly machine: Machine;
  readonly vmm: Vmm | undefined;
  /** Micro-steps, while `watch` is set. */
  readonly steps: RecordedStep[];
  watch: boolean;
}

export interface ComputerOptions {
  readonly createEngine?: EngineFactory;
  readonly guestRamBytes?: number;
  /** How much real memory lies before the guest's. */
  readonly hostOffset?: bigint;
  readonly shadow?: ShadowVariant;
  readonly paravirtual?: boolean;
  readonly bugs?: readonly BugId[];
  /** The machine has a device in slices, and a guest one of them. */
  readonly passThrough?: boolean;
  /** Where the program begins: in S as firmware starts a kernel (when nothing is said), or in M. */
  readonly start?: 'm' | 's';
}

export function bareComputer(image: Image, { createEngine = createInterpreter, guestRamBytes = GUEST_RAM, start = 's', passThrough = false }: ComputerOptions = {}): Computer {
  const computer = prepare(guestRamBytes, createEngine, start, passThrough);
  const { machine } = computer;
  machine.load(image);
  // The machine that the VMM virtualizes: told of what a guest is told of.
  const tree = loadDeviceTree(machine.memory, guestRamBytes, GUEST_BOARD);
  machine.hart.setX(A1, tree);
  machine.enter(image.entry);
  return computer;
}

export function virtualComputer(image: Image, { createEngine = createInterpreter, guestRamBytes = GUEST_RAM, hostOffset = HOST_OFFSET, shadow = 'lazy', paravirtual = false, bugs = [], start = 's', passThrough = false }: ComputerOptions = {}): Computer & { readonly vmm: Vmm } {
  const computer = prepare(guestRamBytes + Number(hostOffset), createEngine, 's', passThrough);
  const { machine } = computer;
  const vmm = new Vmm(machine, { guestRamBytes, hostOffset, shadow, paravirtual, bugs, passThrough });
  machine.attach(vmm);
  loadInto(vmm.guestMemory, image);
  const tree = loadDeviceTree(vmm.guestMemory, guestRamBytes, GUEST_BOARD);
  machine.enter(VMM_ENTRY);
  vmm.boot(image.entry, 0n, tree, start);
  return Object.assign(computer, { vmm });
}

export interface SeveralOptions extends Pick<ComputerOptions, 'createEngine' | 'guestRamBytes' | 'shadow'> {
  /** Real memory for all of them; what they are promised when nothing is said. */
  readonly framesBytes?: number;
  readonly weights?: readonly number[];
  /** What each is equipped with beside memory. */
  readonly equipment?: (guest: number) => Equipment;
}

/** One machine with a guest for each image. */
export function sharedComputer(images: readonly Image[], { createEngine = createInterpreter, guestRamBytes = GUEST_RAM, shadow = 'lazy', framesBytes = images.length * guestRamBytes, weights = [], equipment = () => ({}) }: SeveralOptions = {}): Computer & { readonly vmm: Vmm } {
  const computer = prepare(framesBytes + Number(HOST_OFFSET), createEngine);
  const { machine } = computer;
  const [first, ...others] = images as [Image, ...Image[]];
  const vmm = new Vmm(machine, { guestRamBytes, hostOffset: HOST_OFFSET, framesBytes, shadow, weight: weights[0], ...equipment(0) });
  machine.attach(vmm);
  loadInto(vmm.guestMemory, first);
  const tree = loadDeviceTree(vmm.guestMemory, guestRamBytes, GUEST_BOARD);
  machine.enter(VMM_ENTRY);
  vmm.boot(first.entry, 0n, tree);
  for (const [index, image] of others.entries()) addGuest(vmm, image, { ramBytes: guestRamBytes, shadow, weight: weights[index + 1], ...equipment(index + 1) });
  return Object.assign(computer, { vmm });
}

/** Another guest on a machine that runs or rests. */
export function addGuest(vmm: Vmm, image: Image, options: Parameters<Vmm['create']>[0]): VirtualMachine {
  const guest = vmm.create(options);
  loadInto(guest.memory, image);
  guest.begin(image.entry, 0n, loadDeviceTree(guest.memory, options.ramBytes, GUEST_BOARD), 's');
  vmm.look();
  return guest;
}

/** What each guest has printed, by its number. */
export function consolesOf({ machine, vmm }: Computer & { readonly vmm: Vmm }): { take(): void; readonly of: readonly string[] } {
  const texts: number[][] = [];
  return {
    take: () => {
      let bytes = machine.takeConsole();
      for (const { guest, count } of vmm.takePrinted()) {
        (texts[guest] ??= []).push(...bytes.subarray(0, count));
        bytes = bytes.subarray(count);
      }
    },
    get of() { return Array.from(texts, (text: number[] | undefined) => new TextDecoder().decode(Uint8Array.from(text ?? []))); },
  };
}

function prepare(ramBytes: number, createEngine: EngineFactory, start: 'm' | 's' = 's', slices = false): Computer {
  const steps: RecordedStep[] = [];
  const watched = { on: false };
  const probe = {
    get detailed() { return watched.on; },
    step: (world: World, id: StepId, args: Readonly<Record<string, string>>, effects: readonly Effect[]) => {
      steps.push({ world, id, args, effects, trap: machine.trapCount });
    },
  };
  const machine = new Machine({ ramBytes, createEngine, start, hypervisor: false, probe, slices });
  return {
    machine, vmm: undefined, steps,
    get watch() { return watched.on; },
    set watch(on) { watched.on = on; },
  };
}

export interface End {
  readonly reason: HaltReason | undefined;
  readonly time: bigint;
  readonly console: string;
}

/** Runs until the program ends, or for `ticks` and at most three times as many steps; waits are skipped, and what waits for input only is an end. */
export function runToEnd({ machine }: Computer, ticks = 100_000_000n): End {
  const text: number[] = [];
  const limit = machine.clock.now() + ticks;
  // A guest that does nothing but trap lets no time pass.
  const last = machine.position + 3 * Number(ticks);
  while (!machine.halted && machine.clock.now() < limit && machine.position < last) {
    const { by } = machine.run(Math.min(1_000_000, last - machine.position));
    text.push(...machine.takeConsole());
    if (by !== 'waiting') continue;
    if (machine.waiting?.ticks === undefined) break;
    machine.skipWait();
  }
  return { reason: machine.halted, time: machine.clock.now(), console: new TextDecoder().decode(Uint8Array.from(text)) };
}

