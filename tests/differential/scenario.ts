/**
 * Random situations for a hart: pages of random instructions, Sv39 tables with all kinds of leaves, and episodes that put the hart
 * somewhere in them. All of it follows from the seed.
 */
import { encode, fits } from '../../workers/isa/encode.ts';
import { CSRS } from '../../workers/isa/csrs.ts';
import { INSTRUCTIONS } from '../../workers/isa/instructions/index.ts';
import type { InstructionRow, OperandBits } from '../../workers/isa/row.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { A, D, G, PageTable, R, RWX, U, V, W, X } from '../support/page-table.ts';
import type { Bench } from '../support/targets.ts';
import { anyNumber } from '../conformance/float/operands.ts';
import { F32, F64 } from '../conformance/float/oracle.ts';
import type { Random } from './random.ts';

const page = (n: number): bigint => RAM_BASE + BigInt(n) * 4096n;

/** Physical pages: 0..7 code, 8..15 data, 16 the handler of M, 17 of S, from 64 page tables. */
export const CODE_PAGES = 8;
const DATA_PAGE = 8;
const MACHINE_HANDLER = 16;
const SUPERVISOR_HANDLER = 17;
const TABLES = 64;
export const DEVICE = 0x1000_0000n;

/** Virtual pages: code at 0x40_0000, data at 0x80_0000, supervisor's views of both at the sum with `HIGH`. */
const CODE = 0x40_0000n;
const DATA = 0x80_0000n;
const HIGH = 0x40_0000_0000n - 0x100_0000n;
const DEVICE_VA = 0xc0_0000n;
const LARGE = 0x4000_0000n;

export interface Scenario {
  readonly satp: bigint;
}

const REGISTERS = 16;
/** What kernels access at every trap, for which engines have ways of their own. */
const OFTEN = CSRS.filter(({ name }) => ['sstatus', 'mstatus', 'sscratch', 'mscratch', 'sepc', 'mepc', 'scause', 'stval'].includes(name));

function operandValue(random: Random, row: InstructionRow, operand: OperandBits): bigint {
  const { name, width } = operand;
  const any = (): bigint => {
    const raw = BigInt.asUintN(width, random.double());
    return operand.signed ? BigInt.asIntN(width, raw) : raw + BigInt(operand.offset ?? 0);
  };
  if (name === 'csr') return random.oneIn(20) ? any() : BigInt(random.pick(random.oneIn(2) ? OFTEN : CSRS).number);
  // SIE is bit 1 of sstatus.
  if (name === 'zimm' && random.oneIn(2)) return 2n;
  if (name === 'rd' || name === 'rs1' || name === 'rs2') return operand.offset ? any() : BigInt(random.below(REGISTERS));
  // Jumps mostly stay near, so that code is reached and not only left.
  if (name === 'imm' && width > 13 && row.form.includes('target')) return BigInt(random.below(512) - 256) * 2n;
  if (name === 'imm' && random.oneIn(2)) return BigInt(random.below(64)) * (random.oneIn(2) ? 8n : 1n);
  return any();
}

const PRIVILEGED_WORDS = new Set(['wfi', 'mret', 'sret', 'sfence.vma', 'fence.i', 'ecall', 'ebreak']);

/** What most code is made of, and what the interpreter has handlers for two at once of. */
const COMMON = INSTRUCTIONS.filter(({ name }) => ['addi', 'add', 'slli', 'srli', 'xor', 'andi', 'ld', 'sd', 'lw', 'sw', 'lbu', 'sb', 'lui', 'auipc', 'bne', 'beq', 'jal'].includes(name));

const OF_CSRS = INSTRUCTIONS.filter(({ operands }) => operands.some(({ name }) => name === 'csr'));

