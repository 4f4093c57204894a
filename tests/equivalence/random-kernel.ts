/**
 * A random kernel: a chain of small pieces of code, each with what a kernel and its user may do, and a handler that writes every trap down in
 * memory, with the time, and goes on with the next piece. What it wrote is all that a guest can see. One that begins in M has a handler in M, too,
 * delegates some of the traps, and protects regions; its pieces run in M or S.
 */
import type { Image } from '../../workers/machine/image/image.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import type { Random } from '../differential/random.ts';
import { imageOf } from '../support/assembled.ts';
import { A, D, PageTable, R, RWX, U, W, X } from '../support/page-table.ts';

const CODE = 0x8020_0000n;
const TABLES = 0x8030_0000n;
/** 16 pages that the pieces work on. */
const DATA = 0x8031_0000n;
export const LOG = 0x8032_0000n;
/** Where the user finds the code and the data, and the kernel its own view of the data. */
const USER_CODE = 0x40_0000n;
const USER_DATA = 0x80_0000n;
const KERNEL_DATA = 0xa0_0000n;
/** A superpage over the code and the data. */
const LARGE = 0x4000_0000n;
const LARGE_DATA = LARGE + DATA - CODE;
const PAGES = 16;
/** The interrupt controller's claim register, for the kernel only; the user has it at its own address. */
const KERNEL_PLIC = 0xb0_0000n;
/** Bytes that a trap takes in the log. */
export const ENTRY_BYTES = 88;

export type Start = 's' | 'm';

