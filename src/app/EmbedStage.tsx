/** What an embed shows below its head: the lesson with its panes, or one pane alone. */
import { useMemo, type ReactNode } from 'react';
import type { PaneId } from '../state/workspace.ts';
import { HelpDialog } from './HelpDialog.tsx';
import { LESSON } from './layouts.ts';
import { Banner, Notices } from './Notices.tsx';
import { Now } from './Now.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Slot } from './Slot.tsx';
import { Transport } from './Transport.tsx';
import { Split, useWindowWidth, Workspace } from './Workspace.tsx';

const SINGLE: Readonly<Record<'csrs' | 'steps' | 'timeline' | 'console', PaneId>> = { csrs: 'csrs', steps: 'micro-steps', timeline: 'timeline', console: 'console' };
const TEXT_SIZE = { wide: 36, medium: 48, narrow: 55 } as const;

interface Props {
  readonly view: 'lesson' | keyof typeof SINGLE;
  readonly text: ReactNode;
  readonly onStep: (by: 1 | -1) => void;
}

export function EmbedStage({ view, text, onStep }: Props): ReactNode {
  const width = useWindowWidth();
  const keys = useMemo(() => ({ n: () => { onStep(1); }, p: () => { onStep(-1); } }), [onStep]);
  useShortcuts(keys);
  return (
    <main className="lab" id="main">
      <Banner />
      <Transport />
      <Now />
      <div className="work">
        {view === 'lesson'
          ? (
            <Split
              id={`embed-${width}`} key={width} orientation={width === 'narrow' ? 'vertical' : 'horizontal'}
              parts={[
                { id: 'embed-text', size: TEXT_SIZE[width], content: text },
                { id: 'embed-machine', size: 100 - TEXT_SIZE[width], content: <Workspace id={`embed-panes-${width}`} layout={LESSON[width]} /> },
              ]}
            />
          )
          : <div className="embed-single"><Slot panes={[SINGLE[view]]} /><div className="visually-hidden" inert>{text}</div></div>}
      </div>
      <Notices />
      <HelpDialog />
    </main>
  );
}
