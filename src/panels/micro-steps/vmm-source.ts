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
  /** 0-based: the line that tells of the step, and the first of the statements before it that did it. */
  readonly line: number;
  readonly from: number;
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
    const line = lines.findIndex((each) => each.includes(literal));
    return { file: path.slice(path.indexOf('workers/')), lines, line, from: firstOfBlock(lines, line) };
  }
  return undefined;
}

/** The VMM is written in short blocks: what is done, then the telling of it. A block begins behind an empty line, a brace or another telling. */
function firstOfBlock(lines: readonly string[], line: number): number {
  let from = line;
  while (from > 0 && !/^\s*$|[{}]\s*$|log\.(step|hardware)\(/.test(lines[from - 1]!)) from -= 1;
  return from;
}
