/** The board that people work on: a machine with its engine, and under trap and emulate the VMM. Only here are regime and engine picked. */
import { guestPhysical, PAGE_SIZE } from '../base/address.ts';
import { bits } from '../base/bits.ts';
import { err, ok, type Result } from '../base/result.ts';
import { createInterpreter } from '../engine/interpreter/interpreter.ts';
import { createTranslator } from '../engine/translator/translating-engine.ts';
import { createReferenceEngine } from '../engine/reference/reference-engine.ts';
import { checkFits, type Image } from '../machine/image/image.ts';
import { loadDeviceTree, loadInto, Machine, startMode, type BootParameters, type EngineFactory, type MachineState } from '../machine/machine.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import type { Equipment } from '../machine/peripherals.ts';
import type { WatchHit } from '../machine/watched-memory.ts';
import type { EngineName, MemorySpace, Problem, Regime, ShadowVariant, Watchpoint } from '../protocol/lab-api.ts';
import type { AccessKind, GuestPlace, MappingKind, Mappings, ShadowUse, Translation, Walk } from '../protocol/translation.ts';
import type { DeviceUse } from '../trace/devices.ts';
import type { EngineWork } from '../trace/engine-work.ts';
import type { HaltReason, Instant, TrapEvent } from '../trace/events.ts';
import type { Probe } from '../trace/probe.ts';
import { mistakesOf, type BugId } from '../vmm/bugs.ts';
import { rootOf } from '../vmm/shadow-paging/shadow-roots.ts';
import { SSTATUS } from '../vmm/virtual-hart/virtual-csrs.ts';
import { GUEST_BOARD, GUEST_SLICES, Vmm, VMM_ENTRY } from '../vmm/vmm.ts';
import { NO_STOPS, type Board, type BoardStop, type Stops } from './board.ts';
import type { Visible } from './focus.ts';
import type { GuestInstant } from './guest-instant.ts';
import type { Setting } from './input-log.ts';
import type { TranslationBefore, Inspector } from './inspector.ts';
import { Oracle, type Computer, type SavedOracle } from './oracle.ts';
import { mappingsOf, Runs, walkTable, type ReadEntry } from './page-walk.ts';
import { translation } from './translate.ts';
import { watchedRanges, type WatchedRanges } from './watched-ranges.ts';

/** The VMM's own memory at the beginning of RAM; the guest's stands behind it. */
const VMM_MEMORY = 16 << 20;
const ENTRY_BYTES = 8;
/** menvcfg.ADUE (Svadu): the hardware sets A and D. */
const ADUE = 1n << 61n;

const FLOAT_SLOTS = Array.from({ length: 32 }, (_, register) => `f${String(register)}`);
/** S-mode registers, and those of M that say what S may do. */
const SUPERVISOR = ['sstatus', 'sie', 'stvec', 'scounteren', 'sscratch', 'sepc', 'scause', 'stval', 'sip', 'satp'];
const MACHINE = ['mstatus', 'medeleg', 'mideleg', 'mie', 'mip', 'mtvec', 'mepc', 'mcause', 'mtval', 'mcounteren'];

const FACTORIES: Readonly<Record<EngineName, EngineFactory>> = { translator: createTranslator, interpreter: createInterpreter, reference: createReferenceEngine };

export interface BoardOptions extends BootParameters, Omit<Equipment, 'slices'> {
  readonly image: Image;
  /** Of the guest: under a VMM the machine has more. */
  readonly memoryBytes: number;
  readonly regime: Regime;
  readonly shadow?: ShadowVariant | undefined;
  readonly bugs?: readonly BugId[];
  /** Whether the VMM is stopped at the first wrong moment; with any bug, unless told otherwise. */
  readonly checked?: boolean | undefined;
  /** The machine has a device in slices, and under a VMM the guest gets one of them. */
  readonly passThrough?: boolean | undefined;
  readonly engine: EngineName;
  readonly start: 'm' | 's' | undefined;
  readonly hypervisor?: boolean | undefined;
  readonly probe: Probe;
}

