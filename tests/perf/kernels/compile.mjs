#!/usr/bin/env node
// Writes kernels/c/compiled/*.s, which everybody else only reads: `node tests/perf/kernels/compile.mjs`, by hand, after a kernel in C was changed. It needs a cross
// compiler by the name in RISCV_GCC or riscv64-unknown-elf-gcc (Debian: gcc-riscv64-unknown-elf; written with 12.2). The project's own assembler takes what comes out.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OPTIMIZED } from './options.mjs';

const compiler = process.env['RISCV_GCC'] ?? 'riscv64-unknown-elf-gcc';
const sources = fileURLToPath(new URL('c/', import.meta.url));
const options = ['-march=rv64gc', '-mabi=lp64d', '-mcmodel=medany', ...OPTIMIZED, '-fno-tree-loop-distribute-patterns', '-fno-asynchronous-unwind-tables', '-fno-ident', '-S'];
const version = execFileSync(compiler, ['-dumpfullversion'], { encoding: 'utf8' }).trim();
for (const file of readdirSync(sources).filter((name) => name.endsWith('.c'))) {
  const output = `${sources}compiled/${file.replace('.c', '.s')}`;
  execFileSync(compiler, [...options, file, '-o', output], { cwd: sources, stdio: 'inherit' });
  writeFileSync(output, `# Made from ${file} by GCC ${version}: gcc ${options.join(' ')}\n${readFileSync(output, 'utf8')}`);
}
