/**
 * A random kernel, as assembly: a chain of small pieces of code, each with what a kernel and its user may do, and a handler that writes
 * every trap down in memory, with the time, and goes on with the next piece. What it wrote is all that a guest can see.
 */
import type { Random } from '../differential/random.ts';

export const CODE = 0x8020_0000n;
export const TABLES = 0x8030_0000n;
/** 16 pages that the pieces work on. */
export const DATA = 0x8031_0000n;
export const LOG = 0x8032_0000n;
/** Where the user finds the code and the data, and the kernel its own view of the data. */
export const USER_CODE = 0x40_0000n;
export const USER_DATA = 0x80_0000n;
export const KERNEL_DATA = 0xa0_0000n;
/** A superpage over the code and the data. */
export const LARGE = 0x4000_0000n;
const LARGE_DATA = LARGE + DATA - CODE;
export const PAGES = 16;

const REGISTERS = ['a0', 'a1', 'a2', 'a3', 's2', 's3', 's4', 's5'] as const;
const CSRS = ['sstatus', 'sie', 'sip', 'sscratch', 'sepc', 'scause', 'stval', 'scounteren', 'senvcfg', 'cycle', 'time', 'instret', 'stvec', 'satp', 'mstatus', 'mhartid', 'hpmcounter3'] as const;
/** What the pieces may change: stvec and satp belong to the kernel as a whole. */
const CHANGEABLE = new Set<string>(['sstatus', 'sie', 'sip', 'sscratch', 'sepc', 'scause', 'stval', 'scounteren', 'mstatus', 'cycle', 'mhartid']);
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
  switch (random.below(8)) {
    case 0: return [`${random.pick(['add', 'sub', 'xor', 'mul', 'divu', 'sltu', 'sraw'])} ${a}, ${b}, ${c}`];
    case 1: return [`li ${a}, ${hex(random.oneIn(2) ? random.double() : 1n << BigInt(random.below(64)))}`];
    case 2: case 3: return [`li t3, ${hex(address(random))}`, `${random.pick(['lb', 'lhu', 'lw', 'ld'])} ${a}, (t3)`];
    case 4: case 5: return [`li t3, ${hex(address(random))}`, `${random.pick(['sb', 'sh', 'sw', 'sd'])} ${a}, (t3)`];
    case 6: return [`li t3, ${hex(address(random) & ~7n)}`, random.pick([`amoadd.d ${a}, ${b}, (t3)`, `amoswap.w ${a}, ${b}, (t3)`, `lr.d ${a}, (t3)\n sc.d ${b}, ${c}, (t3)`])];
    default: return [random.pick([`csrr ${a}, ${random.pick(['cycle', 'time', 'instret'])}`, 'ebreak', 'fence.i', '.word 0', random.oneIn(12) ? `.word ${hex(BigInt(random.word()))}` : 'nop', 'mret'])];
  }
}

/** Something of a kernel only (and an illegal instruction of the user). */
function privileged(random: Random): string[] {
  const register = random.pick(REGISTERS);
  const csr = random.pick(CSRS);
  switch (random.below(7)) {
    case 0: case 1: return CHANGEABLE.has(csr) ? [`${random.pick(['csrrw', 'csrrs', 'csrrc'])} ${random.pick(REGISTERS)}, ${csr}, ${register}`] : [`csrr ${register}, ${csr}`];
    case 2: return CHANGEABLE.has(csr) ? [`${random.pick(['csrrwi', 'csrrsi', 'csrrci'])} ${register}, ${csr}, ${String(random.below(32))}`] : [`csrrsi ${register}, ${csr}, 0`];
    // SUM and MXR, SIE and SPIE, which decide most.
    case 3: return [`li t3, ${hex(1n << BigInt(random.pick([1, 5, 8, 18, 19])))}`, `${random.pick(['csrs', 'csrc'])} sstatus, t3`];
    case 4: return [random.pick(['sfence.vma', `sfence.vma ${register}`, `sfence.vma ${register}, ${register}`])];
    case 5: return ['li t3, 0x222', 'csrs sie, t3', 'rdtime a0', ...(random.oneIn(3) ? ['addi a0, a0, 40', 'li a7, 0', 'ecall', 'wfi'] : [`addi a0, a0, ${String(random.below(60))}`, 'li a7, 0', 'ecall'])];
    default: return [`li a7, ${random.pick(['0x10', '0x735049', '0x4442434e', '99', '4', '0x52464e43'])}`, `li a6, ${String(random.below(4))}`, 'li a0, 1', 'li a1, 0', 'ecall'];
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

function piece(random: Random, index: number): string {
  const lines: string[] = [];
  const inUser = random.oneIn(2);
  if (inUser) {
    const status = random.double() & 0xc_0022n;
    lines.push(`la t3, user${String(index)}`, `li t4, ${hex(CODE - USER_CODE)}`, 'sub t3, t3, t4', 'csrw sepc, t3', `li t3, ${hex(status)}`, 'csrw sstatus, t3', 'sret', `user${String(index)}:`);
  }
  for (let n = 0; n < 6; n += 1) {
    const kind = random.below(inUser ? 8 : 4);
    lines.push(...(kind === 0 ? privileged(random) : kind === 1 && !inUser ? remap(random) : common(random)));
  }
  return [`piece${String(index)}:`, ...lines, inUser ? 'ecall' : 'j next'].map((line) => ` ${line}`).join('\n');
}

const HANDLER = `
  .balign 4
vectored:
  .rept 16
  j handler
  .endr
handler:
  csrr t0, scause
  sd t0, (gp)
  .set place, 8
  .irp csr, sepc, stval, sstatus, sie, sip, sscratch, time, instret
  csrr t1, \\csr
  sd t1, place(gp)
  .set place, place + 8
  .endr
  sd a0, 72(gp)
  sd a1, 80(gp)
  addi gp, gp, 88
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
  li a7, 0
  li a0, -1
  ecall
  sret
finish:
  li a7, 8
  ecall
`;

export function randomKernel(random: Random, pieces: number): string {
  const indexes = Array.from({ length: pieces }, (_, index) => index);
  return `
  la t0, ${random.oneIn(2) ? 'handler' : 'vectored + 1'}
  csrw stvec, t0
  li gp, ${hex(LOG)}
  la tp, chain
  li t0, ${hex((8n << 60n) | (TABLES >> 12n))}
  csrw satp, t0
  sfence.vma
  j next
${HANDLER}
${indexes.map((index) => piece(random, index)).join('\n')}
  .balign 8
chain:
  .dword ${indexes.map((index) => `piece${String(index)}`).join(', ')}, finish
`;
}
