/** The list of lessons, and one lesson beside the machine. */
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { EXERCISES } from '../exercises/list.ts';
import { useLanguage } from '../i18n/index.ts';
import { LessonView, stepLesson } from '../lessons/LessonView.tsx';
import { LESSONS } from '../lessons/list.ts';
import { NO_LESSON_PROGRESS, useProgress } from '../state/progress.ts';
import { LESSON } from './layouts.ts';
import { NotFound } from './NotFound.tsx';
import { Now } from './Now.tsx';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './TopBar.tsx';
import { Transport } from './Transport.tsx';
import { Split, useWindowWidth, Workspace } from './Workspace.tsx';

export function LessonList(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const progress = useProgress((state) => state.lessons);
  useShortcuts();
  return (
    <>
      <TopBar />
      <main className="page" id="main">
        <h1>{t('lesson.list')}</h1>
        <p className="lead">{t('lesson.intro')}</p>
        <div className="cards">
          {LESSONS.map(({ id, title, summary }, index) => {
            const { step, done } = progress[id] ?? NO_LESSON_PROGRESS;
            return (
              <Link key={id} href={`/learn/${id}`} className="card">
                <span className="number" aria-hidden="true">{index + 1}</span>
                <h2>{title[language]}</h2>
                <p>{summary[language]}</p>
                <span className="progress">{done ? <span className="badge done">{t('lesson.done')}</span> : step > 0 ? <span className="badge">{t('lesson.begun')}</span> : <span className="badge">{t('lesson.start')}</span>}</span>
              </Link>
            );
          })}
        </div>
      </main>
    </>
  );
}

const PROSE_SIZE = { wide: 33, medium: 45, narrow: 52 } as const;

export function LessonPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const width = useWindowWidth();
  const keys = useMemo(() => ({ n: () => { stepLesson(1); }, p: () => { stepLesson(-1); } }), []);
  useShortcuts(keys);
  const index = LESSONS.findIndex((lesson) => lesson.id === id);
  const lesson = LESSONS[index];
  if (!lesson) return <NotFound />;
  const next = LESSONS[index + 1];
  const end = (
    <div className="lesson-end">
      <p>{t('lesson.after')}</p>
      <Link href={`/exercises/${EXERCISES[index]!.slug}`} className="button primary">{t('lesson.exercise')}</Link>
      {next && <Link href={`/learn/${next.id}`} className="button">{t('lesson.nextLesson')}: {next.title[language]}</Link>}
    </div>
  );
  return (
    <>
      <TopBar />
      <main className="lab" id="main">
        <h1 className="visually-hidden">{lesson.title[language]}</h1>
        <Transport />
        <Now />
        <div className="work">
          <Split
            id={`lesson-${width}`} key={width} orientation={width === 'narrow' ? 'vertical' : 'horizontal'}
            parts={[
              { id: 'prose', size: PROSE_SIZE[width], content: <LessonView id={id} end={end} /> },
              { id: 'machine', size: 100 - PROSE_SIZE[width], content: <Workspace id={`lesson-panes-${width}`} layout={LESSON[width]} /> },
            ]}
          />
        </div>
      </main>
    </>
  );
}
