/** The keys of the page, in one table that the help shows, too. Single keys can be switched off; none works while a text is typed. */
import { useEffect } from 'react';
import { reset, runBack, step, stepTrap, toggleRun } from '../client/lab.ts';
import { useMachine } from '../state/machine.ts';
import { useSettings } from '../state/settings.ts';
import { enlarge, isPane, showPane, stepWalk, useWorkspace, type PaneId } from '../state/workspace.ts';

type HelpKey = 'run' | 'runBack' | 'instruction' | 'trap' | 'micro' | 'level' | 'brackets' | 'start' | 'lesson' | 'panes' | 'enlarge' | 'check' | 'help';

/** As the help lists them. */
export const KEYS: readonly { readonly keys: readonly string[]; readonly what: HelpKey }[] = [
  { keys: ['R'], what: 'run' },
  { keys: ['Shift R'], what: 'runBack' },
  { keys: ['J', 'K'], what: 'micro' },
  { keys: ['I', 'Shift I'], what: 'instruction' },
  { keys: ['T', 'Shift T'], what: 'trap' },
  { keys: ['L', 'Shift L'], what: 'level' },
  { keys: ['[', ']'], what: 'brackets' },
  { keys: ['Home'], what: 'start' },
  { keys: ['N', 'P'], what: 'lesson' },
  { keys: ['1', '…', '9'], what: 'panes' },
  { keys: ['F'], what: 'enlarge' },
  { keys: ['Ctrl ↵'], what: 'check' },
  { keys: ['?'], what: 'help' },
];

/** The panes that the digits bring to the front. */
const NUMBERED: readonly PaneId[] = ['mode-ladder', 'csrs', 'micro-steps', 'disassembly', 'console', 'registers', 'memory', 'page-walk', 'statistics'];

const ACTIONS: Readonly<Record<string, () => void>> = {
  'r': () => { void toggleRun(); },
  'R': () => { void runBack(); },
  'i': () => { void step('instruction', 'forward'); },
  'I': () => { void step('instruction', 'back'); },
  't': () => { void stepTrap('forward'); },
  'T': () => { void stepTrap('back'); },
  'j': () => { void step('micro-step', 'forward'); },
  'k': () => { void step('micro-step', 'back'); },
  'l': () => { walkLevel(1); },
  'L': () => { walkLevel(-1); },
  ']': () => { void stepTrap('forward'); },
  '[': () => { void stepTrap('back'); },
  'f': enlargeHere,
  'Home': () => { void reset(); },
  '?': () => { useWorkspace.setState({ help: true }); },
};

/** Keys that belong to what has the focus: text fields, the terminal, the editor, and Home in lists and sliders. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (!target) return false;
  if (target.isContentEditable || target.closest('textarea, select, [role="dialog"], [role="textbox"], .monaco-editor')) return true;
  const input = target.closest('input');
  if (input && !['checkbox', 'radio', 'range', 'button'].includes(input.type)) return true;
  // What scrolls has the keys of scrolling.
  if (event.key === 'Home' && target.matches('.slot-body, .lesson-text, .exercise')) return true;
  return event.key === 'Home' && target.closest('[role="listbox"], [role="tablist"], [role="region"], input, pre') !== null;
}

/** @param more keys of one page only (a lesson's next and previous) */
export function useShortcuts(more: Readonly<Record<string, () => void>> = {}): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event) || !useSettings.getState().singleKeys) return;
      const { view } = useMachine.getState();
      const number = /^[1-9]$/.test(event.key) ? NUMBERED[Number(event.key) - 1] : undefined;
      // With Caps Lock, or read off the button: R is r where Shift has no meaning of its own.
      const lower = event.key.toLowerCase();
      const action = number ? () => { focusPane(number); } : more[lower] ?? (view ? ACTIONS[event.key] ?? ACTIONS[lower] : undefined);
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', listen);
    return () => { document.removeEventListener('keydown', listen); };
  }, [more]);
}

/** A level of the page tables: in the pane that shows them, which comes to the front. */
function walkLevel(by: 1 | -1): void {
  showPane('page-walk');
  stepWalk(by);
}

/** Enlarges the pane that has the keyboard, else the one that was asked for last; or puts all in their places again. */
function enlargeHere(): void {
  const { enlarged, front } = useWorkspace.getState();
  const here = document.activeElement?.closest('.slot')?.querySelector<HTMLElement>('[data-pane]')?.dataset['pane'] ?? document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane'];
  enlarge(enlarged !== undefined ? undefined : here !== undefined && isPane(here) ? here : front.at(-1));
}

/** Brings a pane to the front and the keyboard into it. */
function focusPane(pane: PaneId): void {
  showPane(pane, true);
  requestAnimationFrame(() => {
    const element = document.querySelector<HTMLElement>(`[data-pane="${pane}"]`);
    const body = element?.matches('.slot-body') ? element : element?.querySelector<HTMLElement>('.slot-body');
    body?.focus({ preventScroll: true });
  });
}
