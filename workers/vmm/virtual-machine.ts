/**
 * One guest: its virtual hart, memory, devices and shadow tables, and where it stands among the others. Nothing of it is another's: what guests share is
 * what they stand on (Ground), and that asks for each page whose it is.
 */
import { guestPhysical } from '../base/address.ts';
import { causeName, INTERRUPT } from '../isa/causes.ts';
import type { Clock } from '../machine/clock.ts';
import { OPEN_COUNTERS, type SbiHost } from '../machine/firmware/sbi.ts';
import type { PhysicalMemory } from '../machine/hart/hart.ts';
import type { HostMachine } from '../machine/host-software.ts';
import { Htif } from '../machine/htif.ts';
import type { Equipment } from '../machine/peripherals.ts';
import type { HaltReason } from '../trace/events.ts';
import type { Bugs } from './bugs.ts';
import { GuestClock } from './guest-clock.ts';
import { GuestMemory } from './guest-memory.ts';
import type { Guest } from './guest.ts';
import type { HostFrames } from './host-frames.ts';
import { EXTENSION, IMPLEMENTATION } from './paravirtual/interface.ts';
import { GrantedSlice } from './pass-through/granted-slice.ts';
import { SharedState } from './paravirtual/shared-state.ts';
import { NOTHING_RESERVED, type RealHart } from './real-hart.ts';
import type { Schedulable } from './scheduler.ts';
import type { AddressSpaces } from './shadow-paging/address-spaces.ts';
import type { PagePool, PoolShare } from './shadow-paging/page-pool.ts';
import { ShadowRoots, type SavedRoots, type ShadowVariant } from './shadow-paging/shadow-roots.ts';
import type { StepLog } from './step-log.ts';
import { VirtualDevices, type SavedDevices } from './virtual-devices/virtual-devices.ts';
import { VirtualTimers } from './virtual-devices/virtual-timers.ts';
import { FloatState } from './virtual-hart/float-state.ts';
import { VirtualHart, type SavedVirtualHart } from './virtual-hart/virtual-hart.ts';
import { newWorld, WORLD_PC, WORLD_RESERVATION, type World } from './world.ts';

export interface GuestOptions extends Omit<Equipment, 'slices'> {
  /** A multiple of 4 KiB: what the guest is promised. */
  readonly ramBytes: number;
  /** How the shadow tables follow the guest's; lazy when nothing is said. */
  readonly shadow?: ShadowVariant | undefined;
  /** The guest is told that it is one, and may make hypercalls (paravirtual/). */
  readonly paravirtual?: boolean | undefined;
  /** Gives the guest the slice of the real machine's device, which has slices then; only one guest can have it. */
  readonly passThrough?: boolean | undefined;
  /** Where its program asks the host for something (HTIF). */
  readonly tohost?: bigint | undefined;
  /** Its part of the time, against those of the others; 1 when nothing is said. */
  readonly weight?: number | undefined;
  /** Whether it is given memory in pieces of 2 MiB: where all that the guests are promised is there. */
  readonly pieces: boolean;
}

/** What all guests stand on. */
export interface GuestGround {
  readonly memory: PhysicalMemory;
  readonly frames: HostFrames;
  readonly pool: PagePool;
  readonly spaces: AddressSpaces;
  readonly real: RealHart;
  readonly clock: Clock;
  readonly log: StepLog;
  readonly bugs: Bugs;
  readonly host: HostMachine;
  /** Whether the VMM is stopped at what it does wrong. */
  readonly checks: () => boolean;
  readonly print: (guest: number, byte: number) => void;
  /** An alarm of this guest has moved. */
  readonly alarmMoved: (guest: number) => void;
  /** Whether this guest's registers are those of the real hart. */
  readonly hasHart: (guest: number) => boolean;
  /** Something has come that may end a guest's wait while another runs. */
  readonly woken: () => void;
}

export interface SavedGuest {
  readonly number: number;
  readonly hart: SavedVirtualHart;
  readonly shadow: SavedRoots;
  readonly devices: SavedDevices;
  readonly shared: bigint | undefined;
  /** Where the IOMMU's table for it stands. */
  readonly slice: bigint | undefined;
  readonly clock: ReturnType<GuestClock['save']>;
  readonly world: readonly bigint[];
  readonly alarms: readonly [timer: bigint, clock: bigint];
  readonly state: readonly [waiting: boolean, paused: boolean, fresh: boolean];
  readonly halted: HaltReason | undefined;
  readonly times: readonly [pass: number, ran: number, weight: number];
  readonly exits: readonly number[];
}

const NEVER = (1n << 64n) - 1n;
/** The guest's timers, of S and of M; and what its clock rings through. */
const TIMERS = (1 << INTERRUPT.sti) | (1 << INTERRUPT.mti);
const EXTERNAL = (1 << INTERRUPT.sei) | (1 << INTERRUPT.mei);
/** Causes have numbers below this. */
const MOST_CAUSES = 64;
const A0 = 10;
const A1 = 11;

