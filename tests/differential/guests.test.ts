/**
 * The guests that come with the lab, on all engines, bare and under the VMM: the whole state of the machine is the same every few
 * thousand steps. GUEST_STEPS=n runs longer.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createInterpreter } from '../../workers/engine/interpreter/interpreter.ts';
import { createReferenceEngine } from '../../workers/engine/reference/reference-engine.ts';
import { translatorWith } from '../../workers/engine/translator/translating-engine.ts';
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { loadImage, type Image } from '../../workers/machine/image/image.ts';
import { bareComputer, virtualComputer, type Computer } from '../support/computers.ts';
import { EAGER_TRANSLATION } from '../support/targets.ts';

const GUESTS = new URL('../../public/guests/', import.meta.url);
const STEPS = Number(process.env['GUEST_STEPS'] ?? 60_000);
const PIECE = 5_003;
const INPUT = new TextEncoder().encode('help\rtime\r');
const GUEST_RAM = 4 << 20;
const ORIGIN = 0x8020_0000n;

function image(file: string): Image {
  const bytes = readFileSync(new URL(file, GUESTS));
  if (!file.endsWith('.s')) {
    const loaded = loadImage(bytes, { name: file, origin: ORIGIN });
    if (!loaded.ok) throw new Error(loaded.error.message);
    return loaded.value;
  }
  const { assembly, diagnostics } = assemble(bytes.toString(), { origin: ORIGIN });
  if (!assembly) throw new Error(diagnostics.map(({ line, message }) => `${file}:${String(line)}: ${message}`).join('\n'));
  return {
    name: file, entry: assembly.entry, symbols: [], tohost: undefined,
    segments: assembly.sections.map((section) => ({ address: section.address, bytes: section.bytes, memoryBytes: section.bytes.length, executable: false })),
  };
}

function seen({ machine }: Computer) {
  return { hash: machine.hash(), pc: machine.hart.pc, instret: machine.hart.instret, traps: machine.trapCount, console: new TextDecoder().decode(machine.takeConsole()) };
}

const FILES = ['hello.s', 'processes.s', 'echo.s', 'paravirtual.s', 'nested-vmm.s', 'devices.s', 'demand-paging/demand-paging.elf', 'floating-point/floating-point.elf'] as const;
const BOOTS = { bare: bareComputer, 'under the VMM': virtualComputer } as const;
const CASES = FILES.flatMap((file) => (Object.keys(BOOTS) as (keyof typeof BOOTS)[]).map((where) => ({ file, where })));

test.each(CASES)('$file $where, on all engines', ({ file, where }) => {
  const guest = image(file);
  const computers = [createReferenceEngine, createInterpreter, translatorWith(EAGER_TRANSLATION)].map((createEngine) => BOOTS[where](guest, { createEngine, guestRamBytes: GUEST_RAM }));
  let console = '';
  let typed = false;
  for (let steps = 0; steps < STEPS; steps += PIECE) {
    const stops = computers.map(({ machine }) => machine.run(PIECE));
    const [reference, ...others] = computers.map(seen);
    for (const [tier, other] of others.entries()) {
      const where = `${['interpreter', 'translator'][tier]!}, ${file} after ${String(steps)} steps`;
      expect(stops[tier + 1], where).toEqual(stops[0]);
      expect(other, where).toEqual(reference);
    }
    console += reference!.console;
    if (stops[0]!.by === 'halt') break;
    if (stops[0]!.by !== 'waiting') continue;
    if (computers[0]!.machine.waiting!.ticks !== undefined) {
      for (const { machine } of computers) machine.skipWait();
    } else if (typed) {
      break;
    } else {
      typed = true;
      for (const { machine } of computers) machine.receive(INPUT);
    }
  }
  expect(console.length, 'the guest has said something').toBeGreaterThan(4);
}, 60_000);
