/** What every engine is built from, so that they are interchangeable. */
import type { Procedure } from '../isa/meaning.ts';
import type { DeviceAccess } from '../machine/executor.ts';
import type { MemoryLayout } from '../machine/memory-layout.ts';

export interface EngineOptions {
  /** Laid out as `layout` says; holds the hart's state, its caches and RAM. */
  readonly memory: WebAssembly.Memory;
  readonly layout: MemoryLayout;
  readonly devices: DeviceAccess;
  /** The procedures of the hart and the memory unit (machine/procedures.ts). */
  readonly procedures: readonly Procedure[];
}
