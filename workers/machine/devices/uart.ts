/** A UART of the 16550A family, as QEMU's virt board has it: eight byte registers, a FIFO for what comes in, output that is never busy. */
import type { AccessSize, Device, InterruptLine } from './device.ts';

/** Registers by offset (16550D data sheet, table II). Reading and writing differ; with LCR.DLAB the first two are the divisor. */
const RBR_THR = 0;
const IER = 1;
const IIR_FCR = 2;
const LCR = 3;
const MCR = 4;
const LSR = 5;
const MSR = 6;
const SCR = 7;

const FIFO_BYTES = 16;

const IER_RECEIVED = 0x01;
const IER_TRANSMITTER_EMPTY = 0x02;
const IIR_NONE = 0x01;
const IIR_TRANSMITTER_EMPTY = 0x02;
const IIR_RECEIVED = 0x04;
const IIR_FIFOS = 0xc0;
const FCR_ENABLE = 0x01;
const FCR_CLEAR_RECEIVER = 0x02;
const LCR_DLAB = 0x80;
const MCR_LOOP = 0x10;
const LSR_DATA_READY = 0x01;
const LSR_TRANSMITTER_EMPTY = 0x60;
/** Clear to send, data set ready, carrier: somebody listens. */
const MSR_CONNECTED = 0xb0;

interface Saved {
  readonly registers: readonly number[];
  readonly input: readonly number[];
  readonly looped: readonly number[];
  readonly cableRests: boolean;
  readonly polled: boolean;
  readonly transmitterEmptied: boolean;
  readonly moved: number;
}

export class Uart implements Device {
  readonly name = 'ns16550a';
  readonly #line: InterruptLine;
  readonly #send: (byte: number) => void;
  #ier = 0;
  #fcr = 0;
  #lcr = 0;
  #mcr = 0;
  #scr = 0;
  #divisor = 0;
  /** The transmitter has become empty since somebody read that it is: what its interrupt tells. */
  #emptied = false;
  /** What was typed and has not been read. */
  #cable: number[] = [];
  /** What the guest sent to itself in loopback. */
  #looped: number[] = [];
  /**
   * Since the FIFO was cleared nothing has come yet. On a real line the next character is thousands of instructions away, after the blind reads
   * with which a driver (of Linux, for one) starts the device; without a line's rate, it comes when somebody listens: when the interrupt of the
   * receiver is on, or LSR is read again and again.
   */
  #rests = false;
  /** The last access read LSR. */
  #polled = false;
  #moved = 0;

  /** `send` takes each character that the guest prints. */
  constructor(line: InterruptLine, send: (byte: number) => void) {
    this.#line = line;
    this.#send = send;
  }

  reset(): void {
    this.restore({ registers: [0, 0, 0, 0, 0, 0], input: [], looped: [], cableRests: false, polled: false, transmitterEmptied: false, moved: 0 } satisfies Saved);
  }

