/**
 * Finds the first wrong moment of a VMM that makes mistakes. A second computer, whose VMM makes none, does the same work with the same input; after each
 * exit the guest must find the same on both. What the VMM finds wrong by itself (vmm/self-check.ts) stops it at the same exit.
 */
import { hex } from '../base/bits.ts';
import { causeName } from '../isa/causes.ts';
import { REGISTER_NAMES } from '../isa/registers.ts';
import type { Prose } from '../isa/row.ts';
import type { Machine, MachineState } from '../machine/machine.ts';
import type { BrokenRule, Difference, HaltReason, Mode, TrapEvent } from '../trace/events.ts';
import { bugById } from '../vmm/bugs.ts';
import { haltFor } from '../vmm/self-check.ts';
import type { Vmm } from '../vmm/vmm.ts';
import { EVERY_TRAP, type BoardStop, type Stops } from './board.ts';

/** A machine with a VMM and its guest. */
export interface Computer {
  readonly machine: Machine;
  readonly vmm: Vmm;
}

export interface SavedOracle {
  readonly right: MachineState;
  readonly wrong: HaltReason | undefined;
}

const FLOAT_SLOTS = [...Array.from({ length: 32 }, (_, register) => `f${String(register)}`), 'fcsr'];

/** All that the guest can find in its hart, and the exit before. */
interface Context {
  readonly exits: number;
  readonly exit: TrapEvent | undefined;
  readonly pc: bigint;
  readonly mode: Mode;
  readonly registers: readonly bigint[];
  readonly float: readonly bigint[];
  readonly csrs: readonly { readonly name: string; readonly value: bigint }[];
  readonly instructions: bigint;
  readonly time: bigint;
  readonly waiting: { readonly ticks: bigint | undefined } | undefined;
  readonly halted: HaltReason | undefined;
}

function contextOf({ machine, vmm }: Computer): Context {
  const { hart, trapCount } = machine;
  return {
    exits: trapCount, exit: machine.trapsFrom(trapCount - 1)[0], pc: hart.pc, mode: vmm.virtualHart.mode,
    registers: REGISTER_NAMES.map((_, register) => hart.x(register)), float: FLOAT_SLOTS.map((slot) => hart.state(slot)), csrs: vmm.virtualHart.csrs.list(),
    instructions: vmm.virtualHart.instret, time: machine.instant.time, waiting: machine.waiting, halted: machine.halted,
  };
}

const exitOf = ({ exit }: Context): string => (exit ? `${causeName(exit.interrupt, exit.cause)} at ${hex(exit.epc)}` : '-');
const waitOf = ({ waiting }: Context): string => (waiting ? waiting.ticks === undefined ? '∞' : String(waiting.ticks) : '-');
const brokenBy = (halted: HaltReason | undefined): BrokenRule | undefined => (halted?.by === 'stuck' ? halted.broken : undefined);
/** A VMM that has stopped itself has not ended the guest. */
const endOf = ({ halted }: Context): string => (halted === undefined || brokenBy(halted) ? '-' : String(halted.exitCode));

function differences(expected: Context, found: Context): Difference[] {
  const list: Difference[] = [];
  const look = (of: Difference['of'], name: string, right: string, wrong: string): void => {
    if (right !== wrong) list.push({ of, name, expected: right, found: wrong });
  };
  const numbers = (of: Difference['of'], name: string, right: bigint, wrong: bigint): void => {
    if (right !== wrong) list.push({ of, name, expected: hex(right), found: hex(wrong) });
  };
  if (expected.exits !== found.exits || expected.exit?.epc !== found.exit?.epc || expected.exit?.cause !== found.exit?.cause) look('exit', '', `#${String(expected.exits)} ${exitOf(expected)}`, `#${String(found.exits)} ${exitOf(found)}`);
  numbers('pc', 'pc', expected.pc, found.pc);
  look('virtual-mode', '', expected.mode, found.mode);
  for (const [index, value] of expected.registers.entries()) numbers('register', REGISTER_NAMES[index]!, value, found.registers[index]!);
  for (const [index, value] of expected.float.entries()) numbers('float', FLOAT_SLOTS[index]!, value, found.float[index]!);
  for (const [index, { name, value }] of expected.csrs.entries()) numbers('virtual-csr', name, value, found.csrs[index]!.value);
  if (expected.instructions !== found.instructions) look('instructions', '', String(expected.instructions), String(found.instructions));
  if (expected.time !== found.time) look('time', '', String(expected.time), String(found.time));
  look('waiting', '', waitOf(expected), waitOf(found));
  look('end', '', endOf(expected), endOf(found));
  return list;
}

const NAMED: Readonly<Record<Difference['of'], Prose>> = {
  'exit': { en: 'the exit', 'zh-CN': '这次退出' },
  'pc': { en: 'the guest’s pc', 'zh-CN': '客户机的 pc' },
  'virtual-mode': { en: 'the virtual mode', 'zh-CN': '虚拟模式' },
  'register': { en: 'the guest’s register', 'zh-CN': '客户机的寄存器' },
  'float': { en: 'the guest’s register', 'zh-CN': '客户机的寄存器' },
  'virtual-csr': { en: 'the virtual', 'zh-CN': '虚拟' },
  'instructions': { en: 'the number of the guest’s instructions', 'zh-CN': '客户机的指令数' },
  'time': { en: 'the guest’s time', 'zh-CN': '客户机的时间' },
  'waiting': { en: 'the guest’s wait in ticks', 'zh-CN': '客户机等待的滴答数' },
  'end': { en: 'the guest’s exit code', 'zh-CN': '客户机的退出码' },
};

