/**
 * The program around the snippets, in M mode. For each snippet it resets the CSRs, pokes memory, runs the snippet's setup, loads every
 * register and enters the body by `mret`. Every trap comes here: it is written to the log, the instruction is stepped over, and the body
 * goes on, until it comes to its last `ecall`, faults on a fetch, or has trapped too often. Then all of the state is written to the log.
 *
 * The log is all that a run says: a list of records of 64-bit words (log.ts). QEMU writes it to a file by semihosting, on our machine it
 * is read from RAM; so one image serves both, but for one word.
 */
import { assemble } from '../../workers/isa/assemble/assemble.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { csrIsCalled, type Features } from './features.ts';

/** Where things stand in RAM. */
export const PLACE = {
  harness: RAM_BASE,
  /** Words: 0 how to end (1: semihosting), 1 number of snippets, 2 end of the log. */
  header: RAM_BASE + 0x7000n,
  snippets: RAM_BASE + 0x1_0000n,
  /** Memory for the snippets' own data and page tables, zero before each snippet but for its pokes. */
  arena: RAM_BASE + 0x40_0000n,
  log: RAM_BASE + 0x80_0000n,
  end: RAM_BASE + 0x200_0000n,
} as const;

export const RAM_BYTES = Number(PLACE.end - RAM_BASE);

/** Byte offsets in a snippet's descriptor. */
export const DESCRIPTOR = { setup: 0, literals: 8, body: 16, entry: 24, bytes: 32, mstatus: 40, pokes: 48, pokeCount: 56, x: 64, f: 312, fcsr: 568, size: 576 } as const;

/** Words before the CSRs in the two kinds of records, and their tags (bits 63:56 of the first word; the rest counts the words). */
export const TAG = { trap: 1n, end: 2n } as const;
export const TRAP_REGISTERS = [10, 17] as const;
const MOST_TRAPS = 24;

const registers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const lines = (list: readonly string[]): string => list.map((line) => `    ${line}`).join('\n');

/** fld / fsd as words, so that the harness needs nothing of the assembler that it may lack. */
const fld = (f: number, base: number, offset: number): string => `.word ${String(((offset << 20) | (base << 15) | (3 << 12) | (f << 7) | 0x07) >>> 0)}`;
const fsd = (f: number, base: number, offset: number): string => `.word ${String((((offset >> 5) << 25) | (f << 20) | (base << 15) | (3 << 12) | ((offset & 31) << 7) | 0x27) >>> 0)}`;

const S0 = 8;

