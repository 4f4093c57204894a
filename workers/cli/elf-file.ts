/**
 * Writes an assembled program as an ELF64 executable for RISC-V that this lab, QEMU and GNU tools read alike: one loadable segment
 * for each section, and a symbol table. Reference: the ELF-64 object file format 1.5; the RISC-V psABI (e_machine 243).
 */
import type { Assembly, Section } from '../isa/assemble/assemble.ts';

const HEADER = 64;
const PROGRAM_HEADER = 56;
const SECTION_HEADER = 64;
const SYMBOL = 24;
/** Segments stand at file offsets congruent to their addresses modulo the page size, as loaders that map files want. */
const PAGE = 4096;

const ET_EXEC = 2;
const EM_RISCV = 243;
const PT_LOAD = 1;
const PF_RWX = 7;
const SHT_PROGBITS = 1;
const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHF_WRITE_ALLOC_EXEC = 7n;
const SHN_ABS = 0xfff1;
const STB_GLOBAL = 1;

/** A string table: strings end in 0 and are named by their offset; the first is empty. */
class Strings {
  private readonly encoder = new TextEncoder();
  private readonly chunks: Uint8Array[] = [new Uint8Array(1)];
  private length = 1;

  add(text: string): number {
    const at = this.length;
    const bytes = this.encoder.encode(`${text}\0`);
    this.chunks.push(bytes);
    this.length += bytes.length;
    return at;
  }

  bytes(): Uint8Array {
    return concat(this.chunks);
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The section that an address stands in (also just behind its end), as an ELF section number. */
function sectionOf(address: bigint, sections: readonly Section[]): number {
  const index = sections.findIndex((section) => address >= section.address && address <= section.address + BigInt(section.bytes.length));
  return index < 0 ? SHN_ABS : index + 1;
}

function symbolTable(assembly: Assembly, sections: readonly Section[], strings: Strings): Uint8Array {
  const table = new DataView(new ArrayBuffer(SYMBOL * (assembly.symbols.length + 1)));
  for (const [index, symbol] of assembly.symbols.entries()) {
    const at = SYMBOL * (index + 1);
    table.setUint32(at, strings.add(symbol.name), true);
    table.setUint8(at + 4, STB_GLOBAL << 4);
    table.setUint16(at + 6, sectionOf(symbol.address, sections), true);
    table.setBigUint64(at + 8, symbol.address, true);
    table.setBigUint64(at + 16, BigInt(symbol.size), true);
  }
  return new Uint8Array(table.buffer);
}

interface Place {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export function elfFile(assembly: Assembly): Uint8Array {
  const sections = assembly.sections.filter((section) => section.bytes.length > 0);
  const names = new Strings();
  const symbolNames = new Strings();
  const symbols = symbolTable(assembly, sections, symbolNames);

  let end = HEADER + PROGRAM_HEADER * sections.length;
  /** The next file offset that is congruent to `address` modulo `modulus`. */
  const place = (bytes: Uint8Array, address = 0n, modulus = 8): Place => {
    const offset = end + ((Number(address % BigInt(modulus)) - (end % modulus) + modulus) % modulus);
    end = offset + bytes.length;
    return { offset, bytes };
  };
  const contents = sections.map((section) => place(section.bytes, section.address, PAGE));
  const headers: { name: number; type: number; flags: bigint; address: bigint; at: Place; link: number; info: number; entrySize: number }[] = [];
  for (const [index, section] of sections.entries()) {
    headers.push({ name: names.add(section.name), type: SHT_PROGBITS, flags: SHF_WRITE_ALLOC_EXEC, address: section.address, at: contents[index]!, link: 0, info: 0, entrySize: 0 });
  }
  const symtab = headers.length + 1;
  // `info` of a symbol table is the number of its first global symbol: all but the empty one are global here.
  headers.push({ name: names.add('.symtab'), type: SHT_SYMTAB, flags: 0n, address: 0n, at: place(symbols), link: symtab + 1, info: 1, entrySize: SYMBOL });
  headers.push({ name: names.add('.strtab'), type: SHT_STRTAB, flags: 0n, address: 0n, at: place(symbolNames.bytes()), link: 0, info: 0, entrySize: 0 });
  const shstrtabName = names.add('.shstrtab');
  headers.push({ name: shstrtabName, type: SHT_STRTAB, flags: 0n, address: 0n, at: place(names.bytes()), link: 0, info: 0, entrySize: 0 });
  const sectionHeaders = Math.ceil(end / 8) * 8;

  const file = new Uint8Array(sectionHeaders + SECTION_HEADER * (headers.length + 1));
  const view = new DataView(file.buffer);
  // e_ident: magic, 64-bit, little-endian, version 1, System V ABI.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
  view.setUint16(16, ET_EXEC, true);
  view.setUint16(18, EM_RISCV, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, assembly.entry, true);
  view.setBigUint64(32, BigInt(HEADER), true);
  view.setBigUint64(40, BigInt(sectionHeaders), true);
  view.setUint16(52, HEADER, true);
  view.setUint16(54, PROGRAM_HEADER, true);
  view.setUint16(56, sections.length, true);
  view.setUint16(58, SECTION_HEADER, true);
  view.setUint16(60, headers.length + 1, true);
  view.setUint16(62, headers.length, true);

  for (const [index, section] of sections.entries()) {
    const at = HEADER + PROGRAM_HEADER * index;
    const { offset, bytes } = contents[index]!;
    view.setUint32(at, PT_LOAD, true);
    view.setUint32(at + 4, PF_RWX, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, section.address, true);
    view.setBigUint64(at + 24, section.address, true);
    view.setBigUint64(at + 32, BigInt(bytes.length), true);
    view.setBigUint64(at + 40, BigInt(bytes.length), true);
    view.setBigUint64(at + 48, BigInt(PAGE), true);
  }
  for (const [index, header] of headers.entries()) {
    const at = sectionHeaders + SECTION_HEADER * (index + 1);
    view.setUint32(at, header.name, true);
    view.setUint32(at + 4, header.type, true);
    view.setBigUint64(at + 8, header.flags, true);
    view.setBigUint64(at + 16, header.address, true);
    view.setBigUint64(at + 24, BigInt(header.at.offset), true);
    view.setBigUint64(at + 32, BigInt(header.at.bytes.length), true);
    view.setUint32(at + 40, header.link, true);
    view.setUint32(at + 44, header.info, true);
    view.setBigUint64(at + 48, 8n, true);
    view.setBigUint64(at + 56, BigInt(header.entrySize), true);
  }
  for (const { at } of headers) file.set(at.bytes, at.offset);
  return file;
}
