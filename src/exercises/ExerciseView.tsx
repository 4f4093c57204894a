/** One exercise: the program to edit, one key to check it, and what the checks found. */
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { CheckResult, ExerciseInfo } from '../../workers/protocol/lab-api.ts';
import { ask, check, load } from '../client/lab.ts';
import { Editor } from '../editor/Editor.tsx';
import { problemText, useLanguage } from '../i18n/index.ts';
import { setExerciseProgress, useProgress } from '../state/progress.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icons.tsx';
import './exercise.css';

/** Where the learner's own code goes. */
const PLACE = /# (\.\.\.|……)/;

interface Props {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly readonly: boolean;
  readonly onResult?: (result: CheckResult) => void;
}

export function ExerciseView(props: Props): ReactNode {
  const { t } = useTranslation();
  const [info, setInfo] = useState<ExerciseInfo>();
  const ready = useProgress((state) => state.ready);
  useEffect(() => {
    let current = true;
    void ask((lab) => lab.exercises()).then((all) => { if (current) setInfo(all?.find(({ id }) => id === props.id)); });
    return () => { current = false; };
  }, [props.id]);
  return info && ready ? <Exercise key={info.id} {...props} info={info} /> : <p className="empty">{t('app.loading')}</p>;
}

function Exercise({ id, title, summary, readonly, onResult, info }: Props & { readonly info: ExerciseInfo }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const kept = useProgress(({ exercises }) => exercises[id]);
  // Until the learner writes, the text is the starter in the language of the page.
  const [edited, setEdited] = useState(kept?.text);
  const text = edited ?? info.starter[language];
  const [result, setResult] = useState<CheckResult>();
  const [checking, setChecking] = useState(false);
  const results = useRef<HTMLElement>(null);

  // The learner's program is also what the machine beside the editor runs.
  const openInMachine = useEffectEvent(() => { void load({ kind: 'assembly', name: `${id}.s`, text }, info.regime); });
  useEffect(() => { openInMachine(); }, [id]);

  const startLine = 1 + Math.max(0, info.starter[language].split('\n').findIndex((line) => PLACE.test(line)));
  const edit = (next: string): void => {
    setEdited(next);
    setExerciseProgress(id, { text: next, passed: kept?.passed === true });
  };
  const judge = async (): Promise<void> => {
    if (checking) return;
    setChecking(true);
    const found = await check(id, text);
    setChecking(false);
    if (!found) return;
    setResult(found);
    setExerciseProgress(id, { text, passed: found.passed || kept?.passed === true });
    onResult?.(found);
    if (!found.problem) void load({ kind: 'assembly', name: `${id}.s`, text }, info.regime);
    if (results.current) results.current.scrollTop = 0;
  };
  const failures = result?.checks.filter(({ passed }) => !passed).length ?? 0;
  return (
    <article className="exercise">
      <header className="exercise-head">
        <div><h1>{title}</h1><p className="quiet">{summary}</p></div>
        <Button look="primary" isDisabled={checking} onPress={() => { void judge(); }}>{t(checking ? 'exercise.checking' : 'exercise.check')} <kbd>Ctrl ↵</kbd></Button>
      </header>
      <Task text={info.task[language]} />
      <div className="exercise-editor"><Editor text={text} readonly={readonly} startLine={startLine} onChange={edit} onSubmit={() => { void judge(); }} /></div>
      <section className="exercise-results" aria-label={t('exercise.checks')} ref={results} tabIndex={0}>
        <div role="status" aria-live="polite">
          {!result && <p className="quiet">{t('exercise.untried')}</p>}
          {result?.problem && <p className="bad">{problemText(result.problem, language)}</p>}
          {result && !result.problem && <p className={result.passed ? 'good' : 'bad'}>{result.passed ? t('exercise.passed') : t('exercise.failed', { count: failures })}</p>}
        </div>
        <ol className="checks">
          {info.checks.map((each) => {
            const judged = result?.checks.find(({ id: of }) => of === each.id);
            return (
              <li key={each.id} className={judged ? (judged.passed ? 'passed' : 'failed') : ''}>
                <span className="mark" aria-hidden="true">{judged ? (judged.passed ? '✓' : '✕') : '·'}</span>
                <div>
                  <b>{each.title[language]}</b>
                  {judged && !judged.passed && (
                    <>
                      {judged.failure && <p>{judged.failure[language]}</p>}
                      <p className="mono compare"><span className="quiet">{t('exercise.expected')}</span> {judged.expected} <span className="quiet">{t('exercise.actual')}</span> {judged.actual}</p>
                    </>
                  )}
                </div>
              </li>
            );
          })}
        </ol>
        {!readonly && (
          <div className="exercise-more">
            <Button look="small plain" onPress={() => { edit(info.starter[language]); }}>{t('exercise.reset')}</Button>
            <DialogTrigger>
              <Button look="small plain">{t('exercise.solution')}</Button>
              <Popover className="popover" placement="top">
                <Dialog aria-label={t('exercise.solution')}>
                  {({ close }) => (
                    <>
                      <p>{t('exercise.solutionAsk')}</p>
                      <p className="ask"><Button look="small primary" onPress={() => { edit(info.solution[language]); close(); }}>{t('exercise.yes')}</Button> <Button look="small" onPress={close}>{t('exercise.no')}</Button></p>
                    </>
                  )}
                </Dialog>
              </Popover>
            </DialogTrigger>
            {kept?.passed === true && <span className="badge done"><Icon of="forward" /> {t('exercise.done')}</span>}
          </div>
        )}
      </section>
    </article>
  );
}

/** The task: a paragraph for each line, a list for lines that begin with `- `, code between backquotes. */
function Task({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const blocks: { readonly list: boolean; readonly lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const list = line.startsWith('- ');
    const last = blocks.at(-1);
    if (list && last?.list) last.lines.push(line.slice(2));
    else blocks.push({ list, lines: [list ? line.slice(2) : line] });
  }
  return (
    <details className="task" open>
      <summary>{t('exercise.task')}</summary>
      {blocks.map(({ list, lines }, index) => (list
        ? <ul key={index}>{lines.map((line) => <li key={line}>{withCode(line)}</li>)}</ul>
        : <p key={index}>{withCode(lines[0]!)}</p>))}
    </details>
  );
}

const withCode = (line: string): ReactNode[] => line.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
