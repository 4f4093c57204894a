/** The guest's console: what it prints, and what is typed at its UART. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type } from '../../client/lab.ts';
import { useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import type { GuestTerminal } from '../../terminal/open-terminal.ts';
import './console.css';

export function Console(): ReactNode {
  const { t } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<GuestTerminal>();
  const text = useMachine((state) => state.console);
  const readonly = useWorkspace((state) => state.readonly);
  const label = t('console.label');
  useEffect(() => {
    let opened: GuestTerminal | undefined;
    let gone = false;
    void import('../../terminal/open-terminal.ts').then(({ openTerminal }) => {
      if (gone || !element.current) return;
      opened = openTerminal(element.current, label, (typed) => { void type(typed); });
      setTerminal(opened);
    });
    return () => {
      gone = true;
      opened?.close();
      setTerminal(undefined);
    };
    // A terminal keeps the label that it was opened with; another language opens another.
  }, [label]);
  useEffect(() => { terminal?.show(text); }, [terminal, text]);
  useEffect(() => { terminal?.setReadOnly(readonly); }, [terminal, readonly]);
  return (
    <div className="console">
      <div className="console-screen" ref={element} />
      <p className="console-hint">{t(readonly ? 'console.readonly' : 'console.hint')}</p>
    </div>
  );
}
