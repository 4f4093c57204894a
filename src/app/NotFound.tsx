/** There is nothing at this address. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { TopBar } from './TopBar.tsx';

export function NotFound(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <TopBar />
      <main className="page" id="main"><h1>{t('app.notFound')}</h1><p className="lead"><Link href="/">{t('app.goToLab')}</Link></p></main>
    </>
  );
}
