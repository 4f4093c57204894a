/** Diagnostics as other tools print them, so that editors find the place: file:line:column: error: sentence. */
import type { Diagnostic } from '../isa/assemble/diagnostic.ts';
import type { Problem } from '../protocol/lab-api.ts';

export function formatDiagnostic(file: string, { line, column, severity, message, fix }: Diagnostic): string {
  return `${file}:${String(line)}:${String(column)}: ${severity}: ${message}${fix === undefined ? '' : ` (${fix})`}\n`;
}

export const printDiagnostics = (file: string, diagnostics: readonly Diagnostic[]): void => {
  for (const diagnostic of diagnostics) process.stderr.write(formatDiagnostic(file, diagnostic));
};

/** Why a program cannot be used: what the assembler says at each place, or else one sentence. */
export function printRefusal(file: string, problem: Problem, diagnostics: readonly Diagnostic[]): void {
  printDiagnostics(file, diagnostics);
  if (diagnostics.length === 0) process.stderr.write(`${problem.message}\n`);
}
