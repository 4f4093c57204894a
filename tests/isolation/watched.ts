/** Runs a guest under the VMM and looks at everything that isolation rests on after each exit. */
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import type { Image } from '../../workers/machine/image/image.ts';
import type { HaltReason } from '../../workers/trace/events.ts';
import type { BugId } from '../../workers/vmm/bugs.ts';
import { rootOf, type ShadowVariant } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { VMM_ENTRY, type Vmm } from '../../workers/vmm/vmm.ts';
import { virtualComputer, type Computer } from '../support/computers.ts';

export const RAM = 4 << 20;
/** The least room for the VMM: 1 MiB of its own and 256 pages for shadow tables, so that a test can use them up. */
export const HOST_OFFSET = 2n << 20n;
const VMM_BYTES = 1 << 20;

export interface Limits {
  readonly steps?: number;
  readonly exits?: number;
  readonly shadow?: ShadowVariant;
  readonly paravirtual?: boolean;
  readonly bugs?: readonly BugId[];
  readonly start?: 'm' | 's';
  readonly passThrough?: boolean;
}

export interface WatchedRun extends Computer {
  readonly vmm: Vmm;
  /** One sentence about the first exit after which the guest could reach more than its own. */
  readonly broken: string | undefined;
  readonly end: HaltReason | 'waits for ever' | 'limit';
  readonly console: string;
  readonly exits: number;
}

export function runWatched(image: Image, { steps = 200_000, exits = 600, shadow = 'lazy', paravirtual = false, bugs = [], start = 's', passThrough = false }: Limits = {}): WatchedRun {
  const computer = virtualComputer(image, { guestRamBytes: RAM, hostOffset: HOST_OFFSET, shadow, paravirtual, bugs, start, passThrough });
  const { machine, vmm } = computer;
  const watch = watchExits(computer);

  const text: number[] = [];
  const last = machine.position + steps;
  let end: WatchedRun['end'] | undefined;
  while (end === undefined) {
    // Each piece is short: a guest that only traps must not outrun the limit of exits by much.
    machine.run(Math.min(100, last - machine.position));
    text.push(...machine.takeConsole());
    if (machine.halted) end = machine.halted;
    else if (watch.broken !== undefined || machine.position >= last || vmm.exits >= exits) end = 'limit';
    else if (machine.waiting && machine.waiting.ticks === undefined) end = 'waits for ever';
    else machine.skipWait();
  }
  watch.compareMemory();
  return Object.assign(computer, { broken: watch.broken, end, console: new TextDecoder().decode(Uint8Array.from(text)), exits: vmm.exits });
}

export interface Watch {
  /** One sentence about the first exit after which the guest could reach more than its own. */
  readonly broken: string | undefined;
  /** Compares the VMM's own memory with what it was at first, and after `restart` with what it is then. */
  compareMemory(): void;
  /** Another guest begins on the same computer. */
  restart(): void;
}

/** From now on looks at everything that isolation rests on after each exit; with `memoryToo`, the VMM's own memory each time as well. */
export function watchExits({ machine, vmm }: Pick<WatchedRun, 'machine' | 'vmm'>, { memoryToo = false } = {}): Watch {
  const ownMemory = (): Uint8Array => machine.memory.bytes(RAM_BASE, VMM_BYTES);
  let before = ownMemory().slice();
  let broken: string | undefined;
  const compareMemory = (): void => {
    if (Buffer.compare(before, ownMemory()) !== 0) broken ??= "The VMM's own memory has changed.";
  };
  const look = (): string | undefined => {
    const { hart } = machine;
    if (hart.mode !== 'U') return `The guest goes on in real ${hart.mode} mode.`;
    if (rootOf(hart.readCsr('satp')) !== vmm.shadowRoot) return 'The real satp does not hold the shadow root that the VMM says.';
    if (hart.readCsr('stvec') !== VMM_ENTRY) return 'The real stvec has changed.';
    if (hart.readCsr('scounteren') !== 0n || hart.readCsr('medeleg') !== 0xb1ffn) return 'The real rights of U mode have changed.';
    const broken = vmm.check();
    return broken && `${broken.rule}: ${broken.sentence.en}`;
  };
  const handleTrap = vmm.handleTrap.bind(vmm);
  vmm.handleTrap = () => {
    const outcome = handleTrap();
    if (outcome.next !== 'halt') broken ??= look();
    if (memoryToo) compareMemory();
    return outcome;
  };
  return {
    get broken() { return broken; },
    compareMemory,
    restart: () => {
      before = ownMemory().slice();
      broken = undefined;
    },
  };
}
