/**
 * A network card (virtio 1.1, 5.1) and the switch that cards are plugged into. Frames go from card to card at once, in the order in which they are
 * sent: machines of one lab that run in a given order see the same traffic each time.
 */
import { gather, type Chain, type DmaMemory } from './queue.ts';
import type { VirtioFunction } from './transport.ts';

const NETWORK_CARD = 1;
const RECEIVE = 0;
const MAC = 1n << 5n;
/** The header before each frame (5.1.6), of which the last field, the number of buffers, is 1. */
const HEADER_BYTES = 12;
const BUFFERS_AT = 10;
const ADDRESS_BYTES = 6;
/** Destination, source, type. */
const LEAST_FRAME = 14;
const LARGEST_FRAME = 1514;
/** What waits for a driver that does not fetch it; more is lost, as on a wire. */
const MOST_WAITING = 256;

/** Where a card is plugged in. */
export interface Port {
  send(frame: Uint8Array): void;
}

export class Switch {
  readonly #cards: ((frame: Uint8Array) => void)[] = [];
  /** By hardware address, the card behind which it was seen last. */
  readonly #known = new Map<string, number>();

  plug(receive: (frame: Uint8Array) => void): Port {
    const here = this.#cards.push(receive) - 1;
    return { send: (frame) => { this.#forward(here, frame); } };
  }

  /** To the card with the frame's destination; to all others when that is not known or is a group (IEEE 802: the lowest bit of the first byte). */
  #forward(from: number, frame: Uint8Array): void {
    this.#known.set(keyOf(frame, ADDRESS_BYTES), from);
    const known = (frame[0]! & 1) === 0 ? this.#known.get(keyOf(frame, 0)) : undefined;
    for (const [card, receive] of this.#cards.entries()) if (card !== from && (known === undefined || known === card)) receive(frame);
  }
}

const keyOf = (frame: Uint8Array, at: number): string => frame.subarray(at, at + ADDRESS_BYTES).join(':');

export class NetworkCard implements VirtioFunction {
  readonly deviceId = NETWORK_CARD;
  readonly queues = 2;
  readonly features = MAC;
  readonly config: Uint8Array;
  readonly receiveQueue = RECEIVE;
  readonly #port: Port;
  #waiting: readonly Uint8Array[] = [];
  #arrived: () => void = () => undefined;

  constructor(address: Uint8Array, network: Switch) {
    this.config = address.slice(0, ADDRESS_BYTES);
    this.#port = network.plug((frame) => { this.#receive(frame); });
  }

  serve(_queue: number, chain: Chain, memory: DmaMemory): number {
    const frame = gather(memory, chain).subarray(HEADER_BYTES);
    if (frame.length >= LEAST_FRAME && frame.length <= LARGEST_FRAME) this.#port.send(frame);
    return 0;
  }

  #receive(frame: Uint8Array): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting = [...this.#waiting, frame];
    this.#arrived();
  }

  /** The next frame with its header; one that does not fit the driver's buffer is lost. */
  take(room: number): Uint8Array | undefined {
    const [frame, ...rest] = this.#waiting;
    if (!frame) return undefined;
    this.#waiting = rest;
    if (HEADER_BYTES + frame.length > room) return this.take(room);
    const bytes = new Uint8Array(HEADER_BYTES + frame.length);
    bytes[BUFFERS_AT] = 1;
    bytes.set(frame, HEADER_BYTES);
    return bytes;
  }

  get hasInput(): boolean {
    return this.#waiting.length > 0;
  }

  whenReceiving(arrived: () => void): void {
    this.#arrived = arrived;
  }

  save(): readonly Uint8Array[] {
    return this.#waiting;
  }

  restore(saved: unknown): void {
    this.#waiting = saved as readonly Uint8Array[];
  }
}
