/** Runs the lab's command as `npm run -s lab -- ...` does, each time in a process of its own. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import type { DeviceUse } from '../../workers/protocol/lab-api.ts';
import { main } from '../../workers/cli/main.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const script = (JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }).scripts.lab!;
const [node, ...before] = script.split(' ') as [string, ...string[]];

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Extra {
  /** What comes from standard input; none: it is closed. */
  readonly input?: string;
  /** Where the user stands, as npm tells it. */
  readonly typedIn?: string;
  /** Close standard output after its first bytes, as `head -1` does. */
  readonly closeEarly?: boolean;
}

export function lab(argv: readonly string[], { input, typedIn, closeEarly = false }: Extra = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(node === 'node' ? process.execPath : node, [...before, ...argv], { cwd: root, env: { ...process.env, ...(typedIn !== undefined && { npm_lifecycle_event: 'lab', INIT_CWD: typedIn }) } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => {
      out.push(bytes);
      if (closeEarly) child.stdout.destroy();
    });
    child.stderr.on('data', (bytes: Buffer) => { err.push(bytes); });
    child.on('error', reject);
    child.on('close', (status) => { resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }); });
    // A command that ends without reading its input closes the pipe: no failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The same command without a process of its own, for cases that need many. One at a time. */
export async function labHere(argv: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => { out.push(String(text)); return true; });
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => { err.push(String(text)); return true; });
  try {
    return { status: await main(argv), stdout: out.join(''), stderr: err.join('') };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

export interface Report {
  readonly status: string;
  readonly exitCode: number;
  readonly instructions: number;
  readonly wallSeconds: number;
  readonly vmExits?: Readonly<Record<string, number>>;
  readonly devices?: readonly DeviceUse[];
  readonly console: string;
  readonly message?: string;
}

/** `run ... --json`: its object, and the process. */
export async function runJson(argv: readonly string[], extra?: Extra): Promise<Ran & { readonly report: Report }> {
  const ran = await lab(['run', ...argv, '--json'], extra);
  expectOneLine(ran.stdout);
  return { ...ran, report: JSON.parse(ran.stdout) as Report };
}

export function expectOneLine(text: string): void {
  if (!/^[^\n]+\n$/.test(text)) throw new Error(`This should be one line: ${JSON.stringify(text)}`);
}
