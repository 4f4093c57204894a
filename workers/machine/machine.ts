/**
 * The computer as a block diagram: one hart with its engine, RAM, the bus with its devices, and the software below the kernel. It
 * knows steps and virtual time, nothing of wall time, panes or users.
 *
 *     hart ── RAM
 *      │ └─── bus ── PLIC ──► mip.MEIP, mip.SEIP; behind it the peripherals (peripherals.ts)
 *      │       ├──── CLINT ─► mip.MSIP, mip.MTIP
 *      │       └──── test finisher
 *      └─ traps to M: firmware (for kernels that start in S); traps to S: the VMM, when one is attached
 */
import { assert } from '../base/assert.ts';
import { INTERRUPT } from '../isa/causes.ts';
import { MISA_H } from '../isa/csrs.ts';
import { isaString } from '../isa/extensions.ts';
import type { Procedure } from '../isa/meaning.ts';
import { silentProbe, type Probe } from '../trace/probe.ts';
import type { DeviceUse } from '../trace/devices.ts';
import type { HaltReason, Instant, TrapEvent } from '../trace/events.ts';
import { Bus } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import { ConsoleBuffer } from './console-buffer.ts';
import { deviceTree, type Board } from './device-tree.ts';
import { Clint } from './devices/clint.ts';
import type { InterruptLine } from './devices/device.ts';
import type { Transfer } from './devices/iommu.ts';
import type { Disk } from './devices/virtio/block.ts';
import type { DmaMemory } from './devices/virtio/queue.ts';
import type { DeviceAccess, Executor, StopReason } from './executor.ts';
import { Firmware } from './firmware/firmware.ts';
import { HartView, MODE_NUMBER } from './hart/hart-view.ts';
import { resetHart } from './hart/reset.ts';
import { SLOTS, xOffset } from './hart/state.ts';
import { readTraps, trapCount } from './hart/trap-log.ts';
import type { HostMachine, HostSoftware, Outcome } from './host-software.ts';
import { Htif, HTIF_INTERVAL } from './htif.ts';
import type { Image } from './image/image.ts';
import { capture, heldBytes, restore, type MemoryImage } from './memory-image.ts';
import { ARCHITECTURAL_TLB, FAST_TLB, HART_STATE, layoutMemory, PAGE_MAP, RAM_BASE, type MemoryLayout } from './memory-layout.ts';
import { ADDRESS, ALL_SLICES, CLINT_BYTES, Peripherals, VIRTIO, type Equipment } from './peripherals.ts';
import { Ram } from './physical-memory.ts';
import { PROCEDURES } from './procedures.ts';
import { StateHash } from './state-hash.ts';
import { Timers } from './timers.ts';
import { WatchedMemory, type WatchedRange, type WatchHit } from './watched-memory.ts';

/** A kernel entered here or above starts in S, as with QEMU's firmware. */
const SUPERVISOR_ENTRY = 0x8020_0000n;
const WASM_PAGE = 65536;
const DEVICE_TREE_ROOM = 0x1_0000;
const A0 = 10;
const A1 = 11;

export type EngineFactory = (options: { readonly memory: WebAssembly.Memory; readonly layout: MemoryLayout; readonly devices: DeviceAccess; readonly procedures: readonly Procedure[] }) => Executor;

export interface MachineOptions extends Equipment {
  /** A multiple of 4 KiB. */
  readonly ramBytes: number;
  readonly createEngine: EngineFactory;
  /** The mode that the program begins in; in S there is firmware below it. */
  readonly start: 'm' | 's';
  /** Whether the hart has the hypervisor extension; it has unless told otherwise. */
  readonly hypervisor?: boolean;
  readonly probe?: Probe;
}

export type MachineStop =
  | { readonly by: 'budget' | 'waiting' | 'breakpoint' | 'trap' | 'watchpoint' }
  | { readonly by: 'halt'; readonly reason: HaltReason };

export interface Stops {
  readonly addresses: readonly bigint[];
  readonly exceptions: bigint;
  readonly interrupts: bigint;
}

