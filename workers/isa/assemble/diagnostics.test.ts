/** What the assembler says of wrong sources: every kind of mistake, at its place. «» marks the place; it is no part of the source. */
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';
import { diagnosticText, MESSAGES, type MessageCode } from './messages.ts';

const WRONG: readonly (readonly [code: MessageCode, source: string])[] = [
  ['unknown-instruction', 'nop\n  «adi» a0, a0, 1'],
  ['unknown-instruction-far', '«vsetvli» t0, a0, e8'],
  ['unknown-directive', '«.blign» 8'],
  ['unknown-directive-far', '«.cfi_startproc»'],
  ['operand-count', 'x: «add a0, a1»'],
  ['expected-register', 'add a0, «b7», a1'],
  ['expected-float-register', 'fadd.d fa0, «a1», fa2'],
  ['expected-rounding', 'fadd.d fa0, fa1, fa2, «up»'],
  ['expected-decimal', '.double 1.5, «one»'],
  ['expected-memory', 'lr.w a0, «a1»'],
  ['expected-expression', 'addi a0, a1, «a2»'],
  ['expected-csr', 'csrr a0, «sstatsu»'],
  ['expected-csr-far', 'csrr a0, «vlenb_of_nothing»'],
  ['expected-fence-set', 'fence «rx», w'],
  ['out-of-range', 'addi a0, a1, «5000»'],
  ['out-of-range', 'lw a0, «2048»(sp)'],
  ['out-of-range', 'csrwi sscratch, «32»'],
  ['out-of-range', 'c.sub «t0», a1'],
  ['out-of-range', 'lui a0, «0x100000»'],
  ['not-a-multiple', 'c.lw a0, «2»(a1)'],
  ['not-a-multiple', 'j «. + 3»'],
  ['reserved-operands', '«c.mv a0, zero»'],
  ['reserved-operands', '«c.addi4spn a0, sp, 0»'],
  ['target-too-far', 'j «far»\n.skip 0x200000\nfar:'],
  ['target-too-far', 'beqz a0, «far»\n.skip 0x200000\nfar:'],
  ['target-too-far', 'c.j «far»\n.skip 4096\nfar:'],
  ['undefined-symbol', 'message: nop\nla a0, «mesage»'],
  ['undefined-symbol-far', 'call «somewhere»'],
  ['undefined-local-label', 'bnez a0, «1f»'],
  ['duplicate-label', 'here: nop\n  «here»: nop'],
  ['not-constant', 'here: li a0, «here»'],
  ['not-constant-yet', '.skip «SIZE»\n.equ SIZE, 8'],
  ['circular-symbol', '.equ a, «a» + 1\n.word a'],
  ['division-by-zero', 'li a0, «1 / 0»'],
  ['expression-too-large', `li a0, ${'('.repeat(500)}«(»1`],
  ['missing-parenthesis', 'li a0, «(»1 + 2'],
  ['unexpected-text', 'li a0, 1 «2»'],
  ['unterminated-string', '.ascii «"abc»'],
  ['unterminated-comment', 'nop «/*» and so on\nnop'],
  ['bad-character', 'addi a0, a0, «`»1'],
  ['bad-number', 'li a0, «0x12g»'],
  ['number-too-large', 'li a0, «0x1ffffffffffffffff»'],
  ['value-truncated', '.byte «256»'],
  ['bad-alignment', '.balign «3»'],
  ['bad-alignment', '.align «17»'],
  ['bad-count', '.rept «1000000000»\nnop\n.endr'],
  ['bad-count', '.space «-1»'],
  ['org-backwards', '.skip 16\n.org «8»'],
  ['expected-string', '.asciz «5»'],
  ['expected-name', '.macro «5»\nnop\n.endm'],
  ['unclosed-block', 'nop\n«.macro» m\nnop'],
  ['unclosed-block', '«.if» 1\nnop'],
  ['unclosed-block', '«.rept» 3\nnop'],
  ['unopened-block', 'nop\n«.endm»'],
  ['unopened-block', '«.else»'],
  ['macro-arguments', '.macro m a\n.endm\n«m» 1, 2'],
  ['macro-missing-argument', '.macro m a:req\n.endm\n«m»'],
  ['too-deep', '.macro again\nagain\n.endm\n«again»'],
  ['too-much', '«.space» 0x7fffffffffffffff'],
  ['too-much', '.rept 250000\n«.rept» 250000\n.endr\n.endr'],
  ['no-files', '«.include» "other.s"'],
  ['user-error', '«.error» "not like this"'],
  ['user-warning', '«.warning» "mind the gap"'],
  ['pcrel-lo-without-hi', 'here: addi a0, a0, %pcrel_lo(«here»)'],
  ['unknown-modifier', 'addi a0, a0, «%tprel_lo»(x)'],
  ['wrong-modifier', 'here: addi a0, a0, «%pcrel_hi(here»)'],
  ['wrong-modifier', 'here: lui a0, «%lo(here»)'],
  ['address-out-of-reach', 'here: lui a0, %hi(«here»)'],
  ['address-out-of-reach', 'auipc a0, %pcrel_hi(«0x100000»)'],
  ['address-out-of-reach', 'call «0x100000»'],
  ['duplicate-label', '.equ x, 1\n«x»: nop'],
  ['duplicate-label', 'x: nop\n«.equiv» x, 1'],
  ['unopened-block', '.if 1\n.else\n«.else»\n.endif'],
  ['unknown-option', '.option «fast»'],
];

