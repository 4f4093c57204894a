import { describe, expect, it } from 'vitest';
import { openConnection, type EmbedWindow } from './connection.ts';
import { HELLO_TIMES, type EmbedRequest } from './messages.ts';

/** A lesson's window with a parent, driven by hand. */
function fakeWindow() {
  const greetings: { message: unknown; origin: string }[] = [];
  const parent = { postMessage: (message: unknown, origin: string) => void greetings.push({ message, origin }) };
  let listener: ((event: MessageEvent<unknown>) => void) | undefined;
  let tick: (() => void) | undefined;
  const window: EmbedWindow = {
    parent,
    addEventListener: (_type, added) => { listener = added; },
    removeEventListener: () => { listener = undefined; },
    setInterval: (action) => { tick = action; return 1; },
    clearInterval: () => { tick = undefined; },
  };
  const post = (data: unknown, from: Partial<{ source: unknown; origin: string; ports: unknown[] }> = {}): void => {
    listener?.({ data, source: parent, origin: 'https://host.example', ports: [], ...from } as unknown as MessageEvent<unknown>);
  };
  return { window, greetings, post, passTime: () => tick?.() };
}

function fakePort() {
  const sent: unknown[] = [];
  return { sent, postMessage: (message: unknown) => void sent.push(message), close: () => undefined, onmessage: undefined as ((event: unknown) => void) | undefined };
}

describe('the connection of an embedded lesson', () => {
  it('greets the host, and stops after its last greeting', () => {
    const { window, greetings, passTime } = fakeWindow();
    openConnection(window, 'sret', 'id-1', '', () => undefined);
    for (let i = 0; i < 2 * HELLO_TIMES; i += 1) passTime();
    expect(greetings).toHaveLength(HELLO_TIMES);
    expect(greetings[0]).toEqual({ message: { hypervisible: 1, type: 'hello', id: 'id-1', lesson: 'sret' }, origin: '*' });
  });
  it('greets only the origin that the URL names', () => {
    const { window, greetings } = fakeWindow();
    openConnection(window, 'sret', 'id-1', 'https://course.example', () => undefined);
    expect(greetings[0]?.origin).toBe('https://course.example');
  });
  it('refuses strangers: another window, another origin, another id, no port', () => {
    const { window, post } = fakeWindow();
    const connection = openConnection(window, 'sret', 'id-1', 'https://course.example', () => undefined);
    const port = fakePort();
    const connect = { hypervisible: 1, type: 'connect', id: 'id-1' };
    post(connect, { source: {}, origin: 'https://course.example', ports: [port] });
    post(connect, { origin: 'https://evil.example', ports: [port] });
    post({ ...connect, id: 'id-2' }, { origin: 'https://course.example', ports: [port] });
    post(connect, { origin: 'https://course.example' });
    connection.send({ v: 1, type: 'resize', height: 10 });
    expect(port.sent).toEqual([]);
    post(connect, { origin: 'https://course.example', ports: [port] });
    expect(port.sent).toEqual([{ v: 1, type: 'resize', height: 10 }]);
  });
  it('hands on good requests and answers bad ones with a sentence', () => {
    const { window, post } = fakeWindow();
    const requests: EmbedRequest[] = [];
    openConnection(window, 'sret', 'id-1', '', (request) => void requests.push(request));
    const port = fakePort();
    post({ hypervisible: 1, type: 'connect', id: 'id-1' }, { ports: [port] });
    port.onmessage?.({ data: { v: 1, type: 'step', unit: 'trap' }, timeStamp: 0 });
    port.onmessage?.({ data: { v: 1, type: 'format-disk' }, timeStamp: 1 });
    port.onmessage?.({ data: 'garbage', timeStamp: 2 });
    expect(requests).toEqual([{ v: 1, type: 'step', unit: 'trap', back: false }]);
    expect(port.sent).toMatchObject([{ type: 'error', code: 'bad-request' }, { type: 'error', code: 'bad-request' }]);
  });
  it('refuses a flood of requests', () => {
    const { window, post } = fakeWindow();
    let count = 0;
    openConnection(window, 'sret', 'id-1', '', () => { count += 1; });
    const port = fakePort();
    post({ hypervisible: 1, type: 'connect', id: 'id-1' }, { ports: [port] });
    for (let i = 0; i < 250; i += 1) port.onmessage?.({ data: { v: 1, type: 'run' }, timeStamp: i });
    expect(count).toBe(100);
    expect(port.sent.at(-1)).toMatchObject({ type: 'error', code: 'too-many-requests' });
  });
});
