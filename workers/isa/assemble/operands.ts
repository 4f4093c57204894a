/** The operands of an instruction as they were written: a register, an expression, or a memory operand such as 8(sp). */
import { floatRegisterNumber, registerNumber } from '../registers.ts';
import { ExpressionError, ExpressionParser, join, spanOf, type Expression } from './expressions.ts';
import type { Token } from './lexer.ts';
import type { Span } from './messages.ts';

export type Operand = Span & { readonly text: string } & (
  | { readonly kind: 'register'; readonly number: number }
  | { readonly kind: 'float-register'; readonly number: number }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'memory'; readonly offset: Expression | undefined; readonly base: number }
);

export type LocalName = (digit: string, direction: 'f' | 'b') => string;

/** Splits tokens at the commas outside parentheses. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  let depth = 0;
  let part: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'punctuation') {
      if (token.text === '(') depth += 1;
      else if (token.text === ')') depth -= 1;
      else if (token.text === ',' && depth <= 0) {
        parts.push(part);
        part = [];
        continue;
      }
    }
    part.push(token);
  }
  if (parts.length > 0 || part.length > 0) parts.push(part);
  return parts;
}

export const spanOfTokens = (tokens: readonly Token[], otherwise: Span): Span => {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? join(first, last) : spanOf(otherwise);
};

/** One expression that uses up all the tokens. Throws ExpressionError. */
export function parseExpression(tokens: readonly Token[], otherwise: Span, local: LocalName): Expression {
  const parser = new ExpressionParser(tokens, 0, spanOfTokens(tokens, otherwise), local);
  const expression = parser.parse();
  const left = tokens[parser.at];
  if (left) throw new ExpressionError('unexpected-text', left, { found: left.text });
  return expression;
}

export function parseOperand(tokens: readonly Token[], otherwise: Span, local: LocalName): Operand {
  const span = spanOfTokens(tokens, otherwise);
  const text = tokens.map((token) => token.text).join(' ');
  const [first] = tokens;
  if (!first) throw new ExpressionError('expected-expression', span, { found: '' });
  if (tokens.length === 1 && first.kind === 'name') {
    const number = registerNumber(first.text);
    if (number !== undefined) return { kind: 'register', number, text, ...span };
    const float = floatRegisterNumber(first.text);
    if (float !== undefined) return { kind: 'float-register', number: float, text, ...span };
  }
  const [open, base, close] = tokens.slice(-3);
  if (open?.text === '(' && base?.kind === 'name' && close?.text === ')') {
    const number = registerNumber(base.text);
    if (number !== undefined) {
      const offset = tokens.slice(0, -3);
      return { kind: 'memory', offset: offset.length === 0 ? undefined : parseExpression(offset, span, local), base: number, text, ...span };
    }
  }
  return { kind: 'expression', expression: parseExpression(tokens, span, local), text, ...span };
}
