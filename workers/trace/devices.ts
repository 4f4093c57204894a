/** What the machine's devices are and do, as the page and the command line show it. */

/**
 * How a guest gets a device:
 *   real          it is the machine's own: there is no VMM, or the device is the VMM's
 *   emulated      each access to a register traps, and the VMM plays the device
 *   virtual       made for guests (virtio): requests lie in memory, and one access tells of many
 *   pass-through  a piece of a real device: its registers are mapped, and nothing traps
 */
export const STRATEGIES = ['real', 'emulated', 'virtual', 'pass-through'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface DeviceUse {
  /** `uart`, `virtio-console`, `slice` … */
  readonly device: string;
  readonly strategy: Strategy;
  /** That the guest has sent or been given by it. */
  readonly bytes: number;
  /** Entries into the VMM in which the device was used; none when real. */
  readonly exits: number;
  /** Interrupts of it that the guest has claimed at its interrupt controller. */
  readonly interrupts: number;
}
