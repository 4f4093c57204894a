/** A pane whose code is fetched when it is first looked at: what one sees at once stays small. */
import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { busyWith } from '../client/idle.ts';

function Say({ what }: { readonly what: 'app.loading' | 'app.paneFailed' }): ReactNode {
  const { t } = useTranslation();
  return <p className="empty" role="status">{t(what)}</p>;
}

const Failed = (): ReactNode => <Say what="app.paneFailed" />;

export function lazyPane(load: () => Promise<ComponentType>): ComponentType {
  const Pane = lazy(() => busyWith(load()).then((pane): { default: ComponentType } => ({ default: pane }), () => ({ default: Failed as ComponentType })));
  return () => <Suspense fallback={<Say what="app.loading" />}><Pane /></Suspense>;
}
