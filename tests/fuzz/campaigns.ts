/**
 * Long runs of what `tests/equivalence` and `tests/isolation` run a little of: random kernels, bare and in every regime, and hostile guests with the
 * VMM watched after each exit. Every seed is printed with what it finds, and repeats it.
 */
import { disassemble } from '../../workers/isa/disassemble.ts';
import { decode } from '../../workers/isa/decode.ts';
import type { BugId } from '../../workers/vmm/bugs.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { guestPhysical } from '../../workers/base/address.ts';
import { Random } from '../differential/random.ts';
import { randomKernel, written, type Start } from '../equivalence/random-kernel.ts';
import { scenarioGuest, wordsGuest } from '../isolation/random-guest.ts';
import { HOST_OFFSET, RAM, watchExits } from '../isolation/watched.ts';
import { runToEnd, type Computer, type End } from '../support/computers.ts';
import { allMemory, bareAgain, reader, virtualAgain } from '../support/used-again.ts';

const PIECES = 40;
const TICKS = 3_000n;
/** Traps of both that are shown before the first that differs. */
const SHOWN = 3;
const STEPS_OF_A_GUEST = 4_000;
/** Pieces of 100 steps without one instruction. */
const MOST_IDLE = 2;
const STARTS: readonly Start[] = ['s', 'm'];
const PROGRESS_SECONDS = 60;

export interface Campaign {
  readonly count: number;
  readonly seed: number;
  /** Mistakes that the VMM makes, to see that they are found. */
  readonly bugs?: readonly BugId[];
  readonly say?: (line: string) => void;
}

/** Says how far it is, about every minute. */
function progress(what: string, say: (line: string) => void): (done: number, of: number, more: string) => void {
  const begin = performance.now();
  let said = begin;
  return (done, of, more) => {
    const now = performance.now();
    if (done < of && now - said < 1000 * PROGRESS_SECONDS) return;
    said = now;
    say(`${what}: ${String(done)} of ${String(of)}, ${more}, ${((now - begin) / 1000).toFixed(0)} s, ${(process.cpuUsage().user / 1e6).toFixed(0)} s of processor time`);
  };
}

interface Seen {
  readonly traps: readonly string[];
  readonly end: End;
}

/** What differs, in lines to be read, or undefined. A kernel that was cut short has written less of the same. */
function difference(bare: Seen, virtual: Seen): string[] | undefined {
  const cut = bare.end.reason === undefined || virtual.end.reason === undefined;
  // Cut short, the last one may not be written to its end.
  const count = cut ? Math.min(bare.traps.length, virtual.traps.length) - 1 : Math.max(bare.traps.length, virtual.traps.length);
  for (let n = 0; n < count; n += 1) {
    if (bare.traps[n] === virtual.traps[n]) continue;
    const shown = bare.traps.slice(Math.max(0, n - SHOWN), n).map((line, index) => `    trap ${String(Math.max(0, n - SHOWN) + index)}, both: ${line}`);
    return [...shown, `    trap ${String(n)}, bare:       ${bare.traps[n] ?? 'none'}`, `    trap ${String(n)}, virtual:    ${virtual.traps[n] ?? 'none'}`];
  }
  if (cut) return undefined;
  const told = ({ end: { reason, time, console } }: Seen): string => JSON.stringify({ reason, time: String(time), console });
  return told(bare) === told(virtual) ? undefined : [`    end, bare:    ${told(bare)}`, `    end, virtual: ${told(virtual)}`];
}

/** The instruction at the pc of both, and the guest's registers that differ. */
function context(name: string, { machine, vmm }: Computer): string {
  const { hart } = machine;
  const word = vmm ? (vmm.guestMemory.contains(hart.pc, 4) ? Number(vmm.guestMemory.read(guestPhysical(hart.pc), 4)) : 0) : machine.memory.contains(hart.pc, 4) ? Number(machine.memory.read(hart.pc, 4)) : 0;
  const decoded = decode(word);
  const registers = Array.from({ length: 32 }, (_, register) => `x${String(register)} ${hart.x(register).toString(16)}`).join(' ');
  return `    ${name} ends at ${hart.pc.toString(16)} (${decoded ? disassemble(decoded) : word.toString(16)}) in ${vmm ? `virtual ${vmm.virtualHart.mode}` : hart.mode}: ${registers}`;
}