/** The text of the harness for machines that both have these features. */
function source(features: Features): string {
  const { csrs } = features;
  const trapCsrs = csrs.filter(({ inTraps }) => inTraps);
  const logCsrs = (list: typeof csrs, at: number): string => lines(list.flatMap(({ number }, index) => [`csrr t0, ${String(number)}`, `sd t0, ${String(at + 8 * index)}(s1)`]));
  const trapWords = 1 + TRAP_REGISTERS.length + trapCsrs.length + 1;
  const endWords = 1 + 31 + csrs.length + (features.float ? 32 : 0);
  const isSupervisorCall = features.hypervisor ? [9, 10] : [9];
  return `
_start:
    la t0, m_handler
    csrw mtvec, t0
    csrw mie, zero
    la t6, frame
    csrw mscratch, t6
    li t0, 0x2004000          # mtimecmp: no timer interrupt, ever
    li t1, -1
    sd t1, 0(t0)
    la gp, frame
    li t0, ${String(PLACE.log)}
    sd t0, log_end - frame(gp)
    li t0, ${String(PLACE.snippets)}
    sd t0, snippet - frame(gp)

next_snippet:
    li t0, ${String(PLACE.header)}
    ld t1, 8(t0)
    ld t2, index - frame(gp)
    bgeu t2, t1, finish
    sd zero, traps - frame(gp)
    call reset_csrs
    ld s0, snippet - frame(gp)
    ld t0, ${String(DESCRIPTOR.pokes)}(s0)
    ld t1, ${String(DESCRIPTOR.pokeCount)}(s0)
1:  beqz t1, 2f
    ld t2, 0(t0)
    ld t3, 8(t0)
    sd t3, 0(t2)
    addi t0, t0, 16
    addi t1, t1, -1
    j 1b
2:  fence.i
    sfence.vma
    ld t0, ${String(DESCRIPTOR.setup)}(s0)
    ld a0, ${String(DESCRIPTOR.literals)}(s0)
    jalr t0
    sfence.vma
${features.hypervisor ? lines(['.word 0x62000073   # hfence.gvma', '.word 0x22000073   # hfence.vvma']) : ''}
    ld s0, snippet - frame(gp)
${features.float ? lines([
    'li t0, 0x6000', 'csrs mstatus, t0', `addi s0, s0, ${String(DESCRIPTOR.f)}`, ...registers(0, 31).map((f) => fld(f, S0, 8 * f)), `addi s0, s0, ${String(-DESCRIPTOR.f)}`,
    `ld t0, ${String(DESCRIPTOR.fcsr)}(s0)`, 'csrw 3, t0']) : ''}
    ld t0, ${String(DESCRIPTOR.entry)}(s0)
    csrw mepc, t0
    ld t0, ${String(DESCRIPTOR.mstatus)}(s0)
    csrw mstatus, t0
    mv x31, s0
${lines(registers(1, 30).map((x) => `ld x${String(x)}, ${String(DESCRIPTOR.x + 8 * (x - 1))}(x31)`))}
    ld x31, ${String(DESCRIPTOR.x + 8 * 30)}(x31)
    mret

# Where traps that are delegated go: they are seen in M, too, by a call from here.
    .align 12
s_handler:
${lines(registers(0, 63).map(() => 'ecall'))}
s_handler_end:

    .align 8
m_handler:
    csrrw x31, mscratch, x31
${lines(registers(1, 30).map((x) => `sd x${String(x)}, ${String(8 * x)}(x31)`))}
    mv gp, x31
    csrrw t0, mscratch, gp
    sd t0, ${String(8 * 31)}(gp)
    csrr t2, mepc
    csrr t0, mstatus          # from M, and from the harness: it is wrong itself
    not t0, t0
    slli t0, t0, 51
    srli t0, t0, 62
    bnez t0, 1f
    la t0, _start
    la t1, s_handler
    bltu t2, t0, 1f
    bltu t2, t1, harness_trap
    la t0, m_handler
    la t1, harness_end
    bltu t2, t0, 1f
    bltu t2, t1, harness_trap
1:  ld s1, log_end - frame(gp)
    li t0, ${String((TAG.trap << 56n) | BigInt(trapWords))}
    sd t0, 0(s1)
${lines(TRAP_REGISTERS.flatMap((x, index) => [`ld t0, ${String(8 * x)}(gp)`, `sd t0, ${String(8 + 8 * index)}(s1)`]))}
${logCsrs(trapCsrs, 8 + 8 * TRAP_REGISTERS.length)}
    sd zero, ${String(8 * (trapWords - 1))}(s1)   # the instruction, when it is the body's
    addi s1, s1, ${String(8 * trapWords)}
    sd s1, log_end - frame(gp)
    ld t0, traps - frame(gp)
    addi t0, t0, 1
    sd t0, traps - frame(gp)
    li t1, ${String(MOST_TRAPS)}
    bgtu t0, t1, end_snippet

    csrr t0, mcause
    csrr s2, mepc
    ld s0, snippet - frame(gp)
    bltz t0, interrupted
    beqz t0, end_snippet      # fetches that failed
    li t1, 1
    beq t0, t1, end_snippet
    li t1, 12
    beq t0, t1, end_snippet
    li t1, 20
    beq t0, t1, end_snippet
${lines(isSupervisorCall.flatMap((cause) => [`li t1, ${String(cause)}`, `beq t0, t1, supervisor_call`]))}
step_over:                    # s2 = address of the instruction
    ld t0, ${String(DESCRIPTOR.entry)}(s0)
    sub t0, s2, t0
    ld t1, ${String(DESCRIPTOR.bytes)}(s0)
    bgeu t0, t1, end_snippet  # the last ecall, or somewhere else
    ld t1, ${String(DESCRIPTOR.body)}(s0)
    add t0, t0, t1
    lhu t1, 0(t0)
    lhu t2, 2(t0)
    sd t1, -8(s1)
    andi t0, t1, 3
    addi t0, t0, -3
    addi s2, s2, 2
    bnez t0, resume
    addi s2, s2, 2
    slli t2, t2, 16
    or t1, t1, t2
    sd t1, -8(s1)
resume:
    csrw mepc, s2
    mv x31, gp
${lines(registers(1, 30).map((x) => `ld x${String(x)}, ${String(8 * x)}(x31)`))}
    ld x31, ${String(8 * 31)}(x31)
    mret

interrupted:
    csrw mie, zero
    j resume

supervisor_call:              # by the body, or by s_handler: then the trap that it stands for is the one to step over
    la t0, s_handler
    bltu s2, t0, step_over
    la t0, s_handler_end
    bgeu s2, t0, step_over
    csrr t1, mcause
    li t2, 10
    beq t1, t2, virtual_supervisor_call
    csrr s2, sepc
    csrr t0, sstatus
    csrr t3, scause
${features.hypervisor ? lines(['csrr t4, 0x600', 'slli t4, t4, 56', 'srli t4, t4, 63']) : lines(['li t4, 0'])}
    j supervisor_return
virtual_supervisor_call:
${features.hypervisor ? lines(['csrr s2, 0x241', 'csrr t0, 0x200', 'csrr t3, 0x242', 'li t4, 1']) : ''}
supervisor_return:            # to mode SPP, V as it was
    srli t0, t0, 8
    andi t0, t0, 1
    slli t0, t0, 11
    slli t4, t4, 39
    or t0, t0, t4
    li t1, 0x8000001800       # MPV, MPP
    csrc mstatus, t1
    csrs mstatus, t0
    bltz t3, interrupted
    beqz t3, end_snippet
    li t1, 1
    beq t3, t1, end_snippet
    li t1, 12
    beq t3, t1, end_snippet
    li t1, 20
    beq t3, t1, end_snippet
    j step_over

end_snippet:
    ld s1, log_end - frame(gp)
${lines(registers(1, 31).flatMap((x) => [`ld t0, ${String(8 * x)}(gp)`, `sd t0, ${String(8 * x)}(s1)`]))}
${logCsrs(csrs.slice(0, 1), 8 * 32)}
${features.float ? '    li t0, 0x6000             # FS on, now that mstatus has been seen\n    csrs mstatus, t0' : ''}
${logCsrs(csrs.slice(1), 8 * 33)}
${features.float ? lines([`addi s1, s1, ${String(8 * (32 + csrs.length))}`, ...registers(0, 31).map((f) => fsd(f, S0 + 1, 8 * f)), `addi s1, s1, ${String(-8 * (32 + csrs.length))}`]) : ''}
    csrw pmpcfg2, zero
    csrw pmpcfg0, zero        # an entry that has a part of an access only denies it in M, too
    ld s0, snippet - frame(gp)
    li t0, ${String((TAG.end << 56n) | BigInt(endWords))}
    ld t1, ${String(DESCRIPTOR.pokeCount)}(s0)
    add t0, t0, t1
    sd t0, 0(s1)
    li t0, ${String(8 * endWords)}
    add s1, s1, t0
    ld t0, ${String(DESCRIPTOR.pokes)}(s0)
1:  beqz t1, 2f
    ld t2, 0(t0)
    ld t3, 0(t2)
    sd t3, 0(s1)
    sd zero, 0(t2)
    addi t0, t0, 16
    addi s1, s1, 8
    addi t1, t1, -1
    j 1b
2:  sd s1, log_end - frame(gp)
    li t0, ${String(DESCRIPTOR.size)}
    add s0, s0, t0
    sd s0, snippet - frame(gp)
    ld t0, index - frame(gp)
    addi t0, t0, 1
    sd t0, index - frame(gp)
    j next_snippet

reset_csrs:
${lines(csrs.filter(csrIsCalled).flatMap(({ number, reset }) => [`li t0, ${String(reset)}`, `csrw ${String(number)}, t0`]))}
    la t0, s_handler
    csrw stvec, t0
${features.hypervisor ? lines(['csrw 0x205, t0']) : ''}
    ret

harness_trap:                 # the harness is wrong for one of the machines: the log ends here, with mcause and mepc of it
    ld s1, log_end - frame(gp)
    csrr t0, mcause
    sd t0, 0(s1)
    csrr t0, mepc
    sd t0, 8(s1)
    addi s1, s1, 16
    sd s1, log_end - frame(gp)
    csrw mstatus, zero
finish:
    ld s1, log_end - frame(gp)
    li s2, ${String(PLACE.header)}
    sd s1, 16(s2)
    ld t0, 0(s2)
    beqz t0, halt
    li a0, 1                  # SYS_OPEN "log", mode 5 = wb
    la a1, open_arguments
    call semihosting
    la a1, write_arguments
    sd a0, 0(a1)
    li t0, ${String(PLACE.log)}
    sd t0, 8(a1)
    sub t0, s1, t0
    sd t0, 16(a1)
    li a0, 5                  # SYS_WRITE
    call semihosting
halt:
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    j halt
    .align 4
semihosting:
    .word 0x01f01013, 0x00100073, 0x40705013
    ret
harness_end:

    .align 8
frame:          .zero 256
log_end:        .dword 0
snippet:        .dword 0
index:          .dword 0
traps:          .dword 0
open_arguments: .dword file_name, 5, 3
write_arguments: .dword 0, 0, 0
file_name:      .asciz "log"
`;
}

