/** Which guest runs, and under which regime. */
import { useEffect, useState, type ReactNode } from 'react';
import { FileTrigger, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { REGIMES, SHADOW_VARIANTS, type Regime, type ShadowVariant } from '../../workers/protocol/lab-api.ts';
import { listGuests, type Guest } from '../client/guests.ts';
import { changeRegime, setShadow } from '../client/lab.ts';
import { openFile, openGuest } from '../client/programs.ts';
import { useLanguage } from '../i18n/index.ts';
import { useMachine } from '../state/machine.ts';
import { notify } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';

const OWN = '';

export function ProgramPicker(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const loaded = useMachine((state) => state.loaded);
  const shadow = useMachine(({ view }) => view?.shadow);
  const [guests, setGuests] = useState<readonly Guest[]>([]);
  useEffect(() => {
    listGuests().then(setGuests, () => { notify('fetch', t('notice.fetchFailed', { name: 'index.json' })); });
  }, [t]);
  const regime = loaded?.regime ?? 'trap-and-emulate';
  return (
    <div className="transport-group picker">
      <select className="input" aria-label={t('program.choose')} value={loaded?.guest ?? OWN} onChange={({ target }) => { const guest = guests.find(({ id }) => id === target.value); if (guest) void openGuest(guest, regime); }}>
        {(loaded === undefined || loaded.guest === undefined) && <option value={OWN}>{loaded?.info.name ?? t('app.loading')}</option>}
        {guests.map(({ id, title }) => <option key={id} value={id}>{title[language]}</option>)}
      </select>
      <FileTrigger onSelect={(files) => { const file = files?.item(0); if (file) void openFile(file, regime); }}>
        <Button look="small plain">{t('program.openFile')}</Button>
      </FileTrigger>
      <ToggleButtonGroup className="segmented" aria-label={t('program.regime')} selectionMode="single" disallowEmptySelection selectedKeys={[regime]} onSelectionChange={(keys) => { const [next] = keys; if (REGIMES.includes(next as Regime) && next !== regime) void changeRegime(next as Regime); }}>
        {REGIMES.map((each) => <ToggleButton key={each} id={each}>{t(`program.${each}`)}</ToggleButton>)}
      </ToggleButtonGroup>
      {shadow && (
        <select className="input" aria-label={t('program.shadow')} title={t(`program.about.${shadow}`)} value={shadow} onChange={({ target }) => { void setShadow(target.value as ShadowVariant); }}>
          {SHADOW_VARIANTS.map((variant) => <option key={variant} value={variant}>{t(`program.${variant}`)}</option>)}
        </select>
      )}
    </div>
  );
}
