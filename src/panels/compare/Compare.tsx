/** The same guest with the same input in each regime and with each kind of shadow tables: what it costs, as a chart and as a table. */
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CONFIGURATIONS, type Measurement } from '../../../workers/protocol/lab-api.ts';
import { ask } from '../../client/lab.ts';
import { problemText, useLanguage } from '../../i18n/index.ts';
import { useMachine, type Loaded } from '../../state/machine.ts';
import { Button } from '../../widgets/button.tsx';
import { causeTitleByName } from '../../widgets/cause.ts';
import { Chart, type Series } from '../../widgets/Chart.tsx';
import './compare.css';

/** Of the guest's instructions, for each run: some seconds. */
const LIMIT = 20_000_000;
const PLACES = CONFIGURATIONS.map((_, place) => place);
const perMillion = ({ exits, instructions }: Measurement): number => Math.round((1e6 * exits) / Math.max(1, instructions));

interface Comparison {
  readonly of: Loaded;
  readonly runs: readonly Measurement[];
  readonly problem: string | undefined;
}

export function Compare(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const loaded = useMachine((state) => state.loaded);
  const [comparison, setComparison] = useState<Comparison>();
  const [busy, setBusy] = useState(false);
  if (!loaded) return null;
  const run = async (): Promise<void> => {
    setBusy(true);
    const runs: Measurement[] = [];
    let problem: string | undefined;
    setComparison({ of: loaded, runs, problem });
    for (const configuration of CONFIGURATIONS) {
      const answer = await ask((lab) => lab.measure(configuration, LIMIT));
      // Another program was loaded meanwhile: its figures do not belong to these.
      if (!answer || useMachine.getState().loaded?.info !== loaded.info) break;
      if (answer.ok) runs.push(answer.measurement);
      else problem = problemText(answer.problem, language);
      setComparison({ of: loaded, runs: [...runs], problem });
    }
    setBusy(false);
  };
  const runs = comparison?.of.info === loaded.info ? comparison.runs : [];
  return (
    <div className="compare">
      <p className="about">{t('compare.about')}</p>
      <p className="ask"><Button look="primary small" isDisabled={busy} onPress={() => { void run(); }}>{t(busy ? 'compare.busy' : 'compare.run')}</Button></p>
      {comparison?.problem !== undefined && <p className="problem">{comparison.problem}</p>}
      {runs.length > 0 && <Figures runs={runs} />}
    </div>
  );
}

function Figures({ runs }: { readonly runs: readonly Measurement[] }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useMemo(() => CONFIGURATIONS.map(({ regime, shadow }) => (regime === 'trap-and-emulate' ? t(`program.${shadow!}`) : t(`program.${regime}`))), [t]);
  const series = useMemo<Series[]>(() => [{ name: t('compare.perMillion'), values: PLACES.map((place) => (runs[place] ? perMillion(runs[place]) : null)), colour: '--vmm', as: 'bars' }], [runs, t]);
  const causes = [...new Set(runs.flatMap(({ exitsByCause }) => Object.keys(exitsByCause)))];
  const [bare] = runs;
  const row = (name: string, value: (run: Measurement) => string, look = ''): ReactNode => (
    <tr key={name} className={look}><th scope="row">{name}</th>{runs.map((run, place) => <td key={names[place]}>{value(run)}</td>)}</tr>
  );
  const number = (value: number): string => value.toLocaleString(language);
  return (
    <>
      <Chart label={t('compare.chart')} x={PLACES} names={names} series={series} />
      <div className="figures" role="region" aria-label={t('compare.table')} tabIndex={0}>
        <table>
          <thead><tr><th scope="col">{t('compare.what')}</th>{runs.map((_, place) => <th key={names[place]} scope="col">{names[place]}</th>)}</tr></thead>
          <tbody>
            {row(t('compare.exits'), ({ exits }) => number(exits), 'sum')}
            {causes.map((cause) => row(causeTitleByName(cause, language), ({ exitsByCause }) => number(exitsByCause[cause] ?? 0), 'part'))}
            {row(t('compare.perMillion'), (run) => number(perMillion(run)), 'sum')}
            {row(t('compare.instructions'), ({ instructions }) => number(instructions))}
            {row(t('compare.direct'), ({ direct, instructions }) => `${((100 * direct) / Math.max(1, instructions)).toFixed(2)} %`)}
            {row(t('compare.pages'), ({ shadowPages }) => number(shadowPages))}
            {row(t('compare.milliseconds'), ({ milliseconds }) => number(Math.round(milliseconds)))}
            {row(t('compare.end'), ({ end, exitCode }) => t(`compare.ends.${end}`, { code: exitCode ?? 0 }))}
            {row(t('compare.same'), (run) => t(run.console === bare!.console && run.end === bare!.end && run.exitCode === bare!.exitCode ? 'compare.yes' : 'compare.no'))}
          </tbody>
        </table>
      </div>
      <p className="quiet note">{t('compare.note')}</p>
    </>
  );
}
