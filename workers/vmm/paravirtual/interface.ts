/** What a guest that knows of the VMM is told of it, and the numbers of the calls that it may then make (SPEC.md, P1 to P6). */

/** The implementation that calls itself so is the VMM; the firmware of the bare machine, and the VMM that does not want to be known, say 0x4859. */
export const IMPLEMENTATION = 0x4856n;
/** Of the space that SBI leaves to each implementation (0x0A000000 and up): the low bits are the implementation's number. */
export const EXTENSION = 0x0a00_0000n | IMPLEMENTATION;

export const HYPERCALL = { updateTables: 0n, switchTable: 1n, fenceRange: 2n, writeConsole: 3n, shareState: 4n } as const;

/** One entry of a list of updates: where the entry of the guest's table stands, what it is to be, and the virtual address that it is for. */
export const UPDATE_BYTES = 24;
/** A page full of them, nearly. */
export const MOST_UPDATES = 170;
/** What one call prints at most; it says how much it was. */
export const MOST_CONSOLE_BYTES = 4096;
/** A longer range is fenced as a whole. */
export const MOST_FENCED_PAGES = 64;
/** No address: nothing is shared any more. */
export const NOWHERE = (1n << 64n) - 1n;

/** The registers in the shared state, by offset; it is aligned to its size. */
export const SHARED = { sstatus: 0n, sepc: 8n, scause: 16n, stval: 24n, pending: 32n } as const;
export const SHARED_BYTES = 64;

const NAMES = Object.fromEntries(Object.entries(HYPERCALL).map(([name, number]) => [String(number), name]));
export const hypercallName = (fn: bigint): string => NAMES[String(fn)] ?? `function ${String(fn)}`;
