/**
 * Lines or bars over a common axis, drawn by uPlot, which is loaded with the first chart. A drawing says nothing to a reader who does not
 * see it: whoever shows a chart shows its numbers in a table, too.
 */
import { useEffect, useRef, type ReactNode } from 'react';
import 'uplot/dist/uPlot.min.css';
import { useDark } from './dark.ts';
import type { Drawing, Series } from './draw-chart.ts';
import './chart.css';

export type { Series } from './draw-chart.ts';

interface Properties {
  /** What the drawing shows, in a phrase. */
  readonly label: string;
  /** Along the axis, ascending. */
  readonly x: readonly number[];
  readonly series: readonly Series[];
  /** Names of the places on the axis (for bars); numbers when there are none. */
  readonly names?: readonly string[];
  /** What the axis measures, for the legend. */
  readonly along?: string;
  readonly height?: number;
}

export function Chart({ label, x, series, names, along = '', height = 180 }: Properties): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const dark = useDark();
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let drawing: Drawing | undefined;
    let wanted = true;
    void import('./draw-chart.ts').then(({ drawChart }) => {
      if (wanted) drawing = drawChart(element, { x, series, names, along, height });
    });
    return () => {
      wanted = false;
      drawing?.close();
    };
    // `dark`: the colours of the worlds are others.
  }, [x, series, names, along, height, dark]);
  return <div ref={box} className="chart" role="img" aria-label={label} style={{ minHeight: height }} />;
}
