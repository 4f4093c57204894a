/** A program being assembled: its sections, symbols and mistakes. Directives and instructions add to it; `finish` gives it addresses. */
import { hex, s64, u64 } from '../../base/bits.ts';
import type { Assembly } from './assemble.ts';
import type { Diagnostic } from './diagnostic.ts';
import { describe, evaluate, ExpressionError, MOST_TERMS, spanOf, type Environment, type Expression, type Modifier } from './expressions.ts';
import { diagnostic, type MessageCode, type Span } from './messages.ts';
import { layOut, orderSections, sectionBytes, type AssemblySection, type Item } from './sections.ts';
import { isLocalName, Symbols } from './symbols.ts';

export const MOST_OUTPUT = 16 << 20;
const MOST_DIAGNOSTICS = 200;
/** Symbols whose values need each other, one inside the other. */
const MOST_NESTED = 50;

const low12 = (value: bigint): bigint => u64(BigInt.asIntN(12, value));
/** The upper part that, with the sign-extended low 12 bits added, gives the value. */
const high20 = (value: bigint): bigint => u64(((BigInt.asIntN(64, value) + 0x800n) >> 12n) & 0xf_ffffn);

/** Whether an upper part of 20 bits and a lower one of 12 make this value, sign-extended from 32 bits. */
const reaches = (value: bigint): boolean => BigInt.asIntN(32, s64(value) + 0x800n) === s64(value) + 0x800n;

export class Program {
  readonly symbols = new Symbols();
  readonly diagnostics: Diagnostic[] = [];
  readonly #told = new Set<string>();
  readonly #sections = new Map<string, AssemblySection>();
  readonly #sizes = new Map<string, { readonly expression: Expression; readonly here: Item }>();
  #section: AssemblySection;
  #previous: AssemblySection;
  readonly #stack: AssemblySection[] = [];
  readonly #offsets = new Map<AssemblySection, number>();
  #total = 0;
  /** What %pcrel_lo looks for: the target of the %pcrel_hi at an address. Known after the layout. */
  readonly #pcrel: { readonly item: Item; readonly target: Expression }[] = [];
  #pcrelTargets = new Map<bigint, { readonly item: Item; readonly target: Expression }>();
  /** Expressions of symbols being evaluated now: a symbol that needs itself has no value. */
  readonly #evaluating = new Set<string>();
  /** Values of symbols in this round of the layout: each is found once, however often others need it. */
  readonly #values = new Map<string, bigint>();

  constructor() {
    this.#section = this.#previous = this.#open('.text');
  }

  // ---------------------------------------------------------------------------------------------- mistakes

  report(code: MessageCode, span: Span, args: Readonly<Record<string, string>> = {}): void {
    this.add(diagnostic(code, span, args));
  }