export interface Kept {
  readonly mtvec: bigint;
  readonly stvec: bigint;
  readonly mscratch: bigint;
}

export interface Harness {
  readonly bytes: Uint8Array;
  /** What mtvec, stvec and mscratch hold: snippets that change them put these back. */
  readonly kept: Kept;
}

export function buildHarness(features: Features): Harness {
  const { assembly, diagnostics } = assemble(source(features), { origin: PLACE.harness });
  if (!assembly) throw new Error(`the harness was not assembled: ${diagnostics.map(({ line, message }) => `${String(line)}: ${message}`).join('; ')}`);
  const end = assembly.sections.reduce<bigint>((most, { address, bytes }) => (address + BigInt(bytes.length) > most ? address + BigInt(bytes.length) : most), PLACE.harness);
  if (end > PLACE.header) throw new Error('the harness has outgrown its room');
  const bytes = new Uint8Array(Number(end - PLACE.harness));
  for (const section of assembly.sections) bytes.set(section.bytes, Number(section.address - PLACE.harness));
  const symbol = (wanted: string): bigint => assembly.symbols.find(({ name }) => name === wanted)!.address;
  return { bytes, kept: { mtvec: symbol('m_handler'), stvec: symbol('s_handler'), mscratch: symbol('frame') } };
}
