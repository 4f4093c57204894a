/** The page: which place it shows, and what stands over every place. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { readProgress } from '../state/progress.ts';
import { DropZone } from './DropZone.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { LabPage } from './LabPage.tsx';
import { Banner, Notices } from './Notices.tsx';
import { TopBar } from './TopBar.tsx';

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
          <Route><TopBar /><main className="page"><h1>{t('app.notFound')}</h1><p className="lead"><Link href="/">{t('app.goToLab')}</Link></p></main></Route>
        </Switch>
        <Notices />
        <HelpDialog />
        <DropZone />
      </div>
    </Router>
  );
}
