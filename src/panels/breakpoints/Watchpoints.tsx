/** Memory that the machine stops after an access to: what is watched, and what the last access did there. */
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import { MOST_WATCHED_BYTES, WATCH_KINDS, type MemorySpace, type Watchpoint, type WatchKind } from '../../../workers/protocol/lab-api.ts';
import { isSameMemory, toggleWatchpoint } from '../../client/lab.ts';
import { useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { Icon } from '../../widgets/icons.tsx';
import { nameOfPlace } from '../../widgets/place.ts';
import { PlaceForm } from '../../widgets/PlaceForm.tsx';

const SPACES: readonly MemorySpace[] = ['current', 'guest-physical', 'host-physical'];

export function Watchpoints(): ReactNode {
  const { t } = useTranslation();
  const watches = useWorkspace(({ breakpoints }) => breakpoints.watches);
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols) ?? [];
  const stop = useMachine(({ view }) => view?.stop);
  const [space, setSpace] = useState<MemorySpace>('current');
  const [on, setOn] = useState<WatchKind>('change');
  const [size, setSize] = useState('8');
  const bytes = Number(size);
  const sound = Number.isInteger(bytes) && bytes >= 1 && bytes <= MOST_WATCHED_BYTES;
  const watch = (address: bigint): void => {
    const watchpoint: Watchpoint = { space, address, bytes, on };
    if (sound && !watches.some((other) => isSameMemory(other, watchpoint))) void toggleWatchpoint(watchpoint);
  };
  const hit = stop?.by === 'watchpoint' ? stop.hit : undefined;
  return (
    <section>
      <h3>{t('watch.title')}</h3>
      <PlaceForm
        label={t('watch.place')} go={t('breakpoints.add')} onPlace={watch}
        before={(
          <>
            <select className="input" aria-label={t('watch.on')} value={on} onChange={({ target }) => { setOn(target.value as WatchKind); }}>
              {WATCH_KINDS.map((each) => <option key={each} value={each}>{t(`watch.${each}`)}</option>)}
            </select>
            <label className="watch-size"><input className="input" type="number" min={1} max={MOST_WATCHED_BYTES} value={size} aria-invalid={!sound} onChange={({ target }) => { setSize(target.value); }} /> {t('watch.bytes')}</label>
            <select className="input" aria-label={t('memory.space')} value={space} onChange={({ target }) => { setSpace(target.value as MemorySpace); }}>
              {SPACES.map((each) => <option key={each} value={each}>{t(`memory.${each as 'current'}`)}</option>)}
            </select>
          </>
        )}
      />
      {!sound && <p role="alert" className="problem">{t('watch.size', { most: MOST_WATCHED_BYTES })}</p>}
      {watches.length === 0 && <p className="quiet">{t('watch.none')}</p>}
      <ul>
        {watches.map((each) => {
          const shown = hex(each.address);
          const here = hit && isSameMemory(hit.watchpoint, each);
          return (
            <li key={`${each.space} ${shown} ${String(each.bytes)}`} aria-current={here ? 'true' : undefined}>
              <span>
                <span className="mono">{shown}</span> <span className="quiet mono">{nameOfPlace(each.address, symbols)}</span> {t('watch.row', { count: each.bytes, on: t(`watch.${each.on}`), space: t(`memory.${each.space as 'current'}`) })}
                {here && <span className="watch-hit mono">{padded(hit.before, hit.bytes)} → {padded(hit.after, hit.bytes)}</span>}
              </span>
              <Button look="small plain icon" name={t('watch.remove', { at: shown })} onPress={() => { void toggleWatchpoint(each); }}><Icon of="close" /></Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const padded = (value: bigint, bytes: number): string => `0x${value.toString(16).padStart(2 * bytes, '0')}`;
