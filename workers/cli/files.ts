/** Reads what a command names: a program, or text. Every failure is one sentence. */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { ProgramSource } from '../protocol/lab-api.ts';
import { UsageError } from './options.ts';

/** The bytes of a file, or of standard input when it is called “-”. */
export function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path === '-' ? 0 : path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : code === 'EACCES' ? 'reading it is not permitted' : String(code ?? error);
    throw new UsageError(`Cannot read ${path}: ${reason}.`);
  }
}

export const readText = (path: string): string => new TextDecoder().decode(readBytes(path));

const ASSEMBLY = new Set(['.s', '.asm']);

/** Assembly by its name (.s, .S, .asm), or else an ELF file or a flat binary by its bytes. */
export function readProgram(path: string, origin: bigint | undefined): ProgramSource {
  const name = basename(path);
  const place = origin === undefined ? {} : { origin };
  if (ASSEMBLY.has(extname(path).toLowerCase())) return { kind: 'assembly', name, text: readText(path), ...place };
  return { kind: 'binary', name, bytes: readBytes(path), ...place };
}