const REGISTERS = ['a0', 'a1', 'a2', 'a3', 's2', 's3', 's4', 's5'] as const;
const CSRS = ['sstatus', 'sie', 'sip', 'sscratch', 'sepc', 'scause', 'stval', 'scounteren', 'senvcfg', 'cycle', 'time', 'instret', 'stvec', 'satp', 'mstatus', 'mhartid', 'hpmcounter3'] as const;
/** What the pieces may change: stvec and satp belong to the kernel as a whole. */
const CHANGEABLE = new Set<string>(['sstatus', 'sie', 'sip', 'sscratch', 'sepc', 'scause', 'stval', 'scounteren', 'mstatus', 'cycle', 'mhartid']);
/** What a kernel of M changes beside; pmpcfg0 only to values that do not bind M itself. */
const MACHINE_CSRS = ['mstatus', 'mie', 'mip', 'medeleg', 'mideleg', 'mscratch', 'mepc', 'mcause', 'mtval', 'mcounteren', 'menvcfg', 'pmpaddr0', 'pmpaddr1', 'misa', 'mcountinhibit', 'stimecmp'] as const;
const hex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16)}`;

function address(random: Random): bigint {
  const within = BigInt(random.oneIn(6) ? 4096 - random.below(9) : random.below(500) * 8 + (random.oneIn(8) ? random.below(8) : 0));
  const page = BigInt(random.below(PAGES)) * 4096n;
  switch (random.below(9)) {
    case 0: case 1: case 2: return USER_DATA + page + within;
    case 3: case 4: return KERNEL_DATA + page + within;
    case 5: return LARGE_DATA + page + within;
    case 6: return DATA + page + within;
    case 7: return random.pick([0x1000_0005n, 0x1000_0001n, 0xc20_1000n, 0x40_0000n, 0x3f_ffffn, 0x0n, 0x4000_0000_00n, 0x8040_0000n, 0xffff_ffc0_0000_0000n]);
    default: return random.double();
  }
}


/** One instruction that U and S have in common. */
function common(random: Random): string[] {
  const [a, b, c] = [random.pick(REGISTERS), random.pick(REGISTERS), random.pick(REGISTERS)];
  if (random.oneIn(12)) return float(random, a);
  switch (random.below(8)) {
    case 0: return [`${random.pick(['add', 'sub', 'xor', 'mul', 'divu', 'sltu', 'sraw'])} ${a}, ${b}, ${c}`];
    case 1: return [`li ${a}, ${hex(random.oneIn(2) ? random.double() : 1n << BigInt(random.below(64)))}`];
    case 2: case 3: return [`li t3, ${hex(address(random))}`, `${random.pick(['lb', 'lhu', 'lw', 'ld'])} ${a}, (t3)`];
    case 4: case 5: return [`li t3, ${hex(address(random))}`, `${random.pick(['sb', 'sh', 'sw', 'sd'])} ${a}, (t3)`];
    case 6: return [`li t3, ${hex(address(random) & ~7n)}`, random.pick([`amoadd.d ${a}, ${b}, (t3)`, `amoswap.w ${a}, ${b}, (t3)`, `lr.d ${a}, (t3)\n sc.d ${b}, ${c}, (t3)`])];
    default: return [random.pick([`csrr ${a}, ${random.pick(['cycle', 'time', 'instret'])}`, 'ebreak', 'fence.i', '.word 0', random.oneIn(12) ? `.word ${hex(BigInt(random.word()))}` : 'nop', 'mret'])];
  }
}

/** While FS is off, all of them are illegal; else they make it dirty, or not. */
function float(random: Random, register: string): string[] {
  return random.pick([
    ['fadd.d fa0, fa0, fa1'], [`fcvt.d.l fa1, ${register}`], [`fmv.x.d ${register}, fa0`], [`csrrw ${register}, fcsr, ${register}`], ['li t3, 0x2000', 'csrs sstatus, t3'], ['li t3, 0x6000', 'csrc sstatus, t3'],
    [`li t3, ${hex(address(random))}`, random.pick(['fld fa0, (t3)', 'fsd fa1, (t3)', 'flw fa1, (t3)', 'fsw fa0, (t3)'])],
  ]);
}

/** Something of a kernel only (and an illegal instruction of the user). */
function privileged(random: Random, start: Start): string[] {
  const register = random.pick(REGISTERS);
  if (random.oneIn(8)) return device(random);
  if (start === 'm' && random.oneIn(2)) return machine(random);
  const csr = random.pick(CSRS);
  switch (random.below(7)) {
    case 0: case 1: return CHANGEABLE.has(csr) ? [`${random.pick(['csrrw', 'csrrs', 'csrrc'])} ${random.pick(REGISTERS)}, ${csr}, ${register}`] : [`csrr ${register}, ${csr}`];
    case 2: return CHANGEABLE.has(csr) ? [`${random.pick(['csrrwi', 'csrrsi', 'csrrci'])} ${register}, ${csr}, ${String(random.below(32))}`] : [`csrrsi ${register}, ${csr}, 0`];
    // SUM and MXR, SIE and SPIE, which decide most.
    case 3: return [`li t3, ${hex(1n << BigInt(random.pick([1, 5, 8, 18, 19])))}`, `${random.pick(['csrs', 'csrc'])} sstatus, t3`];
    case 4: return [random.pick(['sfence.vma', `sfence.vma ${register}`, `sfence.vma ${register}, ${register}`])];
    case 5: return ['li t3, 0x222', 'csrs sie, t3', 'rdtime a0', ...(random.oneIn(3) ? ['addi a0, a0, 40', 'li a7, 0', 'ecall', 'wfi'] : [`addi a0, a0, ${String(random.below(60))}`, 'li a7, 0', 'ecall'])];
    // Not who answers (function 1 of 0x10): the regimes do not say the same.
    default: return [`li a7, ${random.pick(['0x10', '0x735049', '0x4442434e', '99', '4', '0x52464e43'])}`, `li a6, ${String(random.pick([0, 2, 3]))}`, 'li a0, 1', 'li a1, 0', 'ecall'];
  }
}

const set = (at: bigint, value: bigint | string, size = 'w'): string[] => [`li t3, ${hex(at)}`, ...(typeof value === 'string' ? [] : [`li t4, ${hex(value)}`]), `s${size} ${typeof value === 'string' ? value : 't4'}, (t3)`];

/** The UART asks for an interrupt as soon as it may send, which it always may; the clock rings after a while; a reservation on a register. */
function device(random: Random): string[] {
  switch (random.below(4)) {
    case 0: return [...set(0xc00_0028n, BigInt(random.below(8))), ...set(0xc00_2080n, 0x400n), ...set(0x1000_0001n, 2n, 'b'), 'li t3, 0x200', 'csrs sie, t3'];
    case 1: return [...set(0x1000_0001n, BigInt(random.below(4)), 'b'), ...set(0xc20_1000n, BigInt(random.below(4)))];
    case 2: return ['li t3, 0xc000028', 'lr.w a0, (t3)', ...(random.oneIn(2) ? ['li t4, 0x80310000', 'sc.w a1, a0, (t4)'] : []), 'sc.w a2, a1, (t3)'];
    default: return [`li t3, ${hex(KERNEL_PLIC + 4n)}`, 'lw a0, (t3)', 'sw a0, (t3)'];
  }
}

/** Something of M only. */
function machine(random: Random): string[] {
  const [a, b, csr] = [random.pick(REGISTERS), random.pick(REGISTERS), random.pick(MACHINE_CSRS)];
  switch (random.below(8)) {
    // What decides over translations counts from the fence on (3.7.2).
    case 0: case 1: case 2: return [`${random.pick(['csrrw', 'csrrs', 'csrrc'])} ${a}, ${csr}, ${b}`, ...(/^pmp|menvcfg/.test(csr) ? ['sfence.vma'] : [])];
    // MPRV, TVM, TW, TSR, MPIE, MIE and the modes of MPP.
    case 3: case 4: return [`li t3, ${hex(1n << BigInt(random.pick([3, 7, 11, 12, 17, 20, 21, 22])))}`, `${random.pick(['csrs', 'csrs', 'csrc'])} mstatus, t3`];
    case 5: return [`li t3, ${hex(random.double() & 0x7f7f_7f7f_7f7f_7f7fn)}`, ...(random.oneIn(4) ? ['csrw pmpcfg0, t3', 'sfence.vma'] : [`csrr ${a}, pmpcfg0`])];
    case 6: return ['li t3, 0xaaa', 'csrs mie, t3', 'rdtime a0', `addi a0, a0, ${String(random.below(60))}`, ...(random.oneIn(3) ? ['csrw stimecmp, a0'] : random.oneIn(3) ? set(0x200_0000n, 1n) : set(0x200_4000n, 'a0', 'd')), random.oneIn(6) ? 'wfi' : 'nop'];
    default: return [random.pick(['mret', 'sret', 'wfi', 'ecall', 'sfence.vma'])];
  }
}

/** Another entry in the table of the kernel's or the user's data, with the fence that belongs to it. */
function remap(random: Random): string[] {
  const [base, table] = random.pick([[USER_DATA, 3n], [KERNEL_DATA, 4n]] as const);
  const page = BigInt(random.below(PAGES));
  const flags = random.oneIn(5) ? 0xc9n | (random.oneIn(2) ? 0x10n : 0n) : random.oneIn(3) ? BigInt(random.below(256)) : 0xc7n | (random.oneIn(2) ? 0x10n : 0n);
  const entry = random.oneIn(8) ? random.double() : ((DATA + BigInt(random.below(PAGES)) * 4096n) >> 2n) | (flags & (random.oneIn(3) ? 0x3fn : 0xffn));
  return [`li t3, ${hex(TABLES + table * 4096n + 8n * page)}`, `li t4, ${hex(entry)}`, 'sd t4, (t3)', `li t3, ${hex(base + page * 4096n)}`, random.oneIn(2) ? 'sfence.vma t3' : 'sfence.vma'];
}

/** Entries of any table, to anywhere around the guest's memory, with any rights, and perhaps no fence. */
function attack(random: Random): string[] {
  const place = TABLES + BigInt(random.below(random.oneIn(3) ? 16 : 5) * 512 + random.below(random.oneIn(2) ? PAGES : 512)) * 8n;
  const page = random.pick([DATA, TABLES, RAM_BASE, RAM_BASE - 0x20_0000n, RAM_BASE + 0x40_0000n, 0xc00_0000n, 0x1000_0000n, LOG]) + BigInt(random.below(random.oneIn(2) ? 16 : 1024)) * 4096n;
  const flags = random.oneIn(3) ? BigInt(random.below(256)) : random.pick([0x01n, 0xcfn, 0xdfn, 0x4bn, 0x5bn, 0x17n, 0x07n]);
  const high = random.oneIn(12) ? BigInt(random.below(1024)) << 54n : 0n;
  return [`li t3, ${hex(place)}`, `li t4, ${hex((page >> 2n) | flags | high)}`, 'sd t4, (t3)', ...(random.oneIn(2) ? [random.pick(['sfence.vma', 'sfence.vma t4', 'sfence.vma zero, t4'])] : [])];
}

function piece(random: Random, index: number, start: Start, hostile: boolean): string {
  const lines: string[] = [];
  const inUser = random.oneIn(2);
  if (inUser) {
    const status = random.double() & 0xc_0022n;
    lines.push(`la t3, user${String(index)}`, `li t4, ${hex(CODE - USER_CODE)}`, 'sub t3, t3, t4', 'csrw sepc, t3', `li t3, ${hex(status)}`, 'csrw sstatus, t3', 'sret', `user${String(index)}:`);
  }
  for (let n = 0; n < 6; n += 1) {
    const kind = random.below(inUser ? 8 : 4);
    if (hostile && !inUser && random.oneIn(3)) lines.push(...attack(random));
    lines.push(...(kind === 0 ? privileged(random, start) : kind === 1 && !inUser ? remap(random) : common(random)));
  }
  return [`piece${String(index)}:`, ...lines, inUser || start === 'm' ? 'ecall' : 'j next'].map((line) => ` ${line}`).join('\n');
}

/** Writes a trap down: its cause stands in t0. */
const writeDown = (csrs: readonly string[]): string => `
  sd t0, (gp)