function told({ of, name, expected, found }: Difference): Prose {
  if (of === 'exit') {
    return {
      en: `The guest has come to another exit than under a VMM without mistakes: to ${found} instead of ${expected}.`,
      'zh-CN': `客户机来到的退出与没有错误的 VMM 下不同：是 ${found}，而不是 ${expected}。`,
    };
  }
  const [en, zh] = [NAMED[of].en, NAMED[of]['zh-CN']].map((what) => (name === '' || of === 'pc' ? what : `${what} ${name}`)) as [string, string];
  return { en: `After this exit ${en} is ${found}; a VMM without mistakes leaves ${expected}.`, 'zh-CN': `这次退出之后，${zh}是 ${found}；没有错误的 VMM 应留下 ${expected}。` };
}

export class Oracle {
  readonly #found: Computer;
  readonly #right: Computer;
  #wrong: HaltReason | undefined;
  /** The right computer before the present run: with several mistakes, to find out which one it was. */
  #before: MachineState | undefined;

  constructor(found: Computer, right: Computer) {
    this.#found = found;
    this.#right = right;
  }

  /** From now on the right computer does what the other does, which has just been set to make its mistakes. */
  begin(): void {
    this.#right.machine.restore(this.#found.machine.save());
    this.#right.vmm.makeMistakes({ bugs: [], checked: false, pieces: this.#found.vmm.mistakes.pieces });
    this.#before = this.#wrong = undefined;
  }

  /** Set at the first wrong moment. */
  get wrong(): HaltReason | undefined {
    return this.#wrong;
  }

  run(steps: number, stops: Stops): BoardStop {
    const { machine } = this.#found;
    const last = machine.position + steps;
    if (this.#found.vmm.mistakes.bugs.length > 1) this.#before = this.#right.machine.save(this.#before);
    machine.setStops({ ...stops, ...EVERY_TRAP });
    try {
      for (;;) {
        const stop = machine.run(last - machine.position);
        this.#follow();
        const trapped = this.#right.machine.trapCount !== machine.trapCount || stop.by === 'trap' || stop.by === 'halt';
        if (trapped) this.#compare();
        if (this.#wrong) return { by: 'halt', reason: this.#wrong };
        if (stop.by !== 'trap' || isWanted(machine, stops)) return stop;
        if (machine.waiting) return { by: 'waiting' };
        if (machine.position >= last) return { by: 'budget' };
      }
    } finally {
      machine.setStops(stops);
    }
  }

  /** To where the other stands, if it comes there. */
  #follow(): void {
    const { machine } = this.#right;
    const { position } = this.#found.machine;
    while (machine.position < position) {
      const { by } = machine.run(position - machine.position);
      if (by !== 'budget') break;
    }
    machine.takeConsole();
  }

  #compare(): void {
    const [expected, found] = [contextOf(this.#right), contextOf(this.#found)];
    const checked = brokenBy(found.halted);
    const list = differences(expected, found);
    const [first] = list;
    if (!first && !checked) return;
    const rule = this.#ruleOf(expected) ?? checked?.rule ?? '';
    const sentence = checked && (checked.rule === rule || !first) ? checked.sentence : told(first!);
    this.#wrong = haltFor({ rule, sentence }, list);
  }

  /** Of several mistakes: the first that does wrong here by itself. */
  #ruleOf(expected: Context): string | undefined {
    const { bugs, pieces } = this.#found.vmm.mistakes;
    const ruleOf = (id: string | undefined): string | undefined => (id === undefined ? undefined : bugById(id)?.rule);
    if (bugs.length <= 1 || !this.#before) return ruleOf(bugs[0]);
    const { machine, vmm } = this.#right;
    const here = machine.save(this.#before);
    const { position } = this.#found.machine;
    const guilty = bugs.find((id) => {
      machine.restore(this.#before!);
      vmm.makeMistakes({ bugs: [id], checked: true, pieces });
      this.#follow();
      return machine.position >= position && (brokenBy(machine.halted) !== undefined || differences(expected, contextOf(this.#right)).length > 0);
    });
    machine.restore(here);
    return ruleOf(guilty);
  }

  skipWait(): void {
    this.#right.machine.skipWait();
  }

  receive(bytes: Uint8Array): void {
    this.#right.machine.receive(bytes);
  }

  beginTablesAnew(...variant: Parameters<Vmm['beginTablesAnew']>): void {
    this.#right.vmm.beginTablesAnew(...variant);
  }

  save(earlier?: SavedOracle): SavedOracle {
    return { right: this.#right.machine.save(earlier?.right), wrong: this.#wrong };
  }

  restore({ right, wrong }: SavedOracle): void {
    this.#right.machine.restore(right);
    this.#wrong = wrong;
  }
}

function isWanted(machine: Machine, { exceptions, interrupts }: Stops): boolean {
  const trap = machine.trapsFrom(machine.trapCount - 1)[0];
  return trap !== undefined && (((trap.interrupt ? interrupts : exceptions) >> BigInt(trap.cause)) & 1n) === 1n;
}
