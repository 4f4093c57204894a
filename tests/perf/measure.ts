/** Runs one kernel to its end and takes the time. Works in Node and in a worker of a browser. */
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createTranslator } from '../../workers/engine/translator/translating-engine.ts';
import type { DeviceAccess } from '../../workers/machine/executor.ts';
import { HartView } from '../../workers/machine/hart/hart-view.ts';
import { resetHart } from '../../workers/machine/hart/reset.ts';
import { layoutMemory, RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { PROCEDURES } from '../../workers/machine/procedures.ts';

const RAM_BYTES = 16 << 20;
/** Steps between two looks of the lab at the machine while it runs. */
const SLICE = 500_000;
const FINISHER = 0x10_0000n;
const PASS = 0x5555n;

const ENGINES = { interpreter: createInterpreter, translator: createTranslator } as const;

export interface Measurement {
  readonly instructions: number;
  readonly seconds: number;
  /** What the kernel computed, in a0. */
  readonly checksum: string;
}

/** `image` is loaded at the start of RAM. Every run begins with a new machine, so the time holds what translating costs. */
export function measure(image: Uint8Array, engine: keyof typeof ENGINES): Measurement {
  const layout = layoutMemory(RAM_BYTES);
  const pages = layout.totalBytes / 65536;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  let finished: bigint | undefined;
  const devices: DeviceAccess = {
    readDevice: () => undefined,
    writeDevice: (address, _size, value) => {
      if (address !== FINISHER) return false;
      finished = value;
      hart.setState('stopRequest', 1n);
      return true;
    },
  };
  resetHart(memory, layout, { pc: RAM_BASE });
  new Uint8Array(memory.buffer).set(image, layout.ram);
  const executor = ENGINES[engine]({ memory, layout, devices, procedures: PROCEDURES });
  const hart = new HartView(new DataView(memory.buffer), executor);
  const start = performance.now();
  while (finished === undefined) executor.run(SLICE);
  const seconds = (performance.now() - start) / 1000;
  if (finished !== PASS) throw new Error(`The kernel trapped: cause ${String(hart.readCsr('mcause'))} at 0x${hart.readCsr('mepc').toString(16)}.`);
  return { instructions: Number(hart.instret), seconds, checksum: hart.x(10).toString(16) };
}
