/** Which panes stand where, by page and width of the window. */
import { PANES } from '../state/workspace.ts';
import type { Layout, Width } from './Workspace.tsx';

export const LAB: Readonly<Record<Width, Layout>> = {
  wide: {
    timeline: true,
    columns: [
      { size: 26, slots: [{ size: 40, panes: ['mode-ladder'] }, { size: 60, panes: ['disassembly', 'source'] }] },
      { size: 47, slots: [{ size: 48, panes: ['csrs', 'page-walk'] }, { size: 52, panes: ['micro-steps'] }] },
      { size: 27, slots: [{ size: 58, panes: ['registers', 'memory', 'statistics', 'engine', 'breakpoints', 'break-it', 'compare'] }, { size: 42, panes: ['console'] }] },
    ],
  },
  medium: {
    timeline: true,
    columns: [
      { size: 42, slots: [{ size: 36, panes: ['mode-ladder'] }, { size: 64, panes: ['disassembly', 'registers', 'console', 'source', 'memory', 'statistics', 'engine', 'breakpoints', 'break-it', 'compare'] }] },
      { size: 58, slots: [{ size: 46, panes: ['csrs', 'page-walk'] }, { size: 54, panes: ['micro-steps'] }] },
    ],
  },
  narrow: { timeline: false, columns: [{ size: 100, slots: [{ size: 100, panes: PANES }] }] },
};

/** Beside the prose of a lesson. */
export const LESSON: Readonly<Record<Width, Layout>> = {
  wide: {
    timeline: true,
    columns: [
      { size: 57, slots: [{ size: 48, panes: ['csrs', 'registers', 'memory'] }, { size: 52, panes: ['micro-steps', 'disassembly', 'page-walk'] }] },
      { size: 43, slots: [{ size: 50, panes: ['mode-ladder', 'statistics', 'engine', 'breakpoints'] }, { size: 50, panes: ['console', 'source'] }] },
    ],
  },
  medium: {
    timeline: false,
    columns: [{ size: 100, slots: [
      { size: 30, panes: ['mode-ladder', 'statistics', 'console'] },
      { size: 33, panes: ['csrs', 'registers', 'memory'] },
      { size: 37, panes: ['micro-steps', 'disassembly', 'page-walk', 'timeline', 'source', 'engine', 'breakpoints'] },
    ] }],
  },
  narrow: { timeline: false, columns: [{ size: 100, slots: [{ size: 100, panes: PANES }] }] },
};

/** Beside an exercise's editor. */
export const EXERCISE: Readonly<Record<Width, Layout>> = {
  wide: { timeline: false, columns: [{ size: 100, slots: [{ size: 55, panes: ['csrs', 'disassembly', 'micro-steps', 'registers', 'memory'] }, { size: 45, panes: ['console', 'mode-ladder', 'statistics'] }] }] },
  medium: { timeline: false, columns: [{ size: 100, slots: [{ size: 100, panes: ['console', 'csrs', 'disassembly', 'micro-steps', 'registers', 'memory', 'mode-ladder'] }] }] },
  narrow: { timeline: false, columns: [{ size: 100, slots: [{ size: 100, panes: ['console', 'csrs', 'disassembly', 'micro-steps', 'registers', 'memory', 'mode-ladder'] }] }] },
};