${csrs.map((csr, n) => `  csrr t1, ${csr}\n  sd t1, ${String(8 * n + 8)}(gp)`).join('\n')}
  sd a0, 72(gp)
  sd a1, 80(gp)
  addi gp, gp, ${String(ENTRY_BYTES)}`;

const QUIET_UART = `
  li t1, ${hex(KERNEL_PLIC + 4n)}
  lw t2, (t1)
  li t1, 0x10000001
  sb zero, (t1)
  li t1, ${hex(KERNEL_PLIC + 4n)}
  sw t2, (t1)`;

const handlerOf = (start: Start): string => `
  .balign 4
vectored:
  .rept 16
  j handler
  .endr
handler:
  csrr t0, scause
${writeDown(['sepc', 'stval', 'sstatus', 'sie', 'sip', 'sscratch', 'time', 'instret'])}
  bltz t0, interrupted
next:
  ld t0, (tp)
  addi tp, tp, 8
  csrw sepc, t0
  li t1, 0x100
  csrs sstatus, t1
  sret
interrupted:
  csrci sip, 2
  ${start === 's' ? 'li a7, 0\n  li a0, -1\n  ecall' : 'li t1, -1\n  csrw stimecmp, t1'}
${QUIET_UART}
  sret
`;

/** Goes on with the next piece in M or S by turns. */
const MACHINE_HANDLER = `
  .balign 4
