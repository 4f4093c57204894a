/** The registers and their ABI names (RISC-V ELF psABI, "Integer register convention" and "Floating-point register convention"). */
import type { Prose } from './row.ts';

export interface RegisterRow {
  readonly number: number;
  /** The ABI name, which the lab shows. */
  readonly name: string;
  /** Other names that the assembler takes. */
  readonly aliases: readonly string[];
  readonly prose: Prose;
}

const row = (number: number, name: string, en: string, zh: string, ...aliases: string[]): RegisterRow =>
  ({ number, name, aliases: [`x${String(number)}`, ...aliases], prose: { en, 'zh-CN': zh } });

const argument = (n: number): RegisterRow => row(10 + n, `a${String(n)}`,
  n < 2 ? `Argument ${String(n)} of a call, and its result ${String(n)}.` : n === 7 ? 'Argument 7 of a call; in an ecall the number of the system call.' : `Argument ${String(n)} of a call.`,
  n < 2 ? `调用的第 ${String(n)} 个参数，也是第 ${String(n)} 个返回值。` : n === 7 ? '调用的第 7 个参数；ecall 时是系统调用号。' : `调用的第 ${String(n)} 个参数。`);
const saved = (number: number, n: number): RegisterRow => row(number, `s${String(n)}`, 'Kept across calls (callee-saved).', '跨调用保持不变（由被调用者保存）。');
const temporary = (number: number, n: number): RegisterRow => row(number, `t${String(n)}`, 'Free for any use; a call may change it.', '可随意使用；调用可能改变它。');

export const REGISTERS: readonly RegisterRow[] = [
  row(0, 'zero', 'Always 0; writes are discarded.', '恒为 0；写入被丢弃。'),
  row(1, 'ra', 'Return address of the present call.', '当前调用的返回地址。'),
  row(2, 'sp', 'Stack pointer.', '栈指针。'),
  row(3, 'gp', 'Global pointer.', '全局指针。'),
  row(4, 'tp', 'Thread pointer.', '线程指针。'),
  temporary(5, 0), temporary(6, 1), temporary(7, 2),
  row(8, 's0', 'Kept across calls; also the frame pointer.', '跨调用保持不变；也用作帧指针。', 'fp'),
  saved(9, 1),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map(argument),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => saved(16 + n, n)),
  temporary(28, 3), temporary(29, 4), temporary(30, 5), temporary(31, 6),
];

const numbers = new Map(REGISTERS.flatMap(({ number, name, aliases }) => [name, ...aliases].map((alias) => [alias, number] as const)));

/** The ABI name of register 0..31. */
export const registerName = (number: number): string => REGISTERS[number]?.name ?? `x${String(number)}`;
/** The number of a register by its ABI name, alias or x name. */
export const registerNumber = (name: string): number | undefined => numbers.get(name);
/** ABI names by number. */
export const REGISTER_NAMES: readonly string[] = REGISTERS.map(({ name }) => name);

const floatRow = (number: number, name: string, en: string, zh: string): RegisterRow => ({ number, name, aliases: [`f${String(number)}`], prose: { en, 'zh-CN': zh } });
const floatTemporary = (number: number, n: number): RegisterRow => floatRow(number, `ft${String(n)}`, 'A floating-point register free for any use; a call may change it.', '可随意使用的浮点寄存器；调用可能改变它。');
const floatSaved = (number: number, n: number): RegisterRow => floatRow(number, `fs${String(n)}`, 'A floating-point register kept across calls (callee-saved).', '跨调用保持不变的浮点寄存器（由被调用者保存）。');
const floatArgument = (n: number): RegisterRow => floatRow(10 + n, `fa${String(n)}`,
  n < 2 ? `Floating-point argument ${String(n)} of a call, and its result ${String(n)}.` : `Floating-point argument ${String(n)} of a call.`,
  n < 2 ? `调用的第 ${String(n)} 个浮点参数，也是第 ${String(n)} 个浮点返回值。` : `调用的第 ${String(n)} 个浮点参数。`);

export const FLOAT_REGISTERS: readonly RegisterRow[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => floatTemporary(n, n)),
  floatSaved(8, 0), floatSaved(9, 1),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map(floatArgument),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => floatSaved(16 + n, n)),
  ...[8, 9, 10, 11].map((n) => floatTemporary(20 + n, n)),
];
const floatNumbers = new Map(FLOAT_REGISTERS.flatMap(({ number, name, aliases }) => [name, ...aliases].map((alias) => [alias, number] as const)));

/** The ABI name of floating-point register 0..31. */
export const floatRegisterName = (number: number): string => FLOAT_REGISTERS[number]?.name ?? `f${String(number)}`;
export const floatRegisterNumber = (name: string): number | undefined => floatNumbers.get(name);

/** Rounding modes as assembly writes them, by number; 7 takes that of frm, 5 and 6 are reserved (F, 20.2). */
export const ROUNDING_MODES: readonly (string | undefined)[] = ['rne', 'rtz', 'rdn', 'rup', 'rmm', undefined, undefined, 'dyn'];
