/** uPlot in the page's colours. */
import UPlot from 'uplot';

export interface Series {
  readonly name: string;
  /** A value for each place on the axis; null where there is none. */
  readonly values: readonly (number | null)[];
  /** A custom property of the visual language: `--vmm`. */
  readonly colour: string;
  readonly as: 'line' | 'bars';
}

export interface Drawing {
  close(): void;
}

const LEGEND = 30;
/** Of the room that a place has, what all of its bars take. */
const BARS = 0.8;

export function drawChart(element: HTMLElement, { x, series, names, along, height }: { readonly x: readonly number[]; readonly series: readonly Series[]; readonly names: readonly string[] | undefined; readonly along: string; readonly height: number }): Drawing {
  // A canvas knows no custom properties, and no light-dark(): an element says what they are now.
  const probe = element.appendChild(document.createElement('span'));
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const [text, grid] = [colour('--text-2'), colour('--line')];
  const bars = series.filter(({ as }) => as === 'bars');
  // One series over named places is named at its axis: a legend would say it again.
  const single = names && series.length === 1 ? series[0] : undefined;
  const room = height - (single ? 0 : LEGEND);
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  const plot = new UPlot({
    width: element.clientWidth, height: room,
    legend: { show: !single },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false, range: names ? [-0.5, names.length - 0.5] : (_plot, from, to) => [from, to] }, y: { range: (_plot, _from, to) => [0, Math.max(to * 1.05, 1)] } },
    axes: [
      { ...axis, ...(names && { splits: () => names.map((_name, place) => place), values: () => staggered(names) }) },
      { ...axis, size: 60, ...(single && { label: single.name, labelSize: 20 }), values: (_plot, values) => values.map((value) => value.toLocaleString(document.documentElement.lang, { notation: 'compact' })) },
    ],
    series: [
      { label: along, value: (_plot, value) => (names ? names[value] ?? '' : inWords(value)) },
      ...series.map(({ name, colour: property, as }) => ({
        label: name, value: (_plot: UPlot, value: number | null) => inWords(value), stroke: colour(property), width: as === 'line' ? 2 : 1, points: { show: false },
        ...(as === 'bars' && { fill: colour(property), paths: barsBeside(bars.findIndex((one) => one.name === name), bars.length) }),
      })),
    ],
  }, [[...x], ...series.map(({ values }) => [...values])], element);
  probe.remove();
  const observer = new ResizeObserver(() => { plot.setSize({ width: element.clientWidth, height: room }); });
  observer.observe(element);
  return {
    close: () => {
      observer.disconnect();
      plot.destroy();
    },
  };
}

/** Every second name a line lower: beside each other they would not have room. */
const staggered = (names: readonly string[]): string[] => names.map((name, place) => (place % 2 === 0 ? name : `\n${name}`));

/** There is no value where nobody points. */
const inWords = (value: number | null): string => value?.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 4 }) ?? '–';

/** Bars of several series stand beside each other at a place: this is the path of the series `place` of `count`. */
function barsBeside(place: number, count: number): UPlot.Series.PathBuilder {
  const width = BARS / count;
  const shift = (place - (count - 1) / 2) * width;
  return (plot, series, from, to) => {
    const step = Math.abs(plot.valToPos(1, 'x', true) - plot.valToPos(0, 'x', true));
    const fill = new Path2D();
    const bottom = plot.valToPos(0, 'y', true);
    for (let at = from; at <= to; at += 1) {
      const value = plot.data[series]?.[at];
      if (value === null || value === undefined) continue;
      const top = plot.valToPos(value, 'y', true);
      const centre = plot.valToPos(plot.data[0][at]! + shift, 'x', true);
      fill.rect(centre - (width * step) / 2, top, width * step, bottom - top);
    }
    return { fill, stroke: fill };
  };
}