export class VirtualMachine implements Guest, Schedulable {
  readonly number: number;
  readonly options: GuestOptions;
  readonly hart: VirtualHart;
  readonly memory: GuestMemory;
  readonly devices: VirtualDevices;
  readonly shadow: ShadowRoots;
  readonly firmware: SbiHost;
  readonly timers: VirtualTimers;
  readonly shared: SharedState | undefined;
  readonly clock: GuestClock;
  readonly log: StepLog;
  readonly float: FloatState;
  readonly tables: PoolShare;
  readonly slice: GrantedSlice | undefined;
  /** What its program asks of the host. */
  readonly htif: Htif | undefined;
  /** Its registers, while another guest has the hart. */
  readonly world: World = newWorld();
  readonly #ground: GuestGround;
  /** When its timer, and its real-time clock, ring: of its own time. */
  #timer = NEVER;
  #alarm = NEVER;
  /** It executed \`wfi\`, and nothing has ended it yet. */
  waiting = false;
  /** The user has stopped it for a while. */
  paused = false;
  /** It has ended, and how. */
  halted: HaltReason | undefined;
  weight: number;
  pass = 0;
  ran = 0;
  fresh = true;
  #exits = 0;
  /** By the real cause: exceptions first, then interrupts. */
  readonly #exitsByCause = new Float64Array(2 * MOST_CAUSES);

