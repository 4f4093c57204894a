/**
 * One rule of the manuals in each program of rules/, on every engine: what it prints is what QEMU 7.2 printed (record.mjs), or, where QEMU
 * is wrong by the manual or makes another choice that the manual leaves, what the program says itself in lines of `# expect:`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Executor } from '../../workers/machine/executor.ts';
import { Machine } from '../../workers/machine/machine.ts';
import { imageOf } from '../support/guest-image.ts';
import { TARGETS } from '../support/targets.ts';
import { CORRECTED, generatedRules } from './generated-rules.ts';

const HERE = new URL('rules/', import.meta.url);
const prelude = readFileSync(new URL('prelude.s', HERE), 'utf8');
const recorded = JSON.parse(gunzipSync(readFileSync(new URL('recorded-rules.json.gz', import.meta.url))).toString()) as { outputs: Record<string, string> };

const written = readdirSync(HERE).filter((name) => name.endsWith('.s') && name !== 'prelude.s')
  .map((name) => ({ name: name.slice(0, -2), text: readFileSync(new URL(name, HERE), 'utf8') }));
const RULES = [...written, ...generatedRules()];

/** What a program says that it prints, when that is not what QEMU printed. */
const ownExpectation = (text: string): string | undefined => {
  const lines = [...text.matchAll(/^# expect: (.*)$/gm)].map(([, line]) => `${line!}\n`);
  return lines.length === 0 ? undefined : lines.join('');
};

describe.each(TARGETS)('conformance ($name)', (target) => {
  test.each(RULES)('$name', ({ name, text }) => {
    const machine = new Machine({ ramBytes: 8 << 20, createEngine: (options) => target.create(options) as Executor, start: 'm' });
    machine.boot(imageOf(name, prelude + text, 0x8000_0000n));
    let console = '';
    for (let round = 0; round < 200; round += 1) {
      const stop = machine.run(20_000);
      console += new TextDecoder().decode(machine.takeConsole());
      if (stop.by === 'halt') break;
      if (stop.by === 'waiting') machine.skipWait();
    }
    expect(console.replaceAll('\r', '')).toBe(ownExpectation(text) ?? recorded.outputs[name]?.replace(...(CORRECTED[name] ?? ['', ''])));
    expect(machine.halted).toEqual({ by: 'finisher', exitCode: 0 });
  });
});