/** The exit status: 1 with the first difference. */
export function runGuests({ count, seed, bugs = [], say = console.log }: Campaign): number {
  const options = { guestRamBytes: RAM, hostOffset: HOST_OFFSET, bugs };
  const machines = STARTS.map((start) => ({
    start,
    bare: bareAgain({ ...options, start }),
    others: [
      ...SHADOW_VARIANTS.map((shadow) => ({ name: `trap and emulate, ${shadow}`, again: virtualAgain({ ...options, start, shadow }) })),
      { name: 'paravirtual', again: virtualAgain({ ...options, start, paravirtual: true }) },
    ],
  }));
  const tell = progress('random guests', say);
  let [traps, exits, cut] = [0, 0, 0];
  for (let n = 0; n < count; n += 1) {
    const { start, bare, others } = machines[n % 2]!;
    const image = randomKernel(new Random(seed + n), PIECES, start);
    const run = ({ computer, begin }: typeof bare): Seen => {
      begin(image);
      const end = runToEnd(computer, TICKS);
      return { end, traps: written(reader(computer)) };
    };
    const real = run(bare);
    traps += real.traps.length;
    if (real.end.reason === undefined) cut += 1;
    for (const { name, again } of others) {
      const virtual = run(again);
      exits += again.computer.vmm.exits;
      const memoryDiffers = real.end.reason !== undefined && Buffer.compare(allMemory(bare.computer, RAM), allMemory(again.computer, RAM)) !== 0;
      const lines = difference(real, virtual) ?? (memoryDiffers ? ['    its memory at the end is not the same'] : undefined);
      if (!lines) continue;
      say(`Seed ${String(seed + n)}, beginning in ${start}: bare and ${name} differ.`);
      for (const line of [...lines, context('bare', bare.computer), context(name, again.computer)]) say(line);
      say(`Again: npm run fuzz -- --guests ${n % 2 === 0 ? '1' : '2'} --seed ${String(n % 2 === 0 ? seed + n : seed + n - 1)}`);
      return 1;
    }
    tell(n + 1, count, `${String(traps)} traps, ${String(exits)} exits, ${String(cut)} without an end, seeds ${String(seed)} to ${String(seed + n)}, no difference`);
  }
  return 0;
}

/** Until so many steps of the VMM (exits) have been watched. The exit status: 1 with the first that breaks a rule. */
export function runHostile({ count, seed, bugs = [], say = console.log }: Campaign): number {
  const variants = [...SHADOW_VARIANTS.map((shadow) => ({ shadow, paravirtual: false })), { shadow: 'lazy' as const, paravirtual: true }];
  const machines = STARTS.flatMap((start) => variants.map(({ shadow, paravirtual }) => {
    const again = virtualAgain({ guestRamBytes: RAM, hostOffset: HOST_OFFSET, shadow, paravirtual, bugs, start });
    return { name: `${paravirtual ? 'paravirtual' : shadow}, beginning in ${start}`, start, again, watch: watchExits(again.computer, { memoryToo: true }) };
  }));
  const tell = progress('hostile steps', say);
  let [exits, steps, guests] = [0, 0, 0];
  for (; exits < count; guests += 1) {
    const random = new Random(seed + guests);
    const { name, start, again, watch } = machines[guests % machines.length]!;
    const image = random.oneIn(3) ? random.oneIn(2) ? scenarioGuest(random) : wordsGuest(random) : randomKernel(random, PIECES, start, true);
    const { machine, vmm } = again.computer;
    again.begin(image);
    watch.restart();
    const [first, firstExit] = [machine.position, vmm.exits];
    let idle = 0;
    for (let piece = 0; piece < STEPS_OF_A_GUEST / 100 && idle < MOST_IDLE && !machine.halted && watch.broken === undefined; piece += 1) {
      const { instret } = machine.hart;
      machine.run(100);
      machine.takeConsole();
      if (machine.waiting && machine.waiting.ticks === undefined) break;
      machine.skipWait();
      // Of a guest that only traps in its own handler, the rest would be the same.
      idle = machine.hart.instret === instret ? idle + 1 : 0;
    }
    exits += vmm.exits - firstExit;
    steps += machine.position - first;
    // A VMM with a mistake to make looks at itself, and stops.
    const broken = watch.broken ?? (machine.halted?.by === 'stuck' ? machine.halted.message : undefined);
    if (broken !== undefined) {
      say(`Seed ${String(seed + guests)} (${name}): ${broken}`);
      say(context('the guest', again.computer));
      return 1;
    }
    tell(Math.min(exits, count), count, `${String(guests + 1)} guests, ${String(steps)} steps, seeds ${String(seed)} to ${String(seed + guests)}, no escape`);
  }
  return 0;
}
