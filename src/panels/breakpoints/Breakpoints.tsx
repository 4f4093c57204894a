/** Where the machine stops by itself: at addresses, after accesses to memory, and at traps by cause. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import { CAUSES } from '../../../workers/isa/causes.ts';
import { toggleBreakpoint, toggleCauseBreakpoint } from '../../client/lab.ts';
import { useLanguage } from '../../i18n/index.ts';
import { useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { Icon } from '../../widgets/icons.tsx';
import { nameOfPlace } from '../../widgets/place.ts';
import { PlaceForm } from '../../widgets/PlaceForm.tsx';
import { Watchpoints } from './Watchpoints.tsx';
import './breakpoints.css';

export function Breakpoints(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const { addresses, causes } = useWorkspace(({ breakpoints }) => breakpoints);
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols) ?? [];
  const box = (interrupt: boolean): ReactNode => CAUSES.filter((cause) => cause.interrupt === interrupt).map(({ name, title, code }) => (
    <label key={name} className="cause"><input type="checkbox" checked={causes.includes(name)} onChange={() => { void toggleCauseBreakpoint(name); }} /><span className="mono quiet">{code}</span> {title[language]}</label>
  ));
  return (
    <div className="breakpoints">
      <section>
        <h3>{t('breakpoints.addresses')}</h3>
        <PlaceForm label={t('breakpoints.place')} go={t('breakpoints.add')} onPlace={(place) => { if (!addresses.includes(place)) void toggleBreakpoint(place); }} />
        {addresses.length === 0 && <p className="quiet">{t('breakpoints.none')}</p>}
        <ul>
          {addresses.map((address) => {
            const shown = hex(address);
            return <li key={shown}><span className="mono">{shown} <span className="quiet">{nameOfPlace(address, symbols)}</span></span><Button look="small plain icon" name={t('breakpoints.remove', { at: shown })} onPress={() => { void toggleBreakpoint(address); }}><Icon of="close" /></Button></li>;
          })}
        </ul>
      </section>
      <Watchpoints />
      <section>
        <h3>{t('breakpoints.causes')}</h3>
        <fieldset><legend>{t('breakpoints.exceptions')}</legend>{box(false)}</fieldset>
        <fieldset><legend>{t('breakpoints.interrupts')}</legend>{box(true)}</fieldset>
      </section>
    </div>
  );
}