function unmark(marked: string): { readonly source: string; readonly place: { readonly line: number; readonly column: number; readonly endColumn: number } } {
  const before = marked.slice(0, marked.indexOf('«')).split('\n');
  const column = before.at(-1)!.length + 1;
  return { source: marked.replace(/[«»]/g, ''), place: { line: before.length, column, endColumn: column + marked.indexOf('»') - marked.indexOf('«') - 1 } };
}

describe('a wrong source', () => {
  it.each(WRONG)('%s: %s', (code, marked) => {
    const { source, place } = unmark(marked);
    const { assembly, diagnostics } = assemble(source);
    expect(diagnostics.map(({ code: found, line, column, endColumn }) => ({ code: found, line, column, endColumn }))).toEqual([{ code, ...place }]);
    expect(assembly === undefined, 'bytes only without errors').toBe(diagnostics[0]!.severity === 'error');
  });

  it('is known here for every kind of mistake that the assembler can say', () => {
    const known = new Set(WRONG.map(([code]) => code));
    expect(Object.keys(MESSAGES).filter((code) => !known.has(code as MessageCode))).toEqual([]);
  });

  it.each(WRONG)('is spoken of without gaps, in both languages (%s: %s)', (_, marked) => {
    for (const found of assemble(unmark(marked).source).diagnostics) {
      for (const language of ['en', 'zh-CN'] as const) {
        const { message, fix } = diagnosticText(found, language);
        expect(`${message} ${fix ?? ''}`).not.toMatch(/\{\w+\}|undefined|“”|\u0001/);
      }
      expect(diagnosticText(found, 'en')).toEqual({ message: found.message, ...(found.fix !== undefined && { fix: found.fix }) });
    }
  });
});

describe('several mistakes', () => {
  it('are all reported, in the order of the source', () => {
    const { diagnostics } = assemble('adi a0, a0, 1\nnop\nadd a0, a1\n.byte 300\nj nowhere_at_all\naddi a0, a0, 4096\nnop ; li a0, zzz ; mvv a0, a1\n');
    expect(diagnostics.map(({ line, code }) => `${String(line)} ${code}`)).toEqual([
      '1 unknown-instruction', '3 operand-count', '4 value-truncated', '5 undefined-symbol-far', '6 out-of-range', '7 not-constant-yet', '7 unknown-instruction',
    ]);
  });

  it('in a macro are shown where it is called', () => {
    const { diagnostics } = assemble('.macro m a\naddi a0, a0, \\a\n.endm\nm 1\n  m 5000\nm 6000\n');
    expect(diagnostics.map(({ line, column, code }) => [line, column, code])).toEqual([[5, 3, 'out-of-range'], [6, 1, 'out-of-range']]);
  });

  it('are not more than the reader can read', () => {
    expect(assemble('adi\n'.repeat(5000)).diagnostics).toHaveLength(200);
  });
});

describe('a likely fix', () => {
  it.each([
    ['addii a0, a0, 1', 'Did you mean “addi”?'],
    ['sfence.vm', 'Did you mean “sfence.vma”?'],
    ['csrr a0, mstats', 'Did you mean “mstatus”?'],
    ['.gobl x', 'Did you mean “.globl”?'],
    ['.macro push_all\n.endm\npush_al', 'Did you mean “push_all”?'],
    ['counter: nop\nla a0, conuter', 'Did you mean “counter”?'],
    ['add a0, a1', 'Write it as: add rd, rs1, rs2'],
    ['1: j 2b', '2f is the next label 2:, 2b the one before.'],
    ['addi a0, a0, 4096', 'Load a larger number into a register with li first.'],
  ])('of %s is: %s', (source, fix) => {
    expect(assemble(source).diagnostics.map((found) => found.fix)).toEqual([fix]);
  });
});
