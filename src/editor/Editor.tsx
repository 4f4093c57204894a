/**
 * The assembly editor: Monaco, loaded when this is first shown; a plain text field on touch screens (Monaco is not made for them) and when it
 * cannot be loaded. The assembler speaks as you type.
 */
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../workers/isa/assemble/diagnostic.ts';
import { diagnosticText } from '../../workers/isa/assemble/messages.ts';
import { busyWith } from '../client/idle.ts';
import { ask } from '../client/lab.ts';
import { useLanguage } from '../i18n/index.ts';
import { useDark } from '../widgets/dark.ts';
import type { AssemblyEditor } from './open-editor.ts';
import './editor.css';

const PAUSE_MS = 250;
const LISTED = 50;

interface Props {
  readonly text: string;
  readonly readonly: boolean;
  readonly onChange: (text: string) => void;
  readonly onSubmit: () => void;
  /** The line to begin at, from 1. */
  readonly startLine?: number;
}

const touch = (): boolean => matchMedia('(pointer: coarse)').matches;

/** The assembler's diagnostics, once typing has paused. */
function useDiagnostics(text: string): readonly Diagnostic[] | undefined {
  const [diagnostics, setDiagnostics] = useState<readonly Diagnostic[]>();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void ask((lab) => lab.assemble(text)).then((found) => { if (current && found) setDiagnostics(found); });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return diagnostics;
}

export function Editor({ text, readonly, onChange, onSubmit, startLine = 1 }: Props): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const dark = useDark();
  const element = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<AssemblyEditor>();
  const [plain, setPlain] = useState<'no' | 'touch' | 'failed'>(() => (touch() ? 'touch' : 'no'));
  const diagnostics = useDiagnostics(text);
  const changed = useEffectEvent((next: string) => { onChange(next); });
  const submit = useEffectEvent(() => { onSubmit(); });
  const initial = useEffectEvent(() => ({ text, label: t('editor.label'), line: startLine }));
  useEffect(() => {
    if (plain !== 'no') return undefined;
    let opened: AssemblyEditor | undefined;
    let gone = false;
    busyWith(import('./open-editor.ts')).then(({ openEditor }) => {
      if (gone || !element.current) return;
      const { text: first, label, line } = initial();
      opened = openEditor(element.current, first, label, { changed: (next) => { changed(next); }, submit: () => { submit(); } });
      opened.reveal(line);
      setEditor(opened);
    }, () => { if (!gone) setPlain('failed'); });
    return () => {
      gone = true;
      opened?.close();
      setEditor(undefined);
    };
  }, [plain]);
  useEffect(() => { editor?.setText(text); }, [editor, text]);
  useEffect(() => { editor?.setReadOnly(readonly); }, [editor, readonly]);
  useEffect(() => { editor?.setTheme(dark); }, [editor, dark]);
  useEffect(() => { if (diagnostics) editor?.showDiagnostics(diagnostics, language); }, [editor, diagnostics, language]);

  const errors = diagnostics?.filter(({ severity }) => severity === 'error').length ?? 0;
  const warnings = (diagnostics?.length ?? 0) - errors;
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onSubmit();
  };
  return (
    <div className="editor">
      {plain === 'no'
        ? <div className="editor-code" ref={element}>{!editor && <p className="empty">{t('editor.loading')}</p>}</div>
        : <textarea className="editor-plain" aria-label={t('editor.label')} value={text} readOnly={readonly} spellCheck={false} autoCapitalize="off" onChange={({ target }) => { onChange(target.value); }} onKeyDown={keys} />}
      {plain === 'failed' && <p role="status" className="editor-note">{t('editor.failed')}</p>}
      <div className="editor-problems" role="region" aria-label={t('editor.problems')} tabIndex={0}>
        <p className={errors > 0 ? 'bad' : 'quiet'}>
          {diagnostics && (errors + warnings === 0 ? t('editor.fine') : [errors > 0 && t('editor.errors', { count: errors }), warnings > 0 && t('editor.warnings', { count: warnings })].filter(Boolean).join(' · '))}
          {plain === 'no' && <span className="quiet tab-hint">{t('editor.tabHint')}</span>}
        </p>
        <ul>
          {diagnostics?.slice(0, LISTED).map((diagnostic, index) => {
            const { message, fix } = diagnosticText(diagnostic, language);
            return (
              <li key={index} className={diagnostic.severity}>
                <button type="button" onClick={() => { editor?.goToLine(diagnostic.line, diagnostic.column); }}>{t('editor.line', { line: diagnostic.line })}:{diagnostic.column}</button> {message}{fix !== undefined && <span className="fix"> {fix}</span>}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