export function noRoomFor(memoryBytes: number): Problem {
  const args = { megabytes: String(memoryBytes >> 20) };
  return { code: 'no-memory', message: `This browser has no room for a machine with ${args.megabytes} MiB of memory: close other tabs or choose less.`, args };
}

interface BoardState extends MachineState {
  readonly oracle?: SavedOracle | undefined;
}

export class MachineBoard implements Board<BoardState>, Inspector {
  readonly start: 'm' | 's';
  readonly #machine: Machine;
  readonly #vmm: Vmm | undefined;
  readonly #memoryBytes: number;
  /** Another of the same kind; undefined without a VMM. */
  readonly #another: (() => Computer) | undefined;
  #stops: Stops = NO_STOPS;
  /** The computer that a VMM with mistakes is compared with, made when first needed; and the same while it is compared. */
  #judge: Oracle | undefined;
  #oracle: Oracle | undefined;
  #watched: WatchedRanges & { readonly of: readonly Watchpoint[] } = { of: NO_STOPS.watches, ranges: [], watchpoints: [] };

  private constructor(machine: Machine, vmm: Vmm | undefined, start: 'm' | 's', memoryBytes: number, another?: () => Computer) {
    this.#machine = machine;
    this.#vmm = vmm;
    this.start = start;
    this.#memoryBytes = memoryBytes;
    this.#another = another;
    // What the guest has just been given may be watched.
    vmm?.guestMemory.onPlaced(() => {
      if (!this.#stops.watches.some(({ space }) => space === 'guest-physical')) return;
      this.#watch();
      machine.watch(this.#watched.ranges);
    });
  }

  static build({ image, memoryBytes, regime, shadow = 'lazy', bugs = [], passThrough = false, checked = bugs.length > 0, engine, start = startMode(image.entry), hypervisor = true, bootArguments, initrd, probe, ...equipment }: BoardOptions): Result<MachineBoard, Problem> {
    const misfit = checkFits(image, RAM_BASE, memoryBytes);
    if (misfit) return err(misfit);
    const createEngine = FACTORIES[engine];
    try {
      if (regime === 'bare') {
        const machine = new Machine({ ramBytes: memoryBytes, createEngine, start, hypervisor, probe, slices: passThrough, ...equipment });
        machine.boot(image, { bootArguments, initrd });
        return ok(new MachineBoard(machine, undefined, start, memoryBytes));
      }
      const computer = (told?: Probe): Computer => {
        const machine = new Machine({ ramBytes: memoryBytes + VMM_MEMORY, createEngine, start: 's', hypervisor: false, slices: passThrough, ...(told && { probe: told }) });
        const hostOffset = BigInt(VMM_MEMORY);
        const vmm = new Vmm(machine, { guestRamBytes: memoryBytes, hostOffset, tohost: image.tohost, shadow, paravirtual: regime === 'paravirtual', passThrough, ...equipment });
        machine.attach(vmm);
        loadInto(vmm.guestMemory, image);
        const tree = loadDeviceTree(vmm.guestMemory, memoryBytes, { ...GUEST_BOARD, ...(passThrough && { slices: GUEST_SLICES }), bootArguments }, initrd);
        machine.enter(VMM_ENTRY);
        vmm.boot(image.entry, 0n, tree, start);
        return { machine, vmm };
      };
      const { machine, vmm } = computer(probe);
      const board = new MachineBoard(machine, vmm, start, memoryBytes, computer);
      if (bugs.length > 0) board.set({ kind: 'bugs', bugs, checked });
      return ok(board);
    } catch (error) {
      // The browser gives no more memory: the user's machine is too large for it, which is not our bug.
      if (!(error instanceof RangeError)) throw error;
      return err(noRoomFor(memoryBytes));
    }
  }

  // ---------------------------------------------------------------------------------------------- a board

  get instant(): Instant {
    return this.#machine.instant;
  }

  get guestInstant(): GuestInstant {
    const { hart, halted } = this.#machine;
    // A VMM that has stopped itself has not ended its guest.
    const ended = halted && !(halted.by === 'stuck' && halted.broken);
    return { time: this.#machine.instant.time, instructions: this.guestInstructions, at: ended ? 'ended' : { pc: hart.pc, mode: this.#vmm?.virtualHart.mode ?? hart.mode } };
  }

  get guestInstructions(): bigint {
    return this.#vmm?.virtualHart.instret ?? this.#machine.instant.instret;
  }

  get trapCount(): number {
    return this.#machine.trapCount;
  }

  get position(): number {
    return this.#machine.position;
  }

  get halted(): HaltReason | undefined {
    return this.#oracle?.wrong ?? this.#machine.halted;
  }

  get waiting(): { readonly ticks: bigint | undefined } | undefined {
    return this.#machine.waiting;
  }

  skipWait(): void {
    this.#machine.skipWait();
    this.#oracle?.skipWait();
  }

  run(steps: number): BoardStop {
    return this.#oracle ? this.#oracle.run(steps, this.#stops) : this.#machine.run(steps);
  }

  setStops(stops: Stops): void {
    this.#stops = stops;
    if (stops.watches !== this.#watched.of) this.#watch();
    this.#machine.setStops(stops);
    this.#machine.watch(this.#watched.ranges);
  }

  #watch(): void {
    const { watches } = this.#stops;
    // Under a VMM only its memory is anything that the hardware could see a guest reach.
    this.#watched = { of: watches, ...watchedRanges(watches, (address) => (this.#vmm ? this.#fromGuest(address) : address)) };
  }

  get watchHit(): WatchHit | undefined {
    const hit = this.#machine.watchHit;
    const range = hit && this.#watched.watchpoints[hit.range];
    if (!hit || range === undefined) return undefined;
    const guest = this.#vmm?.guestMemory;
    return { ...hit, range, physical: guest?.owns(hit.physical, 1) === true ? guest.fromHost(hit.physical) : hit.physical };
  }

  receive(bytes: Uint8Array): void {
    this.#machine.receive(bytes);
    this.#oracle?.receive(bytes);
  }

  set(setting: Setting): void {
    const vmm = this.#vmm;
    if (!vmm) return;
    if (setting.kind === 'shadow') {
      vmm.beginTablesAnew(setting.variant);
      this.#oracle?.beginTablesAnew(setting.variant);
      return;
    }
    const { bugs, checked } = setting;
    // First what may fail for want of memory.
    const oracle = checked && bugs.length > 0 ? (this.#judge ??= new Oracle({ machine: this.#machine, vmm }, this.#another!())) : undefined;
    vmm.makeMistakes(mistakesOf(bugs, checked && bugs.length > 0));
    vmm.beginTablesAnew();
    oracle?.begin();
    this.#oracle = oracle;
  }

  get mistakes(): { readonly bugs: readonly BugId[]; readonly checked: boolean } {
    return this.#vmm?.mistakes ?? { bugs: [], checked: false };
  }

  takeConsole(): Uint8Array {
    return this.#machine.takeConsole();
  }

  trapsFrom(from: number): readonly TrapEvent[] {
    const traps = this.#machine.trapsFrom(from);
    if (!this.#vmm) return traps;
    // A trap to M was the firmware's: the guest did not notice, and the VMM neither.
    const vmm = this.#vmm;
    return traps.map((trap) => {
      const guest = trap.to === 'S' ? vmm.guestModes(trap.trap) : undefined;
      return guest ? Object.assign(trap, { guest }) : trap;
    });
  }

  save(earlier?: BoardState): BoardState {
    return { ...this.#machine.save(earlier), oracle: this.#oracle?.save(earlier?.oracle) };
  }

  restore(state: BoardState): void {
    this.#machine.restore(state);
    const { oracle } = state;
    this.#oracle = oracle && this.#judge;
    if (oracle) this.#judge!.restore(oracle);
  }

  heldBytes(states: readonly BoardState[]): number {
    return this.#machine.heldBytes(states.flatMap((state) => (state.oracle ? [state, state.oracle.right] : [state])));
  }

  get shadowVariant(): ShadowVariant | undefined {
    return this.#vmm?.current.shadow.variant;
  }

  get vmExits(): number {
    return this.#vmm?.exits ?? 0;
  }

  get vmExitsByCause(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { exitsByCause } of this.#vmm?.guests ?? []) for (const [cause, count] of Object.entries(exitsByCause)) counts[cause] = (counts[cause] ?? 0) + count;
    return counts;
  }

  get engineWork(): EngineWork {
    return this.#machine.executor.work;
  }

  get deviceUses(): readonly DeviceUse[] {
    return this.#vmm?.current.devices.uses ?? this.#machine.deviceUses;
  }

  /** The disk's content as the guest has changed it. */
  get diskContent(): Uint8Array | undefined {
    const disk = this.#vmm?.current.devices.disk ?? this.#machine.disk;
    return disk?.read(0, disk.bytes);
  }

  hash(): string {
    return this.#machine.hash();
  }

  visible(): Visible {
    const { hart } = this.#machine;
    const real = new Map([...SUPERVISOR, ...MACHINE].map((name) => [name, hart.readCsr(name)]));
    const virtual = this.#vmm !== undefined;
    return {
      pc: hart.pc,
      mode: hart.mode,
      registers: Array.from({ length: 32 }, (_, register) => hart.x(register)),
      float: { registers: FLOAT_SLOTS.map((slot) => hart.state(slot)), fcsr: hart.state('fcsr') },
      real,
      virtualMode: this.#vmm?.virtualHart.mode,
      virtual: new Map(this.#vmm?.virtualHart.csrs.list().filter(({ name }) => SUPERVISOR.includes(name) || MACHINE.includes(name)).map(({ name, value }) => [name, value])),
      // Of the real satp, also when that is taken back to an earlier micro-step.
      get shadowRoot() { return virtual ? rootOf(real.get('satp')!) : undefined; },
    };
  }

  // ---------------------------------------------------------------------------------------------- an inspector

  read(space: MemorySpace, address: bigint, length: number, before?: TranslationBefore): readonly (number | undefined)[] {
    const bytes: (number | undefined)[] = [];
    while (bytes.length < length) {
      const at = BigInt.asUintN(64, address + BigInt(bytes.length));
      const piece = Math.min(length - bytes.length, PAGE_SIZE - Number(at % BigInt(PAGE_SIZE)));
      const found = this.#piece(space, at, piece, before);
      if (found) bytes.push(...found);
      else for (let i = 0; i < piece; i += 1) bytes.push(undefined);
    }
    return bytes;
  }

  /** Bytes within a page. What a guest is promised and has not been given yet holds zeros. */
  #piece(space: MemorySpace, at: bigint, length: number, before?: TranslationBefore): Uint8Array | undefined {
    const { memory } = this.#machine;
    if (space === 'host-physical') return memory.contains(at, length) ? memory.bytes(at, length) : undefined;
    const gpa = this.#toGuest(space, at, before);
    if (gpa === undefined) return undefined;
    if (this.#vmm) return this.#vmm.guestMemory.copyOut(guestPhysical(gpa), length);
    return memory.contains(gpa, length) ? memory.bytes(gpa, length) : undefined;
  }

  translate(va: bigint, access: AccessKind, before?: TranslationBefore): Translation {
    const { hart } = this.#machine;
    const vmm = this.#vmm;
    const csrs = vmm?.virtualHart.csrs;
    const mode = before?.mode ?? vmm?.virtualHart.mode ?? hart.mode;
    const status = before?.status ?? csrs?.get('sstatus') ?? hart.readCsr('sstatus');
    const guest = this.#guestWalk(va, before, mode === 'M');
    const realSatp = before?.realSatp ?? hart.readCsr('satp');
    return translation({
      va, access, mode, guest, sum: (status & SSTATUS.SUM) !== 0n, mxr: (status & SSTATUS.MXR) !== 0n, hardwareMarks: ((csrs?.get('menvcfg') ?? hart.readCsr('menvcfg')) & ADUE) !== 0n,
      ...(vmm && { vmm: {
        place: guest.result.ok ? this.#placeOf(guest.result.pa) : undefined,
        shadow: walkTable('shadow', realSatp, va, this.#shadowReader(before)), root: rootOf(realSatp), variant: vmm.current.shadow.variant, regions: !vmm.virtualHart.csrs.regions.open,
      } }),
    });
  }

  #guestWalk(va: bigint, before: TranslationBefore | undefined, machine: boolean): Walk {
    return walkTable('guest', machine ? 0n : before?.guestSatp ?? this.#guestSatp, va, this.#guestReader(before));
  }

  #guestReader(before?: TranslationBefore): ReadEntry {
    return (at) => before?.guest.get(at) ?? this.#guestEntry(at);
  }

  #shadowReader(before?: TranslationBefore): ReadEntry {
    return (at) => before?.shadow.get(at) ?? this.#entry(at);
  }

  #placeOf(gpa: bigint): GuestPlace {
    if (this.#isRam(gpa)) return { is: 'memory', hpa: this.#fromGuest(gpa) };
    const slice = this.#vmm?.current.slice;
    if (slice?.isAt(gpa) === true) return { is: 'slice', hpa: slice.registers + (gpa - slice.at) };
    const name = this.#vmm?.current.devices.nameAt(gpa);
    return name === undefined ? { is: 'nothing' } : { is: 'device', name };
  }

  mappings(of: MappingKind, before?: TranslationBefore): Mappings {
    if (of === 'guest') return mappingsOf(before?.guestSatp ?? this.#guestSatp, this.#guestReader(before));
    if (of === 'shadow') return this.#vmm ? mappingsOf(before?.realSatp ?? this.#machine.hart.readCsr('satp'), this.#shadowReader(before)) : { runs: [], cut: false, tables: 0 };
    const map = new Runs();
    const page = BigInt(PAGE_SIZE);
    const slice = this.#vmm?.current.slice;
    if (slice) map.add(slice.at, slice.registers, page, 0);
    for (let gpa = RAM_BASE; gpa < RAM_BASE + BigInt(this.#memoryBytes); gpa += page) {
      const hpa = this.#fromGuest(gpa);
      if (hpa !== undefined) map.add(gpa, hpa, page, 0);
    }
    return { runs: map.runs, cut: map.cut, tables: 0 };
  }

  get shadowUse(): ShadowUse | undefined {
    return this.#vmm?.current.shadow.use;
  }

  /** The address-translation register that the guest's kernel has written; its virtual M mode has no translation. */
  get #guestSatp(): bigint {
    if (this.#vmm?.virtualHart.mode === 'M') return 0n;
    return this.#vmm ? this.#vmm.virtualHart.csrs.get('satp') : this.#machine.hart.readCsr('satp');
  }

  /** Without translation: what runs in M has none. */
  #translates(satp: bigint): boolean {
    return (this.#vmm !== undefined || this.#machine.hart.mode !== 'M') && bits(satp, 63, 60) !== 0n;
  }

  #entry(at: bigint | undefined): bigint | undefined {
    return at !== undefined && this.#machine.memory.contains(at, ENTRY_BYTES) ? this.#machine.memory.read(at, ENTRY_BYTES) : undefined;
  }

  #guestEntry(at: bigint): bigint | undefined {
    if (!this.#vmm) return this.#entry(at);
    const { guestMemory } = this.#vmm;
    return guestMemory.contains(at, ENTRY_BYTES) ? guestMemory.read(guestPhysical(at), ENTRY_BYTES) : undefined;
  }

  #isRam(address: bigint): boolean {
    return address >= RAM_BASE && address < RAM_BASE + BigInt(this.#memoryBytes);
  }

  /** Where a guest-physical address stands in real memory; undefined where the guest has none, or has not used it yet. */
  #fromGuest(address: bigint): bigint | undefined {
    if (!this.#isRam(address)) return undefined;
    return this.#vmm ? this.#vmm.guestMemory.placeOf(address) : address;
  }

  /** The guest-physical address that an address of this space is. */
  #toGuest(space: MemorySpace, address: bigint, before?: TranslationBefore): bigint | undefined {
    if (space === 'guest-physical' || !this.#translates(before?.guestSatp ?? this.#guestSatp)) return address;
    const { result } = this.#guestWalk(address, before, false);
    return result.ok ? result.pa : undefined;
  }
}
