/** What record.mjs does, bundled: runs each rule on QEMU and keeps what it prints. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { elfFile } from '../../workers/cli/elf-file.ts';
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { generatedRules } from './generated-rules.ts';

const COMMAND = ['qemu-system-riscv64', '-machine', 'virt', '-cpu', 'rv64,h=true,sstc=true,svinval=true,svnapot=true,zba=true,zbb=true,zbs=true', '-m', '128M', '-nographic', '-bios', 'none', '-kernel'];

export function record(here: string): void {
  const rules = `${here}/rules/`;
  const prelude = readFileSync(`${rules}prelude.s`, 'utf8');
  const scratch = mkdtempSync(join(tmpdir(), 'rules-'));
  const version = spawnSync(COMMAND[0]!, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
  const outputs: Record<string, string> = {};
  const written = readdirSync(rules).filter((name) => name.endsWith('.s') && name !== 'prelude.s').map((name) => ({ name: name.slice(0, -2), text: readFileSync(rules + name, 'utf8') }));
  for (const { name, text } of [...written, ...generatedRules()]) {
    const { assembly, diagnostics } = assemble(prelude + text, { origin: 0x8000_0000n });
    if (!assembly) throw new Error(`${name}: ${diagnostics.map(({ line, message }) => `${String(line)}: ${message}`).join('; ')}`);
    const file = join(scratch, 'rule.elf');
    writeFileSync(file, elfFile(assembly));
    const run = spawnSync(COMMAND[0]!, [...COMMAND.slice(1), file], { encoding: 'latin1', timeout: 20_000, stdio: ['ignore', 'pipe', 'pipe'] });
    if (run.status !== 0) console.error(`${name}: QEMU did not come to the end (${String(run.status ?? run.signal)}); it printed:\n${run.stdout.slice(-400)}`);
    outputs[name] = run.stdout.replaceAll('\r', '');
  }
  rmSync(scratch, { recursive: true });
  writeFileSync(`${here}/recorded-rules.json.gz`, gzipSync(JSON.stringify({ command: [...COMMAND, 'FILE'].join(' '), version, outputs }), { level: 9 }));
  console.log(`${String(Object.keys(outputs).length)} rules recorded from ${version ?? 'QEMU'}.`);
}
