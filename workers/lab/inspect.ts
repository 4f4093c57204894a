/** Answers to what the panes ask of a computer at rest, at the present focus. */
import { csrField } from '../isa/csrs.ts';
import { registerNumber } from '../isa/registers.ts';
import type { CsrValue, Datum, DisassembledLine, MachineView, MemorySpace } from '../protocol/lab-api.ts';
import type { AccessKind, MappingKind, Mappings, Translation } from '../protocol/translation.ts';
import type { Mode } from '../trace/events.ts';
import { disassembleBytes, labelAt } from './disassembly.ts';
import { laterTableWrites, undoAfter } from './focus.ts';
import type { TranslationBefore } from './inspector.ts';
import type { OpenProgram } from './open.ts';

/** The most that one call reads: a pane shows far less. */
const MOST_BYTES = 1 << 20;
const MOST_LINES = 10_000;

/** Address translation at the focus, when micro-steps after it change it. */
function translationBefore({ session, travel }: OpenProgram): TranslationBefore | undefined {
  const focus = travel.focus();
  if (!focus || focus.index >= focus.steps.length - 1) return undefined;
  const visible = session.board.visible();
  undoAfter(visible, focus.steps, focus.index);
  const realSatp = visible.real.get('satp')!;
  return {
    realSatp, guestSatp: visible.virtual.get('satp') ?? realSatp, mode: visible.virtualMode ?? visible.mode, status: (visible.virtual.get('sstatus') ?? visible.real.get('sstatus'))!,
    guest: laterTableWrites(focus.steps, focus.index, 'guest'), shadow: laterTableWrites(focus.steps, focus.index, 'shadow'),
  };
}

export function readMemoryOf(open: OpenProgram, space: MemorySpace, address: bigint, length: number): readonly (number | undefined)[] {
  return open.inspector.read(space, address, Math.min(length, MOST_BYTES), translationBefore(open));
}

export const translateIn = (open: OpenProgram, va: bigint, access: AccessKind): Translation => open.inspector.translate(BigInt.asUintN(64, va), access, translationBefore(open));
export const mappingsIn = (open: OpenProgram, of: MappingKind): Mappings => open.inspector.mappings(of, translationBefore(open));

/** `count` instructions from `address`, and up to `before` in front of it. */
export function disassembleAt(open: OpenProgram, address: bigint, count: number, before: number): readonly DisassembledLine[] {
  const lead = Math.min(before, MOST_LINES);
  const total = Math.min(count, MOST_LINES);
  const start = address > BigInt(lead * 4) ? address - BigInt(lead * 4) : 0n;
  const bytes = readMemoryOf(open, 'current', start, Number(address - start) + total * 4);
  // Without a symbol to begin at, a start that lies inside an instruction may decode wrongly: take the one that meets `address`.
  const ahead = [0, 2].map((skip) => decodeRun(open, bytes, start, skip, Number(address - start)));
  const met = ahead.find((lines) => lines.at(-1) === undefined || lines.at(-1)!.address + BigInt(lines.at(-1)!.length) === address) ?? [];
  return [...met, ...decodeRun(open, bytes, start, Number(address - start), bytes.length).slice(0, total)];
}

function decodeRun({ program }: OpenProgram, bytes: readonly (number | undefined)[], start: bigint, from: number, to: number): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  for (let at = from; at < to;) {
    const address = start + BigInt(at);
    const decoded = disassembleBytes(bytes.slice(at, at + 4), address, program.symbols);
    if (!decoded) break;
    const label = labelAt(program.symbols, address);
    const line = lineAt(program.lines, address);
    lines.push({ ...decoded, ...(label !== undefined && { label }), ...(line !== undefined && { line }) });
    at += decoded.length;
  }
  return lines;
}

/** The source line whose bytes hold this address: the last that begins at or before it (lines ascend by address). */
function lineAt(lines: OpenProgram['program']['lines'], address: bigint): number | undefined {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const found = lines[low - 1];
  return found && address - found.address < 4n ? found.line : undefined;
}

const MODES: Readonly<Record<Mode, bigint>> = { U: 0n, S: 1n, M: 3n, VU: 4n, VS: 5n };

function csrDatum(csrs: readonly CsrValue[], name: string, field: string | undefined): bigint | undefined {
  const value = csrs.find((csr) => csr.name === name)?.value;
  return value === undefined || field === undefined ? value : csrField(name, field, value);
}

export function datumOf(view: MachineView, datum: Datum): bigint | undefined {
  switch (datum.of) {
    case 'real-csr': return csrDatum(view.real, datum.name, datum.field);
    // Without a VMM the guest's register is the real one.
    case 'virtual-csr': return csrDatum(view.virtual?.csrs ?? view.real, datum.name, datum.field);
    case 'register': {
      const number = registerNumber(datum.name);
      return number === undefined ? undefined : view.registers[number];
    }
    case 'virtual-mode': return MODES[view.virtual?.mode ?? view.mode];
    case 'real-mode': return MODES[view.mode];
    case 'pc': return view.pc;
  }
}
