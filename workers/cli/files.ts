/** Reads and writes what a command names. Every failure is one sentence. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { ProgramSource } from '../protocol/lab-api.ts';
import { UsageError } from './options.ts';

/** `npm run` starts us in the project's folder and says where the user stands. */
function whereTyped(path: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return resolve(script === 'lab' && folder !== undefined ? folder : '.', path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a directory',
  EACCES: 'it is not permitted',
};

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && REASONS[code]) || (code ?? String(error));
}

/** The bytes of a file, or of standard input when it is called “-”. */
export function readBytes(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path === '-' ? 0 : whereTyped(path)));
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${reasonOf(error)}.`);
  }
}

export function writeBytes(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(whereTyped(path), bytes);
  } catch (error) {
    throw new UsageError(`Cannot write ${path}: ${reasonOf(error)}.`);
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
