/**
 * The VMM's and the firmware's own source as text: the code that runs, beside the running machine. A micro-step's id stands as a literal at
 * exactly one place of it. This module is loaded when the first micro-step is shown.
 */
const FILES: Readonly<Record<string, string>> = {
  ...import.meta.glob<string>(['../../../workers/vmm/**/*.ts', '!**/*.test.ts'], { query: '?raw', import: 'default', eager: true }),
  ...import.meta.glob<string>('../../../workers/machine/firmware/firmware.ts', { query: '?raw', import: 'default', eager: true }),
};

export interface SourcePlace {
  /** From the top of the project. */
  readonly file: string;
  readonly lines: readonly string[];
  /** 0-based. */
  readonly line: number;
}

const places = new Map<string, SourcePlace | undefined>();

export function placeOfStep(id: string): SourcePlace | undefined {
  if (!places.has(id)) places.set(id, find(id));
  return places.get(id);
}

function find(id: string): SourcePlace | undefined {
  const literal = `'${id}'`;
  for (const [path, text] of Object.entries(FILES)) {
    if (!text.includes(literal)) continue;
    const lines = text.split('\n');
    return { file: path.slice(path.indexOf('workers/')), lines, line: lines.findIndex((line) => line.includes(literal)) };
  }
  return undefined;
}
