/** One virtual address in three tables side by side; a step of the walk after the other, forward and back. */
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import { ACCESS_KINDS, type AccessKind, type Translation, type Walk } from '../../../workers/protocol/translation.ts';
import type { MachineView, TrapEvent } from '../../../workers/protocol/lab-api.ts';
import { useFocus } from '../../state/machine.ts';
import { stepWalk, useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { Hex } from '../../widgets/hex.tsx';
import { Icon } from '../../widgets/icons.tsx';
import { PlaceForm } from '../../widgets/PlaceForm.tsx';
import { useReading } from '../../widgets/reading.ts';
import { World, type WorldName } from '../../widgets/world.tsx';
import { flagText, hasFlag, stepsOf, type WalkStep } from './steps.ts';
import { WalkStory } from './WalkStory.tsx';

/** Page and access faults, by the kind of access. */
const ACCESS_OF: Readonly<Record<number, AccessKind>> = { 1: 'fetch', 5: 'load', 7: 'store', 12: 'fetch', 13: 'load', 15: 'store' };
const accessOfTrap = (trap: TrapEvent | undefined): AccessKind | undefined => (trap && !trap.interrupt ? ACCESS_OF[trap.cause] : undefined);

/** What is walked: what the reader chose, else the address that the trap in focus is about, else where the guest runs. */
function useWalked(view: MachineView): { readonly va: bigint | undefined; readonly access: AccessKind; readonly trap: TrapEvent | undefined } {
  const { walkAt, walkAccess } = useWorkspace();
  const { trap, here } = useFocus();
  const faulted = here ? accessOfTrap(trap) : undefined;
  const follows = walkAt === 'auto' ? (faulted ? 'tval' : 'pc') : walkAt;
  const inHost = trap !== undefined && here && (view.micro?.count ?? 0) > 0 && view.mode === trap.to;
  const va = follows === 'pc' ? (inHost ? trap.epc : view.pc) : follows === 'tval' ? trap?.tval : follows;
  const own = follows === 'pc' ? 'fetch' : follows === 'tval' ? accessOfTrap(trap) ?? 'load' : 'load';
  return { va, access: walkAccess === 'auto' ? own : walkAccess, trap };
}

export function WalkView({ view, choice }: { readonly view: MachineView; readonly choice: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { va, access, trap } = useWalked(view);
  const at = useWorkspace(({ walkStep }) => walkStep);
  const translation = useReading(va === undefined ? '' : `${String(va)} ${access}`, (lab) => lab.translate(va!, access));
  const steps = translation ? stepsOf(translation) : [];
  const now = Math.min(at, steps.length - 1);
  useEffect(() => { useWorkspace.setState({ walkSteps: steps.length }); }, [steps.length]);
  const place = (walkAt: bigint | 'pc' | 'tval'): void => { useWorkspace.setState({ walkAt, walkAccess: 'auto', walkStep: Infinity }); };
  return (
    <>
      <PlaceForm label={t('walk.address')} {...(va !== undefined && { placeholder: hex(va) })} go={t('code.go')} onPlace={place} before={choice}>
        <Button look="small" onPress={() => { place('pc'); }}>{t('walk.followPc')}</Button>
        <Button look="small" isDisabled={!trap} onPress={() => { place('tval'); }}>{t('walk.followTval')}</Button>
        <select className="input" aria-label={t('walk.accessKind')} value={access} onChange={({ target }) => { useWorkspace.setState({ walkAccess: target.value as AccessKind }); }}>
          {ACCESS_KINDS.map((kind) => <option key={kind} value={kind}>{t(`walk.access.${kind}`)}</option>)}
        </select>
      </PlaceForm>
      {translation && (
        <>
          <div className="walk-stepper">
            <div className="stepper" role="group" aria-label={t('walk.step')}>
              <Button look="back small" name={`${t('walk.back')} (Shift L)`} isDisabled={now <= 0} onPress={() => { stepWalk(-1); }}><Icon of="back" /></Button>
              <Button look="small" name={`${t('walk.forward')} (L)`} onPress={() => { stepWalk(1); }}>{t('walk.level', { level: '' }).trim()} <Icon of="forward" /> <kbd>L</kbd></Button>
            </div>
            <span className="quiet">{t('walk.stepOf', { step: now + 1, count: steps.length })}</span>
            <b className="mono">{hex(translation.va)}</b>
          </div>
          <WalkStory translation={translation} step={steps[now]!} bare={!view.virtual} />
          <WalkTables translation={translation} steps={steps} now={now} bare={!view.virtual} />
        </>
      )}
    </>
  );
}

interface TablesProps {
  readonly translation: Translation;
  readonly steps: readonly WalkStep[];
  readonly now: number;
  readonly bare: boolean;
}

function WalkTables({ translation, steps, now, bare }: TablesProps): ReactNode {
  const { t } = useTranslation();
  const { guest, place, shadow, root } = translation;
  const indexOf = (fits: (step: WalkStep) => boolean): number => steps.findIndex(fits);
  const state = (index: number): string => (index === now ? 'is-now' : index > now ? 'is-later' : '');
  const placeAt = indexOf(({ of }) => of === 'place');
  return (
    <div className="walk-tables">
      <OneWalk walk={guest} world={bare ? 'hardware' : 'virtual'} title={t('walk.guest')} about={t(bare ? 'walk.bareAbout' : 'walk.guestAbout')} offset={0} state={state} />
      {!bare && (
        <section className="one-walk world-vmm" aria-label={t('walk.map')}>
          <h3><World of="vmm">{t('walk.map')}</World></h3>
          <p className="quiet">{t('walk.mapAbout')}</p>
          <div className={`walk-level ${placeAt < 0 ? 'is-later' : state(placeAt)}`}>
            {!place ? <p className="quiet">{t('walk.mapUnasked')}</p> : (
              <dl className="walk-map">
                <dt>{t('walk.gpa')}</dt><dd className="mono">{guest.result.ok && hex(guest.result.pa)}</dd>
                <dt aria-hidden="true">↓</dt><dd>{t(`walk.place.${place.is}`, { name: place.is === 'device' ? place.name : '' })}</dd>
                {(place.is === 'memory' || place.is === 'slice') && <><dt>{t('walk.hpa')}</dt><dd className="mono">{place.hpa === undefined ? t('walk.notGiven') : hex(place.hpa)}</dd></>}
              </dl>
            )}
          </div>
        </section>
      )}
      {shadow && <OneWalk walk={shadow} world="hardware" title={t('walk.shadow')} about={root === undefined ? t('walk.shadowAbout') : `${t('walk.shadowAbout')} · ${root}`} offset={placeAt < 0 ? guest.levels.length + 1 : placeAt + 1} state={state} />}
    </div>
  );
}

interface OneProps {
  readonly walk: Walk;
  readonly world: WorldName;
  readonly title: string;
  readonly about: string;
  /** The number of its first step. */
  readonly offset: number;
  readonly state: (index: number) => string;
}

function OneWalk({ walk, world, title, about, offset, state }: OneProps): ReactNode {
  const { t } = useTranslation();
  const { result, levels } = walk;
  return (
    <section className={`one-walk world-${world}`} aria-label={title}>
      <h3><World of={world}>{title}</World></h3>
      <p className="quiet">{about}</p>
      <ol>
        {levels.map(({ level, index, entryAt, entry }, number) => (
          <li key={level} className={`walk-level ${state(offset + number)}`} aria-current={state(offset + number) === 'is-now' ? 'step' : undefined}>
            <div className="walk-head"><b>{t('walk.level', { level })}</b><span className="quiet">{t('walk.index', { index: String(index) })}</span><span className="mono flags" aria-label={flagText(entry)}>{Array.from(flagText(entry)).map((letter, place) => <span key={place} className={letter === '-' ? 'off' : 'on'}>{letter}</span>)}</span></div>
            <div className="walk-entry mono"><span className="quiet">{t('walk.entryAt')}</span> {hex(entryAt)}<br /><span className="quiet">{t('walk.entry')}</span> <Hex value={entry} /></div>
          </li>
        ))}
      </ol>
      <div className={`walk-result ${state(offset + levels.length)}`}>
        {!result.ok
          ? <><World of="fault">{t('walk.noPage')}</World> <span className="quiet">{t(`walk.why.${result.why}`)}</span></>
          : <><span className="quiet">{result.leaf ? t('walk.result') : t('walk.bare')}</span> <b className="mono">{hex(result.pa)}</b>{result.leaf && <Rights entry={result.leaf.entry} />}</>}
      </div>
    </section>
  );
}

/** What a leaf says of rights, in words. */
function Rights({ entry }: { readonly entry: bigint }): ReactNode {
  const { t } = useTranslation();
  const rights = (['R', 'W', 'X'] as const).filter((flag) => hasFlag(entry, flag)).map((flag) => t(`walk.right.${flag}`));
  return <span className="rights">{rights.join(' · ')} · {t(hasFlag(entry, 'U') ? 'walk.right.user' : 'walk.right.kernel')}</span>;
}
