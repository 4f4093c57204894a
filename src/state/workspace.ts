/** Which panes are in front, what they look at, and the breakpoints: everything on the screen that is not the machine's. */
import { create } from 'zustand';
import type { Breakpoints, MemorySpace } from '../../workers/protocol/lab-api.ts';
import type { AccessKind } from '../../workers/protocol/translation.ts';

export const PANES = [
  'mode-ladder', 'csrs', 'micro-steps', 'disassembly', 'console', 'registers', 'memory', 'page-walk', 'statistics', 'engine', 'breakpoints', 'break-it', 'compare', 'source', 'timeline',
] as const;
export type PaneId = (typeof PANES)[number];
export const isPane = (id: string): id is PaneId => (PANES as readonly string[]).includes(id);

export interface Workspace {
  /** Panes that were asked to the front, the newest last; a slot shows the newest of its own. */
  readonly front: readonly PaneId[];
  /** The pane that was shown by a link, for a moment; `count` makes each time another. */
  readonly flash: { readonly pane: PaneId; readonly count: number } | undefined;
  /** The pane whose slot covers the others, if one does. */
  readonly enlarged: PaneId | undefined;
  readonly codeAt: bigint | 'pc';
  readonly memoryAt: { readonly space: MemorySpace; readonly address: bigint | 'sp' | 'pc' };
  /** `auto`: what the trap in focus is about, else the program counter. */
  readonly walkAt: bigint | 'pc' | 'tval' | 'auto';
  readonly walkAccess: AccessKind | 'auto';
  /** The step of the walk that is looked at; Infinity: the last. */
  readonly walkStep: number;
  /** How many steps the walk on the screen has. */
  readonly walkSteps: number;
  readonly breakpoints: Required<Breakpoints>;
  readonly openCsrs: ReadonlySet<string>;
  /** The register that a lesson has just asked about; another object each time. */
  readonly csrInSight: { readonly name: string } | undefined;
  /** The reader's own texts in the editor, by the name of the program that they began as: going elsewhere loses none. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly help: boolean;
  /** In an embed that only shows: no typing, no editing. */
  readonly readonly: boolean;
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly id: string;
  readonly text: string;
}

const DRAFTS = 'hypervisible.drafts';

/** Texts that were begun on an earlier visit. */
function keptDrafts(): Readonly<Record<string, string>> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(DRAFTS) ?? '{}');
    return typeof kept === 'object' && kept !== null ? Object.fromEntries(Object.entries(kept).filter(([, text]) => typeof text === 'string')) : {};
  } catch {
    // Storage is refused, or somebody wrote nonsense there: nothing was kept.
    return {};
  }
}

function keepDrafts(drafts: Readonly<Record<string, string>>): void {
  try {
    localStorage.setItem(DRAFTS, JSON.stringify(drafts));
  } catch {
    // Refused or full: the texts hold until the page is closed.
  }
}

export const useWorkspace = create<Workspace>(() => ({
  front: ['registers', 'disassembly'],
  flash: undefined,
  enlarged: undefined,
  codeAt: 'pc',
  memoryAt: { space: 'current', address: 'sp' },
  walkAt: 'auto',
  walkAccess: 'auto',
  walkStep: Infinity,
  walkSteps: 0,
  breakpoints: { addresses: [], causes: [], watches: [] },
  openCsrs: new Set(['sstatus']),
  csrInSight: undefined,
  drafts: keptDrafts(),
  help: false,
  readonly: false,
  notices: [],
}));

/** Brings a pane to the front of its slot. */
export function showPane(pane: PaneId, flash = false): void {
  useWorkspace.setState(({ front, flash: old, enlarged }) => ({
    front: [...front.filter((id) => id !== pane), pane],
    // What was asked for is seen, also where another one covers it.
    ...(enlarged !== undefined && { enlarged: pane }),
    ...(flash && { flash: { pane, count: (old?.count ?? 0) + 1 } }),
  }));
}

/** A step of the walk forward or back; from the last one forward to the first. */
export function stepWalk(by: 1 | -1): void {
  useWorkspace.setState(({ walkStep, walkSteps }) => {
    // The pane is not there yet: it comes with the last step.
    if (walkSteps === 0) return {};
    const now = Math.min(walkStep, walkSteps - 1);
    return { walkStep: by === 1 && now >= walkSteps - 1 ? 0 : Math.max(0, now + by) };
  });
}

/** Lets a pane cover the others; undefined: each has its place again. */
export function enlarge(pane: PaneId | undefined): void {
  useWorkspace.setState({ enlarged: pane });
}

export function setDraft(program: string, text: string | undefined): void {
  useWorkspace.setState(({ drafts }) => {
    const others = Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== program));
    const next = text === undefined ? others : { ...others, [program]: text };
    keepDrafts(next);
    return { drafts: next };
  });
}

export function toggleCsr(name: string): void {
  useWorkspace.setState(({ openCsrs }) => {
    const next = new Set(openCsrs);
    if (!next.delete(name)) next.add(name);
    return { openCsrs: next };
  });
}

/** Opens a register's fields and brings it into sight. */
export function showCsr(name: string): void {
  useWorkspace.setState(({ openCsrs }) => ({ openCsrs: new Set([...openCsrs, name]), csrInSight: { name } }));
}

/** Tells the reader something in one sentence; the same id replaces what it said before. */
export function notify(id: string, text: string): void {
  useWorkspace.setState(({ notices }) => ({ notices: [...notices.filter((notice) => notice.id !== id), { id, text }] }));
}

export function dismiss(id: string): void {
  useWorkspace.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
