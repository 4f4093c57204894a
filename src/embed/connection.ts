/** The lesson's end of the protocol in messages.ts: greets the host, takes one port, checks all that comes. Knows nothing of React. */
import * as v from 'valibot';
import { connectSchema, HELLO_INTERVAL_MS, HELLO_TIMES, requestSchema, type EmbedEvent, type EmbedRequest, type Hello } from './messages.ts';

/** The window as the connection sees it, so that tests need no browser. */
export interface EmbedWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  setInterval(action: () => void, milliseconds: number): number;
  clearInterval(timer: number): void;
}

export interface EmbedConnection {
  /** Sends an event when a host is connected; before that only the newest of each kind is kept, for when it connects. */
  send(event: EmbedEvent): void;
  close(): void;
}

/** More requests than this within a second are refused: a host in a loop must not freeze the lesson. */
const REQUESTS_PER_SECOND = 100;

/**
 * @param host the only origin allowed, or '' for any parent (whoever connects first)
 * @param onRequest called with each valid request
 */
export function openConnection(window: EmbedWindow, lesson: string, id: string, host: string, onRequest: (request: EmbedRequest) => void): EmbedConnection {
  let port: MessagePort | undefined;
  const waiting = new Map<EmbedEvent['type'], EmbedEvent>();
  const arrivals: number[] = [];
  let greetings = 0;

  const hello: Hello = { hypervisible: 1, type: 'hello', id, lesson };
  const greet = (): void => {
    // '*' is safe here: the greeting holds nothing of the learner.
    window.parent.postMessage(hello, host === '' ? '*' : host);
    greetings += 1;
    if (greetings >= HELLO_TIMES) window.clearInterval(timer);
  };

  const receive = (event: MessageEvent<unknown>): void => {
    const message = v.safeParse(requestSchema, event.data);
    const now = event.timeStamp;
    while (arrivals.length > 0 && now - arrivals[0]! > 1000) arrivals.shift();
    if (arrivals.length >= REQUESTS_PER_SECOND) {
      port?.postMessage({ v: 1, type: 'error', code: 'too-many-requests', message: `The host sent more than ${REQUESTS_PER_SECOND} requests in a second; this one was ignored.` } satisfies EmbedEvent);
      return;
    }
    arrivals.push(now);
    if (message.success) onRequest(message.output);
    else port?.postMessage({ v: 1, type: 'error', code: 'bad-request', message: `The host sent a request that is not in version 1 of the protocol: ${message.issues[0].message}` } satisfies EmbedEvent);
  };

  const listen = (event: MessageEvent<unknown>): void => {
    if (port || event.source !== window.parent) return;
    if (host !== '' && event.origin !== host) return;
    const message = v.safeParse(connectSchema, event.data);
    const offered = event.ports[0];
    if (!message.success || message.output.id !== id || !offered) return;
    port = offered;
    window.clearInterval(timer);
    port.onmessage = receive;
    for (const kept of waiting.values()) port.postMessage(kept);
    waiting.clear();
  };

  window.addEventListener('message', listen);
  const timer = window.setInterval(greet, HELLO_INTERVAL_MS);
  greet();

  return {
    send(event) {
      if (port) port.postMessage(event);
      else waiting.set(event.type, event);
    },
    close() {
      window.clearInterval(timer);
      window.removeEventListener('message', listen);
      port?.close();
    },
  };
}
