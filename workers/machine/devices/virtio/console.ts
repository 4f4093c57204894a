/** A console with one port (virtio 1.1, 5.3): the first queue brings what is typed, the second takes what is printed. */
import { gather, type Chain, type DmaMemory } from './queue.ts';
import type { VirtioFunction } from './transport.ts';

const CONSOLE_DEVICE = 3;
const RECEIVE = 0;

export class VirtioConsole implements VirtioFunction {
  readonly deviceId = CONSOLE_DEVICE;
  readonly queues = 2;
  readonly features = 0n;
  readonly config = new Uint8Array(12);
  readonly receiveQueue = RECEIVE;
  readonly #send: (bytes: Uint8Array) => void;
  #input: number[] = [];
  #arrived: () => void = () => undefined;

  /** `send` takes what the guest prints. */
  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  serve(_queue: number, chain: Chain, memory: DmaMemory): number {
    const printed = gather(memory, chain);
    if (printed.length > 0) this.#send(printed);
    return 0;
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#input.push(byte);
    this.#arrived();
  }

  get hasInput(): boolean {
    return this.#input.length > 0;
  }

  take(room: number): Uint8Array | undefined {
    return this.#input.length === 0 ? undefined : Uint8Array.from(this.#input.splice(0, room));
  }

  whenReceiving(arrived: () => void): void {
    this.#arrived = arrived;
  }

  save(): readonly number[] {
    return [...this.#input];
  }

  restore(saved: unknown): void {
    this.#input = [...(saved as readonly number[])];
  }
}
