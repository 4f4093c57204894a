/**
 * A lesson inside somebody else's page. It never takes the focus, never scrolls the page around it, keeps no settings, and talks to its host
 * by the protocol of messages.ts alone.
 */
import { useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../workers/base/bits.ts';
import type { CheckResult } from '../../workers/protocol/lab-api.ts';
import { causeName } from '../../workers/isa/causes.ts';
import { appRoot } from '../client/app-root.ts';
import { pause, reset, run, step, type } from '../client/lab.ts';
import { EXERCISES } from '../exercises/list.ts';
import { ExerciseView } from '../exercises/ExerciseView.tsx';
import { preferredLanguage, useLanguage } from '../i18n/index.ts';
import { LessonView, stepLesson } from '../lessons/LessonView.tsx';
import { LESSONS } from '../lessons/list.ts';
import { useMachine } from '../state/machine.ts';
import { readProgress } from '../state/progress.ts';
import { setSettings } from '../state/settings.ts';
import { notify, useWorkspace } from '../state/workspace.ts';
import { EmbedStage } from '../app/EmbedStage.tsx';
import { Button } from '../widgets/button.tsx';
import { openConnection, type EmbedConnection } from './connection.ts';
import { PROTOCOL_VERSION, type EmbedRequest } from './messages.ts';
import { parseEmbedParameters } from './parameters.ts';
import './embed.css';

/** The least height in pixels at which the lesson is of use. */
const LEAST_HEIGHT = 480;

function obey(request: EmbedRequest): void {
  switch (request.type) {
    case 'run': void run(); break;
    case 'pause': void pause(); break;
    case 'reset': void reset(); break;
    case 'step': void step(request.unit, request.back ? 'back' : 'forward'); break;
    case 'input': void type(request.text); break;
    case 'setTheme': setSettings({ theme: request.theme }, false); break;
    case 'setLanguage': setSettings({ language: request.lang }, false); break;
  }
}

/** Tells the host of new traps, at most once per frame of the machine. */
function tellTraps(connection: EmbedConnection): () => void {
  let told = -1;
  return useMachine.subscribe(({ traps }) => {
    const last = traps.at(-1);
    if (!last || last.trap === told) return;
    const count = last.trap > told ? last.trap - told : 0;
    told = last.trap;
    if (count === 0) return;
    connection.send({ v: 1, type: 'trap', trap: last.trap, count, cause: causeName(last.interrupt, last.cause), from: last.from, to: last.to, epc: hex(last.epc) });
  });
}

export function EmbedApp({ lesson: id }: { readonly lesson: string }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const { parameters, warnings } = useMemo(() => parseEmbedParameters(location.search), []);
  const index = LESSONS.findIndex((each) => each.id === id);
  const lesson = LESSONS[index];
  const exercise = EXERCISES[index];
  const connection = useRef<EmbedConnection>(undefined);
  const whole = useRef<HTMLDivElement>(null);
  const [practising, setPractising] = useState(false);
  const readonly = parameters.readonly === '1';

  const begin = useEffectEvent(() => {
    setSettings({ theme: parameters.theme, language: parameters.lang === 'auto' ? preferredLanguage() : parameters.lang }, false);
    useWorkspace.setState({ readonly });
    const said = warnings.map(({ name, value }) => `${name}=${value}`).join(', ');
    if (said !== '') notify('parameters', t('notice.warnings', { list: said }));
  });
  useEffect(() => {
    begin();
    void readProgress();
  }, []);
  useEffect(() => {
    if (!lesson || window.parent === window) return undefined;
    const opened = openConnection({
      parent: window.parent,
      addEventListener: (kind, listener) => { window.addEventListener(kind, listener); },
      removeEventListener: (kind, listener) => { window.removeEventListener(kind, listener); },
      setInterval: (action, milliseconds) => window.setInterval(action, milliseconds),
      clearInterval: (timer) => { window.clearInterval(timer); },
    }, lesson.id, crypto.randomUUID(), parameters.host, obey);
    connection.current = opened;
    opened.send({ v: 1, type: 'ready', lesson: lesson.id, version: PROTOCOL_VERSION });
    for (const { name, value, problem } of warnings) opened.send({ v: 1, type: 'warning', message: `The parameter ${name}=${value} was ignored: ${problem === 'unknown' ? 'there is no such parameter' : 'it has no such value'}.` });
    const stop = tellTraps(opened);
    return () => {
      stop();
      opened.close();
    };
  }, [lesson, parameters.host, warnings]);
  useEffect(() => {
    if (!whole.current) return undefined;
    let last = 0;
    /** The height at which the step's text needs no scrolling: the text comes later, and changes with each step and answer. */
    const tell = (): void => {
      const element = whole.current?.querySelector<HTMLElement>('.lesson-text');
      if (!element) return;
      const height = Math.max(LEAST_HEIGHT, Math.ceil(window.innerHeight - element.clientHeight + element.scrollHeight));
      if (height === last) return;
      last = height;
      connection.current?.send({ v: 1, type: 'resize', height });
    };
    const observer = new MutationObserver(tell);
    observer.observe(whole.current, { childList: true, subtree: true });
    return () => { observer.disconnect(); };
  }, []);

  if (!lesson) return <main className="page"><h1>{t('embed.unknownLesson', { id, list: LESSONS.map((each) => each.id).join(', ') })}</h1></main>;
  const answered = (prediction: string, correct: boolean, tries: number): void => { connection.current?.send({ v: 1, type: 'prediction', id: prediction, correct, tries }); };
  const checked = (result: CheckResult): void => {
    connection.current?.send({ v: 1, type: 'exercise', id: exercise!.id, passed: result.passed, passedChecks: result.checks.filter(({ passed }) => passed).length, checks: result.checks.length });
  };
  const end = exercise && !readonly && <div className="lesson-end"><p>{t('lesson.after')}</p><Button look="primary" onPress={() => { setPractising(true); }}>{t('lesson.exercise')}</Button></div>;
  const text = practising && exercise
    ? <ExerciseView id={exercise.id} title={exercise.title[language]} summary={exercise.summary[language]} readonly={readonly} onResult={checked} />
    : <LessonView id={lesson.id} first={0} onAnswer={answered} end={end} />;
  return (
    <div className="embed" ref={whole}>
      <header className="embed-head">
        <h1>{lesson.title[language]}</h1>
        <a href={new URL(`#/learn/${lesson.id}`, appRoot()).href} target="_blank" rel="noopener">{t('embed.open')} ↗</a>
      </header>
      <EmbedStage view={parameters.view} text={text} onStep={stepLesson} />
    </div>
  );
}
