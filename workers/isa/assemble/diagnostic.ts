/** What the assembler says of a source: every error at once, each with its place, what is wrong and a likely fix. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Names the kind of mistake; the table of kinds and their sentences is assemble/messages.ts. */
  readonly code: string;
  readonly args: Readonly<Record<string, string>>;
  /** The English sentence. */
  readonly message: string;
  /** A likely fix, as an English sentence. */
  readonly fix?: string;
  /** 1-based; columns count UTF-16 code units; the end is exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}
