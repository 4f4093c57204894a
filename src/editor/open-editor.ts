/** Monaco with the features that assembly needs. Large: loaded only when somebody wants to edit. */
import { editor, KeyCode, KeyMod, MarkerSeverity } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/linesOperations/register';
// The feature's own register file brings inline completions only; the list of suggestions is this.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordOperations/register';
import type { Diagnostic } from '../../workers/isa/assemble/diagnostic.ts';
import { diagnosticText } from '../../workers/isa/assemble/messages.ts';
import type { Language } from '../i18n/index.ts';
import { ASSEMBLY, registerAssembly } from './assembly-language.ts';

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
registerAssembly();

const RULES = (light: boolean): editor.ITokenThemeRule[] => [
  { token: 'comment', foreground: light ? '5f6878' : '929db1' },
  { token: 'keyword', foreground: light ? '7a35b8' : 'cf9dff' },
  { token: 'function', foreground: light ? '1d5fbf' : '7db4ff' },
  { token: 'variable', foreground: light ? '00695f' : '4fd6c4' },
  { token: 'constant', foreground: light ? 'a34d00' : 'ffb057' },
  { token: 'string', foreground: light ? '3c6e00' : 'a5d95b' },
  { token: 'type', foreground: light ? '00695f' : '4fd6c4', fontStyle: 'bold' },
];
editor.defineTheme('hypervisible-light', { base: 'vs', inherit: true, rules: RULES(true), colors: { 'editor.background': '#ffffff' } });
editor.defineTheme('hypervisible-dark', { base: 'vs-dark', inherit: true, rules: RULES(false), colors: { 'editor.background': '#171c27' } });

export interface AssemblyEditor {
  readonly text: string;
  setText(text: string): void;
  setReadOnly(readonly: boolean): void;
  setTheme(dark: boolean): void;
  showDiagnostics(diagnostics: readonly Diagnostic[], language: Language): void;
  goToLine(line: number, column: number): void;
  /** Scrolls a line into sight, without taking the focus. */
  reveal(line: number): void;
  close(): void;
}

export interface EditorEvents {
  changed(text: string): void;
  /** Ctrl+Enter. */
  submit(): void;
}

export function openEditor(element: HTMLElement, text: string, label: string, events: EditorEvents): AssemblyEditor {
  const code = editor.create(element, {
    value: text, language: ASSEMBLY, ariaLabel: label, automaticLayout: true, minimap: { enabled: false }, fontSize: 13, tabSize: 8, insertSpaces: true,
    detectIndentation: false, scrollBeyondLastLine: false, lineNumbersMinChars: 3, folding: false, renderLineHighlight: 'line', fixedOverflowWidgets: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'), wordBasedSuggestions: 'off', padding: { top: 6 }, overviewRulerLanes: 1,
  });
  code.onDidChangeModelContent(() => { events.changed(code.getValue()); });
  code.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, () => { events.submit(); });
  return {
    get text() { return code.getValue(); },
    // As an edit, so that Ctrl+Z brings back what stood there.
    setText(next) {
      if (next === code.getValue()) return;
      code.pushUndoStop();
      code.executeEdits('lab', [{ range: code.getModel()!.getFullModelRange(), text: next }]);
      code.pushUndoStop();
    },
    setReadOnly(readonly) { code.updateOptions({ readOnly: readonly }); },
    setTheme(dark) { editor.setTheme(dark ? 'hypervisible-dark' : 'hypervisible-light'); },
    showDiagnostics(diagnostics, language) {
      editor.setModelMarkers(code.getModel()!, 'assembler', diagnostics.map((diagnostic) => {
        const { message, fix } = diagnosticText(diagnostic, language);
        return {
          severity: diagnostic.severity === 'error' ? MarkerSeverity.Error : MarkerSeverity.Warning,
          message: fix === undefined ? message : `${message}\n${fix}`,
          startLineNumber: diagnostic.line, endLineNumber: diagnostic.line, startColumn: diagnostic.column, endColumn: diagnostic.endColumn,
        };
      }));
    },
    goToLine(line, column) {
      code.setPosition({ lineNumber: line, column });
      code.revealLineInCenter(line);
      code.focus();
    },
    reveal(line) { code.revealLineInCenter(line); },
    close() {
      const model = code.getModel();
      code.dispose();
      model?.dispose();
    },
  };
}
