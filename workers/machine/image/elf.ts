/** ELF64 files for RISC-V (ELF-64 object file format 1.5; RISC-V psABI, chapter 8). */
import { err, ok, type Result } from '../../base/result.ts';
import { hex } from '../../base/bits.ts';
import { placeLinux } from './linux.ts';
import { problem, type Image, type ImageProblem, type ImageSymbol, type Segment } from './parts.ts';

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const ET_EXEC = 2;
const ET_DYN = 3;
const EM_RISCV = 243;
const PT_LOAD = 1;
const PT_INTERP = 3;
const PF_X = 1;
const SHT_SYMTAB = 2;
const MOST_SYMBOLS = 200_000;
const MOST_MEMORY = 1 << 30;
/** Machines that people are likely to have by accident. */
const MACHINES: Readonly<Record<number, string>> = { 3: 'x86', 8: 'MIPS', 20: 'PowerPC', 40: 'ARM', 62: 'x86-64', 183: 'AArch64', 258: 'LoongArch' };
const TYPES: Readonly<Record<number, string>> = { 0: 'no type', 1: 'a relocatable object', 4: 'a core dump' };

interface Header {
  readonly entry: bigint;
  readonly programOffset: number;
  readonly programSize: number;
  readonly programCount: number;
  readonly sectionOffset: number;
  readonly sectionSize: number;
  readonly sectionCount: number;
}

/** An offset in the file as a number; beyond any file when it is too large to be one. */
const offsetOf = (value: bigint): number => (value > 0xffff_ffff_ffffn ? Number.MAX_SAFE_INTEGER : Number(value));

export function parseElf(name: string, bytes: Uint8Array): Result<Image, ImageProblem> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = parseHeader(name, bytes, view);
  if (!header.ok) return header;
  const segments = parseSegments(name, bytes, view, header.value);
  if (!segments.ok) return segments;
  const symbols = parseSymbols(bytes, view, header.value);
  return ok({ name, ...(placeLinux(segments.value) ?? { entry: header.value.entry, segments: segments.value }), symbols, tohost: symbols.find((symbol) => symbol.name === 'tohost')?.address });
}

const truncated = (name: string, what: string): Result<never, ImageProblem> =>
  err(problem('elf-truncated', `${name} is cut off: its ${what} would lie behind the end of the file. Copy or build it again.`, { name, what }));

function parseHeader(name: string, bytes: Uint8Array, view: DataView): Result<Header, ImageProblem> {
  if (bytes[4] === 1) return err(problem('elf-32-bit', `${name} is a 32-bit ELF file; this machine is RV64: build it with -march=rv64gc -mabi=lp64d.`, { name }));
  if (bytes.length < HEADER_BYTES) return truncated(name, 'ELF header');
  if (bytes[4] !== 2) return err(problem('elf-class', `${name} is not a valid ELF file: its class is ${String(bytes[4])}, which does not exist.`, { name, class: String(bytes[4]) }));
  if (bytes[5] !== 1) return err(problem('elf-big-endian', `${name} is a big-endian ELF file; RISC-V machines like this one are little-endian.`, { name }));
  const machine = view.getUint16(18, true);
  if (machine !== EM_RISCV) {
    const what = MACHINES[machine] ?? `machine number ${String(machine)}`;
    return err(problem('elf-machine', `${name} is built for ${what}, not for RISC-V: use a compiler such as riscv64-unknown-elf-gcc.`, { name, what }));
  }
  const type = view.getUint16(16, true);
  if (type !== ET_EXEC && type !== ET_DYN) {
    const what = TYPES[type] ?? `type ${String(type)}`;
    return err(problem('elf-type', `${name} is ${what}, not an executable: link it first.`, { name, what }));
  }
  return ok({
    entry: view.getBigUint64(24, true),
    programOffset: offsetOf(view.getBigUint64(32, true)), sectionOffset: offsetOf(view.getBigUint64(40, true)),
    programSize: view.getUint16(54, true), programCount: view.getUint16(56, true),
    sectionSize: view.getUint16(58, true), sectionCount: view.getUint16(60, true),
  });
}

