/**
 * A device that moves data by itself and is made to be shared, as network cards with virtual functions are: four slices, each with a page of
 * registers, an interrupt and a number for the IOMMU of its own, so that each can be given to another owner. It prints a piece of memory on
 * the console line, or copies one to another place. All registers have 8 bytes:
 *
 *   0x00  identity      "SLICE", read only
 *   0x08  source        address of what to read, as the IOMMU understands it
 *   0x10  destination   address of where to copy it
 *   0x18  length        bytes, at most 65536
 *   0x20  doorbell      1 prints, 2 copies: done before the store retires
 *   0x28  status        0 nothing was asked, 1 done, 2 refused by the IOMMU or not memory, 3 no such request; written, it is 0 again
 *   0x30  interrupt     bit 0: rings while the status is not 0
 *   0x38  moved         bytes since reset, read only
 */
import type { AccessSize, Device, InterruptLine } from './device.ts';
import type { DevicePort } from './iommu.ts';
import { readPart, withPart } from './wide-register.ts';

export const SLICES = 4;
export const SLICE_BYTES = 0x1000;
export const SLICE_REGISTER = { identity: 0x00, source: 0x08, destination: 0x10, length: 0x18, doorbell: 0x20, status: 0x28, interrupt: 0x30, moved: 0x38 } as const;
/** "SLICE", its first letter in the lowest byte. */
export const SLICE_IDENTITY = 0x45_4349_4c53n;
const MOST_BYTES = 65536n;
const REQUEST = { print: 1n, copy: 2n } as const;
const STATUS = { idle: 0n, done: 1n, refused: 2n, unknown: 3n } as const;

interface SliceState {
  readonly source: bigint;
  readonly destination: bigint;
  readonly length: bigint;
  readonly status: bigint;
  readonly interrupt: bigint;
  readonly moved: bigint;
}
const AFTER_RESET: SliceState = { source: 0n, destination: 0n, length: 0n, status: STATUS.idle, interrupt: 0n, moved: 0n };

export class Slice implements Device {
  readonly name = 'hypervisible,slice';
  readonly #line: InterruptLine;
  readonly #port: DevicePort;
  readonly #print: (byte: number) => void;
  #state = AFTER_RESET;

  constructor(line: InterruptLine, port: DevicePort, print: (byte: number) => void) {
    this.#line = line;
    this.#port = port;
    this.#print = print;
  }

  get moved(): number { return Number(this.#state.moved); }

  read(offset: number, size: AccessSize): bigint | undefined {
    const { source, destination, length, status, interrupt, moved } = this.#state;
    return readPart(offset, size, (register) => {
      switch (register) {
        case SLICE_REGISTER.identity: return SLICE_IDENTITY;
        case SLICE_REGISTER.source: return source;
        case SLICE_REGISTER.destination: return destination;
        case SLICE_REGISTER.length: return length;
        case SLICE_REGISTER.status: return status;
        case SLICE_REGISTER.interrupt: return interrupt;
        case SLICE_REGISTER.moved: return moved;
        default: return 0n;
      }
    });
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    return withPart(this, offset, size, value, (register, whole) => {
      switch (register) {
        case SLICE_REGISTER.source: this.#set({ source: whole }); break;
        case SLICE_REGISTER.destination: this.#set({ destination: whole }); break;
        case SLICE_REGISTER.length: this.#set({ length: whole }); break;
        case SLICE_REGISTER.doorbell: this.#set(this.#serve(whole)); break;
        case SLICE_REGISTER.status: this.#set({ status: STATUS.idle }); break;
        case SLICE_REGISTER.interrupt: this.#set({ interrupt: whole & 1n }); break;
        default: break;
      }
    });
  }

  #serve(request: bigint): Partial<SliceState> {
    const { source, destination, length, moved } = this.#state;
    if (length > MOST_BYTES || (request !== REQUEST.print && request !== REQUEST.copy)) return { status: STATUS.unknown };
    const bytes = this.#port.read(source, Number(length));
    if (!bytes) return { status: STATUS.refused };
    if (request === REQUEST.print) for (const byte of bytes) this.#print(byte);
    else if (!this.#port.write(destination, bytes)) return { status: STATUS.refused };
    return { status: STATUS.done, moved: moved + length };
  }

  #set(change: Partial<SliceState>): void {
    this.#state = { ...this.#state, ...change };
    this.#line.set(this.#state.interrupt === 1n && this.#state.status !== STATUS.idle);
  }

  reset(): void { this.#set(AFTER_RESET); }
  save(): SliceState { return this.#state; }
  restore(saved: unknown): void { this.#set(saved as SliceState); }
}
