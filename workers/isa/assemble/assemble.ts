/** The assembler: GNU syntax in, bytes at addresses out. Every mistake is reported, each with its place; nothing throws and nothing hangs. */
import type { Diagnostic } from './diagnostic.ts';
import { sourceLines } from './lexer.ts';
import { Program, TooMuch } from './program.ts';
import { Reader } from './reader.ts';

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

const DEFAULT_ORIGIN = 0x8020_0000n;

export function assemble(text: string, { origin = DEFAULT_ORIGIN }: AssembleOptions = {}): AssembleResult {
  const program = new Program();
  try {
    new Reader(program).read(sourceLines(text, program.add));
    const assembly = program.finish(origin);
    return { assembly: program.failed ? undefined : assembly, diagnostics: sorted(program.diagnostics) };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    program.report('too-much', error.span, { limit: '16 MiB' });
    return { assembly: undefined, diagnostics: sorted(program.diagnostics) };
  }
}

const sorted = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
