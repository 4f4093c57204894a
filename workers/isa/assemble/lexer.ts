/** Source text to tokens, line by line: comments go, strings and characters are read, every token keeps its place. */
import { diagnostic, type Span } from './messages.ts';
import type { Diagnostic } from './diagnostic.ts';

export type Token = Span & (
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: bigint }
  /** `1.5`, `2e-3`: only in .float and .double. */
  | { readonly kind: 'decimal'; readonly text: string }
  /** `1f`, `2b`: the next or last local label of this number. */
  | { readonly kind: 'local'; readonly text: string; readonly digit: string; readonly direction: 'f' | 'b' }
  | { readonly kind: 'string'; readonly text: string; readonly bytes: readonly number[] }
  | { readonly kind: 'punctuation'; readonly text: string }
);

/** One line of the source, or of a macro's body: text that came from a macro reports the place of the call. */
export interface SourceLine {
  readonly text: string;
  readonly line: number;
  readonly place?: Span;
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, '"': 34, '\\': 92, "'": 39 };
/** Names may hold dots, dollars and (in macro bodies) \arguments; directives begin with a dot, operators with %. */
const NAME = /[A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*/y;
const MODIFIER = /%[A-Za-z_]\w*/y;
const NUMBER = /\d\w*/y;
const DECIMAL = /\d+(?:\.\d+(?:[eE][-+]?\d+)?|[eE][-+]?\d+)(?![\w.])/y;
const PUNCTUATION = /<<|>>|<=|>=|==|!=|<>|&&|\|\||[-+*/%&|^~!<>()=,:;@{}[\]?]/y;

/** Splits into lines and blanks comments that run over lines, so that columns stay. */
export function sourceLines(text: string, report: (diagnostic: Diagnostic) => void): SourceLine[] {
  const lines: SourceLine[] = [];
  let comment: Span | undefined;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    let out = '';
    let at = 0;
    let quote = '';
    while (at < raw.length) {
      const two = raw.slice(at, at + 2);
      if (comment) {
        if (two === '*/') { comment = undefined; out += '  '; at += 2; } else { out += ' '; at += 1; }
      } else if (quote !== '') {
        if (raw[at] === '\\') { out += two; at += 2; continue; }
        if (raw[at] === quote) quote = '';
        out += raw[at]!;
        at += 1;
      } else if (two === '/*') {
        comment = { line: index + 1, column: at + 1, endColumn: at + 3 };
        out += '  ';
        at += 2;
      } else if (raw[at] === '#' || two === '//') {
        break;
      } else {
        if (raw[at] === '"') quote = '"';
        else if (raw[at] === "'" && raw[at + 1] !== undefined) {
          // A character constant: the quote at its end may be left out, so it is not a string.
          const length = raw[at + 1] === '\\' ? 3 : 2;
          out += raw.slice(at, at + length);
          at += length;
          continue;
        }
        out += raw[at]!;
        at += 1;
      }
    }
    lines.push({ text: out, line: index + 1 });
  }
  if (comment) report(diagnostic('unterminated-comment', comment));
  return lines;
}

export function tokenize(source: SourceLine, report: (diagnostic: Diagnostic) => void): Token[] {
  const { text, line, place } = source;
  const tokens: Token[] = [];
  const span = (from: number, to: number): Span => place ?? { line, column: from + 1, endColumn: to + 1 };
  const match = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === ' ' || character === '\t' || character === '\f' || character === '\v') { at += 1; continue; }
    const from = at;
    if (character === '"') {
      const { bytes, end, closed } = readString(text, at + 1);
      at = end;
      if (!closed) report(diagnostic('unterminated-string', span(from, at)));
      tokens.push({ kind: 'string', text: text.slice(from, at), bytes, ...span(from, at) });
      continue;
    }
    if (character === "'") {
      const { value, end } = readCharacter(text, at + 1);
      at = end;
      if (value === undefined) report(diagnostic('bad-number', span(from, at), { found: text.slice(from, at) }));
      tokens.push({ kind: 'number', text: text.slice(from, at), value: BigInt(value ?? 0), ...span(from, at) });
      continue;
    }
    const decimal = match(DECIMAL, at);
    if (decimal !== undefined) {
      at += decimal.length;
      tokens.push({ kind: 'decimal', text: decimal, ...span(from, at) });
      continue;
    }
    const number = match(NUMBER, at);
    if (number !== undefined) {
      at += number.length;
      tokens.push(readNumber(number, span(from, at), report));
      continue;
    }
    const name = match(NAME, at) ?? match(MODIFIER, at);
    if (name !== undefined && !(name.startsWith('%') && isOperand(tokens.at(-1)))) {
      at += name.length;
      tokens.push({ kind: 'name', text: name, ...span(from, at) });
      continue;
    }
    const punctuation = match(PUNCTUATION, at);
    at += punctuation?.length ?? 1;
    if (punctuation === undefined) report(diagnostic('bad-character', span(from, at), { found: character }));
    else tokens.push({ kind: 'punctuation', text: punctuation, ...span(from, at) });
  }
  return tokens;
}

/** After an operand, % is the remainder operator, not the beginning of %hi. */
const isOperand = (token: Token | undefined): boolean => token !== undefined && (token.kind !== 'punctuation' || token.text === ')');

function readNumber(text: string, span: Span, report: (diagnostic: Diagnostic) => void): Token {
  const local = /^(\d+)([fb])$/.exec(text);
  if (local) return { kind: 'local', text, digit: local[1]!, direction: local[2] as 'f' | 'b', ...span };
  const clean = /^(0x[0-9a-f]+|0b[01]+|0[0-7]*|[1-9]\d*)$/i.test(text);
  const value = clean ? BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text) : 0n;
  if (!clean) report(diagnostic('bad-number', span, { found: text }));
  else if (value >= 1n << 64n) report(diagnostic('number-too-large', span, { found: text }));
  return { kind: 'number', text, value: BigInt.asUintN(64, value), ...span };
}

/** Escapes of strings and characters: \n, octal \012, hexadecimal \x0a. Gives the value and where it ends. */
function readEscape(text: string, at: number): { readonly value: number; readonly end: number } {
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(text.slice(at));
  if (hex) return { value: parseInt(hex[1]!, 16), end: at + hex[0].length };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at));
  if (octal) return { value: parseInt(octal[0], 8) & 0xff, end: at + octal[0].length };
  const character = text[at] ?? '\\';
  return { value: ESCAPES[character] ?? character.charCodeAt(0) & 0xff, end: at + 1 };
}

function readString(text: string, at: number): { readonly bytes: readonly number[]; readonly end: number; readonly closed: boolean } {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  while (at < text.length) {
    if (text[at] === '"') return { bytes, end: at + 1, closed: true };
    if (text[at] === '\\') {
      const { value, end } = readEscape(text, at + 1);
      bytes.push(value);
      at = end;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at)!);
    bytes.push(...encoder.encode(character));
    at += character.length;
  }
  return { bytes, end: text.length, closed: false };
}

function readCharacter(text: string, at: number): { readonly value: number | undefined; readonly end: number } {
  if (at >= text.length) return { value: undefined, end: at };
  let value = text.codePointAt(at)!;
  let end = at + String.fromCodePoint(value).length;
  if (text[at] === '\\') ({ value, end } = readEscape(text, at + 1));
  return { value, end: text[end] === "'" ? end + 1 : end };
}