machine_handler:
  csrr t0, mcause
${writeDown(['mepc', 'mtval', 'mstatus', 'mie', 'mip', 'mscratch', 'time', 'instret'])}
  bltz t0, machine_interrupted
next_of_machine:
  ld t0, (tp)
  addi tp, tp, 8
  csrw mepc, t0
  li t1, 0x1800
  csrc mstatus, t1
  srli t2, tp, 2
  andi t2, t2, 2
  ori t2, t2, 1
  slli t2, t2, 11
  csrs mstatus, t2
  mret
machine_interrupted:
  csrw mip, zero
  li t1, 0x2004000
  li t2, -1
  sd t2, (t1)
  li t1, 0x2000000
  sw zero, (t1)
  csrw stimecmp, t2
  li t1, 0x10000001
  sb zero, (t1)
  mret
`;

/** What M sets up: regions over the data, and whose the traps are. */
function machineStart(random: Random): string {
  const edges = [0, 0, 0].map(() => DATA + BigInt(random.below(PAGES * 512)) * 8n).sort((a, b) => (a < b ? -1 : 1));
  const addresses = edges.map((edge) => (random.oneIn(3) ? (edge >> 2n) | ((1n << BigInt(random.below(10))) - 1n) : edge >> 2n));
  const config = edges.map((_, n) => BigInt(random.pick(n === 0 ? [0, 2, 3] : [0, 1, 2, 3]) << 3 | random.below(8) | (random.oneIn(10) ? 0x80 : 0)));
  const delegated = random.oneIn(3) ? 0n : random.oneIn(2) ? 0xb1ffn : random.double();
  return `
  la t0, machine_handler
  csrw mtvec, t0
  ${[...addresses, (1n << 54n) - 1n].map((address, n) => `li t0, ${hex(address)}\n  csrw pmpaddr${String(n)}, t0`).join('\n  ')}
  li t0, ${hex(config[0]! | config[1]! << 8n | config[2]! << 16n | 0x1f00_0000n)}
  csrw pmpcfg0, t0
  li t0, ${hex(delegated)}
  csrw medeleg, t0
  li t0, ${hex(random.oneIn(3) ? 0n : random.double())}
  csrw mideleg, t0
  li t0, ${hex((random.oneIn(4) ? 0n : 1n << 63n) | (random.oneIn(4) ? 0n : 1n << 61n))}
  csrw menvcfg, t0
  li t0, ${random.oneIn(4) ? String(random.below(8)) : '7'}
  csrw mcounteren, t0
  csrw scounteren, t0`;
}

function text(random: Random, pieces: number, start: Start, hostile: boolean): string {
  const indexes = Array.from({ length: pieces }, (_, index) => index);
  return `
