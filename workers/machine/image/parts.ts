/** What a program is made of once it is read, and why it may be refused. */

export interface Segment {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Bytes that it takes in memory, at least as many as in the file; the rest is zero. */
  readonly memoryBytes: number;
  readonly executable: boolean;
}

export interface ImageSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: number;
}

export interface Image {
  readonly name: string;
  readonly entry: bigint;
  readonly segments: readonly Segment[];
  readonly symbols: readonly ImageSymbol[];
  /** Where an ELF names `tohost`: a store there is a command to the host (HTIF). */
  readonly tohost: bigint | undefined;
}

/** Why a file is refused: a code for translation, and the English sentence. */
export interface ImageProblem {
  readonly code: string;
  readonly message: string;
  readonly args: Readonly<Record<string, string>>;
}

export const problem = (code: string, message: string, args: Readonly<Record<string, string>>): ImageProblem => ({ code, message, args });
