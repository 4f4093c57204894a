/** The directives of GNU as that programs for bare machines use: one row each, with what it does, for the editor and the parser alike. */
import { s64 } from '../../base/bits.ts';
import type { Prose } from '../row.ts';
import { decimalBits, DOUBLE, FLOAT } from './decimal.ts';
import { ExpressionError, type Expression } from './expressions.ts';
import type { Token } from './lexer.ts';
import type { Span } from './messages.ts';
import { parseExpression, spanOfTokens, splitAtCommas } from './operands.ts';
import { codePadding, MOST_OUTPUT, TooMuch, type Program } from './program.ts';

export interface DirectiveContext {
  readonly program: Program;
  /** All after the name. */
  readonly tokens: readonly Token[];
  readonly span: Span;
}

export interface Directive {
  readonly form: string;
  readonly prose: Prose;
  readonly run: (context: DirectiveContext) => void;
}

// ------------------------------------------------------------------------------------------------ arguments

const parts = ({ tokens }: DirectiveContext): readonly Token[][] => splitAtCommas(tokens);
const expressionOf = ({ program, span }: DirectiveContext, tokens: readonly Token[]): Expression => program.fold(parseExpression(tokens, span, program.symbols.local));

function nameIn(context: DirectiveContext, index = 0): string {
  const token = parts(context)[index]?.[0];
  if (!token || (token.kind !== 'name' && token.kind !== 'string')) throw new ExpressionError('expected-name', token ?? context.span, { found: token?.text ?? '' });
  return token.kind === 'string' ? token.text.slice(1, -1) : token.text;
}

/** The argument at an index as a number that is known now. */
function numberIn(context: DirectiveContext, index: number, otherwise?: bigint): bigint {
  const tokens = parts(context)[index];
  if (!tokens || tokens.length === 0) {
    if (otherwise !== undefined) return otherwise;
    throw new ExpressionError('expected-expression', context.span, { found: '' });
  }
  return context.program.constant(expressionOf(context, tokens));
}

// ------------------------------------------------------------------------------------------------ data

