/** One virtual address through the guest's table and through the shadow table, level by level, side by side. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bits, hex } from '../../../workers/base/bits.ts';
import type { Walk } from '../../../workers/protocol/lab-api.ts';
import { isRunning, useFocus, useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { Hex } from '../../widgets/hex.tsx';
import { PlaceForm } from '../../widgets/PlaceForm.tsx';
import { useReading } from '../../widgets/reading.ts';
import { World } from '../../widgets/world.tsx';
import './page-walk.css';

const FLAGS = 'DAGUXWRV';

/** The flag bits of an entry as letters, V first from the right, as the manual draws them. */
const flagsOf = (entry: bigint): string => [0, 1, 2, 3, 4, 5, 6, 7].map((index) => (bits(entry, 7 - index, 7 - index) === 1n ? FLAGS[index]! : '-')).join('');

export function PageWalk(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const at = useWorkspace(({ walkAt }) => walkAt);
  const { trap, here } = useFocus();
  const inHost = trap !== undefined && here && (view?.micro?.count ?? 0) > 0 && view?.mode === trap.to;
  const va = at === 'pc' ? (inHost ? trap.epc : view?.pc) : at === 'tval' ? trap?.tval : at;
  const walks = useReading(va === undefined ? '' : String(va), (lab) => lab.walk(va!));
  if (!view) return null;
  if (isRunning(view)) return <p className="empty">{t('walk.running')}</p>;

  return (
    <div className="walk">
      <PlaceForm label={t('walk.address')} {...(va !== undefined && { placeholder: hex(va) })} go={t('code.go')} onPlace={(walkAt) => { useWorkspace.setState({ walkAt }); }}>
        <Button look="small" onPress={() => { useWorkspace.setState({ walkAt: 'pc' }); }}>{t('walk.followPc')}</Button>
        <Button look="small" isDisabled={!trap} onPress={() => { useWorkspace.setState({ walkAt: 'tval' }); }}>{t('walk.followTval')}</Button>
      </PlaceForm>
      {va !== undefined && <p className="walk-va"><span className="quiet">{t('walk.address')}</span> <b className="mono">{hex(va)}</b></p>}
      <div className="walk-tables">{walks?.map((walk) => <OneWalk key={walk.table} walk={walk} bare={!view.virtual} />)}</div>
    </div>
  );
}

function OneWalk({ walk, bare }: { readonly walk: Walk; readonly bare: boolean }): ReactNode {
  const { t } = useTranslation();
  const { result } = walk;
  const world = walk.table === 'guest' ? (bare ? 'hardware' : 'virtual') : 'hardware';
  return (
    <section className={`one-walk world-${world}`}>
      <h3><World of={world}>{t(`walk.${walk.table}`)}</World></h3>
      <p className="quiet">{t(walk.table === 'shadow' ? 'walk.shadowAbout' : bare ? 'walk.bareAbout' : 'walk.guestAbout')}</p>
      {result.ok && result.flags === 'bare' && <p className="walk-bare">{t('walk.bare')}</p>}
      <ol>
        {walk.levels.map(({ level, entryAt, entry }) => (
          <li key={level} className="walk-level">
            <div className="walk-head"><b>{t('walk.level', { level })}</b><span className="quiet">{t('walk.index', { index: String(bits(walk.va, 20 + 9 * level, 12 + 9 * level)) })}</span><span className="mono flags">{flagsOf(entry)}</span></div>
            <div className="walk-entry mono"><span className="quiet">{t('walk.entryAt')}</span> {hex(entryAt)}<br /><span className="quiet">{t('walk.entry')}</span> <Hex value={entry} /></div>
          </li>
        ))}
      </ol>
      {result.ok
        ? <p className="walk-result"><span className="quiet">{t('walk.result')}</span> <b className="mono">{hex(result.pa)}</b>{result.flags !== 'bare' && <span className="mono flags">{result.flags}</span>}</p>
        : <p className="walk-result world-fault"><World of="fault">{t('walk.fault')}</World> <span className="quiet">{result.reason}</span></p>}
    </section>
  );
}
