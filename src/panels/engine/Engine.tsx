/** The engine at work: how fast the machine runs, in which tier, and what translating costs and brings. */
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LEFT_FOR, type EngineWork } from '../../../workers/protocol/lab-api.ts';
import { useLanguage } from '../../i18n/index.ts';
import type { SpeedSample } from '../../state/engine.ts';
import { useMachine } from '../../state/machine.ts';
import { Chart, type Series } from '../../widgets/Chart.tsx';
import './engine.css';

/** Samples that the number in words is the mean of. */
const LAST = 8;

export function Engine(): ReactNode {
  const { t } = useTranslation();
  const engine = useMachine((state) => state.engine);
  if (!engine) return <p className="empty">{t('engine.none')}</p>;
  const { work, samples } = engine;
  return (
    <div className="engine">
      <p className="intro">{t('engine.intro')}</p>
      {samples.length === 0 ? <p className="quiet">{t('engine.none')}</p> : <Speed samples={samples} />}
      <Tiers work={work} />
      <Regions work={work} />
      <Left work={work} />
      <Lookups work={work} />
    </div>
  );
}

function Speed({ samples }: { readonly samples: readonly SpeedSample[] }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const [x, series] = useMemo((): [number[], Series[]] => [
    samples.map(({ at }) => at),
    (['translated', 'interpreted'] as const).map((tier): Series => ({ name: t(`engine.${tier}`), values: samples.map((sample) => sample[tier]), colour: tier === 'translated' ? '--hardware' : '--text-2', as: 'line' })),
  ], [samples, t]);
  const last = samples.slice(-LAST);
  const seconds = last.at(-1)!.at - (samples.at(-1 - LAST)?.at ?? 0);
  const mean = last.reduce((sum, { translated, interpreted }) => sum + translated + interpreted, 0) / last.length;
  return (
    <section>
      <p className="speed"><b>{mean.toLocaleString(language, { maximumFractionDigits: mean < 10 ? 1 : 0 })}</b> {t('engine.speed', { seconds: seconds.toLocaleString(language, { maximumFractionDigits: 1 }) })}</p>
      {samples.length > 1 && <figure><Chart label={t('engine.chart')} along={t('engine.seconds')} x={x} series={series} /><figcaption className="says">{t('engine.chart')}</figcaption></figure>}
    </section>
  );
}

function Row({ name, says, count, of }: { readonly name: string; readonly says: string; readonly count: number; readonly of: number }): ReactNode {
  const language = useLanguage();
  const share = of === 0 ? 0 : (100 * count) / of;
  return (
    <tr>
      <th scope="row">{name}<span className="says">{says}</span></th>
      <td className="count">{count.toLocaleString(language)}</td>
      <td className="share"><span className="bar" style={{ width: `${String(share)}%` }} /><span>{share.toLocaleString(language, { maximumFractionDigits: share < 1 || share > 99 ? 1 : 0 })} %</span></td>
    </tr>
  );
}

function Tiers({ work: { translated, interpreted } }: { readonly work: EngineWork }): ReactNode {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('engine.tiers')}</h2>
      <table className="counts">
        <thead><tr><th scope="col">{t('engine.tier')}</th><th scope="col" className="count">{t('engine.steps')}</th><th scope="col">{t('engine.share')}</th></tr></thead>
        <tbody>
          <Row name={t('engine.translated')} says={t('engine.translatedSays')} count={translated} of={translated + interpreted} />
          <Row name={t('engine.interpreted')} says={t('engine.interpretedSays')} count={interpreted} of={translated + interpreted} />
        </tbody>
      </table>
    </section>
  );
}

function Fact({ value, name, says }: { readonly value: number; readonly name: string; readonly says: string }): ReactNode {
  const language = useLanguage();
  return <div><dt><b>{value.toLocaleString(language, { maximumFractionDigits: 0 })}</b> {name}</dt><dd>{says}</dd></div>;
}

function Regions({ work }: { readonly work: EngineWork }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const average = work.regions === 0 ? 0 : Math.round(work.regionInstructions / work.regions);
  const bytes = (work.codeBytes / 1024).toLocaleString(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
  return (
    <section>
      <h2>{t('engine.regions')}</h2>
      <dl className="facts">
        <Fact value={work.regions} name={t('engine.held')} says={t('engine.heldSays', { average: average.toLocaleString(language) })} />
        <Fact value={work.made} name={t('engine.made')} says={t('engine.madeSays', { bytes })} />
        <Fact value={work.compileMilliseconds} name={t('engine.compile')} says={t('engine.compileSays')} />
        <Fact value={work.dropped} name={t('engine.dropped')} says={t('engine.droppedSays')} />
        <Fact value={work.evicted} name={t('engine.evicted')} says={t('engine.evictedSays')} />
      </dl>
    </section>
  );
}

function Left({ work: { left, entered } }: { readonly work: EngineWork }): ReactNode {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('engine.left')}</h2>
      <table className="counts">
        <thead><tr><th scope="col">{t('engine.reason')}</th><th scope="col" className="count">{t('engine.times')}</th><th scope="col">{t('engine.share')}</th></tr></thead>
        <tbody>{LEFT_FOR.map((reason) => <Row key={reason} name={t(`engine.leftFor.${reason}`)} says={t(`engine.leftForSays.${reason}`)} count={left[reason]} of={entered} />)}</tbody>
      </table>
    </section>
  );
}

function Lookups({ work: { fills, walks, translated, interpreted } }: { readonly work: EngineWork }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const steps = translated + interpreted;
  const perThousand = (steps === 0 ? 0 : (1000 * fills) / steps).toLocaleString(language, { maximumSignificantDigits: 2 });
  return (
    <section>
      <h2>{t('engine.tlb')}</h2>
      <dl className="facts">
        <Fact value={fills} name={t('engine.fills')} says={t('engine.fillsSays', { perThousand })} />
        <Fact value={walks} name={t('engine.walks')} says={t('engine.walksSays')} />
      </dl>
    </section>
  );
}
