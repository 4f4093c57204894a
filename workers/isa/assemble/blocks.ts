/** Blocks of lines: macros, repetitions and conditions. A block that is being collected or left out swallows the lines of its body. */
import { s64 } from '../../base/bits.ts';
import type { Prose } from '../row.ts';
import { ExpressionError, spanOf } from './expressions.ts';
import type { SourceLine, Token } from './lexer.ts';
import type { Span } from './messages.ts';
import { parseExpression, spanOfTokens, splitAtCommas } from './operands.ts';
import type { Program } from './program.ts';

const MOST_DEPTH = 64;
const MOST_LINES = 250_000;

interface Parameter {
  readonly name: string;
  readonly otherwise: string | undefined;
  readonly required: boolean;
  readonly rest: boolean;
}

interface Macro {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly SourceLine[];
}

/** What is collected up to its end, and what to do with it then. */
interface Collecting {
  readonly begin: string;
  readonly end: string;
  readonly span: Span;
  readonly lines: SourceLine[];
  readonly done: (lines: readonly SourceLine[]) => void;
  depth: number;
}

interface Condition {
  readonly span: Span;
  /** Lines of the present branch count; some branch has been taken already; the whole stands in a branch that does not count. */
  active: boolean;
  taken: boolean;
  /** Its .else was there. */
  last?: boolean;
  readonly dead: boolean;
}

const COLLECTED: Readonly<Record<string, string>> = { '.macro': '.endm', '.rept': '.endr', '.irp': '.endr', '.irpc': '.endr' };
const OPENS_REPEAT = new Set(['.rept', '.irp', '.irpc']);
const CONDITIONS = new Set(['.if', '.ifeq', '.ifne', '.ifgt', '.ifge', '.iflt', '.ifle', '.ifdef', '.ifndef', '.ifnotdef', '.ifb', '.ifnb', '.ifc', '.ifnc']);
const BRANCHES = new Set(['.else', '.elseif', '.endif']);

/** What an editor shows of the directives that enclose lines. */
export const BLOCK_DIRECTIVES: ReadonlyMap<string, { readonly form: string; readonly prose: Prose }> = new Map([
  ['.macro', { form: 'name argument, ...', prose: { en: 'Begins a macro; in its lines \\argument stands for what it is called with. Ends with .endm.', 'zh-CN': '开始一个宏；其中 \\参数 代表调用时给出的内容。以 .endm 结束。' } }],
  ['.endm', { form: '', prose: { en: 'Ends a macro.', 'zh-CN': '结束宏。' } }],
  ['.rept', { form: 'count', prose: { en: 'Repeats the lines up to .endr.', 'zh-CN': '把到 .endr 为止的各行重复若干次。' } }],
  ['.irp', { form: 'name, value, ...', prose: { en: 'Repeats the lines up to .endr, once for each value.', 'zh-CN': '对每个值各重复一次到 .endr 为止的各行。' } }],
  ['.endr', { form: '', prose: { en: 'Ends a repetition.', 'zh-CN': '结束重复。' } }],
  ['.if', { form: 'expression', prose: { en: 'Takes the lines up to .else or .endif only when the expression is not 0.', 'zh-CN': '表达式不为 0 时才采用到 .else 或 .endif 为止的各行。' } }],
  ['.ifdef', { form: 'symbol', prose: { en: 'Takes the lines up to .endif only when the symbol is defined.', 'zh-CN': '符号已定义时才采用到 .endif 为止的各行。' } }],
  ['.else', { form: '', prose: { en: 'What is taken otherwise.', 'zh-CN': '否则采用的部分。' } }],
  ['.endif', { form: '', prose: { en: 'Ends a condition.', 'zh-CN': '结束条件。' } }],
]);

export class Blocks {
  readonly #program: Program;
  readonly #read: (lines: readonly SourceLine[]) => void;
  readonly #macros = new Map<string, Macro>();
  readonly #conditions: Condition[] = [];
  #collecting: Collecting | undefined;
  #depth = 0;
  #calls = 0;
  #lines = 0;
  #leaving = false;
  #ended = false;

  constructor(program: Program, read: (lines: readonly SourceLine[]) => void) {
    this.#program = program;
    this.#read = read;
  }

