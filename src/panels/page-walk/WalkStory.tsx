/** One step of a walk in words: what the entry says, flag by flag; at the end which table decides, and why the shadow has other rights. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import type { Translation } from '../../../workers/protocol/translation.ts';
import { World } from '../../widgets/world.tsx';
import { FLAGS, hasFlag, pageNumberOf, type WalkStep } from './steps.ts';

interface Props {
  readonly translation: Translation;
  readonly step: WalkStep;
  readonly bare: boolean;
}

export function WalkStory(props: Props): ReactNode {
  const { t } = useTranslation();
  return <div className="walk-story" role="status" aria-label={t('walk.story')}><Story {...props} /></div>;
}

function Story({ translation, step, bare }: Props): ReactNode {
  const { t } = useTranslation();
  switch (step.of) {
    case 'level': return <Entry translation={translation} step={step} />;
    case 'result': {
      const { result } = step.table === 'guest' ? translation.guest : translation.shadow!;
      if (!result.ok) return <p>{t(`walk.why.${result.why}`)}</p>;
      if (!result.leaf) return <p>{t('walk.bare')}</p>;
      return <p>{t(step.table === 'shadow' ? 'walk.leadsReal' : bare ? 'walk.leadsBare' : 'walk.leadsGuest', { at: hex(result.pa) })}</p>;
    }
    case 'place': {
      const { place } = translation;
      if (place!.is === 'memory' && place!.hpa === undefined) return <p>{t('walk.placeStory.promised')}</p>;
      return <p>{t(`walk.placeStory.${place!.is}`, { at: place!.is === 'memory' || place!.is === 'slice' ? hex(place!.hpa!) : '', name: place!.is === 'device' ? place!.name : '' })}</p>;
    }
    case 'verdict': return <Conclusion translation={translation} />;
  }
}

function Entry({ translation, step }: { readonly translation: Translation; readonly step: Extract<WalkStep, { of: 'level' }> }): ReactNode {
  const { t } = useTranslation();
  const { level, index, entryAt, entry } = step.level;
  const low = 12 + 9 * level;
  const leaf = hasFlag(entry, 'R') || hasFlag(entry, 'X');
  const is = !hasFlag(entry, 'V') ? 'invalid' : leaf ? 'leaf' : 'pointer';
  return (
    <>
      <p>{t('walk.levelStory', { high: low + 8, low, index: String(index), at: hex(entryAt), table: t(step.table === 'guest' ? 'walk.guest' : 'walk.shadow') })} {t(`walk.${is}Story`, { page: hex(pageNumberOf(entry)), at: hex(pageNumberOf(entry) << 12n), va: hex(translation.va) })}</p>
      {is !== 'invalid' && (
        <ul className="walk-flags">
          {FLAGS.map((flag) => <li key={flag} className={hasFlag(entry, flag) ? 'on' : 'off'}><b className="mono">{flag}={hasFlag(entry, flag) ? 1 : 0}</b> {t(`walk.flag.${flag}`)}</li>)}
        </ul>
      )}
    </>
  );
}

function Conclusion({ translation: { verdict, reasons, access, mode } }: { readonly translation: Translation }): ReactNode {
  const { t } = useTranslation();
  const fault = verdict === 'guest-fault' || verdict === 'bare-fault' || verdict === 'nothing';
  return (
    <>
      <p className="walk-verdict"><World of={fault ? 'fault' : verdict === 'through' || verdict.startsWith('bare') ? 'hardware' : 'vmm'}>{t('walk.verdictOf', { access: t(`walk.access.${access}`), mode: t(`mode.${mode}`) })}</World> {t(`walk.verdict.${verdict}`)}</p>
      {reasons.length > 0 && <ul className="walk-reasons">{reasons.map((reason) => <li key={reason}>{t(`walk.reason.${reason}`)}</li>)}</ul>}
    </>
  );
}
