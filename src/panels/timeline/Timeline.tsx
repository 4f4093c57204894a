/** Traps over time in lanes: which world ran, and every crossing. A slider moves the machine from trap to trap. */
import { useEffect, useState, type ReactNode, type WheelEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrapEvent } from '../../../workers/protocol/lab-api.ts';
import { seekTrap, stepTrap } from '../../client/lab.ts';
import { useLanguage } from '../../i18n/index.ts';
import { isRunning, useFocus, useMachine } from '../../state/machine.ts';
import { Button } from '../../widgets/button.tsx';
import { causeTitle } from '../../widgets/cause.ts';
import { GLYPHS } from '../../widgets/world.tsx';
import { lanes, LANES, type Lane, type Window } from './lanes.ts';
import './timeline.css';

const LANE_HEIGHT = 15;
const TOP = 3;
const LABELS = 118;
/** The narrowest window, in instructions. */
const CLOSEST = 20;

function useWidth(): [(element: HTMLElement | null) => void, number] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(entry.contentRect.width); });
    observer.observe(element);
    return () => { observer.disconnect(); };
  }, [element]);
  return [setElement, width];
}

/** The trap nearest to an instant. */
function nearest(traps: readonly TrapEvent[], instret: number): TrapEvent | undefined {
  let best: TrapEvent | undefined;
  for (const trap of traps) if (!best || Math.abs(Number(trap.instret) - instret) < Math.abs(Number(best.instret) - instret)) best = trap;
  return best;
}

export function Timeline(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useMachine((state) => state.view);
  const traps = useMachine((state) => state.traps);
  const { trap } = useFocus();
  const [measure, width] = useWidth();
  /** How much of the run is seen, as a share; 1 is all of it. */
  const [zoom, setZoom] = useState(1);
  if (!view) return null;
  const now = Number(view.instret);
  const first = traps.length > 0 ? Number(traps[0]!.instret) : 0;
  const start = Math.max(0, first === Number(traps.at(-1)?.instret) ? 0 : first);
  const whole = Math.max(CLOSEST, Math.max(now, Number(traps.at(-1)?.instret ?? 0n)) - start);
  const span = Math.max(CLOSEST, whole * zoom);
  const focus = trap && !isRunning(view) ? Number(trap.instret) : now;
  const left = Math.min(Math.max(start, focus - span / 2), Math.max(start, start + whole - span));
  const window: Window = { from: left, to: left + span, pixels: Math.max(50, width - LABELS) };
  const x = (instret: number): number => LABELS + ((instret - window.from) / (window.to - window.from)) * window.pixels;
  const drawn = lanes(traps, window, now, view.virtual !== undefined, view.mode);
  const shown = view.virtual ? LANES : LANES.filter((lane) => lane !== 'vmm');
  const height = TOP * 2 + shown.length * LANE_HEIGHT;
  const y = (world: Lane): number => TOP + shown.indexOf(world) * LANE_HEIGHT;
  const wheel = (event: WheelEvent): void => { setZoom((old) => Math.min(1, Math.max(CLOSEST / whole, old * (event.deltaY > 0 ? 1.25 : 0.8)))); };
  const last = traps.at(-1);
  const described = trap && t('timeline.at', { trap: trap.trap, count: view.counters.traps, cause: causeTitle(trap.interrupt, trap.cause, language) });
  return (
    <section className="timeline" aria-label={t('timeline.label')} ref={measure}>
      <svg
        width={width} height={height} aria-hidden="true" onWheel={wheel}
        onClick={(event) => {
          const at = window.from + ((event.clientX - event.currentTarget.getBoundingClientRect().left - LABELS) / window.pixels) * (window.to - window.from);
          const near = nearest(traps, at);
          if (near) void seekTrap(near.trap, -1);
        }}
      >
        {shown.map((world) => (
          <g key={world} className={`world-${world}`}>
            <rect className="lane" x={LABELS} y={y(world) + 1} width={window.pixels} height={LANE_HEIGHT - 2} />
            <text x={LABELS - 8} y={y(world) + 11} textAnchor="end">{GLYPHS[world]} {t(`world.${world}`)}</text>
          </g>
        ))}
        {drawn.segments.map(({ world, from, to, unsure }, index) => <rect key={index} className={`segment world-${world}${unsure ? ' unsure' : ''}`} x={x(from)} y={y(world) + 3} width={Math.max(0.8, x(to) - x(from))} height={LANE_HEIGHT - 6} />)}
        {drawn.crossings.map(({ at, low, high, world }, index) => (
          <g key={index} className={`world-${world}`}>
            <line className="crossing-line" x1={x(at)} x2={x(at)} y1={y(high) + 4} y2={y(low) + LANE_HEIGHT - 4} />
            <rect className="segment" x={x(at) - 1.5} y={y(high) + 3} width={3} height={LANE_HEIGHT - 6} />
          </g>
        ))}
        {focus >= window.from && focus <= window.to && <line className="now-line" x1={x(focus)} x2={x(focus)} y1={0} y2={height} />}
      </svg>
      <div className="timeline-bar">
        <Button look="small icon" name={`${t('timeline.previous')} ([)`} isDisabled={traps.length === 0 || trap?.trap === traps[0]?.trap} onPress={() => { void stepTrap('back'); }}>‹</Button>
        <input
          type="range" aria-label={t('timeline.position')} aria-valuetext={described} min={traps[0]?.trap ?? 0} max={last?.trap ?? 0} value={trap?.trap ?? last?.trap ?? 0} disabled={traps.length < 2}
          onChange={({ target }) => { void seekTrap(Number(target.value), -1); }}
        />
        <Button look="small icon" name={`${t('timeline.next')} (])`} onPress={() => { void stepTrap('forward'); }}>›</Button>
        <span className="timeline-at">{described ?? (traps.length === 0 ? t('timeline.none') : '')}{traps.length > 0 && traps[0]!.trap > 0 && ` ${t('timeline.earlier', { count: traps[0]!.trap })}`}</span>
        <Button look="small icon" name={t('timeline.zoomOut')} isDisabled={zoom >= 1} onPress={() => { setZoom((old) => Math.min(1, old * 2)); }}>−</Button>
        <Button look="small icon" name={t('timeline.zoomIn')} isDisabled={span <= CLOSEST} onPress={() => { setZoom((old) => Math.max(CLOSEST / whole, old / 2)); }}>+</Button>
        <Button look="small" isDisabled={zoom >= 1} onPress={() => { setZoom(1); }}>{t('timeline.all')}</Button>
      </div>
    </section>
  );
}
