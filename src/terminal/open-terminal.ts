/** xterm as the guest's serial terminal. Loaded when the console is first shown. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { ConsoleText } from '../state/machine.ts';

export interface GuestTerminal {
  /** Shows this text: the part that is new, or all of it when it is no continuation. */
  show(text: ConsoleText): void;
  setReadOnly(readonly: boolean): void;
  close(): void;
}

const ESCAPE = '\x1b';

/** @param onType characters for the guest's UART */
export function openTerminal(element: HTMLElement, label: string, onType: (text: string) => void): GuestTerminal {
  const terminal = new Terminal({
    convertEol: true, cursorBlink: false, fontSize: 13, lineHeight: 1.2, scrollback: 5000, screenReaderMode: true, rows: 8,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    // Black in both themes, as terminals are: guests print colours for it.
    theme: { background: '#10141d', foreground: '#e6e9f0', cursor: '#ffce38', selectionBackground: '#3d4a66' },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', label);
  let escaped = false;
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true;
    // The way out for the keyboard: Esc, then Tab. (Esc alone would go to the guest only as the beginning of an arrow key.)
    if (event.key === 'Escape') {
      escaped = true;
      return false;
    }
    if (event.key === 'Tab' && escaped) return false;
    if (event.key !== 'Shift') escaped = false;
    return true;
  });
  terminal.onData((text) => { if (text !== ESCAPE) onType(text); });
  const resized = new ResizeObserver(() => { if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit(); });
  resized.observe(element);
  let shown = 0;
  let edition = 0;
  return {
    show(text) {
      if (text.edition !== edition || text.bytes.length < shown) {
        terminal.reset();
        shown = 0;
        edition = text.edition;
      }
      if (text.bytes.length > shown) terminal.write(text.bytes.subarray(shown));
      shown = text.bytes.length;
    },
    setReadOnly(readonly) {
      terminal.options.disableStdin = readonly;
    },
    close() {
      resized.disconnect();
      terminal.dispose();
    },
  };
}
