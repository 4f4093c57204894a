/**
 * The page's own idle signal, for tests and for nothing else: `data-idle` on the document element is "true" when nothing is under way, neither
 * a call to the lab nor a load nor a running machine.
 */
let pending = 0;
let running = false;

function show(): void {
  document.documentElement.dataset['idle'] = String(pending === 0 && !running);
}

export function machineRuns(value: boolean): void {
  running = value;
  show();
}

/** Counts this work as under way until it has ended. */
export async function busyWith<T>(work: Promise<T>): Promise<T> {
  pending += 1;
  show();
  try {
    return await work;
  } finally {
    pending -= 1;
    // React shows the result in a later task; idle means that it can be seen.
    setTimeout(show);
  }
}
