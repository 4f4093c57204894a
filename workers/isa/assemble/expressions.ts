/** Expressions: their grammar (GNU as, "Infix Ops"), and their value once symbols have one. All arithmetic is in 64 bits, as in GNU as. */
import { s64, u64 } from '../../base/bits.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Token } from './lexer.ts';
import { diagnostic, type MessageCode, type Span } from './messages.ts';

export const MODIFIERS = ['%hi', '%lo', '%pcrel_hi', '%pcrel_lo'] as const;
export type Modifier = (typeof MODIFIERS)[number];

export type Expression = Span & (
  | { readonly k: 'number'; readonly value: bigint }
  | { readonly k: 'symbol'; readonly name: string }
  /** Where this statement stands. */
  | { readonly k: 'here' }
  | { readonly k: 'unary'; readonly op: '-' | '~' | '!' | '+'; readonly a: Expression }
  | { readonly k: 'binary'; readonly op: string; readonly a: Expression; readonly b: Expression }
  | { readonly k: 'modifier'; readonly modifier: Modifier; readonly a: Expression }
);

/** Binding strength (GNU as): multiplication and shifts, then bits, then sums and comparisons, then logic. */
const STRENGTH: Readonly<Record<string, number>> = {
  '*': 6, '/': 6, '%': 6, '<<': 6, '>>': 6, '|': 5, '&': 5, '^': 5, '+': 4, '-': 4,
  '==': 3, '!=': 3, '<>': 3, '<': 3, '>': 3, '<=': 3, '>=': 3, '&&': 2, '||': 1,
};

export class ExpressionError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(code: MessageCode, span: Span, args: Readonly<Record<string, string>> = {}) {
    super(code);
    this.diagnostic = diagnostic(code, span, args);
  }
}

/** Numbers, symbols and signs that one expression may have: it is evaluated by recursion. */
export const MOST_TERMS = 500;

/** Reads an expression from tokens `at` on. `local` names local labels: `1f` is the next `1:`. Throws ExpressionError. */
export class ExpressionParser {
  readonly #tokens: readonly Token[];
  readonly #end: Span;
  readonly #local: (digit: string, direction: 'f' | 'b') => string;
  #terms = 0;
  at: number;

  constructor(tokens: readonly Token[], at: number, end: Span, local: (digit: string, direction: 'f' | 'b') => string) {
    this.#tokens = tokens;
    this.at = at;
    this.#end = end;
    this.#local = local;
  }

  parse(least = 1): Expression {
    let a = this.#unary();
    for (;;) {
      const token = this.#tokens[this.at];
      const strength = token?.kind === 'punctuation' ? STRENGTH[token.text] : undefined;
      if (!token || strength === undefined || strength < least) return a;
      this.at += 1;
      const b = this.parse(strength + 1);
      a = { k: 'binary', op: token.text, a, b, ...join(a, b) };
    }
  }

  #unary(): Expression {
    this.#terms += 1;
    const token = this.#tokens[this.at];
    if (this.#terms > MOST_TERMS) throw new ExpressionError('expression-too-large', token ?? this.#end, { limit: String(MOST_TERMS) });
    return this.#primary(token);
  }

  #primary(token: Token | undefined): Expression {
    if (!token) throw new ExpressionError('expected-expression', this.#end, { found: '' });
    this.at += 1;
    switch (token.kind) {
      case 'number': return { k: 'number', value: token.value, ...spanOf(token) };
      case 'local': return { k: 'symbol', name: this.#local(token.digit, token.direction), ...spanOf(token) };
      case 'name':
        if (token.text.startsWith('%')) return this.#modifier(token);
        return token.text === '.' ? { k: 'here', ...spanOf(token) } : { k: 'symbol', name: token.text, ...spanOf(token) };
      case 'punctuation': {
        if (token.text === '-' || token.text === '~' || token.text === '!' || token.text === '+') {
          const a = this.#unary();
          return { k: 'unary', op: token.text, a, ...join(token, a) };
        }
        if (token.text === '(') {
          const inner = this.parse();
          this.#close(token);
          return inner;
        }
        break;
      }
      default:
    }
    throw new ExpressionError('expected-expression', token, { found: token.text });
  }

  #modifier(token: Token): Expression {
    const modifier = MODIFIERS.find((known) => known === token.text);
    if (!modifier) throw new ExpressionError('unknown-modifier', token, { name: token.text });
    const open = this.#tokens[this.at];
    if (open?.text !== '(') throw new ExpressionError('missing-parenthesis', token);
    this.at += 1;
    const a = this.parse();
    this.#close(open);
    return { k: 'modifier', modifier, a, ...join(token, a) };
  }

