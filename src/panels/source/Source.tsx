/** The guest's source in the editor: change it, assemble it, run it. */
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { load } from '../../client/lab.ts';
import { Editor } from '../../editor/Editor.tsx';
import { problemText, useLanguage } from '../../i18n/index.ts';
import { useMachine } from '../../state/machine.ts';
import { setDraft, useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import './source.css';

export function Source(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const loaded = useMachine((state) => state.loaded);
  const refusal = useMachine((state) => state.refusal);
  const draft = useWorkspace(({ drafts }) => (loaded ? drafts[loaded.info.name] : undefined));
  const readonly = useWorkspace((state) => state.readonly);
  const [editing, setEditing] = useState(false);
  if (!loaded) return null;
  if (loaded.source === undefined) return <p className="empty">{t('program.sourceMissing')}</p>;
  const text = draft ?? loaded.source;
  const assemble = (): void => {
    void load({ kind: 'assembly', name: loaded.info.name, text }, loaded.regime);
  };
  // The text is shown at once; the editor, which is large, comes when somebody means to edit.
  if (!editing) {
    return (
      <div className="source-pane">
        {!readonly && <div className="pane-bar"><Button look="small primary" onPress={() => { setEditing(true); }}>{t('editor.load')}</Button></div>}
        <pre className="listing" tabIndex={0} aria-label={t('editor.label')}>{text}</pre>
      </div>
    );
  }
  return (
    <div className="source-pane">
      <div className="pane-bar"><Button look="small primary" onPress={assemble}>{t('editor.assemble')} <kbd>Ctrl ↵</kbd></Button>{draft !== undefined && draft !== loaded.source && <Button look="small plain" onPress={() => { setDraft(loaded.info.name, undefined); }}>{t('editor.revert')}</Button>}{refusal && <p role="alert" className="problem">{problemText(refusal.problem, language)}</p>}</div>
      <Editor text={text} readonly={readonly} onChange={(next) => { setDraft(loaded.info.name, next); }} onSubmit={assemble} />
    </div>
  );
}
