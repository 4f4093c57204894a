/**
 * The first message protocol between an embedded lesson and the page around it. One schema for both sides: it checks what arrives,
 * gives the types, and is what README.md documents.
 *
 *   1. lesson -> host   window message  {hypervisible: 1, type: 'hello', id, lesson}       every 500 ms, at most 20 times
 *   2. host -> lesson   window message  {hypervisible: 1, type: 'connect', id}  + a MessagePort
 *   3. everything else goes over that port, as {v: 1, type, ...}
 *
 * The lesson takes a connect only from its parent window, only with the id of its own hello, only once, and (when the URL names a host)
 * only from that origin. Before the connection it sends nothing but the hello.
 */
import * as v from 'valibot';

export const PROTOCOL_VERSION = 1;
export const HELLO_INTERVAL_MS = 500;
export const HELLO_TIMES = 20;

export const helloSchema = v.object({ hypervisible: v.literal(1), type: v.literal('hello'), id: v.string(), lesson: v.string() });
export const connectSchema = v.object({ hypervisible: v.literal(1), type: v.literal('connect'), id: v.string() });

const text = v.pipe(v.string(), v.maxLength(4096));

/** What the host may ask for, over the port. */
export const requestSchema = v.variant('type', [
  v.object({ v: v.literal(1), type: v.literal('run') }),
  v.object({ v: v.literal(1), type: v.literal('pause') }),
  v.object({ v: v.literal(1), type: v.literal('reset') }),
  v.object({ v: v.literal(1), type: v.literal('step'), unit: v.picklist(['instruction', 'trap', 'micro-step']), back: v.optional(v.boolean(), false) }),
  v.object({ v: v.literal(1), type: v.literal('input'), text }),
  v.object({ v: v.literal(1), type: v.literal('setTheme'), theme: v.picklist(['auto', 'light', 'dark']) }),
  v.object({ v: v.literal(1), type: v.literal('setLanguage'), lang: v.picklist(['en', 'zh-CN']) }),
]);

/** What the lesson tells, over the port. 64-bit values are hexadecimal text: hosts need no bigint. */
export const eventSchema = v.variant('type', [
  v.object({ v: v.literal(1), type: v.literal('ready'), lesson: v.string(), version: v.number() }),
  v.object({ v: v.literal(1), type: v.literal('resize'), height: v.number() }),
  /** The newest trap of a batch; `count` traps happened since the last message. */
  v.object({ v: v.literal(1), type: v.literal('trap'), trap: v.number(), count: v.number(), cause: v.string(), from: v.string(), to: v.string(), epc: v.string() }),
  v.object({ v: v.literal(1), type: v.literal('prediction'), id: v.string(), correct: v.boolean(), tries: v.number() }),
  v.object({ v: v.literal(1), type: v.literal('exercise'), id: v.string(), passed: v.boolean(), passedChecks: v.number(), checks: v.number() }),
  v.object({ v: v.literal(1), type: v.literal('warning'), message: v.string() }),
  v.object({ v: v.literal(1), type: v.literal('error'), code: v.picklist(['bad-request', 'too-many-requests']), message: v.string() }),
]);

export type Hello = v.InferOutput<typeof helloSchema>;
export type EmbedRequest = v.InferOutput<typeof requestSchema>;
export type EmbedEvent = v.InferOutput<typeof eventSchema>;
