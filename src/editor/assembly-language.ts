/** RISC-V assembly for Monaco: colours, completion and hovers, all from the assembler's own words (workers/isa/assemble/language.ts). */
import { languages, type IDisposable, type editor, type IRange, type Position } from 'monaco-editor/editor';
import { WORDS, type Word, type WordKind } from '../../workers/isa/assemble/language.ts';
import { i18next } from '../i18n/index.ts';

export const ASSEMBLY = 'riscv-assembly';

const named = (kind: WordKind): string[] => [...WORDS.values()].filter((word) => word.kind === kind).map(({ name }) => name);
const language = (): 'en' | 'zh-CN' => (i18next.language === 'zh-CN' ? 'zh-CN' : 'en');

const KINDS: Readonly<Record<WordKind, languages.CompletionItemKind>> = {
  instruction: languages.CompletionItemKind.Function,
  pseudo: languages.CompletionItemKind.Snippet,
  directive: languages.CompletionItemKind.Keyword,
  register: languages.CompletionItemKind.Variable,
  csr: languages.CompletionItemKind.Property,
};

const described = ({ forms, prose, clause }: Word): string =>
  [`\`\`\`\n${forms.join('\n')}\n\`\`\``, prose[language()], ...(clause === undefined ? [] : [`*${clause}*`])].join('\n\n');

/** The word at a place: directives begin with a dot, names of instructions contain dots. */
function wordAt(model: editor.ITextModel, { lineNumber, column }: Position): { readonly text: string; readonly range: IRange } | undefined {
  const line = model.getLineContent(lineNumber);
  for (const match of line.matchAll(/[.\w]+/g)) {
    const from = match.index + 1;
    const to = from + match[0].length;
    if (column >= from && column <= to) return { text: match[0], range: { startLineNumber: lineNumber, endLineNumber: lineNumber, startColumn: from, endColumn: to } };
  }
  return undefined;
}

const LABEL = /^\s*([A-Za-z_.$][\w.$]*):/gm;

export function registerAssembly(): IDisposable[] {
  languages.register({ id: ASSEMBLY });
  languages.setLanguageConfiguration(ASSEMBLY, { comments: { lineComment: '#', blockComment: ['/*', '*/'] }, brackets: [['(', ')']], wordPattern: /[.\w]+/ });
  return [
    languages.setMonarchTokensProvider(ASSEMBLY, {
      ignoreCase: false,
      instructions: [...named('instruction'), ...named('pseudo')], registers: named('register'), csrs: named('csr'),
      tokenizer: {
        root: [
          [/#.*|\/\/.*/, 'comment'],
          [/\/\*/, 'comment', '@block'],
          [/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)'?/, 'string'],
          [/^\s*[\w.$]+:/, 'type'],
          [/%\w+/, 'keyword'],
          [/\.[A-Za-z_]\w*/, 'keyword'],
          [/\b(0[xX][\da-fA-F]+|0[bB][01]+|\d+[fb]?)\b/, 'number'],
          [/[A-Za-z_][\w.]*/, { cases: { '@instructions': 'function', '@registers': 'variable', '@csrs': 'constant', '@default': '' } }],
        ],
        block: [[/[^*/]+/, 'comment'], [/\*\//, 'comment', '@pop'], [/[*/]/, 'comment']],
      },
    }),
    languages.registerHoverProvider(ASSEMBLY, {
      provideHover: (model, position) => {
        const at = wordAt(model, position);
        const word = at && WORDS.get(at.text);
        return word ? { range: at.range, contents: [{ value: described(word) }] } : undefined;
      },
    }),
    languages.registerCompletionItemProvider(ASSEMBLY, {
      triggerCharacters: ['.', '%'],
      provideCompletionItems: (model, position) => {
        const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
        const typed = /[.\w%]*$/.exec(before)![0];
        const range = { startLineNumber: position.lineNumber, endLineNumber: position.lineNumber, startColumn: position.column - typed.length, endColumn: position.column };
        // First on its line (after a label): what does something. After it: what it is done with.
        const first = /^\s*(?:[\w.$]+:\s*)?[.\w]*$/.test(before);
        const kinds: readonly WordKind[] = first ? ['instruction', 'pseudo', 'directive'] : ['register', 'csr'];
        const words = [...WORDS.values()].filter(({ kind }) => kinds.includes(kind)).map((word) => ({
          label: word.name, kind: KINDS[word.kind], insertText: word.name, range, detail: word.forms[0]!, documentation: { value: described(word) },
        }));
        const labels = first ? [] : [...new Set([...model.getValue().matchAll(LABEL)].map(([, name]) => name!))].map((name) => ({ label: name, kind: languages.CompletionItemKind.Reference, insertText: name, range }));
        return { suggestions: [...words, ...labels] };
      },
    }),
  ];
}
