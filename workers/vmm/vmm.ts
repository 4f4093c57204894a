/**
 * The virtual machine monitor, by trap and emulate: software of S mode that lets a guest's whole operating system run in U mode and
 * makes it believe that it owns the machine. Every trap of the guest, whatever its kind, comes to `handleTrap`.
 */
import { PAGE_SIZE, guestPhysical, hostPhysical } from '../base/address.ts';
import { assert } from '../base/assert.ts';
import { hex } from '../base/bits.ts';
import { isaString } from '../isa/extensions.ts';
import { CAUSE, causeName, INTERRUPT } from '../isa/causes.ts';
import { OPEN_COUNTERS, SBI, type SbiHost } from '../machine/firmware/sbi.ts';
import type { HostMachine, HostSoftware, Outcome } from '../machine/host-software.ts';
import type { Disk } from '../machine/devices/virtio/block.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import { VIRTIO, type Equipment } from '../machine/peripherals.ts';
import { bugsOf, mistakesOf, type BugId, type Mistakes } from './bugs.ts';
import { GuestMemory } from './guest-memory.ts';
import { HostFrames, type OwnedRun } from './host-frames.ts';
import { RealTrap, RESUME, WAIT, type Guest, type Trap } from './guest.ts';
import { ModeLog, type GuestModes } from './mode-log.ts';
import { RealHart } from './real-hart.ts';
import { EXTENSION, IMPLEMENTATION } from './paravirtual/interface.ts';
import { SharedState } from './paravirtual/shared-state.ts';
import { AddressSpaces } from './shadow-paging/address-spaces.ts';
import { PagePool, type PoolShare, type SavedPool } from './shadow-paging/page-pool.ts';
import { ShadowRoots, type SavedRoots, type ShadowRoot, type ShadowUse, type ShadowVariant } from './shadow-paging/shadow-roots.ts';
import { brokenRule, type Broken } from './self-check.ts';
import { StepLog } from './step-log.ts';
import { accessFault } from './traps/access-fault.ts';
import { breakpoint } from './traps/breakpoint.ts';
import { environmentCall } from './traps/environment-call.ts';
import { illegalInstruction } from './traps/illegal-instruction.ts';
import { interrupt } from './traps/interrupt.ts';
import { misaligned } from './traps/misaligned.ts';
import { pageFault } from './traps/page-fault.ts';
import { RealClock } from './virtual-devices/real-clock.ts';
import { RealConsole } from './virtual-devices/real-console.ts';
import { VirtualDevices, type SavedDevices } from './virtual-devices/virtual-devices.ts';
import { VirtualTimers } from './virtual-devices/virtual-timers.ts';
import { injectInterrupt } from './virtual-hart/inject.ts';
import { FloatState } from './virtual-hart/float-state.ts';
import { SSTATUS } from './virtual-hart/virtual-csrs.ts';
import { VirtualHart, type SavedVirtualHart } from './virtual-hart/virtual-hart.ts';

/** Where the VMM's trap handler stands in real memory: at the very beginning of RAM. */
export const VMM_ENTRY = RAM_BASE;
/** Between the VMM itself and the guest's memory stand the pages for shadow tables. */
const POOL_BASE = hostPhysical(RAM_BASE + 0x10_0000n);
const STI = 1n << BigInt(INTERRUPT.sti);
/** The guest's timers, of S and of M. */
const TIMERS = (1 << INTERRUPT.sti) | (1 << INTERRUPT.mti);
/** The real interrupts that the VMM wants: timer (STIE) and external (SEIE). */
const REAL_INTERRUPTS = STI | (1n << BigInt(INTERRUPT.sei));
/** Causes have numbers below this. */
const MOST_CAUSES = 64;
const NEVER = (1n << 64n) - 1n;
const A0 = 10;
const A1 = 11;

export interface VmmOptions extends Equipment {
  /** A multiple of 4 KiB. */
  readonly guestRamBytes: number;
  /** How much further up in real memory the guest's RAM stands than the guest believes; at least 2 MiB. */
  readonly hostOffset: bigint;
  /** How the shadow tables follow the guest's; lazy when nothing is said. */
  readonly shadow?: ShadowVariant;
  /** The guest is told that it is one, and may make hypercalls (paravirtual/). */
  readonly paravirtual?: boolean;
  /** Mistakes to make (bugs.ts). */
  readonly bugs?: readonly BugId[];
  /** The VMM checks itself after each exit and stops at what it finds; unless told otherwise, with any mistake. */
  readonly checked?: boolean;
}