  /** Nothing after this is read: .end, or a limit. */
  ended(): boolean { return this.#ended || this.#leaving; }
  stop(): void { this.#ended = true; }

  get macros(): Iterable<string> { return this.#macros.keys(); }
  readonly names: readonly string[] = [...Object.keys(COLLECTED), ...Object.values(COLLECTED), ...CONDITIONS, ...BRANCHES, '.exitm', '.end', '.purgem'];

  /** The end of the source: every block must be closed. */
  end(): void {
    if (this.#collecting) this.#program.report('unclosed-block', this.#collecting.span, { name: this.#collecting.begin, end: this.#collecting.end });
    for (const { span } of this.#conditions) this.#program.report('unclosed-block', span, { name: '.if', end: '.endif' });
  }

  /** Whether a line belongs to a block that is collected or left out. */
  swallows(line: SourceLine): boolean {
    const word = /^\s*(?:[\w.$]+:\s*)?(\.[a-z]+)/i.exec(line.text)?.[1]?.toLowerCase() ?? '';
    if (this.#collecting) {
      this.#collect(this.#collecting, word, line);
      return true;
    }
    const condition = this.#conditions.at(-1);
    if (!condition || condition.active) return false;
    // Inside a branch that does not count only conditions matter.
    if (CONDITIONS.has(word)) {
      this.#conditions.push({ span: spanOfLine(line), active: false, taken: true, dead: true });
      return true;
    }
    return !BRANCHES.has(word);
  }

  #collect(block: Collecting, word: string, line: SourceLine): void {
    if (block.end === '.endr' ? OPENS_REPEAT.has(word) : word === '.macro') block.depth += 1;
    if (word === block.end || (word === '.endmacro' && block.end === '.endm')) {
      block.depth -= 1;
      if (block.depth === 0) {
        this.#collecting = undefined;
        this.#program.guard(() => { block.done(block.lines); });
        return;
      }
    }
    block.lines.push(line);
  }

  /** Handles a statement that is about blocks, or calls a macro. False when it is neither. */
  statement(name: string, tokens: readonly Token[], span: Span, line: SourceLine): boolean {
    const lower = name.toLowerCase();
    if (CONDITIONS.has(lower)) {
      this.#conditions.push({ span: spanOf(span), active: false, taken: true, dead: false });
      const holds = this.#holds(lower, tokens, span);
      Object.assign(this.#conditions.at(-1)!, { active: holds, taken: holds });
      return true;
    }
    if (BRANCHES.has(lower)) {
      this.#branch(lower, tokens, span);
      return true;
    }
    const macro = this.#macros.get(lower);
    if (macro) {
      this.#call(macro, line, tokens, span);
      return true;
    }
    switch (lower) {
      case '.macro': this.#define(tokens, span, line); return true;
      case '.rept': this.#repeat(tokens, span); return true;
      case '.irp': case '.irpc': this.#iterate(lower, tokens, span, line); return true;
      case '.exitm': this.#leaving = this.#depth > 0; return true;
      case '.end': this.#ended = true; return true;
      case '.endm': case '.endmacro': case '.endr': throw new ExpressionError('unopened-block', span, { name: lower, begin: lower === '.endr' ? '.rept' : '.macro' });
      default: return false;
    }
  }

  // ---------------------------------------------------------------------------------------------- conditions

  #number(tokens: readonly Token[], span: Span): bigint {
    return this.#program.constant(this.#program.fold(parseExpression(tokens, span, this.#program.symbols.local)));
  }

  #holds(name: string, tokens: readonly Token[], span: Span): boolean {
    const words = tokens.map(({ text }) => text).join(' ');
    switch (name) {
      case '.ifdef': return this.#program.symbols.get(words) !== undefined;
      case '.ifndef': case '.ifnotdef': return this.#program.symbols.get(words) === undefined;
      case '.ifb': return tokens.length === 0;
      case '.ifnb': return tokens.length > 0;
      case '.ifc': case '.ifnc': {
        const [a, b] = splitAtCommas(tokens).map((part) => part.map(({ text }) => text).join(' '));
        return (a === b) === (name === '.ifc');
      }
      default: {
        const value = s64(this.#number(tokens, span));
        return name === '.ifeq' ? value === 0n : name === '.ifgt' ? value > 0n : name === '.ifge' ? value >= 0n : name === '.iflt' ? value < 0n : name === '.ifle' ? value <= 0n : value !== 0n;
      }
    }
  }

  #branch(name: string, tokens: readonly Token[], span: Span): void {
    const condition = this.#conditions.at(-1);
    if (name === '.endif' && condition) {
      this.#conditions.pop();
      return;
    }
    if (!condition || condition.last === true) throw new ExpressionError('unopened-block', span, { name, begin: '.if' });
    condition.last = name === '.else';
    const wanted = !condition.dead && !condition.taken;
    condition.active = false;
    if (wanted && (name === '.else' || this.#holds('.if', tokens, span))) condition.active = condition.taken = true;
  }

  // ---------------------------------------------------------------------------------------------- macros and repetitions

  #collectBlock(begin: string, span: Span, done: (lines: readonly SourceLine[]) => void): void {
    this.#collecting = { begin, end: COLLECTED[begin]!, span: spanOf(span), lines: [], done, depth: 1 };
  }

  /** A block with a wrong head is left out whole: its lines and its end are no mistakes of their own. */
  #leaveOut(begin: string, span: Span, error: ExpressionError): never {
    this.#collectBlock(begin, span, () => undefined);
    throw error;
  }

  #repeat(tokens: readonly Token[], span: Span): void {
    const times = this.#program.guard(() => s64(this.#number(tokens, span)));
    const count = times ?? 0n;
    if (count < 0n || count > BigInt(MOST_LINES)) this.#leaveOut('.rept', span, new ExpressionError('bad-count', spanOfTokens(tokens, span), { value: String(count) }));
    this.#collectBlock('.rept', span, (lines) => { for (let i = 0n; i < count && !this.#ended && this.#expand(lines, span); i += 1n); });
  }

  #define(tokens: readonly Token[], span: Span, line: SourceLine): void {
    const [name] = tokens;
    if (name?.kind !== 'name') this.#leaveOut('.macro', span, new ExpressionError('expected-name', name ?? span, { found: name?.text ?? '' }));
    const after = line.text.slice(line.text.indexOf(name.text, line.text.toLowerCase().indexOf('.macro') + 6) + name.text.length);
    const parameters = splitArguments(after).map((text): Parameter => {
      const match = /^([\w.$]+)\s*(?::\s*(req|vararg))?\s*(?:=\s*(.*))?$/.exec(text);
      if (!match) this.#leaveOut('.macro', span, new ExpressionError('expected-name', span, { found: text }));
      return { name: match[1]!, required: match[2] === 'req', rest: match[2] === 'vararg', otherwise: match[3] };
    });
    this.#collectBlock('.macro', span, (body) => { this.#macros.set(name.text.toLowerCase(), { name: name.text, parameters, body }); });
  }

  #call(macro: Macro, line: SourceLine, tokens: readonly Token[], span: Span): void {
    const { parameters, name } = macro;
    const at = line.text.toLowerCase().search(new RegExp(`(^|[\\s:;])${name.toLowerCase().replace(/[.$]/g, '\\$&')}(\\s|$)`));
    // With several statements on a line, or text that came from a macro, the tokens are all there is.
    const raw = line.text.includes(';') || at < 0 ? tokens.map(({ text }) => text).join(' ') : line.text.slice(line.text.toLowerCase().indexOf(name.toLowerCase(), at) + name.length);
    const given = splitArguments(raw);
    const values = new Map<string, string>();
    let next = 0;
    for (const [index, text] of given.entries()) {
      const named = /^([\w.$]+)\s*=(?!=)\s*(.*)$/.exec(text);
      const byName = named && parameters.find((parameter) => parameter.name === named[1]);
      if (byName) {
        values.set(byName.name, unquoted(named[2]!));
        continue;
      }
      const parameter = parameters[next];
      if (!parameter) throw new ExpressionError('macro-arguments', span, { name, expected: String(parameters.length), actual: String(given.length) });
      next += 1;
      values.set(parameter.name, parameter.rest ? given.slice(index).join(', ') : unquoted(text));
      if (parameter.rest) break;
    }
    for (const parameter of parameters) {
      if ((values.get(parameter.name) ?? '') !== '') continue;
      if (parameter.required) throw new ExpressionError('macro-missing-argument', span, { name, argument: parameter.name });
      values.set(parameter.name, unquoted(parameter.otherwise ?? ''));
    }
    const number = String(this.#calls);
    this.#calls += 1;
    this.#expand(macro.body.map((body) => ({ ...body, text: substitute(body.text, values, number), place: spanOf(span) })), span);
  }

  #iterate(name: string, tokens: readonly Token[], span: Span, line: SourceLine): void {
    const [symbol] = tokens;
    if (symbol?.kind !== 'name') this.#leaveOut(name, span, new ExpressionError('expected-name', symbol ?? span, { found: symbol?.text ?? '' }));
    const after = line.text.slice(line.text.indexOf(symbol.text, line.text.toLowerCase().indexOf(name) + name.length) + symbol.text.length).replace(/^\s*,/, '');
    const values = name === '.irpc' ? Array.from(unquoted(after.trim())) : splitArguments(after).map(unquoted);
    this.#collectBlock(name, span, (lines) => {
      for (const value of values) {
        if (!this.#expand(lines.map((body) => ({ ...body, text: substitute(body.text, new Map([[symbol.text, value]]), String(this.#calls)), place: spanOfLine(body) })), span)) return;
      }
    });
  }

  /** Reads lines that a block made: those of a macro with the place of its call, others with their own. False when .exitm or a limit ended them. */
  #expand(lines: readonly SourceLine[], span: Span): boolean {
    // Each expansion counts, so that empty repetitions in repetitions end as well.
    this.#lines += lines.length + 1;
    if (this.#lines > MOST_LINES) {
      this.#program.report('too-much', span, { limit: `${String(MOST_LINES)} lines` });
      this.#ended = true;
      return false;
    }
    if (this.#depth >= MOST_DEPTH) {
      this.#program.report('too-deep', span, { limit: String(MOST_DEPTH) });
      this.#ended = true;
      return false;
    }
    const conditions = this.#conditions.length;
    this.#depth += 1;
    this.#read(lines);
    this.#depth -= 1;
    if (!this.#leaving) return true;
    // .exitm leaves the conditions that were opened in these lines, too.
    this.#conditions.length = Math.min(this.#conditions.length, conditions);
    this.#leaving = false;
    return false;
  }
}