  constructor(number: number, ground: GuestGround, options: GuestOptions) {
    const { memory, frames, real, log, bugs } = ground;
    const { ramBytes, shadow = 'lazy', paravirtual = false, weight = 1, pieces, tohost, passThrough = false, ...equipment } = options;
    this.#ground = ground;
    this.number = number;
    this.options = options;
    this.weight = weight;
    this.log = log;
    this.clock = new GuestClock(ground.clock);
    this.hart = new VirtualHart(real, log, bugs);
    this.float = new FloatState(real, this.hart.csrs, log);
    this.memory = new GuestMemory(memory, frames, { owner: number, bytes: ramBytes, pieces }, bugs);
    this.tables = ground.pool.share(number);
    this.shadow = new ShadowRoots({ memory, pool: this.tables, spaces: ground.spaces, real, log }, this.hart, this.memory, shadow);
    this.shared = paravirtual ? new SharedState(this.hart, this.memory, log) : undefined;
    this.slice = passThrough ? new GrantedSlice({ host: ground.host, pool: this.tables, guest: this.memory, bugs, checks: ground.checks }) : undefined;
    const { csrs } = this.hart;
    this.timers = new VirtualTimers({ csrs, clock: this.clock, ringAt: (time) => { this.#ringAt(time); } });
    this.devices = new VirtualDevices({
      csrs, memory: this.memory, clock: this.clock, timers: this.timers, slice: this.slice, log, exits: () => this.#exits,
      print: (byte) => { ground.print(number, byte); },
      rescheduled: () => { this.#clockMoved(); },
      breakReservation: () => {
        if (ground.hasHart(number)) this.hart.breakReservation();
        else this.world[WORLD_RESERVATION] = NOTHING_RESERVED;
      },
      raised: () => { if (this.waiting) ground.woken(); },
    }, equipment);
    this.htif = tohost === undefined ? undefined : new Htif(this.memory, tohost, (byte) => { ground.print(number, byte); });
    this.firmware = this.#playedFirmware();
  }

  get ready(): boolean {
    return !this.waiting && !this.paused && this.halted === undefined;
  }

  /** Entries into the VMM from this guest. */
  get exits(): number {
    return this.#exits;
  }

  /** By the real cause's name. */
  get exitsByCause(): Readonly<Record<string, number>> {
    const counted = [...this.#exitsByCause].flatMap((count, place) => (count > 0 ? [[causeName(place >= MOST_CAUSES, place % MOST_CAUSES), count] as const] : []));
    return Object.fromEntries(counted);
  }

  countExit(interrupt: boolean, code: number): void {
    this.#exits += 1;
    const place = (interrupt ? MOST_CAUSES : 0) + code;
    this.#exitsByCause[place] = this.#exitsByCause[place]! + 1;
  }

  /** As its first instruction finds it: in (virtual) S as firmware leaves it, or in (virtual) M as after reset; paging off, a0 = hart number, a1 = device tree. */
  begin(entry: bigint, a0: bigint, a1: bigint, start: 'm' | 's'): void {
    this.slice?.start();
    this.hart.reset(start);
    this.hart.leaveHart();
    if (start === 's') this.hart.csrs.set('scounteren', OPEN_COUNTERS);
    this.world[A0] = a0;
    this.world[A1] = a1;
    this.world[WORLD_PC] = entry;
  }

  /** The real hart is this guest's from now on; the VMM has yet to leave. */
  enterHart(): void {
    this.#ground.real.enterWorld(this.world);
    this.hart.enterHart();
    this.float.enterHart();
    if (!this.paused) this.clock.start();
  }

  leaveHart(): void {
    this.#ground.real.leaveWorld(this.world);
    this.hart.leaveHart();
    this.shadow.leaveHart();
    // Waiting, its time goes on.
    if (!this.waiting || this.paused) this.clock.stop();
  }

  /** The user stops the guest for a while, or lets it go on. Its time stands still; what comes from outside waits. */
  pause(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    if (paused) this.clock.stop();
    else if (this.waiting) this.clock.start();
    else this.fresh = true;
  }

  /** Something ends its wait, if it waits: it goes on at that instant of its own time, however long others keep the hart. */
  wake(at = this.clock.now()): void {
    if (!this.waiting || !this.hart.interruptWaiting) return;
    this.waiting = false;
    this.fresh = true;
    this.clock.stop(at);
  }

  /** The next time of its own at which one of its alarms rings: of those that it wants to be woken by, while it waits. */
  get nextAlarm(): bigint {
    if (this.halted || this.paused) return NEVER;
    const timer = !this.waiting || (this.hart.csrs.enabledLow & TIMERS) !== 0 ? this.#timer : NEVER;
    const alarm = !this.waiting || (this.hart.csrs.enabledLow & EXTERNAL) !== 0 ? this.#alarm : NEVER;
    return timer < alarm ? timer : alarm;
  }

  /** Which of them have come at a time; they do not ring again by themselves. */
  takeAlarms(now: bigint): { readonly timer: boolean; readonly clock: boolean } {
    const due = { timer: this.#timer <= now, clock: this.#alarm <= now };
    if (due.timer) this.#timer = NEVER;
    if (due.clock) this.#alarm = NEVER;
    return due;
  }

  #ringAt(time: bigint): void {
    if (time === this.#timer) return;
    this.#timer = time;
    this.#ground.alarmMoved(this.number);
  }

  #clockMoved(): void {
    const ticks = this.devices.ticksToAlarm;
    this.#alarm = ticks === undefined ? NEVER : this.clock.now() + ticks;
    this.#ground.alarmMoved(this.number);
  }

  /** The guest's firmware is the VMM: this is what SBI calls of the guest kernel act on. */
  #playedFirmware(): SbiHost {
    const { csrs, bugs } = this.hart;
    return {
      setTimer: (time) => {
        this.#ringAt(time);
        csrs.set('stimecmp', time);
        if (!bugs['timer-stays-pending']) csrs.setPending(INTERRUPT.sti, false);
      },
      putCharacter: (byte) => { this.devices.putCharacter(byte); },
      getCharacter: () => this.devices.getCharacter(),
      setSoftwareInterrupt: (pending) => { csrs.setPending(INTERRUPT.ssi, pending); },
      fence: () => { this.shadow.fence(); },
      readMemory: (address, length) => this.memory.copyOut(guestPhysical(address), length),
      writeMemory: (address, bytes) => this.memory.copyIn(guestPhysical(address), bytes),
      announced: this.shared && { implementation: IMPLEMENTATION, extension: EXTENSION },
    };
  }

  /** It is gone: what it had is nobody's, and empty. */
  release(): void {
    this.forget();
    this.shadow.release();
    this.#ground.frames.release(this.number);
  }

  /** It is not there in the past that the machine has gone back to. */
  forget(): void {
    this.shadow.leave();
    this.#ground.pool.forget(this.tables);
  }

  save(): SavedGuest {
    return {
      number: this.number, hart: this.hart.save(), shadow: this.shadow.save(), devices: this.devices.save(), shared: this.shared?.save(), slice: this.slice?.save(), clock: this.clock.save(), world: [...this.world],
      alarms: [this.#timer, this.#alarm], state: [this.waiting, this.paused, this.fresh], halted: this.halted, times: [this.pass, this.ran, this.weight], exits: [this.#exits, ...this.#exitsByCause],
    };
  }

  /** Frames and pool have been restored. */
  restore({ hart, shadow, devices, shared, slice, clock, world, alarms, state, halted, times, exits }: SavedGuest): void {
    this.memory.restore();
    this.clock.restore(clock);
    // Devices set their lines when restored; the pending bits come back with the virtual hart, and the alarms, after them.
    this.devices.restore(devices);
    this.hart.restore(hart);
    this.shadow.restore(shadow);
    this.shared?.restore(shared);
    this.slice?.restore(slice);
    this.world.set(world);
    [this.#timer, this.#alarm] = alarms;
    [this.waiting, this.paused, this.fresh] = state;
    this.halted = halted;
    [this.pass, this.ran, this.weight] = times;
    [this.#exits] = exits as [number];
    this.#exitsByCause.set(exits.slice(1));
  }
}