export interface MachineState {
  readonly hart: MemoryImage;
  readonly tlb: MemoryImage;
  readonly ram: MemoryImage;
  readonly devices: readonly unknown[];
  readonly software: readonly unknown[];
  readonly waiting: { readonly ticks: bigint | undefined } | undefined;
  readonly halted: HaltReason | undefined;
}

/** What a kernel is told beside what the board has. */
export interface BootParameters {
  readonly bootArguments?: string | undefined;
  /** A root file system: it stands as high in RAM as the device tree leaves room. */
  readonly initrd?: Uint8Array | undefined;
}

const PMP_SLOTS = ['pmpcfg0', 'pmpcfg2', ...Array.from({ length: 16 }, (_, region) => `pmpaddr${String(region)}`)];

/** Memory that a program is copied into: the machine's own, or what a VMM gives to a guest. */
export interface Destination {
  copyIn(address: bigint, bytes: Uint8Array): unknown;
}

/** Copies a program to where it is linked. */
export function loadInto(memory: Destination, image: Image): void {
  for (const { address, bytes } of image.segments) if (bytes.length > 0) memory.copyIn(address, bytes);
}

/** Puts a device tree for `ramBytes` of RAM at the end of that RAM, and before it a root file system for the kernel; gives the tree's address. */
export function loadDeviceTree(memory: Destination, ramBytes: number, board: Omit<Board, 'ramBytes' | 'initrd'>, initrd?: Uint8Array): bigint {
  const address = RAM_BASE + BigInt(ramBytes - DEVICE_TREE_ROOM);
  const start = initrd && initrdStart(ramBytes, initrd.length);
  if (start !== undefined) memory.copyIn(start, initrd!);
  memory.copyIn(address, deviceTree({ ramBytes, ...board, initrd: start === undefined ? undefined : { start, end: start + BigInt(initrd!.length) } }));
  return address;
}

/** Where a root file system of so many bytes begins. */
export const initrdStart = (ramBytes: number, bytes: number): bigint => RAM_BASE + BigInt((ramBytes - DEVICE_TREE_ROOM - bytes) & ~0xfff);

/** The mode that a program entered at this address starts in. */
export const startMode = (entry: bigint): 'm' | 's' => (entry >= SUPERVISOR_ENTRY ? 's' : 'm');

export class Machine implements HostMachine {
  readonly hart: HartView;
  readonly memory: Ram;
  readonly devices: Bus;
  readonly clock: Clock;
  readonly executor: Executor;
  readonly probe: Probe;
  readonly #layout: MemoryLayout;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #wide: BigUint64Array;
  readonly #words: Uint32Array;
  readonly #peripherals: Peripherals;
  readonly #clint: Clint;
  readonly #timers: Timers;
  readonly #firmware: Firmware | undefined;
  /** Software in TypeScript, by the number of the mode that it runs in: the VMM in S (1), the firmware in M (3). */
  readonly #software: (HostSoftware | undefined)[] = [undefined, undefined, undefined, undefined];
  #htif: Htif | undefined;
  readonly #console = new ConsoleBuffer();
  #waiting: { readonly ticks: bigint | undefined } | undefined;
  #halted: HaltReason | undefined;
  #stops: Stops = { addresses: [], exceptions: 0n, interrupts: 0n };
  #watches: readonly WatchedRange[] = [];
  readonly #watched: WatchedMemory;

