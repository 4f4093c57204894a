/** Two engines over two memories that must stay the same, byte for byte, at every boundary where both are looked at. */
import { SLOTS } from '../../workers/machine/hart/state.ts';
import { ARCHITECTURAL_TLB, layoutMemory, PAGE_MAP, TRAP_LOG, TRAP_LOG_ENTRIES, TRAP_LOG_ENTRY_BYTES } from '../../workers/machine/memory-layout.ts';
import type { Bench } from '../support/targets.ts';

/** Slots that are no state: where engines may differ. */
const NOT_STATE: ReadonlySet<string> = new Set(['discard', 'faultTval', 'faultGuest', 'faultPseudo', 'accessVirtual', 'secondLeaf', 'secondLevel']);

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** The parts of linear memory that are the machine's state, besides the slots. */
function sections(ramBytes: number): readonly { readonly name: string; readonly start: number; readonly bytes: number }[] {
  return [
    { name: 'trap log', start: TRAP_LOG, bytes: TRAP_LOG_ENTRIES * TRAP_LOG_ENTRY_BYTES },
    { name: 'architectural TLB', start: ARCHITECTURAL_TLB, bytes: PAGE_MAP - ARCHITECTURAL_TLB },
    { name: 'RAM', start: layoutMemory(ramBytes, 16).ram, bytes: ramBytes },
  ];
}

/** The first things in which the two machines differ, in words; empty when they are the same. */
export function differences(a: Bench, b: Bench): string[] {
  const found: string[] = [];
  for (let register = 0; register < 32; register += 1) {
    const [x, y] = [a.memory.getBigUint64(register * 8, true), b.memory.getBigUint64(register * 8, true)];
    if (x !== y) found.push(`x${String(register)}: ${hex(x)} and ${hex(y)}`);
  }
  for (const name of SLOTS.keys()) {
    const [x, y] = [a.hart.state(name), b.hart.state(name)];
    if (x !== y && !NOT_STATE.has(name)) found.push(`${name}: ${hex(x)} and ${hex(y)}`);
  }
  for (const { name, start, bytes } of sections(a.ram.size)) {
    const [x, y] = [Buffer.from(a.memory.buffer, start, bytes), Buffer.from(b.memory.buffer, start, bytes)];
    if (x.equals(y)) continue;
    const at = x.findIndex((byte, index) => byte !== y[index]) & ~7;
    found.push(`${name} + ${hex(BigInt(at))}: ${hex(x.readBigUInt64LE(at))} and ${hex(y.readBigUInt64LE(at))}`);
  }
  return found;
}

/** Runs both for the same number of steps and says how they differ. */
export function step(a: Bench, b: Bench, budget: number): { readonly stop: string; readonly differences: string[] } {
  const stops = [a, b].map(({ executor }) => `${executor.run(budget)} after ${String(executor.stepsTaken)}`);
  const found = differences(a, b);
  if (stops[0] !== stops[1]) found.unshift(`stop: ${stops[0]!} and ${stops[1]!}`);
  return { stop: stops[0]!, differences: found };
}
