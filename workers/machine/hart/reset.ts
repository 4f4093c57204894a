/** The hart after reset (privileged manual, 3.4): M mode, no interrupts, no translation; what the manual leaves open is zero here. */
import { ENVCFG, GUEST_INTERRUPTS, HSTATUS_FIXED, MISA, MISA_H, MSTATUS_FIXED, VSSTATUS_FIXED } from '../../isa/csrs.ts';
import { ARCHITECTURAL_TLB, HART_STATE, PAGE_MAP, TRAP_LOG, type MemoryLayout } from '../memory-layout.ts';
import type { Mode } from '../../trace/events.ts';
import { MODE_NUMBER } from './hart-view.ts';
import { slot } from './state.ts';

export interface ResetOptions {
  /** Where the first instruction stands. */
  readonly pc: bigint;
  readonly mode?: Mode;
  /** Modes whose trap handler is TypeScript. */
  readonly hostModes?: readonly Mode[];
  /** Whether the hart has the hypervisor extension. */
  readonly hypervisor?: boolean;
}

/**
 * Writes the state of a hart that has just been reset into linear memory. RAM stays as it is. Call `dropCaches` of the executor
 * afterwards, since the fast TLBs and the decoded code are the engine's.
 */
export function resetHart(memory: WebAssembly.Memory, layout: MemoryLayout, { pc, mode = 'M', hostModes = [], hypervisor = true }: ResetOptions): void {
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(0, HART_STATE, TRAP_LOG);
  bytes.fill(0, ARCHITECTURAL_TLB, PAGE_MAP);
  const view = new DataView(memory.buffer);
  const set = (name: string, value: bigint): void => {
    const { type, offset } = slot(name);
    if (type === 'i64') view.setBigUint64(offset, value, true);
    else view.setUint32(offset, Number(value), true);
  };
  set('pc', pc);
  set('mode', BigInt(MODE_NUMBER[mode] & 3));
  set('virt', BigInt(MODE_NUMBER[mode] >> 2));
  set('hostModes', hostModes.reduce((set, host) => set | (1n << BigInt(MODE_NUMBER[host])), 0n));
  set('mstatus', MSTATUS_FIXED);
  set('misa', hypervisor ? MISA : MISA & ~MISA_H);
  // The hardware updates A and D until software says otherwise, as kernels from before Svadu expect.
  set('menvcfg', ENVCFG.ADUE);
  if (hypervisor) {
    set('henvcfg', ENVCFG.ADUE);
    set('mideleg', GUEST_INTERRUPTS);
    set('hstatus', HSTATUS_FIXED);
    set('vsstatus', VSSTATUS_FIXED);
  }
  set('reservation', -1n);
  set('ramOffset', BigInt(layout.ram));
  set('ramBytes', BigInt(layout.ramBytes));
}