  constructor({ ramBytes, createEngine, start, hypervisor = true, probe = silentProbe, ...equipment }: MachineOptions) {
    this.probe = probe;
    const layout = this.#layout = layoutMemory(ramBytes);
    const memory = new WebAssembly.Memory({ initial: layout.totalBytes / WASM_PAGE, maximum: layout.totalBytes / WASM_PAGE });
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#wide = new BigUint64Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    resetHart(memory, layout, { pc: RAM_BASE, hostModes: start === 's' ? ['M'] : [], hypervisor });

    const line = (interrupt: number): InterruptLine => ({ set: (high) => { this.hart.setInterruptPending(interrupt, high); } });
    this.clock = {
      now: () => BigInt.asUintN(64, this.#wide[INSTRET]! + this.#wide[TIME_OFFSET]!),
      elapse: (ticks) => { this.#wide[TIME_OFFSET] = this.#wide[TIME_OFFSET]! + ticks; },
      tick: () => {
        const low = this.#words[2 * TIME_OFFSET]! + 1;
        this.#words[2 * TIME_OFFSET] = low;
        if (low > 0xffff_ffff) this.#words[2 * TIME_OFFSET + 1] = this.#words[2 * TIME_OFFSET + 1]! + 1;
      },
    };
    const halt = (reason: HaltReason): void => { this.#halt(reason); };
    // The engine runs up to the next event that was known: it must come back when a store brings it nearer.
    this.#clint = new Clint(this.clock, line(INTERRUPT.msi), line(INTERRUPT.mti), () => { this.#stopEngine(); });
    // Devices reach memory by the same rules as the rest of our software; RAM is made after them. What they write breaks a reservation, wherever it is.
    const dma: DmaMemory = {
      contains: (address, length) => this.memory.contains(address, length), read: (address, size) => this.memory.read(address, size), bytes: (address, length) => this.memory.bytes(address, length),
      write: (address, size, value) => {
        this.#wide[RESERVATION] = NOTHING_RESERVED;
        this.memory.write(address, size, value);
      },
      copyIn: (address, bytes) => {
        this.#wide[RESERVATION] = NOTHING_RESERVED;
        this.memory.copyIn(address, bytes);
      },
    };
    this.#peripherals = new Peripherals({
      clock: this.clock, memory: dma, halt,
      external: [line(INTERRUPT.mei), line(INTERRUPT.sei)].map((to) => ({ set: (high: boolean) => {
        if (!this.#built) return;
        to.set(high);
        // A frame may come from another machine while this one waits.
        this.#wake();
      } })),
      print: (byte) => { this.#console.push(byte); }, printMany: (bytes) => { this.#console.append(bytes); },
      rescheduled: () => { this.#stopEngine(); },
    }, equipment);
    this.devices = new Bus([{ base: ADDRESS.clint, size: CLINT_BYTES, device: this.#clint }, ...this.#peripherals.mappings]);
    this.executor = createEngine({ memory, layout, devices: this.devices, procedures: PROCEDURES });
    this.hart = new HartView(this.#view, this.executor);
    this.memory = new Ram(memory, layout, this.executor);
    this.#watched = new WatchedMemory(this.#view, this.hart, (address) => this.memory.read(address, 1));
    this.#timers = new Timers(memory, this.#clint, this.#peripherals.rtc, this.hart);
    this.#built = true;
    if (start === 's') {
      this.#firmware = new Firmware(this);
      this.#software[MODE_NUMBER.M] = this.#firmware;
    }
  }

  /** The hart exists: lines of devices that reset themselves before have nothing to tell it. */
  readonly #built: boolean = false;

  /** Puts software into S mode (a VMM): from now on traps to S are its. */
  attach(software: HostSoftware): void {
    this.#software[MODE_NUMBER.S] = software;
    this.hart.setState('hostModes', this.hart.state('hostModes') | (1n << 1n));
  }

  // ---------------------------------------------------------------------------------------------- starting

  /** Copies a program into RAM (which holds it: see image.ts `checkFits`). */
  load(image: Image): void {
    loadInto(this.memory, image);
    if (image.tohost !== undefined) this.#htif = new Htif(this.memory, image.tohost, (byte) => { this.#console.push(byte); });
  }

  /** Enters a program as QEMU does: a0 = hart number, a1 = device tree; in S by the firmware, else in M. */
  boot(image: Image, { bootArguments, initrd }: BootParameters = {}): void {
    this.load(image);
    const hypervisor = (this.hart.readCsr('misa') & MISA_H) !== 0n;
    const tree = loadDeviceTree(this.memory, this.memory.size, { isa: isaString({ hypervisor }), virtio: VIRTIO, slices: this.#peripherals.iommu && ALL_SLICES, bootArguments }, initrd);
    this.hart.setX(A0, 0n);
    this.hart.setX(A1, tree);
    this.enter(image.entry);
  }

  /** Leaves the reset state for `pc`: by the firmware into S when there is one. */
  enter(pc: bigint): void {
    const { hart } = this;
    if (!this.#firmware) {
      hart.pc = pc;
      return;
    }
    this.#firmware.start();
    hart.writeCsr('mstatus', MPP_SUPERVISOR);
    hart.writeCsr('mepc', pc);
    hart.mret();
    this.#firmware.left();
  }

  watchTransfers(judge: (transfer: Transfer) => HaltReason | undefined): void {
    const { iommu } = this.#peripherals;
    assert(iommu, 'there is no device that reaches memory through an IOMMU');
    iommu.watch = (transfer) => {
      const reason = judge(transfer);
      if (reason) this.#halt(reason);
    };
  }

  firmwareCall(extension: bigint, fn: bigint, args: readonly bigint[]): { readonly error: bigint; readonly value: bigint } {
    assert(this.#firmware, 'a call of the firmware on a machine without');
    return this.#firmware.call(extension, fn, args);
  }

  // ---------------------------------------------------------------------------------------------- running

  get instant(): Instant { return { time: this.clock.now(), instret: this.hart.instret }; }
  get trapCount(): number { return trapCount(this.#words); }
  /** Instructions retired plus traps taken. */
  get position(): number { return this.#words[2 * INSTRET]! + this.#words[2 * INSTRET + 1]! * 2 ** 32 + this.trapCount; }
  get halted(): HaltReason | undefined { return this.#halted; }
  get waiting(): { readonly ticks: bigint | undefined } | undefined { return this.#waiting; }

  run(steps: number): MachineStop {
    const target = this.position + steps;
    this.#watched.forget();
    for (;;) {
      const stop = this.#runPiece(target);
      if (stop) return stop;
    }
  }

  /** To the next thing that the engine cannot do alone; what ends the run, if it is that. */
  #runPiece(target: number): MachineStop | undefined {
    if (this.#halted) return { by: 'halt', reason: this.#halted };
    if (this.#words[WATCH_HIT] !== 0) return { by: 'watchpoint' };
    if (this.#waiting) return { by: 'waiting' };
    this.#timers.update();
    const left = target - this.position;
    if (left <= 0) return { by: 'budget' };
    let budget = Math.min(left, this.#toNextEvent());
    for (;;) {
      const reason = this.executor.run(budget);
      if (reason !== 'host-trap') return this.#stopped(reason);
      this.#handleTrap();
      // Most traps change nothing that the machine must look at: then the engine goes on at once with what is left to the next event.
      budget = Math.min(target - this.position, budget - this.executor.stepsTaken);
      if (budget <= 0 || this.#mustLook()) return undefined;
    }
  }

  /** Whether software below the kernel has done more than to work on the hart: moved a timer, asked a device for something, ended. */
  #mustLook(): boolean {
    return this.hart.takeTimerMoved() || this.#words[STOP_REQUEST] !== 0 || this.#words[WATCH_HIT] !== 0 || this.#waiting !== undefined || this.#halted !== undefined || this.#asksHost;
  }

  #stopped(reason: Exclude<StopReason, 'host-trap'>): MachineStop | undefined {
    switch (reason) {
      case 'budget': this.#pollHtif(); return undefined;
      case 'wfi': this.#wait(); return undefined;
      case 'device': return undefined;
      case 'breakpoint': return { by: 'breakpoint' };
      case 'trap-breakpoint':
        if (this.#softwareHere()) this.#handleTrap();
        return this.halted ? { by: 'halt', reason: this.halted } : { by: 'trap' };
    }
  }

  /** The software of the mode that the hart is in; a guest's modes (V = 1) have none. */
  #softwareHere(): HostSoftware | undefined {
    return this.#words[VIRT] === 0 ? this.#software[this.#words[MODE]!] : undefined;
  }

  /** Steps until something outside the hart must look: a tick is at least a step, so a timer comes at its exact instant. */
  #toNextEvent(): number {
    const steps = this.#timers.ticksToNext;
    return this.#asksHost ? Math.min(steps, HTIF_INTERVAL - (this.position % HTIF_INTERVAL)) : steps;
  }

  get #asksHost(): boolean {
    return this.#htif !== undefined || this.#software[MODE_NUMBER.S]?.asksHost === true;
  }

  #pollHtif(): void {
    const reason = this.#htif?.poll() ?? this.#software[MODE_NUMBER.S]?.pollHost?.();
    if (reason) this.#halt(reason);
  }

  #handleTrap(): void {
    const software = this.#softwareHere();
    assert(software, 'no software for a trap to this mode');
    const outcome: Outcome = software.handleTrap();
    if (outcome.next === 'halt') this.#halt(outcome.reason);
    else if (outcome.next === 'wait') this.#wait();
    // The firmware has passed the trap on to the VMM.
    else if (this.#softwareHere()) this.#handleTrap();
  }

  #halt(reason: HaltReason): void {
    this.#halted ??= reason;
    this.#stopEngine();
  }

  /** After the instruction that the engine is carrying out, if it is. */
  #stopEngine(): void {
    this.hart.setState('stopRequest', 1n);
  }

  /** Whether an interrupt is pending that ends a wfi, whatever is enabled globally (privileged manual, 3.3.3). */
  #interruptPending(): boolean {
    return (this.hart.readCsr('mip') & this.hart.readCsr('mie')) !== 0n;
  }

  #wait(): void {
    this.#timers.update();
    if (this.#interruptPending()) return;
    this.#waiting = { ticks: this.#timers.next(this.hart.readCsr('mie')) };
  }

  #wake(): void {
    if (this.#waiting && this.#interruptPending()) this.#waiting = undefined;
  }

  /** Lets the ticks until the timer pass, without instructions. */
  skipWait(): void {
    const ticks = this.#waiting?.ticks;
    if (ticks === undefined) return;
    this.#waiting = undefined;
    this.clock.elapse(ticks);
    this.#timers.update();
  }

  /** The access to watched memory that the last run stopped after. */
  get watchHit(): WatchHit | undefined { return this.#watched.hit; }

  setStops(stops: Stops): void {
    // Engines forget decoded code for other breakpoints.
    if (stops.addresses !== this.#stops.addresses && (stops.addresses.length > 0 || this.#stops.addresses.length > 0)) this.executor.setBreakpoints(stops.addresses);
    this.#stops = stops;
    this.hart.setState('stopExceptions', stops.exceptions);
    this.hart.setState('stopInterrupts', stops.interrupts);
  }

  /** Watches these ranges of memory, and no others. */
  watch(ranges: readonly WatchedRange[]): void {
    // Replay wants none, and then the user's again: engines forget the pages that they know.
    if (ranges === this.#watches || (ranges.length === 0 && this.#watches.length === 0)) return;
    this.#watches = ranges;
    this.#watched.set(ranges);
    this.memory.onWrite = this.#watched.watchesWrites ? (address, bytes) => { this.#watched.written(address, bytes); } : undefined;
    this.executor.call('clearFastTlb');
  }

  // ---------------------------------------------------------------------------------------------- the outside

  /** The disk as the guest has changed it. */
  get disk(): Disk | undefined { return this.#peripherals.disk; }

  /** What the devices have done. */
  get deviceUses(): readonly DeviceUse[] { return this.#peripherals.uses; }

  /** Characters typed at the UART, now. */
  receive(bytes: Uint8Array): void {
    this.#peripherals.receive(bytes);
    this.#wake();
  }

  takeConsole(): Uint8Array {
    return this.#console.take();
  }

  /** Traps numbered `from` and above that the hart's log still holds. */
  trapsFrom(from: number): readonly TrapEvent[] {
    return readTraps(this.#view, from);
  }

  // ---------------------------------------------------------------------------------------------- all of the state

  get #hartBytes(): Uint8Array { return this.#bytes.subarray(HART_STATE, FAST_TLB); }
  /** All registers of PMP, to be compared. */
  get #pmp(): string { return PMP_SLOTS.map((name) => this.hart.state(name)).join(); }
  get #tlbBytes(): Uint8Array { return this.#bytes.subarray(ARCHITECTURAL_TLB, PAGE_MAP); }
  get #ramBytes(): Uint8Array { return this.#bytes.subarray(this.#layout.ram, this.#layout.ram + this.#layout.ramBytes); }
  get #allSoftware(): HostSoftware[] { return this.#software.filter((software) => software !== undefined); }
  get #savable(): readonly { save(): unknown; restore(saved: unknown): void }[] { return [this.#peripherals, this.#clint]; }

  save(earlier?: MachineState): MachineState {
    return {
      hart: capture(this.#hartBytes, earlier?.hart),
      tlb: capture(this.#tlbBytes, earlier?.tlb),
      ram: capture(this.#ramBytes, earlier?.ram),
      devices: this.#savable.map((device) => device.save()),
      software: this.#allSoftware.map((software) => software.save()),
      waiting: this.#waiting,
      halted: this.#halted,
    };
  }

  restore(state: MachineState): void {
    // Devices set their lines when restored; the hart's pending bits are restored after them, all at once.
    for (const [index, device] of this.#savable.entries()) device.restore(state.devices[index]);
    restore(this.#ramBytes, state.ram, (offset, length) => { this.executor.codeChanged(offset, length); });
    restore(this.#tlbBytes, state.tlb);
    const pmp = this.#pmp;
    restore(this.#hartBytes, state.hart);
    // Decoded and translated code is made of RAM, whose changes were just told, and of what PMP says of a page: else it holds, and going back in time begins warm.
    if (this.#pmp !== pmp) this.executor.dropCaches();
    else this.executor.dropAddresses();
    for (const [index, software] of this.#allSoftware.entries()) software.restore(state.software[index]);
    this.#waiting = state.waiting;
    this.#halted = state.halted;
    this.#console.clear();
    // What was asked for stands among the hart's slots, too.
    this.hart.setState('stopExceptions', this.#stops.exceptions);
    this.hart.setState('stopInterrupts', this.#stops.interrupts);
    this.#watched.set(this.#watches);
    this.#watched.forget();
  }

  heldBytes(states: readonly MachineState[]): number {
    return heldBytes(states.flatMap(({ hart, tlb, ram }) => [hart, tlb, ram]));
  }

  /** A hash of all architectural state: hart, TLB, RAM, devices, software below the kernel. */
  hash(): string {
    const hash = new StateHash();
    for (let register = 1; register < 32; register += 1) hash.wide(this.#view.getBigUint64(xOffset(register), true));
    for (const { name, type, offset } of SLOTS.values()) {
      if (NOT_STATE.has(name)) continue;
      hash.wide(type === 'i64' ? this.#view.getBigUint64(offset, true) : BigInt(this.#view.getUint32(offset, true)));
    }
    hash.memory(this.#tlbBytes);
    hash.memory(this.#ramBytes);
    for (const device of this.#savable) hash.data(device.save());
    for (const software of this.#allSoftware) hash.data(software.save());
    hash.data([this.#waiting, this.#halted]);
    return hash.digest;
  }
}

/** Places among the words of 8 bytes. */
const INSTRET = SLOTS.get('instret')!.offset / 8;
const TIME_OFFSET = SLOTS.get('timeOffset')!.offset / 8;
const RESERVATION = SLOTS.get('reservation')!.offset / 8;
/** And among those of 4. */
const MODE = SLOTS.get('mode')!.offset / 4;
const VIRT = SLOTS.get('virt')!.offset / 4;
const WATCH_HIT = SLOTS.get('watchHit')!.offset / 4;
const STOP_REQUEST = SLOTS.get('stopRequest')!.offset / 4;
const MPP_SUPERVISOR = 1n << 11n;
const NOTHING_RESERVED = (1n << 64n) - 1n;
/** Slots that hold no state of the machine: scratch, configuration, and where the user asked to stop. */
const NOT_STATE: ReadonlySet<string> = new Set(['discard', 'stopRequest', 'stopExceptions', 'stopInterrupts', 'faultCause', 'faultTval', 'faultGuest', 'faultPseudo', 'accessVirtual',
  'secondLeaf', 'secondLevel', 'ramOffset', 'ramBytes', 'busError',
  'watchCount', 'watchHit', 'watchRange', 'watchBy', 'watchPc', 'watchAddress', 'watchPhysical', 'watchSize', 'watchBefore', 'watchAfter']);
