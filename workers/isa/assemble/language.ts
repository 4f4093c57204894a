/**
 * The assembler's words, for an editor: every instruction, pseudo-instruction, directive, register and CSR that it takes, with form and
 * prose from the tables that the assembler itself reads.
 */
import { ALIASES, type Alias } from '../aliases.ts';
import { CSRS } from '../csrs.ts';
import { INSTRUCTIONS } from '../instructions/index.ts';
import { FLOAT_REGISTERS, REGISTERS } from '../registers.ts';
import type { Prose } from '../row.ts';
import { BLOCK_DIRECTIVES } from './blocks.ts';
import { DIRECTIVES } from './directives.ts';
import { PSEUDO, SPELLINGS } from './pseudo.ts';

export type WordKind = 'instruction' | 'pseudo' | 'directive' | 'register' | 'csr';

export interface Word {
  readonly name: string;
  readonly kind: WordKind;
  /** The ways to write it: `csrr rd, csr`. */
  readonly forms: readonly string[];
  readonly prose: Prose;
  /** Clause of the manual, for instructions. */
  readonly clause?: string;
}

const joined = (name: string, form: string): string => (form === '' ? name : `${name} ${form}`);
const hex = (number: number): string => `0x${number.toString(16)}`;

function shorthand({ name, of }: Alias): Prose {
  const row = INSTRUCTIONS.find((instruction) => instruction.name === of);
  if (name === of) return row?.prose ?? { en: '', 'zh-CN': '' };
  return { en: `Short for ${of}: ${row?.prose.en ?? ''}`, 'zh-CN': `${of} 的简写：${row?.prose['zh-CN'] ?? ''}` };
}

const SEVERAL: Prose = { en: 'A pseudo-instruction: it becomes as many instructions as it needs.', 'zh-CN': '伪指令：会变成所需的若干条指令。' };

function collect(): ReadonlyMap<string, Word> {
  const words = new Map<string, Word>();
  const add = (word: Word): void => {
    const known = words.get(word.name);
    words.set(word.name, known ? { ...known, forms: [...new Set([...known.forms, ...word.forms])] } : word);
  };
  for (const { name, form, prose, clause, length } of INSTRUCTIONS) if (length === 4) add({ name, kind: 'instruction', forms: [joined(name, form)], prose, clause });
  for (const alias of [...ALIASES, ...SPELLINGS]) add({ name: alias.name, kind: 'pseudo', forms: [joined(alias.name, alias.form)], prose: shorthand(alias) });
  for (const [name, { forms }] of PSEUDO) add({ name, kind: 'pseudo', forms: forms.map((form) => joined(name, form)), prose: SEVERAL });
  for (const [name, { form, prose }] of [...DIRECTIVES, ...BLOCK_DIRECTIVES]) add({ name, kind: 'directive', forms: [joined(name, form)], prose });
  for (const { name, number, prose, aliases } of REGISTERS) {
    add({ name, kind: 'register', forms: [`${name} (x${String(number)})`], prose });
    for (const alias of aliases) add({ name: alias, kind: 'register', forms: [`${name} (x${String(number)})`], prose });
  }
  for (const { name, number, prose, aliases } of FLOAT_REGISTERS) {
    for (const word of [name, ...aliases]) add({ name: word, kind: 'register', forms: [`${name} (f${String(number)})`], prose });
  }
  for (const { name, number, title } of CSRS) add({ name, kind: 'csr', forms: [`${name} (CSR ${hex(number)})`], prose: title });
  return words;
}

/** By name. A name that is several (the CSR `time` is no instruction) is the first of the kinds above. */
export const WORDS: ReadonlyMap<string, Word> = collect();