${start === 'm' ? machineStart(random) : ''}
  la t0, ${random.oneIn(2) ? 'handler' : 'vectored + 1'}
  csrw stvec, t0
  li gp, ${hex(LOG)}
  la tp, chain
  li t0, ${hex((8n << 60n) | (TABLES >> 12n))}
  csrw satp, t0
  sfence.vma
  j ${start === 'm' ? 'next_of_machine' : 'next'}
${handlerOf(start)}
${start === 'm' ? MACHINE_HANDLER : ''}
${indexes.map((index) => piece(random, index, start, hostile)).join('\n')}
finish:
  li a7, 8
  ecall
power_off:
  li t1, 0x100000
  li t2, 0x5555
  sw t2, (t1)
quietly:
  li t1, 0x20000
  csrc mstatus, t1
  j power_off
stop:
  j stop
  .balign 8
chain:
  .dword ${indexes.map((index) => `piece${String(index)}`).join(', ')}, ${start === 's' ? 'finish' : 'power_off, quietly, quietly, power_off, quietly'}, ${Array.from({ length: 32 }, () => 'stop').join(', ')}
`;
}

/** The kernel with its first tables: some pages for the user, some for the kernel, with all kinds of rights. A hostile one makes tables of its own. */
export function randomKernel(random: Random, pieces: number, start: Start = 's', hostile = false): Image {
  const code = imageOf('a random kernel', text(random, pieces, start, hostile), CODE);
  const bytes = new DataView(new ArrayBuffer(16 * 4096));
  const table = new PageTable({
    read: (address) => bytes.getBigUint64(Number(address - TABLES), true),
    write: (address, _, value) => { bytes.setBigUint64(Number(address - TABLES), value, true); },
  }, TABLES);
  const anyPage = (): bigint => DATA + BigInt(random.below(PAGES)) * 4096n;
  const anyFlags = (): bigint => (random.oneIn(4) ? BigInt(random.below(256)) : random.oneIn(4) ? X | A : R | (random.oneIn(3) ? 0n : W) | (random.oneIn(3) ? 0n : A) | (random.oneIn(2) ? 0n : D));
  for (let n = 0n; n < 16n; n += 1n) table.map(USER_CODE + n * 4096n, CODE + n * 4096n, R | X | U | A);
  for (let n = 0n; n < BigInt(PAGES); n += 1n) table.map(USER_DATA + n * 4096n, anyPage(), U | anyFlags());
  for (let n = 0n; n < BigInt(PAGES); n += 1n) table.map(KERNEL_DATA + n * 4096n, anyPage(), anyFlags());
  table.map(LARGE, CODE, R | W | (random.oneIn(2) ? U : 0n) | (random.oneIn(2) ? A | D : 0n), 1);
  for (let n = 0n; n < 2n; n += 1n) table.map(RAM_BASE + n * 0x20_0000n, RAM_BASE + n * 0x20_0000n, RWX | A | D, 1);
  for (const page of [0x10_0000n, 0x1000_0000n, 0xc00_0000n, 0xc00_2000n]) table.map(page, page, R | W | A | D);
  table.map(0xc20_1000n, 0xc20_1000n, R | W | U | A | D);
  table.map(KERNEL_PLIC, 0xc20_1000n, R | W | A | D);
  const tables = new Uint8Array(bytes.buffer);
  return { ...code, segments: [...code.segments, { address: TABLES, bytes: tables, memoryBytes: tables.length, executable: false }] };
}

const WORDS = ['cause', 'at', 'value', 'status', 'enabled', 'pending', 'scratch', 'time', 'instret', 'a0', 'a1'] as const;

/** The traps that a kernel wrote down, one line each, from its memory. */
export function written(read: (address: bigint) => bigint): string[] {
  const lines: string[] = [];
  for (let at = LOG; read(at + 8n) !== 0n; at += BigInt(ENTRY_BYTES)) {
    lines.push(WORDS.map((name, n) => `${name} ${read(at + BigInt(8 * n)).toString(16)}`).join(' '));
  }
  return lines;
}
