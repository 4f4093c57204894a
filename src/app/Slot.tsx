/** A place on the screen for one or several panes; several stand behind each other as tabs. */
import { useId, type ReactNode } from 'react';
import { TabPanel, Tabs } from 'react-aria-components';
import { isPane, showPane, useWorkspace, type PaneId } from '../state/workspace.ts';
import { PANE } from './panes.tsx';
import { SlotHead } from './SlotHead.tsx';

interface Props {
  readonly panes: readonly PaneId[];
  readonly canEnlarge?: boolean;
}

export function Slot({ panes, canEnlarge = false }: Props): ReactNode {
  const heading = useId();
  const front = useWorkspace((state) => state.front.findLast((id) => panes.includes(id)) ?? panes[0]!);
  const flash = useWorkspace((state) => (state.flash && panes.includes(state.flash.pane) ? state.flash : undefined));
  // Another key makes the animation begin again.
  const key = flash?.count ?? 0;
  const look = flash ? 'slot flash' : 'slot';
  if (panes.length === 1) {
    const Pane = PANE[front];
    const bare = front === 'timeline';
    return (
      <section key={key} className={look} aria-labelledby={bare ? undefined : heading} data-pane={front}>
        {!bare && <SlotHead panes={panes} front={front} canEnlarge={canEnlarge} titleId={heading} />}
        <div className="slot-body" tabIndex={-1}><Pane /></div>
      </section>
    );
  }
  return (
    <Tabs key={key} className={look} selectedKey={front} onSelectionChange={(id) => { if (typeof id === 'string' && isPane(id)) showPane(id); }}>
      <SlotHead panes={panes} front={front} canEnlarge={canEnlarge} titleId={heading} />
      {panes.map((id) => {
        const Pane = PANE[id];
        return <TabPanel key={id} id={id} className="slot-body" data-pane={id}><Pane /></TabPanel>;
      })}
    </Tabs>
  );
}
