import type { Diagnostic } from './diagnostic.ts';

/** A contiguous run of bytes at its address. */
export interface Section {
  readonly name: string;
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

export interface Assembly {
  readonly sections: readonly Section[];
  /** `_start` when defined, else the start of .text. */
  readonly entry: bigint;
  readonly symbols: readonly { readonly name: string; readonly address: bigint; readonly size: number }[];
  /** Address of each source line that made bytes, ascending by address; 1-based lines. */
  readonly lines: readonly { readonly address: bigint; readonly line: number }[];
}

export interface AssembleOptions {
  /** Where .text begins; the other sections follow it. Default 0x80200000. */
  readonly origin?: bigint;
}

export interface AssembleResult {
  /** Undefined when there are errors. */
  readonly assembly: Assembly | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
