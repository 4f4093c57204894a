/** Name, places to go, theme and language, help. */
import type { ReactNode } from 'react';
import { DialogTrigger, Dialog, Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { LANGUAGES, type Language } from '../i18n/index.ts';
import { setSettings, useSettings, type Theme } from '../state/settings.ts';
import { useWorkspace } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icons.tsx';

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };
const THEMES: readonly { readonly theme: Theme; readonly label: 'app.themeAuto' | 'app.themeLight' | 'app.themeDark' }[] = [
  { theme: 'auto', label: 'app.themeAuto' }, { theme: 'light', label: 'app.themeLight' }, { theme: 'dark', label: 'app.themeDark' },
];

export function TopBar({ children }: { readonly children?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const [location] = useLocation();
  const place = (to: string, label: string, current: boolean): ReactNode => <Link href={to} aria-current={current ? 'page' : undefined}>{label}</Link>;
  return (
    <header className="top">
      <Link href="/" className="brand" aria-label={t('app.name')}><Mark /><span>{t('app.name')}</span></Link>
      <nav aria-label={t('app.name')}>
        {place('/', t('app.lab'), location === '/')}
        {place('/learn', t('app.lessons'), location.startsWith('/learn'))}
        {place('/exercises', t('app.exercises'), location.startsWith('/exercises'))}
      </nav>
      {children}
      <span className="spring" />
      <div className="top-end">
        <SettingsMenu />
        <Button look="plain icon" name={`${t('app.help')} (?)`} onPress={() => { useWorkspace.setState({ help: true }); }}>?</Button>
      </div>
    </header>
  );
}

function SettingsMenu(): ReactNode {
  const { t } = useTranslation();
  const { theme, language } = useSettings();
  return (
    <DialogTrigger>
      <Button look="plain icon" name={t('app.settings')}><Icon of="theme" /></Button>
      <Popover placement="bottom end" className="popover">
        <Dialog aria-label={t('app.settings')}>
          <label className="field"><span className="label">{t('app.language')}</span>
            <select className="input" value={language} onChange={({ target }) => { setSettings({ language: target.value as Language }); }}>
              {LANGUAGES.map((each) => <option key={each} value={each} lang={each}>{LANGUAGE_NAMES[each]}</option>)}
            </select>
          </label>
          <label className="field"><span className="label">{t('app.theme')}</span>
            <select className="input" value={theme} onChange={({ target }) => { setSettings({ theme: target.value as Theme }); }}>
              {THEMES.map(({ theme: each, label }) => <option key={each} value={each}>{t(label)}</option>)}
            </select>
          </label>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** The sign: a step up from the guest (green) into the hypervisor's world, and on. */
export function Mark(): ReactNode {
  return <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#14213d" /><path d="M7 23h6V9h12" fill="none" stroke="#ffb703" strokeWidth="3.2" strokeLinecap="round" strokeLinejoin="round" /><circle cx="25" cy="9" r="3.4" fill="#8ecae6" /><circle cx="7" cy="23" r="3.4" fill="#52b788" /></svg>;
}
