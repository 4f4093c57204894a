/** The page: which place it shows, and what stands over every place. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { readProgress } from '../state/progress.ts';
import { DropZone } from './DropZone.tsx';
import { ExerciseList, ExercisePage } from './ExercisePages.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { LabPage } from './LabPage.tsx';
import { LessonList, LessonPage } from './LearnPages.tsx';
import { NotFound } from './NotFound.tsx';
import { Banner, Notices } from './Notices.tsx';

export function App(): ReactNode {
  const { t } = useTranslation();
  useEffect(() => { void readProgress(); }, []);
  return (
    <Router hook={useHashLocation}>
      <div className="app">
        <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('main button, main a')?.focus(); }}>{t('app.skip')}</a>
        <Banner />
        <Switch>
          <Route path="/"><LabPage /></Route>
          <Route path="/lab"><Redirect to="/" /></Route>
          <Route path="/learn"><LessonList /></Route>
          <Route path="/learn/:id">{({ id }) => <LessonPage id={id} />}</Route>
          <Route path="/exercises"><ExerciseList /></Route>
          <Route path="/exercises/:slug">{({ slug }) => <ExercisePage slug={slug} />}</Route>
          <Route><NotFound /></Route>
        </Switch>
        <Notices />
        <HelpDialog />
        <DropZone />
      </div>
    </Router>
  );
}