  /** Characters that arrive from the outside. None is lost: what does not fit the FIFO waits in the cable. */
  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#cable.push(byte);
    this.#update();
  }

  get moved(): number { return this.#moved; }

  /** Whether a character waits to be read. */
  get hasInput(): boolean {
    return this.#looped.length > 0 || (this.#connected && this.#cable.length > 0);
  }

  get #connected(): boolean { return !this.#rests && (this.#mcr & MCR_LOOP) === 0; }

  read(offset: number, size: AccessSize): bigint | undefined {
    if (size !== 1 || offset > SCR) return undefined;
    const polled = offset === LSR;
    if (polled && this.#polled) this.#listen();
    this.#polled = polled;
    return BigInt(this.#read(offset));
  }

  #read(offset: number): number {
    switch (offset) {
      case RBR_THR: {
        if (this.#dlab) return this.#divisor & 0xff;
        const byte = this.#looped.shift() ?? (this.#connected ? this.#cable.shift() : undefined);
        if (byte !== undefined) this.#moved += 1;
        this.#update();
        return byte ?? 0;
      }
      case IER: return this.#dlab ? this.#divisor >> 8 : this.#ier;
      case IIR_FCR: {
        const fifos = (this.#fcr & FCR_ENABLE) === 0 ? 0 : IIR_FIFOS;
        if (this.#received) return fifos | IIR_RECEIVED;
        if (!this.#transmitter) return fifos | IIR_NONE;
        // Reading the identification is what acknowledges an empty transmitter.
        this.#emptied = false;
        this.#update();
        return fifos | IIR_TRANSMITTER_EMPTY;
      }
      case LCR: return this.#lcr;
      case MCR: return this.#mcr;
      case LSR: return LSR_TRANSMITTER_EMPTY | (this.hasInput ? LSR_DATA_READY : 0);
      case MSR: return MSR_CONNECTED;
      default: return this.#scr;
    }
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    if (size !== 1 || offset > SCR) return false;
    this.#polled = false;
    this.#write(offset, Number(value & 0xffn));
    this.#update();
    return true;
  }

  #write(offset: number, byte: number): void {
    switch (offset) {
      case RBR_THR:
        if (this.#dlab) this.#divisor = (this.#divisor & 0xff00) | byte;
        else this.#transmit(byte);
        return;
      case IER:
        if (this.#dlab) {
          this.#divisor = (this.#divisor & 0xff) | (byte << 8);
          return;
        }
        // Enabling the interrupt of an empty transmitter raises it: that is how drivers start to send.
        if ((byte & IER_TRANSMITTER_EMPTY) !== 0 && (this.#ier & IER_TRANSMITTER_EMPTY) === 0) this.#emptied = true;
        this.#ier = byte & 0x0f;
        if ((byte & IER_RECEIVED) !== 0) this.#rests = false;
        return;
      case IIR_FCR:
        this.#fcr = byte & FCR_ENABLE;
        if ((byte & FCR_CLEAR_RECEIVER) === 0) return;
        this.#looped = [];
        this.#rests = (this.#ier & IER_RECEIVED) === 0;
        return;
      case LCR: this.#lcr = byte; return;
      case MCR: this.#mcr = byte & 0x1f; return;
      case SCR: this.#scr = byte; return;
      default: // LSR and MSR are read-only; writes are ignored.
    }
  }

  #transmit(byte: number): void {
    this.#moved += 1;
    if ((this.#mcr & MCR_LOOP) === 0) this.#send(byte);
    // The guest's own characters do not wait in a cable: behind a full FIFO they are lost (overrun).
    else if (this.#looped.length < FIFO_BYTES) this.#looped.push(byte);
    this.#emptied = true;
  }

  get #dlab(): boolean { return (this.#lcr & LCR_DLAB) !== 0; }
  get #received(): boolean { return (this.#ier & IER_RECEIVED) !== 0 && this.hasInput; }
  get #transmitter(): boolean { return (this.#ier & IER_TRANSMITTER_EMPTY) !== 0 && this.#emptied; }

  #listen(): void {
    if (!this.#rests) return;
    this.#rests = false;
    this.#update();
  }

  #update(): void {
    this.#line.set(this.#received || this.#transmitter);
  }

  save(): Saved {
    return { registers: [this.#ier, this.#fcr, this.#lcr, this.#mcr, this.#scr, this.#divisor], input: [...this.#cable], looped: [...this.#looped], cableRests: this.#rests, polled: this.#polled, transmitterEmptied: this.#emptied, moved: this.#moved };
  }

  restore(saved: unknown): void {
    const { registers, input, looped, cableRests, polled, transmitterEmptied, moved } = saved as Saved;
    [this.#ier, this.#fcr, this.#lcr, this.#mcr, this.#scr, this.#divisor] = registers as [number, number, number, number, number, number];
    this.#cable = [...input];
    this.#looped = [...looped];
    this.#rests = cableRests;
    this.#polled = polled;
    this.#emptied = transmitterEmptied;
    this.#moved = moved;
    this.#update();
  }
}
