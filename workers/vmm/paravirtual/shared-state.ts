/**
 * A piece of the guest's memory that stands for registers of its virtual hart: the guest loads and stores there, and nothing traps. The VMM
 * takes what stands there into the virtual CSRs when it is entered, and puts them there when it leaves. So the registers of the guest's next
 * trap are found there, and what its handler has put there is what its `sret` does.
 */
import { guestPhysical, type GuestPhysical } from '../../base/address.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { NOWHERE, SHARED, SHARED_BYTES } from './interface.ts';

/** What of sstatus the guest may change so. The others decide which pages it sees: they take effect at once, and so they need the instruction. */
const CHANGEABLE = SSTATUS.SIE | SSTATUS.SPIE | SSTATUS.SPP;
const PLAIN = ['sepc', 'scause', 'stval'] as const;

export class SharedState {
  readonly #hart: VirtualHart;
  readonly #memory: GuestMemory;
  readonly #log: StepLog;
  #at: GuestPhysical | undefined;

  constructor(hart: VirtualHart, memory: GuestMemory, log: StepLog) {
    this.#hart = hart;
    this.#memory = memory;
    this.#log = log;
  }

  /** From now on the state stands here; all ones: nowhere. False where it cannot stand. */
  place(address: bigint): boolean {
    if (address === NOWHERE) {
      this.#at = undefined;
      return true;
    }
    if (address % BigInt(SHARED_BYTES) !== 0n || !this.#memory.contains(address, SHARED_BYTES)) return false;
    this.#at = guestPhysical(address);
    return true;
  }

  /** The VMM is entered: what the guest has put there counts, as if it had been written by instructions. */
  takeIn(): void {
    const at = this.#at;
    if (at === undefined) return;
    const { csrs } = this.#hart;
    const status = csrs.get('sstatus');
    const wanted = (status & ~CHANGEABLE) | (this.#read(at, SHARED.sstatus) & CHANGEABLE);
    if (wanted !== status) csrs.write('sstatus', wanted);
    for (const name of PLAIN) {
      const value = this.#read(at, SHARED[name]);
      if (value !== csrs.get(name)) csrs.write(name, value);
    }
    this.#log.step('shared.take-in');
  }

  /** The VMM leaves: the guest finds its registers, and in `pending` what waits for it while it keeps interrupts off. */
  putOut(): void {
    const at = this.#at;
    if (at === undefined) return;
    const { csrs } = this.#hart;
    for (const name of ['sstatus', ...PLAIN] as const) this.#write(at, SHARED[name], csrs.get(name));
    this.#write(at, SHARED.pending, csrs.get('sip') & csrs.get('sie'));
    this.#log.step('shared.put-out');
  }

  #read(at: GuestPhysical, offset: bigint): bigint {
    return this.#memory.read(guestPhysical(at + offset), 8);
  }

  #write(at: GuestPhysical, offset: bigint, value: bigint): void {
    const place = guestPhysical(at + offset);
    // A page that is one of the guest's tables, too, is not written for nothing.
    if (this.#memory.read(place, 8) !== value) this.#memory.write(place, 8, value);
  }

  save(): bigint | undefined {
    return this.#at;
  }

  restore(saved: bigint | undefined): void {
    this.#at = saved === undefined ? undefined : guestPhysical(saved);
  }
}
