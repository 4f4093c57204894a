/**
 * The virtual machine monitor, by trap and emulate: software of S mode that lets a guest's whole operating system run in U mode and
 * makes it believe that it owns the machine. Every trap of the guest, whatever its kind, comes to `handleTrap`.
 */
import { PAGE_SIZE, hostPhysical } from '../base/address.ts';
import { assert } from '../base/assert.ts';
import { hex } from '../base/bits.ts';
import { isaString } from '../isa/extensions.ts';
import { CAUSE, causeName, INTERRUPT } from '../isa/causes.ts';
import { SBI } from '../machine/firmware/sbi.ts';
import type { HostMachine, HostSoftware, Outcome } from '../machine/host-software.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import { slicesFor, VIRTIO } from '../machine/peripherals.ts';
import type { HaltReason } from '../trace/events.ts';
import { bugsOf, mistakesOf, type BugId, type Mistakes } from './bugs.ts';
import type { GuestMemory } from './guest-memory.ts';
import { HostFrames, type OwnedRun } from './host-frames.ts';
import { RealTrap, RESUME, WAIT, type Trap } from './guest.ts';
import { ModeLog, type GuestModes } from './mode-log.ts';
import { PrintLog, type PrintedRun } from './print-log.ts';
import { RealHart } from './real-hart.ts';
import { Scheduler, type SavedScheduler } from './scheduler.ts';
import { AddressSpaces } from './shadow-paging/address-spaces.ts';
import { brokenIsolation } from './shadow-paging/invariant.ts';
import { PagePool, type SavedPool } from './shadow-paging/page-pool.ts';
import type { ShadowRoot, ShadowVariant } from './shadow-paging/shadow-roots.ts';
import { brokenRule, haltFor, type Broken } from './self-check.ts';
import { StepLog } from './step-log.ts';
import { accessFault } from './traps/access-fault.ts';
import { breakpoint } from './traps/breakpoint.ts';
import { environmentCall } from './traps/environment-call.ts';
import { illegalInstruction } from './traps/illegal-instruction.ts';
import { timerRings, typed } from './traps/interrupt.ts';
import { misaligned } from './traps/misaligned.ts';
import { pageFault } from './traps/page-fault.ts';
import { TurnLog } from './turn-log.ts';
import { RealConsole } from './virtual-devices/real-console.ts';
import { injectInterrupt } from './virtual-hart/inject.ts';
import { SSTATUS } from './virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from './virtual-hart/virtual-hart.ts';
import { VirtualMachine, type GuestGround, type GuestOptions, type SavedGuest } from './virtual-machine.ts';

/** Where the VMM's trap handler stands in real memory: at the very beginning of RAM. */
export const VMM_ENTRY = RAM_BASE;
/** Between the VMM itself and the guests' memory stand the pages for shadow tables. */
const POOL_BASE = hostPhysical(RAM_BASE + 0x10_0000n);
/** The real interrupts that the VMM wants: timer, external, and its own, by which it is asked to look at its guests (STIE, SEIE, SSIE). */
const REAL_INTERRUPTS = (1n << BigInt(INTERRUPT.sti)) | (1n << BigInt(INTERRUPT.sei)) | (1n << BigInt(INTERRUPT.ssi));
const NEVER = (1n << 64n) - 1n;

export interface VmmOptions extends Omit<GuestOptions, 'ramBytes' | 'pieces'> {
  /** Of the first guest; a multiple of 4 KiB. */
  readonly guestRamBytes: number;
  /** How much real memory the VMM keeps for itself, before that of the guests; at least 2 MiB. */
  readonly hostOffset: bigint;
  /** Real memory for all guests; as much as the first one is promised when nothing is said. */
  readonly framesBytes?: number;
  /** Mistakes to make (bugs.ts). */
  readonly bugs?: readonly BugId[];
  /** The VMM checks itself after each exit and stops at what it finds; unless told otherwise, with any mistake. */
  readonly checked?: boolean;
}

