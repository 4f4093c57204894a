/** The few pictures on buttons; each button has its name in words beside or behind it. */
import type { ReactNode } from 'react';

const PATHS = {
  run: 'M4 2.5v11l9-5.5z',
  runBack: 'M12 2.5v11L3 8z',
  pause: 'M4 2.5h3v11H4zM9 2.5h3v11H9z',
  start: 'M3 2.5h2v11H3zM13 2.5v11L5.5 8z',
  back: 'M11 3v10L4.5 8z',
  forward: 'M5 3v10l6.5-5z',
  theme: 'M8 1.5a6.5 6.5 0 1 0 0 13zM8 1.5v1.2a5.3 5.3 0 0 1 0 10.6v1.2a6.5 6.5 0 0 0 0-13z',
  enlarge: 'M2 2h5v2H4v3H2zM9 2h5v5h-2V4H9zM2 9h2v3h3v2H2zM12 9h2v5H9v-2h3z',
  restore: 'M5 2h2v5H2V5h3zM9 2h2v3h3v2H9zM2 9h5v5H5v-3H2zM9 9h5v2h-3v3H9z',
  close: 'M3.4 2.3 8 6.9l4.6-4.6 1.1 1.1L9.1 8l4.6 4.6-1.1 1.1L8 9.1l-4.6 4.6-1.1-1.1L6.9 8 2.3 3.4z',
} as const;

export function Icon({ of }: { readonly of: keyof typeof PATHS }): ReactNode {
  return <svg className="icon-picture" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor"><path d={PATHS[of]} /></svg>;
}
