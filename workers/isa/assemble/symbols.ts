/** Symbols: labels, which are items of a section, and values given by .equ and .set. */
import { ExpressionError, type Expression } from './expressions.ts';
import type { Item, AssemblySection } from './sections.ts';
import type { Span } from './messages.ts';
import { nearest } from './nearest.ts';

export type Meaning =
  | { readonly kind: 'label'; readonly section: AssemblySection; readonly item: Item; /** Offset in the section as far as is known now. */ readonly offset: number; readonly line: number }
  /** A number, or an expression that is known only after the layout; `here` is the item at which it was written. */
  | { readonly kind: 'number'; readonly value: bigint; readonly line: number }
  | { readonly kind: 'expression'; readonly expression: Expression; readonly here: Item; readonly section: AssemblySection; readonly offset: number; readonly line: number };

/** Local labels get names that nobody can write. */
const LOCAL = '\u0001';

export class Symbols {
  readonly #meanings = new Map<string, Meaning>();
  readonly #locals = new Map<string, number>();

  get(name: string): Meaning | undefined { return this.#meanings.get(name); }
  set(name: string, meaning: Meaning): void { this.#meanings.set(name, meaning); }
  entries(): Iterable<[string, Meaning]> { return this.#meanings; }

  /** The name of the local label that `digit:` defines now. */
  defineLocal(digit: string): string {
    const count = (this.#locals.get(digit) ?? 0) + 1;
    this.#locals.set(digit, count);
    return `${LOCAL}${digit}${LOCAL}${String(count)}`;
  }

  /** The name of the local label that `1f` or `1b` means here. */
  readonly local = (digit: string, direction: 'f' | 'b'): string =>
    `${LOCAL}${digit}${LOCAL}${String((this.#locals.get(digit) ?? 0) + (direction === 'f' ? 1 : 0))}`;

  undefined(name: string, span: Span): ExpressionError {
    if (name.startsWith(LOCAL)) {
      const digit = name.split(LOCAL)[1]!;
      return new ExpressionError('undefined-local-label', span, { name: digit, digit });
    }
    const near = nearest(name, [...this.#meanings.keys()].filter((known) => !known.startsWith(LOCAL)));
    return near === undefined ? new ExpressionError('undefined-symbol-far', span, { name }) : new ExpressionError('undefined-symbol', span, { name, near });
  }
}

export const isLocalName = (name: string): boolean => name.startsWith(LOCAL) || name.startsWith('.L');