interface Saved {
  readonly frames: readonly OwnedRun[];
  readonly pool: SavedPool;
  readonly spaces: bigint;
  readonly guests: readonly SavedGuest[];
  readonly current: number;
  readonly made: number;
  readonly scheduler: SavedScheduler;
  readonly armed: bigint;
  readonly typing: readonly Typing[];
  readonly gone: readonly number[];
  readonly mistakes: Mistakes;
  readonly left: readonly bigint[];
  readonly exits: number;
}

/** So many characters on their way are for this guest. */
interface Typing {
  readonly guest: number;
  readonly count: number;
}

export class Vmm implements HostSoftware {
  readonly #host: HostMachine;
  readonly #bugs = bugsOf([]);
  #mistakes = mistakesOf([], false);
  readonly #real: RealHart;
  readonly #log: StepLog;
  readonly #frames: HostFrames;
  readonly #pool: PagePool;
  readonly #spaces: AddressSpaces;
  readonly #console: RealConsole;
  readonly #modes = new ModeLog();
  readonly #ground: GuestGround;
  readonly #scheduler = new Scheduler<VirtualMachine>();
  #guests: VirtualMachine[] = [];
  /** How each guest was made, also those that are gone: the machine may go back to when they were there. */
  readonly #options = new Map<number, GuestOptions>();
  #made = 0;
  /** Those that were taken away, until the next world switch gives back what they had. */
  #gone: readonly number[] = [];
  /** The guest that has the real hart. */
  #current: VirtualMachine;
  #booted = false;
  /** Somebody else may have a better claim to the hart than the guest that has it. */
  #mustChoose = false;
  /** An alarm has moved, or other guests' count, so that the real timer may have to ring at another time than it is set to. */
  #mustArm = true;
  #armed = NEVER;
  #typing: readonly Typing[] = [];
  /** What stands in the real trap registers. */
  readonly #trap: Trap;
  /** The real scause, sepc and stval as the VMM left them: a step shows what the hardware then changed. */
  readonly #left = new BigUint64Array(3);
  readonly #leftWords = new Uint32Array(this.#left.buffer);
  #exits = 0;
  readonly #printed = new PrintLog();
  readonly turns = new TurnLog();
  asksHost = false;