/** A random instruction as bytes: mostly valid, rarely any bits. */
function instruction(random: Random): { readonly word: number; readonly length: 2 | 4 } {
  if (random.oneIn(60)) return { word: random.word(), length: 4 };
  for (;;) {
    const row = random.pick(random.oneIn(16) ? OF_CSRS : random.oneIn(2) ? COMMON : INSTRUCTIONS);
    if (PRIVILEGED_WORDS.has(row.name) && !random.oneIn(3)) continue;
    const operands = Object.fromEntries(row.operands.map((operand) => {
      for (let attempt = 0; attempt < 30; attempt += 1) {
        const value = operandValue(random, row, operand);
        if (fits(value, operand)) return [operand.name, value];
      }
      return [operand.name, BigInt(operand.offset ?? 0)];
    }));
    return { word: encode(row, operands), length: row.length };
  }
}

const word = (name: string, operands: Record<string, number> = {}): number => encode(INSTRUCTIONS.find((row) => row.name === name)!, operands);

/** Steps over the instruction that trapped (as if of 4 bytes) and returns; for interrupts just returns. */
function handler(level: 'm' | 's'): number[] {
  const [scratch, epc, cause, back] = level === 'm' ? [0x340, 0x341, 0x342, 'mret'] : [0x140, 0x141, 0x142, 'sret'];
  return [
    word('csrrw', { rd: 31, csr: scratch, rs1: 31 }),
    word('csrrs', { rd: 31, csr: cause, rs1: 0 }),
    word('blt', { rs1: 31, rs2: 0, imm: 16 }),
    word('csrrs', { rd: 31, csr: epc, rs1: 0 }),
    word('addi', { rd: 31, rs1: 31, imm: 4 }),
    word('csrrw', { rd: 0, csr: epc, rs1: 31 }),
    word('csrrw', { rd: 31, csr: scratch, rs1: 31 }),
    word(back),
  ];
}

/** Fills the RAM of a bench that is as after reset. */
export function prepare(random: Random, { ram }: Bench): Scenario {
  for (let at = page(0); at < page(CODE_PAGES);) {
    const { word: bits, length } = instruction(random);
    ram.write(at, 2, BigInt(bits & 0xffff));
    if (length === 4) ram.write(at + 2n, 2, BigInt(bits >>> 16));
    at += BigInt(length);
  }
  for (let at = page(DATA_PAGE); at < page(DATA_PAGE + 8); at += 8n) ram.write(at, 8, random.oneIn(2) ? pointer(random) : random.double());
  handler('m').forEach((bits, index) => { ram.write(page(MACHINE_HANDLER) + BigInt(index * 4), 4, BigInt(bits)); });
  handler('s').forEach((bits, index) => { ram.write(page(SUPERVISOR_HANDLER) + BigInt(index * 4), 4, BigInt(bits)); });

  const table = new PageTable(ram, page(TABLES));
  const accessed = (): bigint => (random.oneIn(6) ? 0n : random.oneIn(6) ? A : A | D);
  for (let n = 0; n < 16; n += 1) {
    const code = page(random.below(CODE_PAGES));
    const flags = random.oneIn(8) ? random.double() & 0xffn : RWX & ~(random.oneIn(2) ? W : 0n);
    table.map(CODE + BigInt(n) * 4096n, code, flags | U | accessed());
    table.map(HIGH + CODE + BigInt(n) * 4096n, code, R | X | accessed() | (random.oneIn(4) ? G : 0n));
    const data = page(random.oneIn(4) ? random.below(CODE_PAGES) : DATA_PAGE + random.below(8));
    table.map(DATA + BigInt(n) * 4096n, data, (random.oneIn(8) ? random.double() & 0xffn : R | W) | U | accessed());
    table.map(HIGH + DATA + BigInt(n) * 4096n, random.oneIn(8) ? page(TABLES + random.below(6)) : data, R | W | accessed());
  }
  table.map(DEVICE_VA, DEVICE, R | W | U | A | D);
  table.map(LARGE, RAM_BASE & ~0x1f_ffffn, RWX | V | A | D | (random.oneIn(2) ? U : 0n), 1);
  // The identity, so that handlers are found; not for U.
  for (let n = 0; n < 32; n += 1) table.map(page(n), page(n), RWX | A | D);
  return { satp: table.satp(BigInt(random.below(3))) };
}

