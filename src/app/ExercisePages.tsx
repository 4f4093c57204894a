/** The list of exercises, and one exercise beside the machine. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { EXERCISES } from '../exercises/list.ts';
import { ExerciseView } from '../exercises/ExerciseView.tsx';
import { useLanguage } from '../i18n/index.ts';
import { useProgress } from '../state/progress.ts';
import { showPane } from '../state/workspace.ts';
import { EXERCISE } from './layouts.ts';
import { NotFound } from './NotFound.tsx';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './TopBar.tsx';
import { Transport } from './Transport.tsx';
import { Now } from './Now.tsx';
import { Split, useWindowWidth, Workspace } from './Workspace.tsx';

export function ExerciseList(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const progress = useProgress((state) => state.exercises);
  useShortcuts();
  return (
    <>
      <TopBar />
      <main className="page" id="main">
        <h1>{t('exercise.list')}</h1>
        <p className="lead">{t('exercise.intro')}</p>
        <div className="cards">
          {EXERCISES.map(({ id, slug, title, summary }, index) => (
            <Link key={id} href={`/exercises/${slug}`} className="card">
              <span className="number" aria-hidden="true">{index + 1}</span>
              <h2>{title[language]}</h2>
              <p>{summary[language]}</p>
              <span className="progress">{progress[id]?.passed ? <span className="badge done">{t('exercise.done')}</span> : <span className="badge">{progress[id] ? t('lesson.begun') : t('exercise.open')}</span>}</span>
            </Link>
          ))}
        </div>
      </main>
    </>
  );
}

export function ExercisePage({ slug }: { readonly slug: string }): ReactNode {
  const language = useLanguage();
  const width = useWindowWidth();
  useShortcuts();
  useEffect(() => { showPane('csrs'); }, []);
  const exercise = EXERCISES.find((each) => each.slug === slug);
  if (!exercise) return <NotFound />;
  return (
    <>
      <TopBar />
      <main className="lab" id="main">
        <Transport />
        <Now />
        <div className="work">
          <Split
            id={`exercise-${width}`} key={width} orientation={width === 'narrow' ? 'vertical' : 'horizontal'}
            parts={[
              { id: 'exercise', size: width === 'narrow' ? 66 : 54, content: <ExerciseView id={exercise.id} title={exercise.title[language]} summary={exercise.summary[language]} readonly={false} /> },
              { id: 'exercise-machine', size: width === 'narrow' ? 34 : 46, content: <Workspace id={`exercise-panes-${width}`} layout={EXERCISE[width]} /> },
            ]}
          />
        </div>
      </main>
    </>
  );
}
