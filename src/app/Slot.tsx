/** A place on the screen for one or several panes; several stand behind each other as tabs. */
import { useId, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { isPane, showPane, useWorkspace, type PaneId } from '../state/workspace.ts';
import { PANE } from './panes.tsx';

interface Props {
  readonly panes: readonly PaneId[];
}

export function Slot({ panes }: Props): ReactNode {
  const { t } = useTranslation();
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
        {!bare && <div className="slot-tabs"><h2 id={heading} className="slot-title">{t(`pane.${front}`)}</h2></div>}
        <div className="slot-body" tabIndex={-1}><Pane /></div>
      </section>
    );
  }
  return (
    <Tabs key={key} className={look} selectedKey={front} onSelectionChange={(id) => { if (typeof id === 'string' && isPane(id)) showPane(id); }}>
      <TabList className="slot-tabs" aria-label={panes.map((id) => t(`pane.${id}`)).join(', ')}>
        {panes.map((id) => <Tab key={id} id={id}>{t(`pane.${id}`)}</Tab>)}
      </TabList>
      {panes.map((id) => {
        const Pane = PANE[id];
        return <TabPanel key={id} id={id} className="slot-body" data-pane={id}><Pane /></TabPanel>;
      })}
    </Tabs>
  );
}