/** A number that is likely to be the address of something. */
function pointer(random: Random): bigint {
  const within = BigInt(random.oneIn(8) ? 4096 - random.below(12) : random.below(512) * 8);
  const n = BigInt(random.below(16)) * 4096n;
  switch (random.below(8)) {
    case 0: return CODE + n + within;
    case 1: case 2: return DATA + n + within;
    case 3: return HIGH + DATA + n + within;
    case 4: return RAM_BASE + n + within;
    case 5: return random.oneIn(2) ? DEVICE_VA + within : DEVICE + within;
    case 6: return LARGE + n + within;
    default: return BigInt(random.below(4096)) - 2048n;
  }
}

/** A double, a boxed single, or what is neither. */
function floatBits(random: Random): bigint {
  switch (random.below(4)) {
    case 0: return random.double();
    case 1: return anyNumber(F64, random);
    default: return 0xffff_ffff_0000_0000n | anyNumber(F32, random);
  }
}

/** Puts both harts into the same random situation. */
export function beginEpisode(random: Random, { satp }: Scenario, benches: readonly Bench[]): void {
  const registers = Array.from({ length: 32 }, () => (random.oneIn(4) ? random.double() : pointer(random)));
  const floats = Array.from({ length: 32 }, () => floatBits(random));
  const mode = random.pick(['U', 'S', 'S', 'M'] as const);
  const translated = !random.oneIn(4);
  const n = BigInt(random.below(16)) * 4096n;
  const place = BigInt(random.below(2048)) * 2n;
  const pc = place + (mode === 'M' || !translated ? page(random.below(CODE_PAGES)) : mode === 'U' ? CODE + n : random.oneIn(8) ? LARGE + n : HIGH + CODE + n);
  const csrs: [string, bigint][] = [
    ['satp', translated ? satp : 0n],
    ['mtvec', page(MACHINE_HANDLER) | BigInt(random.below(2))],
    ['stvec', page(SUPERVISOR_HANDLER)],
    ['medeleg', random.oneIn(3) ? 0n : random.double()],
    ['mideleg', random.double()],
    ['mie', random.double()],
    ['mip', random.oneIn(2) ? 0n : random.double()],
    ['mcounteren', random.double()],
    ['scounteren', random.double()],
    // The floating-point unit is on and dirty in most episodes: writing fcsr makes it so, writing mstatus says what it is.
    ['fcsr', random.double()],
    ['mstatus', (random.double() & ~(random.oneIn(4) ? 0n : 1n << 17n)) | (random.oneIn(3) ? 0n : 3n << 13n)],
    ['mepc', pc], ['sepc', CODE + n + place],
  ];
  const stops = random.oneIn(4) ? random.double() : 0n;
  const hostModes = random.oneIn(4) ? 8n : random.oneIn(8) ? 2n : 0n;
  const breakpoints = random.oneIn(3) ? Array.from({ length: 4 }, () => pc + BigInt(random.below(40) - 4) * 2n) : [];
  const timeOffset = BigInt(random.below(1 << 20));
  for (const { hart, executor } of benches) {
    registers.forEach((value, register) => { hart.setX(register, value); });
    floats.forEach((value, register) => { hart.setState(`f${String(register)}`, value); });
    for (const [name, value] of csrs) hart.writeCsr(name, value);
    hart.mode = mode;
    hart.pc = pc;
    hart.setState('stopExceptions', stops & 0xffffn);
    hart.setState('stopInterrupts', stops >> 32n);
    hart.setState('hostModes', hostModes);
    hart.setState('timeOffset', timeOffset);
    executor.setBreakpoints(breakpoints);
  }
}
