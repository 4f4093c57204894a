/** Whether the page is dark now: the reader's choice, else the system's. */
import { useSyncExternalStore } from 'react';
import { useSettings } from '../state/settings.ts';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(changed: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener('change', changed);
  return () => { query.removeEventListener('change', changed); };
}

export function useDark(): boolean {
  const system = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches);
  const theme = useSettings((settings) => settings.theme);
  return theme === 'auto' ? system : theme === 'dark';
}
