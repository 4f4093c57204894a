/** Paging: one address through the guest's table, the VMM's memory map and the shadow table, level by level; or all that each of them maps. */
import { useState, type ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { isRunning, useMachine } from '../../state/machine.ts';
import { MappingsView } from './MappingsView.tsx';
import { WalkView } from './WalkView.tsx';
import './page-walk.css';

const VIEWS = ['walk', 'mappings'] as const;

export function PageWalk(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const [shows, setShows] = useState<(typeof VIEWS)[number]>('walk');
  if (!view) return null;
  if (isRunning(view)) return <p className="empty">{t('walk.running')}</p>;
  const choice = (
    <ToggleButtonGroup className="segmented small" aria-label={t('walk.shows')} selectionMode="single" disallowEmptySelection selectedKeys={[shows]} onSelectionChange={(keys) => { const next = VIEWS.find((each) => keys.has(each)); if (next) setShows(next); }}>
      {VIEWS.map((each) => <ToggleButton key={each} id={each}>{t(`walk.${each}`)}</ToggleButton>)}
    </ToggleButtonGroup>
  );
  return <div className="walk">{shows === 'walk' ? <WalkView view={view} choice={choice} /> : <MappingsView view={view} choice={choice} />}</div>;
}
