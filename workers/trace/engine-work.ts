/**
 * What an engine has done since its machine was built. It is about this computer, not about the machine: going back in time does not take it
 * back (replay is work, too), no two engines agree on it, and no hash or snapshot holds it.
 */
export interface EngineWork {
  /** Steps (instructions retired and traps taken) that ran in translated code, and those that did not. */
  readonly translated: number;
  readonly interpreted: number;
  /** Regions of translated code held now, and the instructions and bytes of WebAssembly of them. */
  readonly regions: number;
  readonly regionInstructions: number;
  /** Since the beginning: regions made, bytes of WebAssembly made for them, milliseconds that making them took, and regions that had to go because there were too many. */
  readonly made: number;
  readonly codeBytes: number;
  readonly compileMilliseconds: number;
  readonly evicted: number;
  /** Regions dropped because their code changed, or a larger one holds them. */
  readonly dropped: number;
  /** How often a region was entered, and why regions were left. */
  readonly entered: number;
  readonly left: Readonly<Record<LeftFor, number>>;
  /** Addresses that the fast TLBs were told, and walks of page tables. */
  readonly fills: number;
  readonly walks: number;
}

/**
 * `region`: straight on to another region. `instruction`: one that is done out of line: an access that the fast TLB does not know, a CSR, a trap.
 * `interpreter`: on to code that is not translated. `budget`: the slice of time ended.
 */
export const LEFT_FOR = ['region', 'instruction', 'interpreter', 'budget'] as const;
export type LeftFor = (typeof LEFT_FOR)[number];