const spanOfLine = (line: SourceLine): Span => line.place ?? { line: line.line, column: line.text.length - line.text.trimStart().length + 1, endColumn: line.text.trimEnd().length + 1 };

/** \name, \@ (how many macros were called before) and \() (nothing, to end a name). */
function substitute(text: string, values: ReadonlyMap<string, string>, number: string): string {
  return text.replace(/\\(\(\)|@|[A-Za-z_$][\w$]*)/g, (whole, name: string) => {
    if (name === '()') return '';
    if (name === '@') return number;
    return values.get(name) ?? whole;
  });
}

/** Quotes keep an argument together and are not part of it (GNU as, “.macro”). */
const unquoted = (text: string): string => /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1] ?? text;

/** Arguments are separated by commas, or by blanks where no operator stands; parentheses and quotes keep together. */
function splitArguments(text: string): string[] {
  const found: string[] = [];
  let part = '';
  let depth = 0;
  let quote = false;
  const trimmed = text.trim();
  for (let at = 0; at < trimmed.length; at += 1) {
    const character = trimmed[at]!;
    if (character === '"' && trimmed[at - 1] !== '\\') quote = !quote;
    if (!quote) {
      if (character === '(') depth += 1;
      if (character === ')') depth -= 1;
      if (depth === 0 && character === ',') {
        found.push(part.trim());
        part = '';
        continue;
      }
      const next = trimmed.slice(at).trimStart()[0] ?? '';
      if (depth === 0 && /\s/.test(character) && part.trim() !== '' && !/[-+*/%&|^=<>,:(]$/.test(part.trim()) && !/[-+*/%&|^=<>,:)]/.test(next)) {
        found.push(part.trim());
        part = '';
        continue;
      }
    }
    part += character;
  }
  if (part.trim() !== '' || found.length > 0) found.push(part.trim());
  return found;
}
