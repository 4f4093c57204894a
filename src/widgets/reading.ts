/** Values that a pane reads from the machine at rest: read again whenever the moment moves, kept while it runs. */
import { useEffect, useState } from 'react';
import type { LabApi, MachineView } from '../../workers/protocol/lab-api.ts';
import { ask } from '../client/lab.ts';
import { isRunning, useMachine } from '../state/machine.ts';

const momentOf = (view: MachineView | undefined): string =>
  view === undefined || isRunning(view) ? '' : `${String(view.time)}/${String(view.counters.traps)}/${String(view.micro?.trap)}/${String(view.micro?.index)}`;

/** @param key what is read, besides the moment: another key reads again. An empty key reads nothing. */
export function useReading<T>(key: string, read: (lab: LabApi) => Promise<T>): T | undefined {
  const moment = useMachine(({ view }) => momentOf(view));
  const program = useMachine(({ loaded }) => loaded);
  const [value, setValue] = useState<T>();
  useEffect(() => {
    if (key === '' || moment === '' || !program) return undefined;
    let current = true;
    void ask(read).then((answer) => { if (current) setValue(answer); });
    return () => { current = false; };
    // `read` is a new function at each render; what it reads is named by `key`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, moment, program]);
  return value;
}
