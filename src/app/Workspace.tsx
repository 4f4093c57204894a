/** The panes of a page in resizable columns; how many depends on the width of the window. */
import { Fragment, useSyncExternalStore, type ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useTranslation } from 'react-i18next';
import { useWorkspace, type PaneId } from '../state/workspace.ts';
import { Slot } from './Slot.tsx';

export interface Column {
  /** Percent of the width. */
  readonly size: number;
  /** Percent of the height, and what stands there. */
  readonly slots: readonly { readonly size: number; readonly panes: readonly PaneId[] }[];
}

export interface Layout {
  readonly columns: readonly Column[];
  /** Along the bottom. */
  readonly timeline: boolean;
}

export type Width = 'narrow' | 'medium' | 'wide';

const QUERIES = ['(min-width: 1180px)', '(min-width: 720px)'] as const;
const widthNow = (): Width => (matchMedia(QUERIES[0]).matches ? 'wide' : matchMedia(QUERIES[1]).matches ? 'medium' : 'narrow');

function subscribe(changed: () => void): () => void {
  const lists = QUERIES.map((query) => matchMedia(query));
  for (const list of lists) list.addEventListener('change', changed);
  return () => { for (const list of lists) list.removeEventListener('change', changed); };
}

export const useWindowWidth = (): Width => useSyncExternalStore(subscribe, widthNow);

/** Pixels that the timeline needs. */
const TIMELINE = '108px';

interface SplitProps {
  readonly id: string;
  readonly orientation: 'horizontal' | 'vertical';
  readonly parts: readonly { readonly id: string; readonly size: number; readonly content: ReactNode }[];
}

/** Parts beside (or below) each other, with handles between them that the mouse and the arrow keys move. */
export function Split({ id, orientation, parts }: SplitProps): ReactNode {
  const { t } = useTranslation();
  if (parts.length === 1) return parts[0]!.content;
  return (
    <Group id={id} orientation={orientation} className="split">
      {parts.map((part, index) => (
        <Fragment key={part.id}>
          {index > 0 && <Separator className="separator" aria-label={t('app.resize')} />}
          <Panel id={part.id} defaultSize={`${String(part.size)}%`} minSize="10%">{part.content}</Panel>
        </Fragment>
      ))}
    </Group>
  );
}

export function Workspace({ id, layout }: { readonly id: string; readonly layout: Layout }): ReactNode {
  const enlarged = useWorkspace((state) => state.enlarged);
  const slots = layout.columns.flatMap((column) => column.slots);
  const large = enlarged === undefined ? undefined : slots.find(({ panes }) => panes.includes(enlarged));
  const columns = large ? <Slot panes={large.panes} canEnlarge /> : (
    <Split
      key={id} id={id} orientation="horizontal"
      parts={layout.columns.map((column, index) => ({
        id: `${id}-${String(index)}`, size: column.size,
        content: <Split id={`${id}-column-${String(index)}`} orientation="vertical" parts={column.slots.map(({ size, panes }) => ({ id: `${id}-${panes[0]!}`, size, content: <Slot panes={panes} canEnlarge={slots.length > 1} /> }))} />,
      }))}
    />
  );
  if (!layout.timeline) return columns;
  return (
    <div className="with-timeline">
      <div className="above-timeline">{columns}</div>
      <div style={{ flex: `0 0 ${TIMELINE}` }}><Slot panes={['timeline']} /></div>
    </div>
  );
}