function littleEndian(value: bigint, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

const data = (bytes: number, en: string, zh: string): Directive => ({
  form: 'value, ...',
  prose: { en: `Puts each value here in ${en}, little-endian.`, 'zh-CN': `把每个值以${zh}小端序放在这里。` },
  run: (context) => {
    const { program, span } = context;
    for (const tokens of parts(context)) {
      const expression = expressionOf(context, tokens);
      program.place(spanOfTokens(tokens, span), bytes, (item) => {
        const value = program.guard(() => program.value(expression, item)) ?? 0n;
        const width = bytes * 8;
        if (BigInt.asUintN(width, value) !== value && BigInt.asIntN(width, value) !== s64(value)) program.report('value-truncated', expression, { value: String(s64(value)), bytes: String(bytes) });
        return littleEndian(value, bytes);
      });
    }
  },
});

const floating = (shape: typeof FLOAT, en: string, zh: string): Directive => ({
  form: 'number, ...',
  prose: { en: `Puts each decimal number here as a ${en}, little-endian.`, 'zh-CN': `把每个十进制数作为${zh}浮点数以小端序放在这里。` },
  run: (context) => {
    for (const tokens of parts(context)) {
      const place = spanOfTokens(tokens, context.span);
      const written = tokens.map((token) => token.text).join('');
      const bits = decimalBits(written, shape);
      if (bits === undefined) throw new ExpressionError('expected-decimal', place, { found: written });
      context.program.place(place, shape.width / 8, () => littleEndian(bits, shape.width / 8));
    }
  },
});

function text(zero: boolean): Directive {
  return {
    form: '"text", ...',
    prose: zero ? { en: 'Puts the text here, followed by a zero byte.', 'zh-CN': '把文本放在这里，末尾加一个零字节。' } : { en: 'Puts the text here.', 'zh-CN': '把文本放在这里。' },
    run: (context) => {
      for (const tokens of parts(context)) {
        const strings = tokens.filter((token) => token.kind === 'string');
        if (strings.length === 0 || strings.length !== tokens.length) throw new ExpressionError('expected-string', spanOfTokens(tokens, context.span));
        const bytes = Uint8Array.from([...strings.flatMap((token) => token.bytes), ...(zero ? [0] : [])]);
        context.program.place(spanOfTokens(tokens, context.span), bytes.length, () => bytes);
      }
    },
  };
}

function reserve(context: DirectiveContext, count: bigint, unit: number, value: bigint): void {
  if (s64(count) < 0n) throw new ExpressionError('bad-count', spanOfTokens(context.tokens, context.span), { value: String(s64(count)) });
  if (count * BigInt(unit) > BigInt(MOST_OUTPUT)) throw new TooMuch(context.span);
  const bytes = Number(count) * unit;
  const pattern = littleEndian(value, unit);
  context.program.place(context.span, bytes, () => Uint8Array.from({ length: bytes }, (_, index) => pattern[index % unit]!));
}

const skip = (): Directive => ({
  form: 'bytes, fill',
  prose: { en: 'Leaves so many bytes, filled with zeros or with the given byte.', 'zh-CN': '留出若干字节，填零或填给定的字节。' },
  run: (context) => { reserve(context, numberIn(context, 0), 1, numberIn(context, 1, 0n)); },
});

// ------------------------------------------------------------------------------------------------ place

const MOST_EXPONENT = 16n;

function align(context: DirectiveContext, bytes: bigint, fill: bigint | undefined, most: bigint): void {
  const { program, span } = context;
  if (bytes === 0n || bytes === 1n) return;
  if (bytes > 1n << MOST_EXPONENT || (bytes & (bytes - 1n)) !== 0n) throw new ExpressionError('bad-alignment', spanOfTokens(context.tokens, span), { value: String(s64(bytes)) });
  const code = program.isCode && fill === undefined;
  const padding = (at: bigint): number => {
    const need = (bytes - (at % bytes)) % bytes;
    return most > 0n && need > most ? 0 : Number(need);
  };
  program.section.alignment = Math.max(program.section.alignment, Number(bytes));
  program.place(span, padding(BigInt(program.offset)), ({ size }) => (code ? codePadding(size) : new Uint8Array(size).fill(Number((fill ?? 0n) & 0xffn))), { listed: false, settle: (item) => { item.size = padding(item.address); } });
}

const alignment = (exponent: boolean): Directive => ({
  form: exponent ? 'exponent, fill, most' : 'bytes, fill, most',
  prose: exponent ? { en: 'Goes on to the next multiple of 2 to this power.', 'zh-CN': '前进到 2 的该次幂的下一个倍数处。' } : { en: 'Goes on to the next multiple of so many bytes.', 'zh-CN': '前进到该字节数的下一个倍数处。' },
  run: (context) => {
    const value = numberIn(context, 0);
    if (exponent && value > MOST_EXPONENT) throw new ExpressionError('bad-alignment', spanOfTokens(context.tokens, context.span), { value: String(s64(value)) });
    const fill = (parts(context)[1]?.length ?? 0) > 0 ? numberIn(context, 1) : undefined;
    align(context, exponent ? 1n << value : value, fill, numberIn(context, 2, 0n));
  },
});

const org: Directive = {
  form: 'offset, fill',
  prose: { en: 'Goes on to this offset of the section.', 'zh-CN': '前进到本段的该偏移处。' },
  run: (context) => {
    const { program } = context;
    const tokens = parts(context)[0];
    if (!tokens || tokens.length === 0) throw new ExpressionError('expected-expression', context.span, { found: '' });
    const to = s64(program.offsetOf(expressionOf(context, tokens)));
    const ahead = to - BigInt(program.offset);
    if (ahead < 0n) throw new ExpressionError('org-backwards', spanOfTokens(context.tokens, context.span), { at: String(program.offset) });
    reserve(context, ahead, 1, numberIn(context, 1, 0n));
  },
};

const section = (name: string, en: string, zh: string): Directive => ({
  form: '', prose: { en, 'zh-CN': zh }, run: ({ program }) => { program.useSection(name); },
});

// ------------------------------------------------------------------------------------------------ symbols and the rest

function equate(context: DirectiveContext, once: boolean): void {
  const name = nameIn(context);
  const { program, span } = context;
  const value = parts(context)[1];
  if (!value) throw new ExpressionError('expected-expression', span, { found: '' });
  const known = once ? program.symbols.get(name) : undefined;
  if (known) throw new ExpressionError('duplicate-label', span, { name, line: String(known.line) });
  program.assign(name, expressionOf(context, value), span);
}

const ignored = (form: string, en: string, zh: string): Directive => ({ form, prose: { en, 'zh-CN': zh }, run: () => undefined });
const noFiles = (name: string): Directive => ({
  form: '"file"', prose: { en: 'Would read another file; there is only this one here.', 'zh-CN': '会读取另一个文件；这里只有这一个文件。' },
  run: ({ span }) => { throw new ExpressionError('no-files', span, { name }); },
});

const OPTIONS = new Set(['push', 'pop', 'rvc', 'norvc', 'relax', 'norelax', 'pic', 'nopic', 'arch']);

const LINKER = ignored('name, ...', 'For linkers; there is one file here, and every symbol is seen in all of it.', '供链接器使用；这里只有一个文件，所有符号在全文可见。');

const message = (code: 'user-error' | 'user-warning', en: string, zh: string): Directive => ({
  form: '"text"', prose: { en, 'zh-CN': zh },
  run: ({ tokens, span }) => { throw new ExpressionError(code, span, { text: tokens[0]?.kind === 'string' ? tokens[0].text.slice(1, -1) : code }); },
});

export const DIRECTIVES: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ['.text', section('.text', 'What follows is code.', '以下是代码。')],
  ['.data', section('.data', 'What follows is data.', '以下是数据。')],
  ['.rodata', section('.rodata', 'What follows is data that nobody writes.', '以下是只读数据。')],
  ['.bss', section('.bss', 'What follows begins as zeros.', '以下是初值为零的数据。')],
  ['.section', { form: 'name', prose: { en: 'What follows goes into this section.', 'zh-CN': '以下内容放入该段。' }, run: (context) => { context.program.useSection(nameIn(context)); } }],
  ['.pushsection', { form: 'name', prose: { en: 'As .section, until .popsection.', 'zh-CN': '同 .section，直到 .popsection。' }, run: (context) => { context.program.pushSection(nameIn(context)); } }],
  ['.popsection', { form: '', prose: { en: 'Back to the section before .pushsection.', 'zh-CN': '回到 .pushsection 之前的段。' }, run: ({ program, span }) => { if (!program.popSection()) program.report('unopened-block', span, { name: '.popsection', begin: '.pushsection' }); } }],
  ['.previous', { form: '', prose: { en: 'Back to the section before this one.', 'zh-CN': '回到前一个段。' }, run: ({ program }) => { program.usePreviousSection(); } }],
  ['.byte', data(1, '1 byte', '1 个字节')], ['.half', data(2, '2 bytes', '2 个字节')], ['.short', data(2, '2 bytes', '2 个字节')], ['.2byte', data(2, '2 bytes', '2 个字节')], ['.hword', data(2, '2 bytes', '2 个字节')],
  ['.word', data(4, '4 bytes', '4 个字节')], ['.long', data(4, '4 bytes', '4 个字节')], ['.4byte', data(4, '4 bytes', '4 个字节')], ['.int', data(4, '4 bytes', '4 个字节')],
  ['.dword', data(8, '8 bytes', '8 个字节')], ['.quad', data(8, '8 bytes', '8 个字节')], ['.8byte', data(8, '8 bytes', '8 个字节')],
  ['.float', floating(FLOAT, 'single', '单精度')], ['.single', floating(FLOAT, 'single', '单精度')], ['.double', floating(DOUBLE, 'double', '双精度')],
  ['.ascii', text(false)], ['.asciz', text(true)], ['.string', text(true)],
  ['.zero', skip()], ['.space', skip()], ['.skip', skip()],
  ['.fill', { form: 'count, size, value', prose: { en: 'Puts a value of so many bytes here, count times.', 'zh-CN': '把给定字节数的值重复放置若干次。' }, run: (context) => {
    const size = numberIn(context, 1, 1n);
    if (size < 1n || size > 8n) throw new ExpressionError('bad-count', context.span, { value: String(s64(size)) });
    reserve(context, numberIn(context, 0), Number(size), numberIn(context, 2, 0n));
  } }],
  ['.align', alignment(true)], ['.p2align', alignment(true)], ['.balign', alignment(false)], ['.org', org],
  ['.equ', { form: 'name, value', prose: { en: 'Gives a name to a value; it may be given another later.', 'zh-CN': '给一个值取名；以后可以改。' }, run: (context) => { equate(context, false); } }],
  ['.set', { form: 'name, value', prose: { en: 'Gives a name to a value; it may be given another later.', 'zh-CN': '给一个值取名；以后可以改。' }, run: (context) => { equate(context, false); } }],
  ['.equiv', { form: 'name, value', prose: { en: 'Gives a name to a value, once.', 'zh-CN': '给一个值取名，仅一次。' }, run: (context) => { equate(context, true); } }],
  ['.size', { form: 'name, bytes', prose: { en: 'Says how many bytes belong to a symbol.', 'zh-CN': '说明一个符号包含多少字节。' }, run: (context) => {
    const tokens = parts(context)[1];
    if (tokens) context.program.setSize(nameIn(context), expressionOf(context, tokens), context.span);
  } }],
  ['.option', { form: 'push | pop | norvc | norelax | ...', prose: { en: 'Options of GNU as. Nothing is compressed or relaxed here, so none changes a byte.', 'zh-CN': 'GNU as 的选项。这里不做压缩和松弛，所以都不影响字节。' }, run: (context) => {
    const name = nameIn(context);
    if (!OPTIONS.has(name)) throw new ExpressionError('unknown-option', spanOfTokens(context.tokens, context.span), { name });
  } }],
  ['.globl', LINKER], ['.global', LINKER], ['.local', LINKER], ['.weak', LINKER], ['.hidden', LINKER], ['.type', LINKER],
  ['.file', ignored('"name"', 'For debuggers.', '供调试器使用。')], ['.ident', ignored('"text"', 'A remark for the object file.', '目标文件中的备注。')], ['.attribute', ignored('name, value', 'A remark for the object file.', '目标文件中的备注。')], ['.loc', ignored('...', 'For debuggers.', '供调试器使用。')],
  ['.include', noFiles('.include')], ['.incbin', noFiles('.incbin')],
  ['.error', message('user-error', 'Refuses to assemble, with this text.', '以该文本拒绝汇编。')],
  ['.warning', message('user-warning', 'Warns with this text.', '以该文本给出警告。')],
]);
