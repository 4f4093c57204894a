/** Where the machine stops by itself: at addresses, and at traps by cause. */
import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CAUSES } from '../../../workers/isa/causes.ts';
import { toggleBreakpoint, toggleCauseBreakpoint } from '../../client/lab.ts';
import { useLanguage } from '../../i18n/index.ts';
import { useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { Icon } from '../../widgets/icons.tsx';
import { nameOfPlace, parsePlace } from '../../widgets/place.ts';
import './breakpoints.css';

export function Breakpoints(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const { addresses, causes } = useWorkspace(({ breakpoints }) => breakpoints);
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols) ?? [];
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState<string>();
  const add = (event: SyntheticEvent): void => {
    event.preventDefault();
    const place = parsePlace(text, symbols);
    setUnknown(place === undefined ? text : undefined);
    if (place === undefined) return;
    if (!addresses.includes(place)) void toggleBreakpoint(place);
    setText('');
  };
  const box = (interrupt: boolean): ReactNode => CAUSES.filter((cause) => cause.interrupt === interrupt).map(({ name, title, code }) => (
    <label key={name} className="cause"><input type="checkbox" checked={causes.includes(name)} onChange={() => { void toggleCauseBreakpoint(name); }} /><span className="mono quiet">{code}</span> {title[language]}</label>
  ));
  return (
    <div className="breakpoints">
      <section>
        <h3>{t('breakpoints.addresses')}</h3>
        <form className="add" onSubmit={add}>
          <input className="input mono" aria-label={t('breakpoints.place')} placeholder={t('breakpoints.place')} value={text} aria-invalid={unknown !== undefined} onChange={(event) => { setText(event.target.value); setUnknown(undefined); }} spellCheck={false} autoComplete="off" />
          <Button look="small" type="submit">{t('breakpoints.add')}</Button>
        </form>
        {unknown !== undefined && <p role="alert" className="code-problem">{t('code.unknownPlace', { text: unknown })}</p>}
        {addresses.length === 0 && <p className="quiet">{t('breakpoints.none')}</p>}
        <ul>
          {addresses.map((address) => {
            const shown = `0x${address.toString(16)}`;
            return <li key={shown}><span className="mono">{shown} <span className="quiet">{nameOfPlace(address, symbols)}</span></span><Button look="small plain icon" name={t('breakpoints.remove', { at: shown })} onPress={() => { void toggleBreakpoint(address); }}><Icon of="close" /></Button></li>;
          })}
        </ul>
      </section>
      <section>
        <h3>{t('breakpoints.causes')}</h3>
        <fieldset><legend>{t('breakpoints.exceptions')}</legend>{box(false)}</fieldset>
        <fieldset><legend>{t('breakpoints.interrupts')}</legend>{box(true)}</fieldset>
      </section>
    </div>
  );
}
