/** All that a table maps, as runs of pages; only the rows that are seen are drawn. */
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useVirtualizer } from '@tanstack/react-virtual';
import { hex } from '../../../workers/base/bits.ts';
import { MAPPING_KINDS, type MappingKind } from '../../../workers/protocol/translation.ts';
import type { MachineView } from '../../../workers/protocol/lab-api.ts';
import { useLanguage } from '../../i18n/index.ts';
import { useReading } from '../../widgets/reading.ts';
import { FLAGS, flagText, hasFlag, type Flag } from './steps.ts';

const ROW = 24;
const KIB = 1024n;
const FILTERS = ['all', 'W', 'X', 'U', 'G', 'D'] as const satisfies readonly ('all' | Flag)[];

/** `2 MiB`, `12 KiB`. */
function size(bytes: bigint): string {
  for (const [unit, name] of [[KIB ** 3n, 'GiB'], [KIB ** 2n, 'MiB']] as const) if (bytes >= unit && bytes % unit === 0n) return `${String(bytes / unit)} ${name}`;
  return `${String(bytes / KIB)} KiB`;
}

export function MappingsView({ view, choice }: { readonly view: MachineView; readonly choice: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const [of, setOf] = useState<MappingKind>('guest');
  const [filter, setFilter] = useState<(typeof FILTERS)[number]>('all');
  const [text, setText] = useState('');
  const mappings = useReading(`mappings ${of}`, (lab) => lab.mappings(of).then((answer) => ({ of, ...answer })));
  const use = useReading('use', (lab) => lab.shadowUse());
  const kinds = view.virtual ? MAPPING_KINDS : (['guest'] as const);
  const known = mappings?.of === of ? mappings : undefined;
  const runs = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return (known?.runs ?? []).filter(({ from, to, flags }) => (filter === 'all' || of === 'memory' || hasFlag(BigInt(flags), filter)) && (wanted === '' || hex(from).includes(wanted) || hex(to).includes(wanted)));
  }, [known, filter, text, of]);
  const box = useRef<HTMLDivElement>(null);
  // Nothing here is compiled by React's compiler, which the rule speaks of.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({ count: runs.length, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 12 });
  const pages = runs.reduce((sum, { bytes }) => sum + bytes, 0n);
  return (
    <>
      <div className="pane-bar">
        {choice}
        <select className="input" aria-label={t('walk.whichTable')} value={of} onChange={({ target }) => { setOf(target.value as MappingKind); }}>
          {kinds.map((kind) => <option key={kind} value={kind}>{t(kind === 'guest' ? 'walk.guest' : kind === 'memory' ? 'walk.map' : 'walk.shadow')}</option>)}
        </select>
        {of !== 'memory' && (
          <select className="input" aria-label={t('walk.filter')} value={filter} onChange={({ target }) => { setFilter(target.value as typeof filter); }}>
            {FILTERS.map((each) => <option key={each} value={each}>{each === 'all' ? t('walk.everyPage') : `${each}: ${t(`walk.flag.${each}`)}`}</option>)}
          </select>
        )}
        <input className="input mono" aria-label={t('walk.search')} placeholder="0x…" value={text} onChange={({ target }) => { setText(target.value); }} />
      </div>
      <p className="walk-sum quiet">
        {known && t('walk.sum', { runs: runs.length.toLocaleString(language), size: size(pages), tables: known.tables })}
        {of === 'shadow' && use && ` ${t('walk.use', { count: use.tables.length, used: use.used, most: use.most, all: use.all })}`}
        {known?.cut === true && ` ${t('walk.cut')}`}
      </p>
      {known && runs.length === 0 ? <p className="empty">{t(known.runs.length === 0 ? 'walk.noRuns' : 'walk.noneFits')}</p> : (
        <div ref={box} className="mappings" role="table" aria-label={t('walk.mappings')} aria-rowcount={runs.length + 1} tabIndex={0}>
          <div role="row" className="mapping head"><span role="columnheader">{t(of === 'memory' ? 'walk.gpa' : 'walk.va')}</span><span role="columnheader">{t('walk.to')}</span><span role="columnheader">{t('walk.size')}</span><span role="columnheader">{t('walk.flags')}</span></div>
          <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const run = runs[index]!;
              return (
                <div key={index} role="row" aria-rowindex={index + 2} className="mapping mono" style={{ transform: `translateY(${String(start)}px)`, height: ROW }}>
                  <span role="cell">{hex(BigInt.asUintN(64, run.from))}</span><span role="cell">{hex(run.to)}</span>
                  <span role="cell">{size(run.bytes)}{run.page > 4096n && <small> ({t('walk.pieces', { page: size(run.page) })})</small>}</span>
                  <span role="cell" title={FLAGS.filter((flag) => hasFlag(BigInt(run.flags), flag)).map((flag) => t(`walk.flag.${flag}`)).join(' · ')}>{of === 'memory' ? '' : flagText(BigInt(run.flags))}</span>
                </div>
              );
            })}
          </div>
        </div>
      )}
    </>
  );
}
