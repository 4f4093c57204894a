/** What stands over a slot: its tabs or its title, a list of the panes where the tabs do not fit, and the button that enlarges it. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Tab, TabList } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { enlarge, isPane, showPane, useWorkspace, type PaneId } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icons.tsx';

interface Props {
  readonly panes: readonly PaneId[];
  readonly front: PaneId;
  /** Whether there is something beside it that it could cover. */
  readonly canEnlarge: boolean;
  /** Of the title, where there is only one pane. */
  readonly titleId: string;
}

export function SlotHead({ panes, front, canEnlarge, titleId }: Props): ReactNode {
  const { t } = useTranslation();
  const enlarged = useWorkspace((state) => state.enlarged !== undefined && panes.includes(state.enlarged));
  return (
    <div className="slot-head">
      {panes.length === 1 ? <h2 id={titleId} className="slot-title">{t(`pane.${front}`)}</h2> : <PaneTabs panes={panes} front={front} />}
      {canEnlarge && (
        <Button look="plain icon enlarge" name={`${t(enlarged ? 'app.restore' : 'app.enlarge', { pane: t(`pane.${front}`) })} (F)`} onPress={() => { enlarge(enlarged ? undefined : front); }}>
          <Icon of={enlarged ? 'restore' : 'enlarge'} />
        </Button>
      )}
    </div>
  );
}

function PaneTabs({ panes, front }: { readonly panes: readonly PaneId[]; readonly front: PaneId }): ReactNode {
  const { t, i18n } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const look = (): void => { setOverflows(element.scrollWidth > element.clientWidth + 1); };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => { observer.disconnect(); };
  }, [panes, i18n.language]);
  // The tab in front is seen, by moving nothing but the row of tabs.
  useEffect(() => {
    const element = box.current;
    const tab = element?.querySelector<HTMLElement>('[data-selected]');
    if (!element || !tab) return;
    const left = tab.offsetLeft - element.offsetLeft;
    if (left < element.scrollLeft || left + tab.offsetWidth > element.scrollLeft + element.clientWidth) element.scrollLeft = left - 24;
  }, [front, overflows]);
  return (
    <>
      <TabList ref={box} className="slot-tabs" aria-label={panes.map((id) => t(`pane.${id}`)).join(', ')}>
        {panes.map((id) => <Tab key={id} id={id}>{t(`pane.${id}`)}</Tab>)}
      </TabList>
      {overflows && (
        <select className="input all-panes" aria-label={t('app.allPanes')} value={front} onChange={({ target }) => { if (isPane(target.value)) showPane(target.value); }}>
          {panes.map((id) => <option key={id} value={id}>{t(`pane.${id}`)}</option>)}
        </select>
      )}
    </>
  );
}
