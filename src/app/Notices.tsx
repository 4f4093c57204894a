/** What the reader must know: a worker that has died, a program that was refused, storage that is not there. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { restart } from '../client/lab.ts';
import { useMachine } from '../state/machine.ts';
import { dismiss, useWorkspace } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icons.tsx';

export function Banner(): ReactNode {
  const { t } = useTranslation();
  const died = useMachine((state) => state.died);
  if (died === undefined) return null;
  return <div className="banner" role="alert"><span>{t('notice.workerDied')}</span><Button look="small" onPress={() => { void restart(); }}>{t('notice.restart')}</Button></div>;
}

export function Notices(): ReactNode {
  const { t } = useTranslation();
  const notices = useWorkspace((state) => state.notices);
  return (
    <div className="notices" role="region" aria-live="polite" aria-label={t('notice.label')}>
      {notices.map(({ id, text }) => <div key={id} className="notice"><p>{text}</p><Button look="small plain icon" name={t('notice.dismiss')} onPress={() => { dismiss(id); }}><Icon of="close" /></Button></div>)}
    </div>
  );
}