  /** One mistake is told once, though both halves of `la` or every round of a repetition meet it. */
  readonly add = (found: Diagnostic): void => {
    const key = JSON.stringify([found.line, found.column, found.code, found.args]);
    if (this.diagnostics.length >= MOST_DIAGNOSTICS || this.#told.has(key)) return;
    this.#told.add(key);
    this.diagnostics.push(found);
  };

  /** Runs `work`; a mistake in an expression becomes a diagnostic, and `undefined`. */
  guard<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.add(error.diagnostic);
      return undefined;
    }
  }

  get failed(): boolean { return this.diagnostics.some(({ severity }) => severity === 'error'); }

  // ---------------------------------------------------------------------------------------------- sections

  #open(name: string): AssemblySection {
    let section = this.#sections.get(name);
    if (!section) {
      section = { name, items: [], alignment: name.startsWith('.text') ? 4 : 1, address: 0n };
      this.#sections.set(name, section);
      this.#offsets.set(section, 0);
    }
    return section;
  }

  get section(): AssemblySection { return this.#section; }
  get isCode(): boolean { return this.#section.name.startsWith('.text'); }

  useSection(name: string): void {
    this.#previous = this.#section;
    this.#section = this.#open(name);
  }
  pushSection(name: string): void {
    this.#stack.push(this.#section);
    this.useSection(name);
  }
  popSection(): boolean {
    const section = this.#stack.pop();
    if (section) this.#section = section;
    return section !== undefined;
  }
  usePreviousSection(): void {
    [this.#section, this.#previous] = [this.#previous, this.#section];
  }

  /** Adds an item to the section in use. */
  place(span: Span, size: number, write: (item: Item) => Uint8Array, { settle, listed = true }: { readonly settle?: (item: Item) => void; readonly listed?: boolean } = {}): Item {
    const item: Item = { span, size, address: 0n, write, listed, ...(settle && { settle }) };
    this.#section.items.push(item);
    this.#offsets.set(this.#section, this.offset + size);
    this.#total += size;
    // Checked here, too, so that nothing huge is ever built.
    if (this.#total > MOST_OUTPUT) throw new TooMuch(span);
    return item;
  }

  /** Where the section in use stands, as far as is known before the layout. */
  get offset(): number { return this.#offsets.get(this.#section)!; }

  /** A place of no size: what labels and `.` refer to. */
  mark(span: Span): Item {
    return this.place(span, 0, () => new Uint8Array(0), { listed: false });
  }

  // ---------------------------------------------------------------------------------------------- symbols

  defineLabel(name: string, span: Span): void {
    const known = this.symbols.get(name);
    if (known) {
      this.report('duplicate-label', span, { name, line: String(known.line) });
      return;
    }
    this.symbols.set(name, { kind: 'label', section: this.#section, item: this.mark(span), offset: this.offset, line: span.line });
  }

  /** .equ, .set and =: a number now if it can be, else an expression for later. A label cannot be given another value. */
  assign(name: string, expression: Expression, span: Span): void {
    const known = this.symbols.get(name);
    if (known?.kind === 'label') {
      this.report('duplicate-label', span, { name, line: String(known.line) });
      return;
    }
    const value = this.constantOrUndefined(expression);
    this.symbols.set(name, value === undefined ? { kind: 'expression', expression, here: this.mark(span), section: this.#section, offset: this.offset, line: span.line } : { kind: 'number', value, line: span.line });
  }

  setSize(name: string, expression: Expression, span: Span): void {
    this.#sizes.set(name, { expression, here: this.mark(span) });
  }

  /** Replaces symbols that are numbers now by their value: .set may give them another later on. */
  fold(e: Expression): Expression {
    switch (e.k) {
      case 'symbol': {
        const meaning = this.symbols.get(e.name);
        return meaning?.kind === 'number' ? { ...e, k: 'number', value: meaning.value } : e;
      }
      case 'unary': case 'modifier': return { ...e, a: this.fold(e.a) };
      case 'binary': return { ...e, a: this.fold(e.a), b: this.fold(e.b) };
      default: return e;
    }
  }

  // ---------------------------------------------------------------------------------------------- values

  /** A value that must be known now. Throws ExpressionError. */
  constant(expression: Expression): bigint {
    const [a, b] = [this.#provisional(expression, 1n << 40n), this.#provisional(expression, 1n << 44n)];
    // What changes with the place of the sections is no constant; the distance of two labels in one section is.
    if (a !== b) throw new ExpressionError('not-constant', expression, { what: describe(expression) });
    return a;
  }

  /** A place in the section in use, as an offset in it that is known now: of a label, of `.`, or a number. Throws ExpressionError. */
  offsetOf(expression: Expression): bigint {
    const place: Expression = { k: 'binary', op: '-', a: expression, b: { k: 'here', ...spanOf(expression) }, ...spanOf(expression) };
    const ahead = this.constantOrUndefined(place);
    return ahead === undefined ? this.constant(expression) : u64(ahead + BigInt(this.offset));
  }

  /** As `constant`, for what may be known only later. */
  constantOrUndefined(expression: Expression): bigint | undefined {
    try {
      return this.constant(expression);
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  }

  /** The value if each section stood at its own multiple of `spread`. */
  #provisional(expression: Expression, spread: bigint): bigint {
    const base = (section: AssemblySection): bigint => spread * BigInt(1 + [...this.#sections.values()].indexOf(section));
    const known = new Map<string, bigint>();
    const environment = (section: AssemblySection, offset: number): Environment => ({
      symbol: (name, span) => {
        const meaning = this.symbols.get(name);
        if (!meaning) throw new ExpressionError('not-constant-yet', span);
        if (meaning.kind === 'number') return meaning.value;
        if (meaning.kind === 'label') return base(meaning.section) + BigInt(meaning.offset);
        return this.#once(name, span, known, () => evaluate(meaning.expression, environment(meaning.section, meaning.offset)));
      },
      here: () => base(section) + BigInt(offset),
      modifier: (modifier, a) => absolutePart(modifier, evaluate(a, environment(section, offset)), a),
    });
    return evaluate(expression, environment(this.#section, this.offset));
  }

  /** The value of a symbol that is an expression, found once. */
  #once(name: string, span: Span, known: Map<string, bigint>, work: () => bigint): bigint {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (this.#evaluating.has(name)) throw new ExpressionError('circular-symbol', span, { name });
    if (this.#evaluating.size >= MOST_NESTED) throw new ExpressionError('expression-too-large', span, { limit: String(MOST_TERMS) });
    this.#evaluating.add(name);
    try {
      const value = work();
      known.set(name, value);
      return value;
    } finally {
      this.#evaluating.delete(name);
    }
  }

  /** The value of an expression written at an item, by the addresses of the layout. Throws ExpressionError. */
  value(expression: Expression, at: Item): bigint {
    const environment: Environment = {
      symbol: (name, span) => {
        const meaning = this.symbols.get(name);
        if (!meaning) throw this.symbols.undefined(name, span);
        if (meaning.kind === 'number') return meaning.value;
        if (meaning.kind === 'label') return meaning.item.address;
        return this.#once(name, span, this.#values, () => this.value(meaning.expression, meaning.here));
      },
      here: () => at.address,
      modifier: (modifier, a) => {
        switch (modifier) {
          case '%hi': {
            const value = evaluate(a, environment);
            // A number is taken as its 32 bits, as GNU as does; an address that lui cannot make is refused, as GNU ld does.
            if (!reaches(value) && this.constantOrUndefined(a) === undefined) throw new ExpressionError('address-out-of-reach', a, { address: hex(value), modifier });
            return high20(value);
          }
          case '%pcrel_hi': {
            const value = evaluate(a, environment);
            const distance = u64(value - at.address);
            if (!reaches(distance)) throw new ExpressionError('address-out-of-reach', a, { address: hex(value), modifier });
            return high20(distance);
          }
          case '%pcrel_lo': {
            const hi = this.#pcrelTargets.get(evaluate(a, environment));
            if (!hi) throw new ExpressionError('pcrel-lo-without-hi', a, { name: describe(a) });
            return low12(u64(this.value(hi.target, hi.item) - hi.item.address));
          }
          default: return absolutePart(modifier, evaluate(a, environment), a);
        }
      },
    };
    return evaluate(expression, environment);
  }

  /** This item has %pcrel_hi of a target: %pcrel_lo of its label needs it. */
  notePcrel(item: Item, target: Expression): void {
    this.#pcrel.push({ item, target });
  }

  // ---------------------------------------------------------------------------------------------- the end

  finish(origin: bigint): Assembly | undefined {
    this.#padCode();
    const sections = orderSections([...this.#sections.values()]);
    if (!layOut(sections, origin, MOST_OUTPUT, () => { this.#values.clear(); }, (span) => { this.report('too-much', span, { limit: '16 MiB' }); })) return undefined;
    this.#pcrelTargets = new Map(this.#pcrel.map((hi) => [hi.item.address, hi]));
    const written = sections.map((section) => ({ name: section.name, address: section.address, bytes: sectionBytes(section) }));
    for (const [name, meaning] of this.symbols.entries()) {
      if (meaning.kind === 'expression') this.guard(() => this.#once(name, meaning.expression, this.#values, () => this.value(meaning.expression, meaning.here)));
    }
    if (this.failed) return undefined;
    const start = this.symbols.get('_start');
    return {
      sections: written.filter(({ bytes }) => bytes.length > 0),
      entry: start?.kind === 'label' ? start.item.address : origin,
      symbols: this.#exported(),
      lines: sections.flatMap((section) => section.items).filter(({ listed, size }) => listed && size > 0).map(({ address, span }) => ({ address, line: span.line })),
    };
  }

  /** Code sections end at a multiple of their alignment, with nops, as GNU as leaves them. */
  #padCode(): void {
    for (const section of this.#sections.values()) {
      const last = section.items.at(-1);
      if (!last || !section.name.startsWith('.text') || section.alignment <= 4) continue;
      this.useSection(section.name);
      const padding = (at: bigint): number => Number((BigInt(section.alignment) - (at % BigInt(section.alignment))) % BigInt(section.alignment));
      this.place(last.span, padding(BigInt(this.offset)), ({ size }) => codePadding(size), { listed: false, settle: (item) => { item.size = padding(item.address); } });
    }
  }

  #exported(): Assembly['symbols'] {
    const symbols: { name: string; address: bigint; size: number }[] = [];
    for (const [name, meaning] of this.symbols.entries()) {
      if (meaning.kind !== 'label' || isLocalName(name)) continue;
      const size = this.#sizes.get(name);
      symbols.push({ name, address: meaning.item.address, size: size ? Number(BigInt.asUintN(32, this.guard(() => this.value(size.expression, size.here)) ?? 0n)) : 0 });
    }
    return symbols.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }
}

const NOP = [0x13, 0, 0, 0] as const;
const COMPRESSED_NOP = [0x01, 0] as const;

/** Room in code that the hart may run through: a zero to an even address, a compressed nop to a whole word, then nops. */
export function codePadding(size: number): Uint8Array {
  const words = Array.from({ length: Math.floor(size / 4) }, () => NOP).flat();
  return Uint8Array.from([...(size % 2 === 1 ? [0] : []), ...((size & 2) !== 0 ? COMPRESSED_NOP : []), ...words]);
}

/** The program outgrew its limit: nothing more is read. */
export class TooMuch extends Error {
  readonly span: Span;
  constructor(span: Span) {
    super('too much');
    this.span = span;
  }
}

function absolutePart(modifier: Modifier, value: bigint, a: Expression): bigint {
  if (modifier === '%hi') return high20(value);
  if (modifier === '%lo') return low12(value);
  throw new ExpressionError('not-constant', a, { what: `${modifier}(${describe(a)})` });
}