interface Saved {
  readonly frames: readonly OwnedRun[];
  readonly pool: SavedPool;
  readonly spaces: bigint;
  readonly hart: SavedVirtualHart;
  readonly shadow: SavedRoots;
  readonly devices: SavedDevices;
  readonly shared: bigint | undefined;
  readonly mistakes: Mistakes;
  readonly waiting: boolean;
  readonly left: readonly bigint[];
  readonly exits: number;
  readonly exitsByCause: readonly number[];
}

export class Vmm implements HostSoftware {
  readonly virtualHart: VirtualHart;
  readonly guestMemory: GuestMemory;
  readonly #host: HostMachine;
  readonly #bugs = bugsOf([]);
  #mistakes = mistakesOf([], false);
  readonly #real: RealHart;
  readonly #log: StepLog;
  readonly #frames: HostFrames;
  readonly #pool: PagePool;
  readonly #share: PoolShare;
  readonly #spaces: AddressSpaces;
  readonly #shadow: ShadowRoots;
  readonly #timers: VirtualTimers;
  readonly #devices: VirtualDevices;
  readonly #console: RealConsole;
  readonly #float: FloatState;
  readonly #shared: SharedState | undefined;
  readonly #modes = new ModeLog();
  readonly #guest: Guest;
  /** What stands in the real trap registers. */
  readonly #trap: Trap;
  /** The guest executed `wfi`, and nothing has ended it yet. */
  #waiting = false;
  /** The real scause, sepc and stval as the VMM left them: a step shows what the hardware then changed. */
  readonly #left = new BigUint64Array(3);
  readonly #leftWords = new Uint32Array(this.#left.buffer);
  #exits = 0;
  /** By the real cause: exceptions first, then interrupts. */
  readonly #exitsByCause = new Float64Array(2 * MOST_CAUSES);

