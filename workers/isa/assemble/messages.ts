/** Everything that the assembler can say: a sentence and a likely fix for each kind of mistake, in each language. `{name}` is an argument. */
import type { Prose } from '../row.ts';
import type { Diagnostic } from './diagnostic.ts';

interface Message {
  readonly severity?: 'warning';
  readonly text: Prose;
  readonly fix?: Prose;
}

const m = (en: string, zh: string, fixEn?: string, fixZh?: string, severity?: 'warning'): Message => ({
  text: { en, 'zh-CN': zh }, ...(fixEn !== undefined && { fix: { en: fixEn, 'zh-CN': fixZh ?? fixEn } }), ...(severity && { severity }),
});

export const MESSAGES = {
  'unknown-instruction': m('There is no instruction “{name}”.', '没有指令“{name}”。', 'Did you mean “{near}”?', '是否想写“{near}”？'),
  'unknown-instruction-far': m('There is no instruction “{name}” on this machine (RV64GC with the hypervisor extension).', '这台机器（带虚拟机监控扩展的 RV64GC）没有指令“{name}”。'),
  'unknown-directive': m('There is no directive “{name}”.', '没有伪操作“{name}”。', 'Did you mean “{near}”?', '是否想写“{near}”？'),
  'unknown-directive-far': m('The directive “{name}” is not known.', '不认识伪操作“{name}”。'),
  'operand-count': m('“{name}” takes {expected} operands, but here are {actual}.', '“{name}”需要 {expected} 个操作数，这里有 {actual} 个。', 'Write it as: {form}', '写法：{form}'),
  'expected-register': m('A register is expected here, not “{found}”.', '这里需要寄存器，而不是“{found}”。', 'Registers are x0 to x31, or names such as a0, t0, sp.', '寄存器是 x0 到 x31，或 a0、t0、sp 等名字。'),
  'expected-float-register': m('A floating-point register is expected here, not “{found}”.', '这里需要浮点寄存器，而不是“{found}”。', 'They are f0 to f31, or names such as fa0, ft0, fs0.', '浮点寄存器是 f0 到 f31，或 fa0、ft0、fs0 等名字。'),
  'expected-rounding': m('A rounding mode is expected here, not “{found}”.', '这里需要舍入模式，而不是“{found}”。', 'Write rne, rtz, rdn, rup, rmm or dyn, or leave it out.', '写 rne、rtz、rdn、rup、rmm 或 dyn，也可省略。'),
  'expected-decimal': m('A decimal number is expected here, not “{found}”.', '这里需要十进制数，而不是“{found}”。', 'Write it like 2, -1.5, 2.5e-3, inf or nan.', '写法如 2、-1.5、2.5e-3、inf 或 nan。'),
  'expected-memory': m('A memory operand such as 8(sp) is expected here, not “{found}”.', '这里需要内存操作数，例如 8(sp)，而不是“{found}”。', 'Write it as: {form}', '写法：{form}'),
  'expected-expression': m('A number or a symbol is expected here, not “{found}”.', '这里需要数字或符号，而不是“{found}”。'),
  'expected-csr': m('There is no CSR “{found}”.', '没有 CSR“{found}”。', 'Did you mean “{near}”?', '是否想写“{near}”？'),
  'expected-csr-far': m('There is no CSR “{found}” on this machine.', '这台机器没有 CSR“{found}”。'),
  'expected-fence-set': m('“{found}” is no set of accesses.', '“{found}”不是访问集合。', 'Write some of the letters i, o, r, w in this order, such as rw.', '按顺序写 i、o、r、w 中的若干字母，例如 rw。'),
  'out-of-range': m('{value} does not fit: “{name}” takes {least} to {most}.', '{value} 超出范围：“{name}”接受 {least} 到 {most}。', 'Load a larger number into a register with li first.', '先用 li 把较大的数装入寄存器。'),
  'not-a-multiple': m('{value} must be a multiple of {step} here.', '这里的 {value} 必须是 {step} 的倍数。'),
  'reserved-operands': m('“{name}” cannot have these operands: their encoding is reserved or means another instruction.', '“{name}”不能使用这些操作数：其编码被保留或表示另一条指令。', 'Use a nonzero number and a nonzero register, or the 4-byte instruction.', '请用非零的数和非零的寄存器，或用 4 字节指令。'),
  'target-too-far': m('The target is {distance} bytes away, but “{name}” reaches only {least} to {most}.', '目标相距 {distance} 字节，而“{name}”只能到达 {least} 至 {most}。', 'Use call or la and jr for far targets.', '较远的目标请用 call，或 la 加 jr。'),
  'undefined-symbol': m('The symbol “{name}” is not defined.', '符号“{name}”没有定义。', 'Did you mean “{near}”?', '是否想写“{near}”？'),
  'undefined-symbol-far': m('The symbol “{name}” is not defined.', '符号“{name}”没有定义。', 'Define it as a label, {name}:, or with .equ {name}, value.', '用标号 {name}: 或 .equ {name}, 值 来定义它。'),
  'undefined-local-label': m('There is no local label {name} in that direction.', '该方向上没有局部标号 {name}。', '{digit}f is the next label {digit}:, {digit}b the one before.', '{digit}f 指下一个 {digit}:，{digit}b 指上一个。'),
  'duplicate-label': m('“{name}” is already defined on line {line}.', '“{name}”已在第 {line} 行定义。', 'Give one of them another name.', '请给其中一个改名。'),
  'not-constant': m('This must be a number that is known here; “{what}” is known only when everything has its place.', '这里需要此时已知的数；“{what}”要等布局完成后才知道。', 'Use la to load an address.', '装入地址请用 la。'),
  'not-constant-yet': m('This must be a number that is known here.', '这里需要此时已知的数。', 'Move the .equ that defines it above this line.', '把定义它的 .equ 移到这一行之前。'),
  'circular-symbol': m('The symbol “{name}” is defined by itself.', '符号“{name}”由它自己定义。'),
  'division-by-zero': m('This expression divides by zero.', '表达式除以零。'),
  'expression-too-large': m('This expression is too large: at most {limit} numbers, symbols and signs, and symbols that need other symbols likewise.', '表达式太大：最多 {limit} 个数字、符号和运算符，符号之间的依赖也是如此。', 'Give a part of it a name with .equ.', '用 .equ 给其中一部分取名。'),
  'missing-parenthesis': m('A closing parenthesis is missing.', '缺少右括号。'),
  'unexpected-text': m('“{found}” does not belong here.', '“{found}”不应出现在这里。', 'Separate operands by commas, and statements by new lines or semicolons.', '操作数用逗号分隔，语句用换行或分号分隔。'),
  'unterminated-string': m('The string does not end on its line.', '字符串没有在本行结束。', 'Close it with a double quote.', '请用双引号结束它。'),
  'unterminated-comment': m('The comment that begins here never ends.', '从这里开始的注释没有结束。', 'Close it with */.', '请用 */ 结束它。'),
  'bad-character': m('The character “{found}” means nothing here.', '字符“{found}”在这里没有意义。'),
  'bad-number': m('“{found}” is not a number.', '“{found}”不是数字。', 'Numbers look like 42, 0x2a, 0b101010 or \'A\'.', '数字的写法如 42、0x2a、0b101010 或 \'A\'。'),
  'number-too-large': m('{found} does not fit 64 bits.', '{found} 超出 64 位。'),
  'value-truncated': m('{value} does not fit {bytes} bytes and is cut.', '{value} 放不进 {bytes} 个字节，已被截断。', undefined, undefined, 'warning'),
  'bad-alignment': m('The alignment {value} is not possible.', '对齐值 {value} 不可用。', '.align and .p2align take a power of two as exponent up to 16; .balign takes the number itself.', '.align 和 .p2align 的参数是 2 的指数（最大 16）；.balign 的参数是字节数本身。'),
  'bad-count': m('{value} is not a possible count.', '{value} 不是可用的个数。'),
  'org-backwards': m('.org cannot go back: this section is already at {at}.', '.org 不能后退：本段已到 {at}。'),
  'expected-string': m('A string in double quotes is expected here.', '这里需要双引号中的字符串。'),
  'expected-name': m('A name is expected here, not “{found}”.', '这里需要名字，而不是“{found}”。'),
  'unclosed-block': m('This {name} has no {end}.', '这个 {name} 没有对应的 {end}。', 'Add {end} where it ends.', '请在结束处加上 {end}。'),
  'unopened-block': m('There is no {begin} that this {name} could belong to.', '这个 {name} 没有对应的 {begin}。'),
  'macro-arguments': m('The macro “{name}” takes {expected} arguments, but here are {actual}.', '宏“{name}”有 {expected} 个参数，这里给出 {actual} 个。'),
  'macro-missing-argument': m('The macro “{name}” needs its argument “{argument}”.', '宏“{name}”需要参数“{argument}”。'),
  'too-deep': m('Macros are nested more than {limit} deep here: does one call itself without end?', '宏嵌套超过 {limit} 层：是否有宏无休止地调用自己？'),
  'too-much': m('The program grows beyond {limit}.', '程序超过了 {limit}。', 'Check the counts of .rept, .skip and .fill.', '请检查 .rept、.skip 和 .fill 的个数。'),
  'no-files': m('{name} reads another file, and this assembler has only this one.', '{name} 要读取另一个文件，而这个汇编器只有这一个文件。', 'Paste its contents here.', '请把它的内容粘贴到这里。'),
  'user-error': m('{text}', '{text}'),
  'user-warning': m('{text}', '{text}', undefined, undefined, 'warning'),
  'pcrel-lo-without-hi': m('%pcrel_lo needs the label of an auipc with %pcrel_hi; there is none at “{name}”.', '%pcrel_lo 需要带 %pcrel_hi 的 auipc 的标号；“{name}”处没有。', 'Put a label such as 1: before the auipc and write %pcrel_lo(1b).', '在 auipc 前放标号（如 1:），并写 %pcrel_lo(1b)。'),
  'unknown-modifier': m('There is no operator “{name}”.', '没有运算符“{name}”。', 'Use %hi, %lo, %pcrel_hi or %pcrel_lo.', '可用 %hi、%lo、%pcrel_hi 或 %pcrel_lo。'),
  'wrong-modifier': m('“{modifier}” gives no value that “{name}” could use here.', '“{name}”在这里不能使用“{modifier}”的值。', '%hi and %pcrel_hi belong to lui and auipc, %lo and %pcrel_lo to the instruction after them.', '%hi 和 %pcrel_hi 用于 lui 和 auipc，%lo 和 %pcrel_lo 用于其后的指令。'),
  'address-out-of-reach': m('The address {address} is out of reach of “{modifier}” here: the two instructions carry 32 bits, sign-extended.', '“{modifier}”在这里够不到地址 {address}：两条指令只能表示符号扩展的 32 位。', 'Use la for a label, and li for a number.', '标号请用 la，数请用 li。'),
  'unknown-option': m('.option does not know “{name}”.', '.option 不认识“{name}”。', 'Use push, pop, rvc, norvc, relax, norelax, pic or nopic.', '可用 push、pop、rvc、norvc、relax、norelax、pic 或 nopic。'),
} as const satisfies Record<string, Message>;

export type MessageCode = keyof typeof MESSAGES;

const fill = (text: string, args: Readonly<Record<string, string>>): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => args[name] ?? whole);

export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

export function diagnostic(code: MessageCode, span: Span, args: Readonly<Record<string, string>> = {}): Diagnostic {
  const row: Message = MESSAGES[code];
  return { severity: row.severity ?? 'error', code, args, message: fill(row.text.en, args), ...(row.fix && { fix: fill(row.fix.en, args) }), ...span };
}

/** A diagnostic in a reader's language: what is wrong, and a likely fix. */
export function diagnosticText(of: Diagnostic, language: keyof Prose): { readonly message: string; readonly fix?: string } {
  const row: Message | undefined = MESSAGES[of.code as MessageCode];
  if (!(row as Message | undefined)) return { message: of.message, ...(of.fix !== undefined && { fix: of.fix }) };
  return { message: fill(row.text[language], of.args), ...(row.fix && { fix: fill(row.fix[language], of.args) }) };
}
