/** Reads the source line by line: blocks (macros, repetitions, conditions), labels, directives, instructions. */
import { Blocks } from './blocks.ts';
import { DIRECTIVES } from './directives.ts';
import { ExpressionError, spanOf } from './expressions.ts';
import { instruction, isInstruction, MNEMONICS } from './instructions.ts';
import { tokenize, type SourceLine, type Token } from './lexer.ts';
import type { Span } from './messages.ts';
import { nearest } from './nearest.ts';
import { parseExpression, parseOperand, spanOfTokens, splitAtCommas, type Operand } from './operands.ts';
import type { Program } from './program.ts';
import { PSEUDO, pseudoFor } from './pseudo.ts';

/** Statements that one program may have, macros and repetitions written out. */
const MOST_STATEMENTS = 250_000;

export class Reader {
  readonly #program: Program;
  readonly #blocks: Blocks;
  #statements = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#blocks = new Blocks(program, (lines) => { this.#read(lines); });
  }

  read(lines: readonly SourceLine[]): void {
    this.#read(lines);
    this.#blocks.end();
  }

  #read(lines: readonly SourceLine[]): void {
    for (const line of lines) {
      if (this.#blocks.ended()) return;
      if (this.#blocks.swallows(line)) continue;
      const tokens = tokenize(line, this.#program.add);
      for (const statement of splitStatements(tokens)) {
        this.#statements += 1;
        if (this.#statements > MOST_STATEMENTS) {
          this.#program.report('too-much', statement[0]!, { limit: `${String(MOST_STATEMENTS)} statements` });
          this.#blocks.stop();
          return;
        }
        this.#program.guard(() => { this.#statement(statement, line); });
        if (this.#blocks.ended()) return;
      }
    }
  }

  #statement(tokens: readonly Token[], line: SourceLine): void {
    const rest = this.#labels(tokens);
    const [first, second] = rest;
    if (!first) return;
    const program = this.#program;
    if (first.kind !== 'name') throw new ExpressionError('unexpected-text', first, { found: first.text });
    if (second?.text === '=') {
      program.assign(first.text, program.fold(parseExpression(rest.slice(second.kind === 'punctuation' && rest[2]?.text === '=' ? 3 : 2), first, program.symbols.local)), spanOf(first));
      return;
    }
    const name = first.text;
    const after = rest.slice(1);
    if (this.#blocks.statement(name, after, first, line)) return;
    const lower = name.toLowerCase();
    if (lower.startsWith('.')) this.#directive(lower, after, first);
    else this.#instruction(lower, after, first);
  }

  /** Defines the labels in front of a statement; gives what follows them. */
  #labels(tokens: readonly Token[]): readonly Token[] {
    let at = 0;
    for (;;) {
      const [label, colon] = [tokens[at], tokens[at + 1]];
      if (!label || colon?.text !== ':' || colon.kind !== 'punctuation') return tokens.slice(at);
      if (label.kind === 'name') this.#program.defineLabel(label.text, spanOf(label));
      else if (label.kind === 'number' && /^\d+$/.test(label.text)) this.#program.defineLabel(this.#program.symbols.defineLocal(label.text), spanOf(label));
      else throw new ExpressionError('expected-name', label, { found: label.text });
      at += 2;
    }
  }

  #directive(name: string, tokens: readonly Token[], span: Span): void {
    const directive = DIRECTIVES.get(name);
    if (!directive) {
      const near = nearest(name, [...DIRECTIVES.keys(), ...this.#blocks.names]);
      throw near === undefined ? new ExpressionError('unknown-directive-far', span, { name }) : new ExpressionError('unknown-directive', span, { name, near });
    }
    directive.run({ program: this.#program, tokens, span: spanOf(span) });
  }

  #instruction(name: string, tokens: readonly Token[], first: Span): void {
    const program = this.#program;
    const span = spanOfTokens(tokens, first);
    const statement = first.line === span.line ? { line: first.line, column: first.column, endColumn: Math.max(first.endColumn, span.endColumn) } : spanOf(first);
    if (!isInstruction(name) && !PSEUDO.has(name)) {
      const near = nearest(name, [...MNEMONICS, ...PSEUDO.keys(), ...this.#blocks.macros]);
      throw near === undefined ? new ExpressionError('unknown-instruction-far', first, { name }) : new ExpressionError('unknown-instruction', first, { name, near });
    }
    const operands = splitAtCommas(tokens).map((part) => this.#operand(part, first));
    const pseudo = pseudoFor(name, operands);
    if (pseudo) {
      pseudo.expand({ program, span: statement, emit: (real, ...given) => { instruction(program, real, given, statement); } }, operands);
      return;
    }
    if (!isInstruction(name)) {
      const { forms } = PSEUDO.get(name)!;
      throw new ExpressionError('operand-count', statement, { name, expected: forms.map((form) => String(form.split(', ').length)).join(' or '), actual: String(operands.length), form: `${name} ${forms[0]!}` });
    }
    instruction(program, name, operands, statement);
  }

  #operand(tokens: readonly Token[], span: Span): Operand {
    const operand = parseOperand(tokens, span, this.#program.symbols.local);
    if (operand.kind === 'expression') return { ...operand, expression: this.#program.fold(operand.expression) };
    if (operand.kind === 'memory' && operand.offset) return { ...operand, offset: this.#program.fold(operand.offset) };
    return operand;
  }
}

/** Splits at semicolons. */
function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'punctuation' && token.text === ';') statements.push([]);
    else statements.at(-1)!.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}