function parseSegments(name: string, bytes: Uint8Array, view: DataView, header: Header): Result<readonly Segment[], ImageProblem> {
  const { programOffset, programSize, programCount } = header;
  if (programCount > 0 && programSize < PROGRAM_HEADER_BYTES) return err(problem('elf-headers', `${name} is not a valid ELF file: its program headers have ${String(programSize)} bytes instead of 56.`, { name }));
  if (programOffset + programSize * programCount > bytes.length) return truncated(name, 'program headers');
  const segments: Segment[] = [];
  for (let index = 0; index < programCount; index += 1) {
    const at = programOffset + programSize * index;
    const type = view.getUint32(at, true);
    if (type === PT_INTERP) return err(problem('elf-dynamic', `${name} needs a dynamic linker; a machine without an operating system needs a program linked with -static.`, { name }));
    if (type !== PT_LOAD) continue;
    const fileBytes = view.getBigUint64(at + 32, true);
    const memory = view.getBigUint64(at + 40, true);
    if (memory === 0n) continue;
    const offset = offsetOf(view.getBigUint64(at + 8, true));
    // Loaded where it stands physically: paging is off when a kernel begins.
    const address = view.getBigUint64(at + 24, true);
    if (offset + offsetOf(fileBytes) > bytes.length) return truncated(name, `segment at ${hex(address)}`);
    if (memory < fileBytes || memory > BigInt(MOST_MEMORY)) return err(problem('elf-segment', `${name} is not a valid ELF file: its segment at ${hex(address)} claims ${String(memory)} bytes of memory.`, { name, address: hex(address) }));
    segments.push({ address, bytes: bytes.subarray(offset, offset + Number(fileBytes)), memoryBytes: Number(memory), executable: (view.getUint32(at + 4, true) & PF_X) !== 0 });
  }
  if (segments.length === 0) return err(problem('elf-nothing-to-load', `${name} has no segment to load: it is no program.`, { name }));
  return ok(segments);
}

/** Symbols are a help, not a need: a broken table gives none. Sorted by address. */
function parseSymbols(bytes: Uint8Array, view: DataView, header: Header): readonly ImageSymbol[] {
  const { sectionOffset, sectionSize, sectionCount } = header;
  if (sectionSize < SECTION_HEADER_BYTES || sectionOffset + sectionSize * sectionCount > bytes.length) return [];
  const section = (index: number): { type: number; offset: number; size: number; link: number } => {
    const at = sectionOffset + sectionSize * index;
    return { type: view.getUint32(at + 4, true), offset: offsetOf(view.getBigUint64(at + 24, true)), size: offsetOf(view.getBigUint64(at + 32, true)), link: view.getUint32(at + 40, true) };
  };
  for (let index = 0; index < sectionCount; index += 1) {
    const table = section(index);
    if (table.type !== SHT_SYMTAB || table.link >= sectionCount) continue;
    const strings = section(table.link);
    if (table.offset + table.size > bytes.length || strings.offset + strings.size > bytes.length) return [];
    return readSymbols(view, bytes.subarray(strings.offset, strings.offset + strings.size), table.offset, Math.min(Math.floor(table.size / SYMBOL_BYTES), MOST_SYMBOLS));
  }
  return [];
}

/** Kinds of symbols that name a place: none, object, function. */
const PLACES: ReadonlySet<number> = new Set([0, 1, 2]);

function readSymbols(view: DataView, strings: Uint8Array, offset: number, count: number): readonly ImageSymbol[] {
  const decoder = new TextDecoder();
  const symbols: ImageSymbol[] = [];
  for (let index = 1; index < count; index += 1) {
    const at = offset + SYMBOL_BYTES * index;
    const start = view.getUint32(at, true);
    const end = start < strings.length ? strings.indexOf(0, start) : -1;
    if (end <= start || !PLACES.has(view.getUint8(at + 4) & 15) || view.getUint16(at + 6, true) === 0) continue;
    const text = decoder.decode(strings.subarray(start, end));
    // Mapping symbols ($x, $d) and compiler-local labels name nothing for people.
    if (text.startsWith('$') || text.startsWith('.L')) continue;
    symbols.push({ name: text, address: view.getBigUint64(at + 8, true), size: Math.min(offsetOf(view.getBigUint64(at + 16, true)), 2 ** 31) });
  }
  return symbols.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}
