/** The prose of one lesson, a step at a time, which drives the machine to its moments. */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchGuest } from '../client/guests.ts';
import { load } from '../client/lab.ts';
import { i18next, useLanguage } from '../i18n/index.ts';
import { useMachine } from '../state/machine.ts';
import { setLessonProgress, useProgress } from '../state/progress.ts';
import { isPane, notify, showPane } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icons.tsx';
import { World, WORLDS, type WorldName } from '../widgets/world.tsx';
import type { Lesson, LessonStep } from './lesson.ts';
import { loadLesson, type OpenLesson, type ProseComponents } from './load.ts';
import { goToMoment } from './moments.ts';
import { PredictionView } from './PredictionView.tsx';
import './lesson.css';

interface Place {
  readonly lesson: Lesson;
  readonly step: LessonStep;
  readonly onAnswer: ((prediction: string, right: boolean, tries: number) => void) | undefined;
}

const PlaceContext = createContext<Place | undefined>(undefined);
const usePlace = (): Place => useContext(PlaceContext)!;

function StepElement({ id, title, children }: { readonly id: string; readonly title: string; readonly children: ReactNode }): ReactNode {
  const { step } = usePlace();
  return step.id === id ? <section className="lesson-step"><h2>{title}</h2>{children}</section> : null;
}

function ShowElement({ pane, children }: { readonly pane: string; readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  if (!isPane(pane)) return children;
  return <button type="button" className="show" title={t('lesson.show', { pane: t(`pane.${pane}`) })} onClick={() => { showPane(pane, true); }}>{children}</button>;
}

function WorldElement({ of, children }: { readonly of: string; readonly children: ReactNode }): ReactNode {
  return (WORLDS as readonly string[]).includes(of) ? <World of={of as WorldName}>{children}</World> : children;
}

function PredictElement({ id }: { readonly id: string }): ReactNode {
  const { lesson, step, onAnswer } = usePlace();
  return step.prediction?.id === id ? <PredictionView key={`${lesson.id} ${id}`} lesson={lesson.id} step={step} prediction={step.prediction} onAnswer={onAnswer} /> : null;
}

const COMPONENTS: ProseComponents = { Step: StepElement, Show: ShowElement, World: WorldElement, Predict: PredictElement };

interface Props {
  readonly id: string;
  /** The step to begin with; by default where the reader left. */
  readonly first?: number;
  readonly onAnswer?: (prediction: string, right: boolean, tries: number) => void;
  /** What stands after the last step's text. */
  readonly end?: ReactNode;
}

export function LessonView({ id, first, onAnswer, end }: Props): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const [opened, setOpened] = useState<OpenLesson>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    loadLesson(id, language).then((lesson) => { if (current) { setOpened(lesson); setFailed(false); } }, () => { if (current) setFailed(true); });
    return () => { current = false; };
  }, [id, language]);
  if (failed) return <p className="empty" role="alert">{t('lesson.failed')}</p>;
  if (opened?.lesson.id !== id) return <p className="empty">{t('app.loading')}</p>;
  return <Steps key={id} opened={opened} first={first} onAnswer={onAnswer} end={end} />;
}

function Steps({ opened: { lesson, Prose }, first, onAnswer, end }: { readonly opened: OpenLesson; readonly first: number | undefined; readonly onAnswer: Props['onAnswer']; readonly end: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const kept = useProgress(({ lessons }) => lessons[lesson.id]?.step);
  const [chosen, setChosen] = useState<number | undefined>(first);
  const [ready, setReady] = useState(false);
  const count = lesson.steps.length;
  const index = Math.min(Math.max(0, chosen ?? kept ?? 0), count - 1);
  const step = lesson.steps[index]!;

  useEffect(() => {
    let current = true;
    void openProgram(lesson).then((good) => { if (current) setReady(good); });
    return () => { current = false; };
  }, [lesson]);

  useEffect(() => { if (ready) void enter(step); }, [ready, step]);

  const go = useCallback((next: number) => {
    if (next < 0 || next >= count) return;
    setChosen(next);
    setLessonProgress(lesson.id, { step: next, ...(next === count - 1 && { done: true }) });
    if (box.current) box.current.scrollTop = 0;
  }, [count, lesson.id]);
  useEffect(() => {
    const listen = (event: Event): void => { go(index + (event as CustomEvent<number>).detail); };
    document.addEventListener('lesson-step', listen);
    return () => { document.removeEventListener('lesson-step', listen); };
  }, [go, index]);

  const place = useMemo<Place>(() => ({ lesson, step, onAnswer }), [lesson, step, onAnswer]);
  return (
    <PlaceContext value={place}>
      <article className="lesson">
        <div className="lesson-text" ref={box} tabIndex={-1}>
          <Prose components={COMPONENTS} />
          {index === count - 1 && end}
        </div>
        <footer className="lesson-foot">
          <Button look="small" isDisabled={index === 0} onPress={() => { go(index - 1); }}>{t('lesson.previous')} <kbd>P</kbd></Button>
          <ol className="dots" aria-label={t('lesson.contents')}>
            {lesson.steps.map(({ id: each }, at) => <li key={each}><button type="button" className={at < index ? 'past' : ''} aria-current={at === index ? 'step' : undefined} aria-label={t('lesson.step', { step: at + 1, count })} onClick={() => { go(at); }} /></li>)}
          </ol>
          {step.moment && <Button look="small plain icon" name={t('lesson.toMoment')} onPress={() => { void enter(step); }}><Icon of="start" /></Button>}
          <Button look="small primary" isDisabled={index === count - 1} onPress={() => { go(index + 1); }}>{t('lesson.next')} <kbd>N</kbd></Button>
        </footer>
      </article>
    </PlaceContext>
  );
}

/** Brings the machine and the panes to where a step wants them. */
async function enter({ panes, moment, microStep }: LessonStep): Promise<void> {
  for (const pane of [...panes].reverse()) if (isPane(pane)) showPane(pane);
  if (moment && !await goToMoment(moment, microStep)) notify('moment', i18next.t('lesson.unreached'));
}

/** The lesson's own program, unless the machine already has it. */
async function openProgram({ guest, regime }: Lesson): Promise<boolean> {
  const { loaded } = useMachine.getState();
  // public/guests/index.json names an assembled guest as its file, without the ending.
  const id = guest.replace(/\.s$/, '');
  if (loaded?.guest === id && loaded.regime === regime) return true;
  try {
    return await load(await fetchGuest(guest), regime, id);
  } catch {
    return false;
  }
}

/** For the keyboard: the next or the previous step. */
export function stepLesson(by: 1 | -1): void {
  document.dispatchEvent(new CustomEvent('lesson-step', { detail: by }));
}