  constructor(host: HostMachine, { guestRamBytes, hostOffset, shadow = 'lazy', paravirtual = false, bugs = [], checked = bugs.length > 0, ...equipment }: VmmOptions) {
    this.#host = host;
    this.#log = new StepLog(host.probe);
    this.#real = new RealHart(host.hart, this.#log);
    this.#pool = new PagePool(host.memory, POOL_BASE, Number(RAM_BASE + hostOffset - POOL_BASE) / PAGE_SIZE);
    this.#spaces = new AddressSpaces(() => { this.#real.fenceVma(); });
    const frames = hostPhysical(RAM_BASE + hostOffset);
    this.#frames = new HostFrames(host.memory, frames, guestRamBytes / PAGE_SIZE);
    this.#trap = new RealTrap(this.#real);
    this.#console = new RealConsole(host.devices, this.#real, this.#log);
    this.virtualHart = new VirtualHart(this.#real, this.#log, this.#bugs);
    this.#float = new FloatState(this.#real, this.virtualHart.csrs, this.#log);
    this.guestMemory = new GuestMemory(host.memory, this.#frames, { owner: 0, bytes: guestRamBytes, pieces: true }, this.#bugs);
    this.#share = this.#pool.share(0);
    this.#shadow = new ShadowRoots({ memory: host.memory, pool: this.#share, spaces: this.#spaces, real: this.#real, log: this.#log }, this.virtualHart, this.guestMemory, shadow);
    this.makeMistakes(mistakesOf(bugs, checked));
    this.#shared = paravirtual ? new SharedState(this.virtualHart, this.guestMemory, this.#log) : undefined;
    const { csrs } = this.virtualHart;
    const { clock } = host;
    this.#timers = new VirtualTimers({ csrs, clock, ringAt: (time) => { this.#setRealTimer(time); } });
    this.#devices = new VirtualDevices({
      csrs, memory: this.guestMemory, clock, console: this.#console, realClock: new RealClock(host.devices), timers: this.#timers, log: this.#log,
      breakReservation: () => { this.virtualHart.breakReservation(); },
    }, equipment);
    this.#guest = {
      hart: this.virtualHart, memory: this.guestMemory, devices: this.#devices, shadow: this.#shadow,
      firmware: this.#firmware(), timers: this.#timers, shared: this.#shared, clock, log: this.#log,
    };
  }

  /** Entries into the VMM since boot. */
  get exits(): number { return this.#exits; }
  /** By the real cause's name. */
  get exitsByCause(): Readonly<Record<string, number>> {
    const counted = [...this.#exitsByCause].flatMap((count, place) => (count > 0 ? [[causeName(place >= MOST_CAUSES, place % MOST_CAUSES), count] as const] : []));
    return Object.fromEntries(counted);
  }
  /** The guest's virtual mode before and after one of the last exits. */
  guestModes(trap: number): GuestModes | undefined { return this.#modes.of(trap); }
  /** The virtual device at a guest-physical address. */
  deviceNameAt(address: bigint): string | undefined { return this.#devices.nameAt(address); }
  /** The memory that the shadow tables take. */
  get shadowUse(): ShadowUse { return this.#shadow.use; }
  get shadowVariant(): ShadowVariant { return this.#shadow.variant; }
  /** The guest's disk, as it has changed it. */
  get disk(): Disk | undefined { return this.#devices.disk; }
  get shadowRoot(): ShadowRoot { return this.#shadow.current; }

  /**
   * Starts the guest: in (virtual) S as firmware does, or in (virtual) M as after reset; paging off, a0 = hart number, a1 = device tree. The real
   * hart is in S at VMM_ENTRY, and the guest's image stands in its memory.
   */
  boot(entry: bigint, a0: bigint, a1: bigint, start: 'm' | 's' = 's'): Outcome {
    assert(this.#real.mode === 'S', 'the VMM is started outside S mode');
    this.#real.writeCsr('stvec', VMM_ENTRY);
    this.#real.writeCsr('sie', REAL_INTERRUPTS);
    // No counter may be read in U: the guest's time is the VMM's to tell.
    this.#real.writeCsr('scounteren', 0n);
    // The VMM's sret goes to U (SPP = 0).
    this.#real.writeCsr('sstatus', SSTATUS.SPIE);
    this.#console.start();
    this.virtualHart.reset(start);
    this.virtualHart.setX(A0, a0);
    this.virtualHart.setX(A1, a1);
    if (start === 's') this.virtualHart.csrs.set('scounteren', OPEN_COUNTERS);
    this.virtualHart.pc = entry;
    this.#shadow.install();
    this.#real.copyTrap(this.#leftWords);
    this.#real.sret();
    return RESUME;
  }

  handleTrap(): Outcome {
    const number = this.#host.trapCount - 1;
    const { mode } = this.virtualHart;
    const trap = this.#enter();
    const outcome = this.#handle(trap);
    this.#waiting = outcome.next === 'wait';
    // A timer that the guest does not want must not end its wait: so it is off on the real hart until the next exit.
    if (this.#waitsWithoutTimer) this.#real.writeCsr('sie', REAL_INTERRUPTS & ~STI);
    if (outcome.next !== 'halt') this.#leave(trap);
    this.#modes.record(number, mode, this.virtualHart.mode);
    return this.#mistakes.checked ? this.#checked(outcome) : outcome;
  }

  get #waitsWithoutTimer(): boolean {
    return this.#waiting && (this.virtualHart.csrs.enabledLow & TIMERS) === 0;
  }

  /** The hardware has stopped the guest. What happened stands in the real scause, sepc and stval. */
  #enter(): Trap {
    if (this.#waitsWithoutTimer) this.#real.writeCsr('sie', REAL_INTERRUPTS);
    this.#noteTrapEntry();
    const trap = this.#trap;
    const { interrupt, code } = trap;
    this.#exits += 1;
    const place = (interrupt ? MOST_CAUSES : 0) + code;
    this.#exitsByCause[place] = this.#exitsByCause[place]! + 1;
    if (this.#log.detailed) this.#log.step('exit.save-registers', () => ({ cause: causeName(interrupt, code), epc: hex(trap.epc), tval: hex(trap.value) }));
    this.#float.takeBack();
    this.#shared?.takeIn();
    return trap;
  }

  /** Whose business is it? The real cause and the guest's virtual mode decide. */
  #handle(trap: Trap): Outcome {
    const guest = this.#guest;
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
    // Whatever the VMM just did may have made an interrupt pending or let one in.
    const pending = this.virtualHart.deliverableInterrupt();
    if (pending !== undefined && (trap.interrupt || !this.#bugs['interrupts-forgotten'])) {
      this.#log.step('interrupt.deliver', () => ({ interrupt: causeName(true, pending) }));
      injectInterrupt(this.virtualHart, this.#log, pending);
    }

    // Another virtual mode, another SUM or MXR, another satp need another shadow table.
    const root = this.#shadow.install();
    if (root !== undefined && this.#log.detailed) this.#log.step('resume.shadow-root', () => ({ root }));

    this.#shared?.putOut();
    this.#float.give();
    this.#real.copyTrap(this.#leftWords);
    this.#real.sret();
    if (this.#log.detailed) this.#log.hardware('resume.sret', () => ({ pc: hex(this.#real.pc), mode: this.virtualHart.mode }));
  }

  #interrupt(trap: Trap): Outcome {
    const timer = { stop: () => { this.#setRealTimer(NEVER); } };
    const endsWait = interrupt(this.#guest, timer, trap);
    return this.#waiting && !endsWait ? WAIT : RESUME;
  }

  #giveUp({ interrupt, code, epc }: Trap): Outcome {
    const message = `The VMM has no answer to the trap ${causeName(interrupt, code)} at ${hex(epc)}; the guest cannot go on.`;
    return { next: 'halt', reason: { by: 'stuck', exitCode: 1, message } };
  }

  /** The guest's firmware is the VMM: this is what SBI calls of the guest kernel act on. */
  #firmware(): SbiHost {
    return {
      setTimer: (time) => {
        this.#setRealTimer(time);
        this.virtualHart.csrs.set('stimecmp', time);
        if (!this.#bugs['timer-stays-pending']) this.virtualHart.csrs.setPending(INTERRUPT.sti, false);
      },
      putCharacter: (byte) => { this.#devices.putCharacter(byte); },
      getCharacter: () => this.#devices.getCharacter(),
      setSoftwareInterrupt: (pending) => { this.virtualHart.csrs.setPending(INTERRUPT.ssi, pending); },
      fence: () => { this.#shadow.fence(); },
      readMemory: (address, length) => this.guestMemory.copyOut(guestPhysical(address), length),
      writeMemory: (address, bytes) => this.guestMemory.copyIn(guestPhysical(address), bytes),
      announced: this.#shared && { implementation: IMPLEMENTATION, extension: EXTENSION },
    };
  }

  /** The guest's time is the machine's time, so its timer can be the real one, which the real firmware owns. */
  #setRealTimer(time: bigint): void {
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
    this.#shadow.pieces = mistakes.pieces;
    this.#shadow.takeChanges();
  }

  get mistakes(): Mistakes { return this.#mistakes; }

  /** Begins all shadow tables anew, at rest: another variant from now on, or no trace of mistakes made before. */
  beginTablesAnew(variant = this.#shadow.variant): void { this.#shadow.beginAnew(variant); }

  /** The first rule that the VMM has broken with this exit, and how, in one sentence; it must always be undefined. */
  check(): Broken | undefined {
    return brokenRule({ memory: this.#host.memory, guest: this.guestMemory, pool: this.#share, shadow: this.#shadow, hart: this.virtualHart, real: this.#real });
  }

  #checked(outcome: Outcome): Outcome {
    const broken = outcome.next === 'halt' ? undefined : this.check();
    return broken === undefined ? outcome : { next: 'halt', reason: { by: 'stuck', exitCode: 1, message: `The VMM has broken its rule ${broken.rule}: ${broken.sentence.en}`, broken: { ...broken, differences: [] } } };
  }

  save(): Saved {
    return {
      frames: this.#frames.save(), pool: this.#pool.save(), spaces: this.#spaces.save(),
      hart: this.virtualHart.save(), shadow: this.#shadow.save(), devices: this.#devices.save(), shared: this.#shared?.save(), mistakes: this.#mistakes, waiting: this.#waiting,
      left: [...this.#left], exits: this.#exits, exitsByCause: [...this.#exitsByCause],
    };
  }

  restore(saved: unknown): void {
    const { frames, pool, spaces, hart, shadow, devices, shared, mistakes, waiting, left, exits, exitsByCause } = saved as Saved;
    this.#frames.restore(frames);
    this.guestMemory.restore();
    this.#pool.restore(pool);
    this.#spaces.restore(spaces);
    // Devices set their lines when restored; the pending bits come back with the virtual hart, after them.
    this.#devices.restore(devices);
    this.virtualHart.restore(hart);
    this.#shadow.restore(shadow);
    this.#shared?.restore(shared);
    this.makeMistakes(mistakes);
    this.#waiting = waiting;
    this.#left.set(left);
    this.#exits = exits;
    this.#exitsByCause.set(exitsByCause);
  }
}

/** What the guest's device tree may say: the VMM has no hypervisor extension for it, and gives it no cache-block instructions. */
const GUEST_ISA = isaString({ hypervisor: false, without: ['zicbom', 'zicboz'] });
export const GUEST_BOARD = { isa: GUEST_ISA, virtio: VIRTIO } as const;
