/** The lab itself: the machine with all its panes. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openFirst } from '../client/programs.ts';
import { useMachine } from '../state/machine.ts';
import { LAB } from './layouts.ts';
import { Now } from './Now.tsx';
import { ProgramPicker } from './ProgramPicker.tsx';
import { useShortcuts } from './shortcuts.ts';
import { TopBar } from './TopBar.tsx';
import { Transport } from './Transport.tsx';
import { useWindowWidth, Workspace } from './Workspace.tsx';

export function LabPage(): ReactNode {
  const { t } = useTranslation();
  const width = useWindowWidth();
  useShortcuts();
  useEffect(() => { if (!useMachine.getState().loaded) void openFirst(); }, []);
  return (
    <>
      <TopBar><ProgramPicker /></TopBar>
      <main className="lab" id="main" aria-label={t('app.main')}>
        <h1 className="visually-hidden">{t('app.name')}: {t('app.tagline')}</h1>
        <Transport />
        <Now />
        <div className="work"><Workspace id={`lab-${width}`} layout={LAB[width]} /></div>
      </main>
    </>
  );
}