  #close(open: Span): void {
    const token = this.#tokens[this.at];
    if (token?.text !== ')') throw new ExpressionError('missing-parenthesis', token ?? open);
    this.at += 1;
  }
}

export const spanOf = ({ line, column, endColumn }: Span): Span => ({ line, column, endColumn });
export const join = (a: Span, b: Span): Span => (a.line === b.line ? { line: a.line, column: Math.min(a.column, b.column), endColumn: Math.max(a.endColumn, b.endColumn) } : spanOf(a));

/** What an expression may ask for. Each throws ExpressionError where there is no value. Values are unsigned 64-bit. */
export interface Environment {
  symbol(name: string, span: Span): bigint;
  here(span: Span): bigint;
  modifier(modifier: Modifier, a: Expression): bigint;
}

export function evaluate(e: Expression, environment: Environment): bigint {
  switch (e.k) {
    case 'number': return e.value;
    case 'symbol': return environment.symbol(e.name, e);
    case 'here': return environment.here(e);
    case 'modifier': return environment.modifier(e.modifier, e.a);
    case 'unary': {
      const a = evaluate(e.a, environment);
      return e.op === '-' ? u64(-a) : e.op === '~' ? u64(~a) : e.op === '!' ? (a === 0n ? 1n : 0n) : a;
    }
    case 'binary': return combine(e.op, evaluate(e.a, environment), evaluate(e.b, environment), e);
  }
}

/** Comparisons give -1 for true, as in GNU as; logic gives 1. */
const truth = (value: boolean): bigint => (value ? u64(-1n) : 0n);

function combine(op: string, a: bigint, b: bigint, span: Span): bigint {
  switch (op) {
    case '*': return u64(a * b);
    case '/': case '%':
      if (b === 0n) throw new ExpressionError('division-by-zero', span);
      return u64(op === '/' ? s64(a) / s64(b) : s64(a) % s64(b));
    case '<<': return b < 64n ? u64(a << b) : 0n;
    case '>>': return b < 64n ? a >> b : 0n;
    case '|': return a | b;
    case '&': return a & b;
    case '^': return a ^ b;
    case '+': return u64(a + b);
    case '-': return u64(a - b);
    case '==': return truth(a === b);
    case '!=': case '<>': return truth(a !== b);
    case '<': return truth(s64(a) < s64(b));
    case '>': return truth(s64(a) > s64(b));
    case '<=': return truth(s64(a) <= s64(b));
    case '>=': return truth(s64(a) >= s64(b));
    case '&&': return a !== 0n && b !== 0n ? 1n : 0n;
    default: return a !== 0n || b !== 0n ? 1n : 0n;
  }
}

/** As it was written, roughly: for messages. */
export function describe(e: Expression): string {
  switch (e.k) {
    case 'number': return e.value < 1n << 63n ? String(e.value) : String(s64(e.value));
    case 'symbol': return e.name;
    case 'here': return '.';
    case 'unary': return `${e.op}${describe(e.a)}`;
    case 'binary': return `${describe(e.a)} ${e.op} ${describe(e.b)}`;
    case 'modifier': return `${e.modifier}(${describe(e.a)})`;
  }
}
