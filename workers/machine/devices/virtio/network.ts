/**
 * A network card (virtio 1.1, 5.1) and the switch that cards are plugged into. Frames go from card to card at once, in the order in which they are
 * sent: machines that run in a given order, for so many steps each, see the same traffic each time. What the switch has learned is saved with the cards,
 * so that machines which are saved and restored together go on alike.
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

/** How many addresses the switch remembers behind a card: a guest may speak in the name of any number, and the oldest is forgotten. */
const MOST_BEHIND = 64;
/** IEEE 802: the lowest bit of an address's first byte. */
const GROUP = 1;

/** Where a card is plugged in. */
export interface Port {
  send(frame: Uint8Array): void;
  /** The addresses that the switch has seen behind this port, the oldest first: part of the state of the card's machine. */
  behind: readonly string[];
}

export class Switch {
  readonly #cards: ((frame: Uint8Array) => void)[] = [];
  /** For each card the addresses that were seen behind it last; an address is behind one card only. */
  readonly #behind: Set<string>[] = [];

  plug(receive: (frame: Uint8Array) => void): Port {
    const here = this.#cards.push(receive) - 1;
    const behind = this.#behind;
    behind.push(new Set());
    return {
      send: (frame) => { this.#forward(here, frame); },
      get behind() { return [...behind[here]!]; },
      set behind(addresses) {
        for (const known of behind) for (const address of addresses) known.delete(address);
        behind[here] = new Set(addresses);
      },
    };
  }

  /** To the card with the frame's destination; to all others when that is not known or is a group. */
  #forward(from: number, frame: Uint8Array): void {
    if ((frame[ADDRESS_BYTES]! & GROUP) === 0) this.#learn(keyOf(frame, ADDRESS_BYTES), from);
    const to = (frame[0]! & GROUP) === 0 ? this.#behind.findIndex((known) => known.has(keyOf(frame, 0))) : -1;
    for (const [card, receive] of this.#cards.entries()) if (card !== from && (to < 0 || to === card)) receive(frame);
  }

  #learn(address: string, from: number): void {
    const here = this.#behind[from]!;
    if (here.has(address)) return;
    for (const known of this.#behind) known.delete(address);
    here.add(address);
    for (const oldest of here) if (here.size > MOST_BEHIND) here.delete(oldest);
  }
}

const keyOf = (frame: Uint8Array, at: number): string => frame.subarray(at, at + ADDRESS_BYTES).join(':');

interface Saved {
  readonly waiting: readonly Uint8Array[];
  readonly behind: readonly string[];
}

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

  save(): Saved {
    return { waiting: this.#waiting, behind: this.#port.behind };
  }

  restore(saved: unknown): void {
    const { waiting, behind } = saved as Saved;
    this.#waiting = waiting;
    this.#port.behind = behind;
  }
}
