/** What an exit costs: exits.s under the VMM, case by case, less the time of an empty round. Works in Node and in a worker of a browser. */
import { createInterpreter } from '../../../workers/engine/interpreter/interpreter.ts';
import type { Image } from '../../../workers/machine/image/image.ts';
import { loadInto, Machine } from '../../../workers/machine/machine.ts';
import { Vmm, VMM_ENTRY } from '../../../workers/vmm/vmm.ts';

const GUEST_RAM = 16 << 20;
const HOST_OFFSET = 16 << 20;
const ROUNDS = 100_000;
const PAGES = 64;

/** In the order of the table `cases`; how many of what is named happen in one round. */
const CASES = [
  { name: 'empty', each: 1 }, { name: 'csr read', each: 1 }, { name: 'csr write', each: 1 }, { name: 'firmware call', each: 1 },
  { name: 'device load', each: 1 }, { name: 'system call, sret', each: 1 }, { name: 'sfence.vma of a page', each: 1 },
  { name: 'sfence.vma of all', each: 1 }, { name: 'page fill', each: PAGES, rounds: ROUNDS / PAGES }, { name: 'satp there and back', each: 1 },
] as const satisfies readonly { readonly name: string; readonly each: number; readonly rounds?: number }[];

export interface ExitCost {
  readonly name: string;
  /** Of one of what is named. */
  readonly nanoseconds: number;
  readonly exitsPerRound: number;
}

/** `code` is exits.s, assembled to the address that a kernel in S begins at. */
export function measureExits(code: Uint8Array, entry: bigint): ExitCost[] {
  let empty = 0;
  return CASES.map((row, number) => {
    const rounds = 'rounds' in row ? Math.ceil(row.rounds) : ROUNDS;
    // The first run warms up.
    const runs = Array.from({ length: 6 }, () => timed(code, entry, number, rounds)).slice(1);
    const best = runs.reduce((a, b) => (a.seconds < b.seconds ? a : b));
    const nanoseconds = best.seconds * 1e9 / rounds;
    if (number === 0) empty = nanoseconds;
    return { name: row.name, nanoseconds: (number === 0 ? nanoseconds : nanoseconds - empty) / row.each, exitsPerRound: best.exits / rounds };
  });
}

export function timed(code: Uint8Array, entry: bigint, number: number, rounds: number): { readonly seconds: number; readonly exits: number } {
  const machine = new Machine({ ramBytes: GUEST_RAM + HOST_OFFSET, createEngine: createInterpreter, start: 's', hypervisor: false });
  const vmm = new Vmm(machine, { guestRamBytes: GUEST_RAM, hostOffset: BigInt(HOST_OFFSET) });
  machine.attach(vmm);
  const image: Image = { name: 'exits.s', entry, symbols: [], tohost: undefined, segments: [{ address: entry, bytes: code, memoryBytes: code.length, executable: true }] };
  loadInto(vmm.guestMemory, image);
  machine.enter(VMM_ENTRY);
  vmm.boot(entry, BigInt(number), BigInt(rounds));
  const start = performance.now();
  while (!machine.halted) if (machine.run(1_000_000).by === 'waiting') throw new Error('The kernel waits for ever.');
  const seconds = (performance.now() - start) / 1000;
  if (machine.halted.by !== 'sbi') throw new Error(`The kernel of case ${String(number)} ended otherwise: ${JSON.stringify(machine.halted)}`);
  return { seconds, exits: vmm.exits };
}
