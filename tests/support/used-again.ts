/** Computers that run one guest after the other: made once, and put back to where a guest is entered. */
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import type { Image } from '../../workers/machine/image/image.ts';
import { loadInto } from '../../workers/machine/machine.ts';
import type { Vmm } from '../../workers/vmm/vmm.ts';
import { guestPhysical } from '../../workers/base/address.ts';
import { bareComputer, virtualComputer, type Computer, type ComputerOptions } from './computers.ts';

export interface UsedAgain<Made extends Computer> {
  readonly computer: Made;
  /** Puts the machine back, and this guest at its entry. */
  readonly begin: (image: Image) => void;
}

const blank = (entry: bigint): Image => ({ name: 'nothing yet', entry, segments: [], symbols: [], tohost: undefined });

function usedAgain<Made extends Computer>(computer: Made, begin: (image: Image) => void): UsedAgain<Made> {
  const clean = computer.machine.save();
  return {
    computer,
    begin: (image) => {
      computer.machine.restore(clean);
      begin(image);
    },
  };
}

export function bareAgain(options: ComputerOptions): UsedAgain<Computer> {
  const computer = bareComputer(blank(RAM_BASE), options);
  return usedAgain(computer, (image) => {
    computer.machine.load(image);
    computer.machine.hart.pc = image.entry;
  });
}

export function virtualAgain(options: ComputerOptions): UsedAgain<Computer & { readonly vmm: Vmm }> {
  const computer = virtualComputer(blank(RAM_BASE), options);
  return usedAgain(computer, (image) => {
    loadInto(computer.vmm.guestMemory, image);
    // The VMM has returned to the guest's entry with its last instruction.
    computer.machine.hart.pc = image.entry;
  });
}

/** A reader of the guest's memory, wherever it stands. */
export function reader({ machine, vmm }: Computer): (address: bigint) => bigint {
  return vmm ? (address) => vmm.guestMemory.read(guestPhysical(address), 8) : (address) => machine.memory.read(address, 8);
}

/** All of a guest's memory, wherever it stands. */
export function allMemory({ machine, vmm }: Computer, bytes: number): Uint8Array {
  return vmm ? vmm.guestMemory.copyOut(guestPhysical(RAM_BASE), bytes)! : machine.memory.bytes(RAM_BASE, bytes);
}
