/**
 * Rules made from the instruction table: every instruction of integers and bits on a lattice of operands. A program prints, for each
 * instruction, a number that all of its results go into, so that one wrong bit anywhere shows.
 */
import { INSTRUCTIONS } from '../../workers/isa/instructions/index.ts';
import type { InstructionRow } from '../../workers/isa/row.ts';

const CORNERS = ['0', '1', '-1', '0x80000000', '0x7fffffffffffffff', '0x8000000000000000', '0x0123456789abcdef'];
const IMMEDIATES = [0, 1, -1, 2047, -2048];
/** QEMU 7.2 does not have it. */
const NOT_RECORDED: ReadonlySet<string> = new Set(['Zicond']);

/** Where a result of QEMU 7.2 goes into a number and is wrong by the manual: the number that it recorded, and the right one. */
export const CORRECTED: Readonly<Record<string, readonly [recorded: string, right: string]>> = {
  // ctzw of 0x8000_0000_0000_0000 is 32; QEMU gives 63.
  'every-instruction-of-zbb-on-corner-operands': ['5ab5973f872faf5d', 'c58b973f7edc4892'],
};

/** Mixes t2 into s3. */
const MIX = '  slli t3, s3, 7\n  srli t4, s3, 57\n  or s3, t3, t4\n  xor s3, s3, t2\n';

const body = ({ name, form, operands }: InstructionRow): string | undefined => {
  const shift = operands.find((operand) => operand.name === 'imm' && !operand.signed);
  switch (form) {
    case 'rd, rs1, rs2': return `  ${name} t2, t0, t1\n${MIX}`;
    case 'rd, rs1': return `  ${name} t2, t0\n${MIX}`;
    case 'rd, rs1, imm': return (shift ? [0, 1, 7, (1 << shift.width) - 1] : IMMEDIATES).map((immediate) => `  ${name} t2, t0, ${String(immediate)}\n${MIX}`).join('');
    default: return undefined;
  }
};

function ruleOf(extension: string, rows: readonly InstructionRow[]): { readonly name: string; readonly text: string } | undefined {
  const instructions = rows.flatMap((row) => {
    const text = body(row);
    return text === undefined || row.operands.some(({ file }) => file === 'f') || row.length === 2 ? [] : [{ name: row.name, text }];
  });
  if (instructions.length === 0) return undefined;
  const blocks = instructions.map(({ name, text }, index) => `
  # ${name}
  li s3, 0
  la s4, corners
instruction_${String(index)}_a:
  la s5, corners
instruction_${String(index)}_b:
  ld t0, (s4)
  ld t1, (s5)
${text}  addi s5, s5, 8
  la t0, corners_end
  bne s5, t0, instruction_${String(index)}_b
  addi s4, s4, 8
  bne s4, t0, instruction_${String(index)}_a
  show s3`);
  return { name: `every-instruction-of-${extension.toLowerCase()}-on-corner-operands`, text: `rule:${blocks.join('\n')}\n  j end\n.balign 8\ncorners:\n${CORNERS.map((value) => `  .dword ${value}`).join('\n')}\ncorners_end:\n` };
}

export function generatedRules(): readonly { readonly name: string; readonly text: string }[] {
  const extensions = new Set(INSTRUCTIONS.filter(({ privileged }) => !privileged).map(({ extension }) => extension));
  return [...extensions].filter((extension) => !NOT_RECORDED.has(extension))
    .flatMap((extension) => ruleOf(extension, INSTRUCTIONS.filter((row) => row.extension === extension)) ?? []);
}
