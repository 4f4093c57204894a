/** Real | virtual | why they differ: the control registers in one aligned table, each with its fields. */
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { csrByName } from '../../../workers/isa/csrs.ts';
import type { CsrValue, Instant, StepEvent } from '../../../workers/protocol/lab-api.ts';
import { WHY, type WhyKey } from '../../../workers/protocol/why.ts';
import { useLanguage } from '../../i18n/index.ts';
import { useFocus, useMachine } from '../../state/machine.ts';
import { toggleCsr, useWorkspace } from '../../state/workspace.ts';
import { Hex } from '../../widgets/hex.tsx';
import { GLYPHS } from '../../widgets/world.tsx';
import { FieldRows } from './FieldRows.tsx';
import './csrs.css';

/** The numbers from which on the registers are those of M mode. */
const MACHINE_REGISTERS = 0x300;
/** Ticks for which a change still shows. */
const RECENT = 2000n;
/** Pixels of the head that stays on top. */
const HEADER = 32;

type Age = 'step' | 'now' | 'recent' | 'old';

/** Which registers the micro-step in focus has written. */
function writtenBy(step: StepEvent | undefined): ReadonlySet<string> {
  const written = new Set<string>();
  for (const effect of step?.effects ?? []) {
    if ((effect.on === 'real-csr' || effect.on === 'virtual-csr') && effect.access === 'write' && effect.before !== effect.after) written.add(`${effect.on} ${effect.name}`);
  }
  return written;
}

/** The register that a micro-step is about: the first that it changed, else the first that it read. */
function touchedBy(step: StepEvent | undefined): string | undefined {
  const registers = step?.effects.flatMap((effect) => (effect.on === 'real-csr' || effect.on === 'virtual-csr' ? [effect] : [])) ?? [];
  return (registers.find(({ access, before, after }) => access === 'write' && before !== after) ?? registers[0])?.name;
}

/** Scrolls a register's row into sight, without moving anything but this pane. */
function bringIntoSight(table: HTMLElement | null, name: string | undefined): void {
  const row = name === undefined ? undefined : table?.querySelector<HTMLElement>(`[data-csr="${name}"]`);
  const box = table?.closest<HTMLElement>('.slot-body');
  if (!row || !box) return;
  const top = row.offsetTop;
  if (top < box.scrollTop + HEADER || top + row.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top - HEADER;
}

function ageOf(kind: 'real-csr' | 'virtual-csr', csr: CsrValue, now: Instant, written: ReadonlySet<string>): Age {
  if (written.has(`${kind} ${csr.name}`)) return 'step';
  if (!csr.changedAt) return 'old';
  if (csr.changedAt.time === now.time) return 'now';
  return now.time - csr.changedAt.time < RECENT ? 'recent' : 'old';
}

export function Csrs(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useMachine((state) => state.view);
  const { step, here } = useFocus();
  const open = useWorkspace(({ openCsrs }) => openCsrs);
  const inSight = useWorkspace(({ csrInSight }) => csrInSight);
  const written = useMemo(() => writtenBy(here ? step : undefined), [step, here]);
  const touched = useMemo(() => touchedBy(here ? step : undefined), [step, here]);
  const table = useRef<HTMLTableElement>(null);
  // What a step has just changed, or looked at, should be seen; and what a lesson asks about.
  useEffect(() => { bringIntoSight(table.current, touched); }, [touched, step]);
  useEffect(() => { bringIntoSight(table.current, inSight?.name); }, [inSight]);
  if (!view) return null;
  const virtual = new Map(view.virtual?.csrs.map((csr) => [csr.name, csr]));
  const ages: Readonly<Record<Age, string>> = { step: t('csr.changed'), now: t('csr.recent'), recent: t('csr.recent'), old: '' };

  const cell = (kind: 'real-csr' | 'virtual-csr', csr: CsrValue | undefined): ReactNode => {
    if (!csr) return <td className="value none"><span aria-label={t('csr.none')}>–</span></td>;
    const age = ageOf(kind, csr, view, written);
    return <td className={`value ${age}`}><Hex value={csr.value} />{age !== 'old' && <span className="visually-hidden"> {ages[age]}</span>}</td>;
  };
  const row = (csr: CsrValue): ReactNode => {
    const other = virtual.get(csr.name);
    // Of M mode, unless the guest has brought its own.
    const machine = csr.number >= MACHINE_REGISTERS && !other;
    const isOpen = open.has(csr.name);
    const hasFields = (csrByName(csr.name)?.fields.length ?? 0) > 0;
    const why = view.virtual?.why[csr.name] as WhyKey | undefined;
    const title = csrByName(csr.name)?.title[language];
    return [
      <tr key={csr.name} data-csr={csr.name} className={isOpen ? 'open' : ''}>
        <th scope="row">
          {hasFields
            ? <button type="button" className="disclose" aria-expanded={isOpen} title={title} aria-label={t(isOpen ? 'csr.hide' : 'csr.show', { name: csr.name })} onClick={() => { toggleCsr(csr.name); }}><span aria-hidden="true">{isOpen ? '▾' : '▸'}</span>{csr.name}{why && <i className="mark" aria-hidden="true">≠</i>}</button>
            : <span className="plain" title={title}>{csr.name}{why && <i className="mark" aria-hidden="true">≠</i>}</span>}
        </th>
        {cell('real-csr', csr)}
        {view.virtual && !machine && cell('virtual-csr', other)}
        {view.virtual && !machine && <td className="why">{why ? <span className="differs" title={WHY[why][language]}>{WHY[why][language]}</span> : other && <span className="same">{t('csr.same')}</span>}</td>}
        {(machine || !view.virtual) && <td className="why" colSpan={view.virtual ? 2 : 1}><span className="same">{title}</span></td>}
      </tr>,
      isOpen && hasFields && <FieldRows key={`${csr.name} fields`} name={csr.name} why={why && WHY[why][language]} real={csr.value} virtual={machine ? undefined : other?.value} columns={view.virtual ? 4 : 3} />,
    ];
  };
  const ofS = view.real.filter(({ number }) => number < MACHINE_REGISTERS);
  const ofM = view.real.filter(({ number }) => number >= MACHINE_REGISTERS);
  return (
    <table ref={table} className={`csrs${view.virtual ? '' : ' bare'}`} aria-label={t('csr.table')}>
      <thead>
        <tr>
          <th scope="col">{t('csr.name')}</th>
          <th scope="col" className="world-hardware"><span className="world">{GLYPHS.hardware} {t('csr.real')}</span></th>
          {view.virtual && <th scope="col" className="world-virtual"><span className="world">{GLYPHS.virtual} {t('csr.virtual')}</span></th>}
          <th scope="col">{view.virtual ? t('csr.why') : <span className="quiet">{t('csr.bareWhy')}</span>}</th>
        </tr>
      </thead>
      <tbody>{ofS.map(row)}</tbody>
      <tbody>
        <tr className="group"><th scope="rowgroup" colSpan={view.virtual ? 4 : 3}>{t('csr.machine')}</th></tr>
        {ofM.map(row)}
      </tbody>
    </table>
  );
}
