/** Exact counts: traps by cause, entries into the VMM by cause, and the speed of this computer now. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceUse } from '../../../workers/protocol/lab-api.ts';
import { useLanguage } from '../../i18n/index.ts';
import { useMachine } from '../../state/machine.ts';
import { causeTitleByName } from '../../widgets/cause.ts';
import { World } from '../../widgets/world.tsx';
import './statistics.css';

function Counts({ label, counts }: { readonly label: ReactNode; readonly counts: Readonly<Record<string, number>> }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const sum = rows.reduce((total, [, count]) => total + count, 0);
  return (
    <section>
      <h3>{label}</h3>
      {rows.length === 0 ? <p className="quiet">{t('statistics.none')}</p> : (
        <table className="counts">
          <thead><tr><th scope="col">{t('statistics.cause')}</th><th scope="col" className="count">{t('statistics.count')}</th><th scope="col">{t('statistics.share')}</th></tr></thead>
          <tbody>
            {rows.map(([name, count]) => (
              <tr key={name}>
                <th scope="row">{causeTitleByName(name, language)}</th>
                <td className="count">{count.toLocaleString(language)}</td>
                <td className="share"><span className="bar" style={{ width: `${String(Math.max(1, (100 * count) / sum))}%` }} /><span>{Math.round((100 * count) / sum)} %</span></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** What each byte has cost, by device: the lecture's three strategies beside each other. */
function Devices({ devices }: { readonly devices: readonly DeviceUse[] }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  if (devices.length === 0) return null;
  const number = (value: number): string => value.toLocaleString(language, { maximumFractionDigits: 3 });
  return (
    <section>
      <h3>{t('statistics.devices')}</h3>
      <div className="scrolls" tabIndex={0} role="group" aria-label={t('statistics.devices')}>
        <table className="counts">
          <thead>
            <tr>
              <th scope="col">{t('statistics.device')}</th><th scope="col">{t('statistics.strategy')}</th><th scope="col" className="count">{t('statistics.bytes')}</th>
              <th scope="col" className="count">{t('statistics.deviceExits')}</th><th scope="col" className="count">{t('statistics.exitsPerByte')}</th><th scope="col" className="count">{t('statistics.interrupts')}</th>
            </tr>
          </thead>
          <tbody>
            {devices.map(({ device, strategy, bytes, exits, interrupts }) => (
              <tr key={device}>
                <th scope="row" className="mono">{device}</th><td>{t(`statistics.strategies.${strategy}`)}</td><td className="count">{number(bytes)}</td>
                <td className="count">{number(exits)}</td><td className="count">{bytes === 0 ? '–' : number(exits / bytes)}</td><td className="count">{number(interrupts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Statistics(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useMachine((state) => state.view);
  if (!view) return null;
  const { counters } = view;
  return (
    <div className="statistics">
      {counters.vmExits > 0 && <p className="per-exit"><b>{Math.round(Number(counters.instructions) / counters.vmExits).toLocaleString(language)}</b> {t('statistics.perExit')}</p>}
      {view.virtual
        ? <Counts label={<World of="vmm">{t('statistics.exits')}</World>} counts={counters.vmExitsByCause} />
        : <p className="quiet">{t('statistics.bareNote')}</p>}
      <Devices devices={counters.devices} />
      <Counts label={<World of="hardware">{t('statistics.traps')}</World>} counts={counters.trapsByCause} />
      <p className="quiet note">{t('statistics.note')}</p>
    </div>
  );
}