  constructor(host: HostMachine, { guestRamBytes, hostOffset, framesBytes = guestRamBytes, bugs = [], checked = bugs.length > 0, ...guest }: VmmOptions) {
    this.#host = host;
    this.#log = new StepLog(host.probe);
    this.#real = new RealHart(host.hart, this.#log);
    this.#pool = new PagePool(host.memory, POOL_BASE, Number(RAM_BASE + hostOffset - POOL_BASE) / PAGE_SIZE);
    this.#spaces = new AddressSpaces(() => { this.#real.fenceVma(); });
    this.#frames = new HostFrames(host.memory, hostPhysical(RAM_BASE + hostOffset), framesBytes / PAGE_SIZE);
    this.#trap = new RealTrap(this.#real);
    this.#console = new RealConsole(host.devices, this.#real, this.#log);
    this.#ground = {
      memory: host.memory, frames: this.#frames, pool: this.#pool, spaces: this.#spaces, real: this.#real, clock: host.clock, log: this.#log, bugs: this.#bugs, host,
      checks: () => this.#mistakes.checked,
      print: (number, byte) => {
        this.#printed.add(number);
        this.#console.send(byte);
      },
      alarmMoved: (number) => {
        if (this.#booted && number === this.#current.number) this.#arm();
        else this.#mustArm = true;
      },
      hasHart: (number) => this.#booted && number === this.#current.number,
      woken: () => { this.#mustChoose = true; },
    };
    this.#current = this.create({ ...guest, ramBytes: guestRamBytes });
    this.makeMistakes(mistakesOf(bugs, checked));
  }

  // ---------------------------------------------------------------------------------------------- the guests

  get guests(): readonly VirtualMachine[] { return this.#guests; }
  /** The one that has the real hart. */
  get current(): VirtualMachine { return this.#current; }
  guest(number: number): VirtualMachine | undefined { return this.#guests.find((guest) => guest.number === number); }
  /** Real memory for guests, in bytes: all, and what nobody has yet. */
  get memory(): { readonly all: number; readonly free: number } { return { all: this.#frames.pages * PAGE_SIZE, free: this.#frames.free * PAGE_SIZE }; }

  get virtualHart(): VirtualHart { return this.#current.hart; }
  get guestMemory(): GuestMemory { return this.#current.memory; }
  /** Entries into the VMM since boot. */
  get exits(): number { return this.#exits; }
  /** The guest's virtual mode before and after one of the last exits, and which guest it was. */
  guestModes(trap: number): GuestModes | undefined { return this.#modes.of(trap); }
  get shadowRoot(): ShadowRoot { return this.#current.shadow.current; }
  /** Whose the next characters at the real UART are that were not told yet, in their order. */
  takePrinted(): readonly PrintedRun[] { return this.#printed.take(); }

  /** Another guest, with its memory empty: it is to be given a program (`begin`), and to be let run (`look`). The guests that there are keep what they have. */
  create(options: Omit<GuestOptions, 'pieces'>): VirtualMachine {
    assert(options.passThrough !== true || this.#guests.every(({ slice, number }) => slice === undefined || this.#gone.includes(number)), 'two guests are given the one slice');
    const promised = this.#guests.reduce((sum, { memory }) => sum + memory.bytes, options.ramBytes);
    const made = this.#make(this.#made, { ...options, pieces: promised <= this.#frames.pages * PAGE_SIZE });
    this.#made += 1;
    for (const { shadow } of this.#guests) shadow.shrink();
    return made;
  }

  #make(number: number, options: GuestOptions): VirtualMachine {
    this.#options.set(number, options);
    const made = new VirtualMachine(number, this.#ground, options);
    this.#guests.push(made);
    made.shadow.pieces = this.#mistakes.pieces;
    if (options.tohost !== undefined) this.asksHost = true;
    return made;
  }

  /** Takes a guest away, whatever it does; what it had is free for others. It must not be the one that has the hart, unless it has ended or is paused. */
  destroy(number: number): void {
    const gone = this.guest(number);
    if (!gone) return;
    gone.halted ??= DESTROYED;
    gone.slice?.stop();
    this.#gone = [...this.#gone, number];
    this.look();
  }

  /** Makes the VMM look at its guests again before any of them goes on: one has come, is paused, or may go on. It enters by a software interrupt. */
  look(): void {
    this.#host.hart.setInterruptPending(INTERRUPT.ssi, true);
  }

  /** A guest may have ended by a store that nobody has noticed: the others go on. */
  pollHost(): HaltReason | undefined {
    for (const guest of this.#guests) {
      const reason = guest.halted ? undefined : guest.htif?.poll();
      if (!reason) continue;
      this.#end(guest, reason);
      this.look();
    }
    return this.#guests.every(({ halted }) => halted !== undefined) ? endOfAll(this.#guests) : undefined;
  }

  /** So many of the characters that come next are for this guest. */
  willType(guest: number, count: number): void {
    this.#typing = [...this.#typing, { guest, count }];
  }

  // ---------------------------------------------------------------------------------------------- the way of a trap

  /** Starts the first guest. The real hart is in S at VMM_ENTRY, and the guest's image stands in its memory. */
  boot(entry: bigint, a0: bigint, a1: bigint, start: 'm' | 's' = 's'): Outcome {
    assert(this.#real.mode === 'S', 'the VMM is started outside S mode');
    this.#real.writeCsr('stvec', VMM_ENTRY);
    this.#real.writeCsr('sie', REAL_INTERRUPTS);
    // No counter may be read in U: the guest's time is the VMM's to tell.
    this.#real.writeCsr('scounteren', 0n);
    // The VMM's sret goes to U (SPP = 0).
    this.#real.writeCsr('sstatus', SSTATUS.SPIE);
    this.#console.start(this.#current.slice?.realInterrupt);
    this.#current.begin(entry, a0, a1, start);
    this.#current.enterHart();
    this.#current.fresh = false;
    this.#booted = true;
    this.turns.begin(this.#current.number, this.#host.clock.now());
    this.#current.shadow.install();
    this.#real.copyTrap(this.#leftWords);
    this.#real.sret();
    return RESUME;
  }

  handleTrap(): Outcome {
    const number = this.#host.trapCount - 1;
    const guest = this.#current;
    const { mode } = guest.hart;
    const trap = this.#enter();
    const outcome = this.#handle(trap);
    if (outcome.next === 'halt') this.#end(guest, outcome.reason);
    else if (guest.memory.starved) this.#end(guest, this.#outOfMemory(guest));
    else this.#setWaiting(guest, outcome.next === 'wait');
    const after = guest.hart.mode;
    const ended = this.#mustChoose || !guest.ready ? this.#choose() : undefined;
    if (!ended) this.#leave(trap);
    this.#modes.record(number, mode, guest === this.#current ? guest.hart.mode : after, guest.number);
    if (ended) return { next: 'halt', reason: ended };
    return this.#checked(this.#current.ready ? RESUME : WAIT);
  }

  /** The hardware has stopped the guest. What happened stands in the real scause, sepc and stval. */
  #enter(): Trap {
    this.#noteTrapEntry();
    const trap = this.#trap;
    const { interrupt, code } = trap;
    this.#exits += 1;
    this.#current.countExit(interrupt, code);
    if (this.#scheduler.exits()) this.#mustChoose = true;
    if (this.#log.detailed) this.#log.step('exit.save-registers', () => ({ cause: causeName(interrupt, code), epc: hex(trap.epc), tval: hex(trap.value) }));
    this.#current.float.takeBack();
    this.#current.shared?.takeIn();
    return trap;
  }

  /** Whose business is it? The real cause and the guest's virtual mode decide. */
  #handle(trap: Trap): Outcome {
    const guest = this.#current;
    if (trap.interrupt) return this.#interrupt(trap);
    switch (trap.code) {
      case CAUSE.ecallFromUser: return environmentCall(guest);
      case CAUSE.illegalInstruction: return illegalInstruction(guest, trap);
      case CAUSE.fetchPageFault: case CAUSE.loadPageFault: case CAUSE.storePageFault: return pageFault(guest, trap);
      case CAUSE.fetchAccessFault: case CAUSE.loadAccessFault: case CAUSE.storeAccessFault: return accessFault(guest, trap);
      case CAUSE.breakpoint: return breakpoint(guest, trap);
      case CAUSE.misalignedFetch: case CAUSE.misalignedLoad: case CAUSE.misalignedStore: return misaligned(guest, trap);
      default: return this.#giveUp(trap);
    }
  }

  /** Back to the guest. Only here: its interrupts, its shadow table, and the real `sret`. */
  #leave(trap: Trap): void {
    const { hart, shadow, shared, float, timers } = this.#current;
    // Whatever the VMM just did may have made an interrupt pending or let one in. The instruction that it carried out may also have brought the time
    // of a timer that has not rung yet, and M's comes first.
    if (hart.csrs.ownsMachine && hart.deliverableInterrupt() !== undefined) timers.update();
    const pending = hart.deliverableInterrupt();
    if (pending !== undefined && (trap.interrupt || !this.#bugs['interrupts-forgotten'])) {
      this.#log.step('interrupt.deliver', () => ({ interrupt: causeName(true, pending) }));
      injectInterrupt(hart, this.#log, pending);
    }

    // Another virtual mode, another SUM or MXR, another satp need another shadow table.
    const root = shadow.install();
    if (root !== undefined && this.#log.detailed) this.#log.step('resume.shadow-root', () => ({ root }));

    shared?.putOut();
    float.give();
    if (this.#mustArm) {
      this.#arm();
      if (this.#log.detailed) this.#log.step('schedule.timer', () => ({ time: this.#armed === NEVER ? '∞' : String(this.#armed) }));
    }
    this.#real.copyTrap(this.#leftWords);
    this.#real.sret();
    if (this.#log.detailed) this.#log.hardware('resume.sret', () => ({ pc: hex(this.#real.pc), mode: hart.mode }));
  }

  #giveUp({ interrupt, code, epc }: Trap): Outcome {
    const message = `The VMM has no answer to the trap ${causeName(interrupt, code)} at ${hex(epc)}; the guest cannot go on.`;
    return { next: 'halt', reason: { by: 'stuck', exitCode: 1, message } };
  }

  // ---------------------------------------------------------------------------------------------- real interrupts

  #interrupt({ code }: Trap): Outcome {
    const guest = this.#current;
    if (code === INTERRUPT.sti) this.#timerRang();
    else if (code === INTERRUPT.sei) this.#takeInput();
    else this.#lookAgain();
    return guest.waiting && !guest.hart.interruptWaiting ? WAIT : RESUME;
  }

  /** A time has come that a guest has asked for, or the end of a slice. */
  #timerRang(): void {
    this.#setRealTimer(NEVER);
    this.#mustArm = true;
    this.#log.step('interrupt.timer');
    const now = this.#host.clock.now();
    for (const guest of this.#guests) if (guest === this.#current || guest.waiting) this.#ring(guest, now);
    if (Number(now) >= this.#scheduler.end) this.#mustChoose = true;
  }

  /** A guest's alarms that have come. One that waits, while another has the hart, is woken at the very instant that it has asked for. */
  #ring(guest: VirtualMachine, now: bigint): void {
    const at = guest.nextAlarm;
    if (at === NEVER || guest.clock.onMachine(at) > now) return;
    const elsewhere = guest !== this.#current;
    if (elsewhere) guest.clock.stop(at);
    const { timer, clock } = guest.takeAlarms(guest.clock.now());
    if (clock) guest.devices.clockRings();
    if (timer) timerRings(guest);
    if (!elsewhere) return;
    guest.clock.start();
    guest.wake(at);
    this.#mustChoose = true;
  }

  /** Something was typed: the VMM was told for whom. */
  #takeInput(): void {
    let rest = this.#console.takeInput((source) => {
      const guest = this.#guests.find(({ slice }) => slice?.realInterrupt === source);
      guest?.devices.sliceRings();
      if (guest && guest !== this.#current) guest.wake();
    });
    do {
      const [first, ...others] = this.#typing;
      const count = Math.min(first?.count ?? rest.length, rest.length);
      const guest = first ? this.guest(first.guest) : this.#guests[0];
      if (guest) typed(guest, rest.subarray(0, count));
      if (guest && guest !== this.#current) guest.wake();
      if (first) this.#typing = count < first.count ? [{ ...first, count: first.count - count }, ...others] : others;
      rest = rest.subarray(count);
    } while (rest.length > 0);
  }

  /** The VMM was asked to look at its guests: one may have come, or be paused, or gone. */
  #lookAgain(): void {
    this.#real.noting(['mip'], () => { this.#host.hart.setInterruptPending(INTERRUPT.ssi, false); });
    this.#mustChoose = true;
    this.#log.step('schedule.look');
  }

  // ---------------------------------------------------------------------------------------------- who runs

  #setWaiting(guest: VirtualMachine, waiting: boolean): void {
    if (guest.waiting === waiting) return;
    guest.waiting = waiting;
    // It waits for those of its alarms that it has enabled only.
    this.#mustArm = true;
  }

  #end(guest: VirtualMachine, reason: HaltReason): void {
    guest.halted = reason;
    guest.waiting = false;
    guest.clock.stop();
    this.#mustArm = true;
  }

  #outOfMemory({ memory }: VirtualMachine): HaltReason {
    const [held, promised, all] = [memory.held, memory.bytes, this.#frames.pages * PAGE_SIZE].map((bytes) => `${String(bytes >> 10)} KiB`) as [string, string, string];
    return { by: 'stuck', exitCode: 1, message: `The host has no memory left for this guest: it was promised ${promised} and has ${held}, and all ${all} that there are for guests have been given out.` };
  }

  /** The next guest to have the hart. How the machine ends, when no guest will ever go on. */
  #choose(): HaltReason | undefined {
    this.#mustChoose = false;
    const now = Number(this.#host.clock.now());
    const before = this.#current;
    this.#scheduler.charge(before, now);
    for (const guest of this.#guests) if (guest !== before) guest.wake();
    // Nobody wants the hart: it waits, as the guest that it has, or, when that has ended, as another.
    const next = this.#scheduler.next(this.#guests, before, now) ?? (before.halted ? this.#guests.find(({ halted }) => halted === undefined) : undefined);
    if (next && next !== before) this.#switchTo(next);
    if (this.#current.ready) this.#current.clock.start();
    this.#mustArm = true;
    this.#removeGone();
    if (this.#guests.every(({ halted }) => halted !== undefined)) return endOfAll(this.#guests);
    return undefined;
  }

  /** The world switch: everything of one guest leaves the real hart, and that of the other comes. */
  #switchTo(next: VirtualMachine): void {
    const before = this.#current;
    before.leaveHart();
    next.enterHart();
    this.#current = next;
    this.turns.begin(next.number, this.#host.clock.now());
    this.#log.step('schedule.switch', () => ({ from: String(before.number), to: String(next.number) }));
  }

  #removeGone(): void {
    const gone = this.#gone.filter((number) => number !== this.#current.number);
    for (const number of gone) this.guest(number)?.release();
    this.#guests = this.#guests.filter(({ number }) => !gone.includes(number));
    this.#gone = this.#gone.filter((number) => !gone.includes(number));
  }

  /** Sets the real timer, which the real firmware owns, for what comes first: an alarm of the guest that runs or of one that waits, or the end of the slice. */
  #arm(): void {
    this.#mustArm = false;
    let first = Number.isFinite(this.#scheduler.end) ? BigInt(this.#scheduler.end) : NEVER;
    for (const guest of this.#guests) {
      if (guest !== this.#current && !guest.waiting) continue;
      const alarm = guest.nextAlarm;
      if (alarm === NEVER) continue;
      const at = guest.clock.onMachine(alarm);
      if (at < first) first = at;
    }
    if (first === this.#armed) return;
    this.#setRealTimer(first);
  }

  #setRealTimer(time: bigint): void {
    this.#armed = time;
    this.#real.noting(['mip', 'stimecmp'], () => { this.#host.firmwareCall(SBI.time, 0n, [time]); });
  }

  /** Tells what the hardware did before the VMM's first instruction. */
  #noteTrapEntry(): void {
    if (!this.#log.detailed) return;
    const { hart } = this.#host;
    for (const [index, name] of (['scause', 'sepc', 'stval'] as const).entries()) {
      this.#log.note({ on: 'real-csr', name, access: 'write', before: this.#left[index]!, after: hart.readCsr(name) });
    }
    // The VMM's sret has left SIE set; the trap moved it to SPIE, which was set, too.
    const status = hart.readCsr('sstatus');
    this.#log.note({ on: 'real-csr', name: 'sstatus', access: 'write', before: status | SSTATUS.SIE, after: status });
    this.#log.note({ on: 'real-mode', before: 'U', after: 'S' });
    this.#log.note({ on: 'pc', before: hart.readCsr('sepc'), after: hart.pc });
    this.#log.hardware('hardware.trap-entry', () => ({ cause: hex(hart.readCsr('scause')), epc: hex(hart.readCsr('sepc')) }));
  }

  /** From now on the VMM makes these mistakes and no others. What it has made before stays as it is. */
  makeMistakes(mistakes: Mistakes): void {
    this.#mistakes = mistakes;
    Object.assign(this.#bugs, bugsOf(mistakes.bugs));
    for (const { shadow, slice } of this.#guests) {
      slice?.useIommu();
      shadow.pieces = mistakes.pieces;
      shadow.takeChanges();
    }
  }

  get mistakes(): Mistakes { return this.#mistakes; }

  /** Begins all shadow tables anew, at rest: another variant from now on, or no trace of mistakes made before. */
  beginTablesAnew(variant?: ShadowVariant): void {
    for (const { shadow } of this.#guests) shadow.beginAnew(variant ?? shadow.variant);
  }

  /** The first rule that the VMM has broken with this exit, and how, in one sentence; it must always be undefined. */
  check(): Broken | undefined {
    for (const guest of this.#guests) {
      const isolation = guest === this.#current ? undefined : brokenIsolation({ memory: this.#host.memory, guest: guest.memory, pool: guest.tables, shadow: guest.shadow, slice: guest.slice });
      if (isolation !== undefined) return { rule: 'I1', sentence: isolation };
    }
    const { memory, tables, shadow, slice, hart } = this.#current;
    return brokenRule({ memory: this.#host.memory, guest: memory, pool: tables, shadow, slice, hart, real: this.#real });
  }

  #checked(outcome: Outcome): Outcome {
    const broken = this.#mistakes.checked ? this.check() : undefined;
    return broken === undefined ? outcome : { next: 'halt', reason: haltFor(broken) };
  }

  save(): Saved {
    return {
      frames: this.#frames.save(), pool: this.#pool.save(), spaces: this.#spaces.save(), guests: this.#guests.map((guest) => guest.save()), current: this.#current.number, made: this.#made,
      scheduler: this.#scheduler.save(), armed: this.#armed, typing: this.#typing, gone: this.#gone, mistakes: this.#mistakes, left: [...this.#left], exits: this.#exits,
    };
  }

  restore(saved: unknown): void {
    const { frames, pool, spaces, guests, current, made, scheduler, armed, typing, gone, mistakes, left, exits } = saved as Saved;
    for (const guest of this.#guests) if (!guests.some(({ number }) => number === guest.number)) guest.forget();
    const known = this.#guests;
    this.#guests = [];
    for (const { number } of guests) {
      const guest = known.find((there) => there.number === number && there.options === this.#options.get(number));
      if (guest) this.#guests.push(guest);
      else this.#make(number, this.#options.get(number)!);
    }
    this.#frames.restore(frames);
    this.#pool.restore(pool);
    this.#spaces.restore(spaces);
    for (const [index, guest] of guests.entries()) this.#guests[index]!.restore(guest);
    this.makeMistakes(mistakes);
    this.#current = this.guest(current)!;
    this.#made = made;
    this.#scheduler.restore(scheduler);
    this.#armed = armed;
    this.#typing = typing;
    this.#gone = gone;
    this.#left.set(left);
    this.#exits = exits;
    this.#mustChoose = false;
    this.#mustArm = false;
    this.#printed.take();
    this.turns.cut(this.#host.clock.now(), current);
  }
}

/** A machine whose guests have all ended ends as the first of them that failed; as the first, when all have passed. */
function endOfAll(guests: readonly VirtualMachine[]): HaltReason {
  const reasons = guests.map(({ halted }) => halted!);
  return reasons.find(({ exitCode }) => exitCode !== 0) ?? reasons[0] ?? DESTROYED;
}

/** What is said of a guest that its user has taken away. */
const DESTROYED: HaltReason = { by: 'sbi', exitCode: 0 };

/** What the guest's device tree may say: the VMM has no hypervisor extension for it, and gives it no cache-block instructions. */
const GUEST_ISA = isaString({ hypervisor: false, without: ['zicbom', 'zicboz'] });
export const GUEST_BOARD = { isa: GUEST_ISA, virtio: VIRTIO } as const;
/** With a slice of the real device, which it has for its own. */
export const GUEST_SLICES = slicesFor(1);
