import { describe, expect, test } from 'vitest';
import { runToEnd, virtualComputer, type Computer, type RecordedStep } from '../../tests/support/computers.ts';
import { LAB_GUESTS, labGuest } from '../../tests/support/guest-image.ts';
import { CSRS } from '../isa/csrs.ts';
import { undoAfter, type Visible } from '../lab/focus.ts';
import type { Image } from '../machine/image/image.ts';
import type { Machine } from '../machine/machine.ts';
import type { StepEvent } from '../trace/events.ts';
import type { Vmm } from './vmm.ts';

/** The steps of the exit whose triage is `id`, as `world id`. */
function exitWith(steps: readonly RecordedStep[], id: string): string[] {
  const trap = steps.find((step) => step.id === id)?.trap;
  return steps.filter((step) => step.trap === trap).map((step) => `${step.world} ${step.id}`);
}

function stepsOf(name: string): readonly RecordedStep[] {
  const computer = virtualComputer(labGuest(name));
  computer.watch = true;
  runToEnd(computer);
  return computer.steps;
}

describe('the micro-steps of an exit', () => {
  test('of the first system call: the guest kernel is entered as hardware would', () => {
    expect(exitWith(stepsOf('hello.s'), 'triage.system-call')).toEqual([
      'hardware hardware.trap-entry',
      'vmm exit.save-registers',
      'vmm triage.system-call',
      'vmm virtual-trap.scause',
      'vmm virtual-trap.sepc',
      'vmm virtual-trap.stval',
      'vmm virtual-trap.sstatus',
      'vmm virtual-trap.mode',
      'vmm virtual-trap.pc',
      'hardware resume.sret',
    ]);
  });

  test('of the first sret: it goes to the mode in SPP', () => {
    expect(exitWith(stepsOf('hello.s'), 'virtual-sret.mode')).toEqual([
      'hardware hardware.trap-entry',
      'vmm exit.save-registers',
      'vmm triage.privileged-instruction',
      'vmm virtual-sret.mode',
      'vmm virtual-sret.sstatus',
      'vmm virtual-sret.pc',
      'hardware resume.sret',
    ]);
  });

  test('of a system call with paging on: the shadow table changes, too', () => {
    expect(exitWith(stepsOf('processes.s'), 'triage.system-call').slice(-2)).toEqual(['vmm resume.shadow-root', 'hardware resume.sret']);
  });

  test('of the first hidden fault with paging on: the walk, the place in real memory, the new entry', () => {
    expect(exitWith(stepsOf('processes.s'), 'walk-guest.leaf')).toEqual([
      'hardware hardware.trap-entry',
      'vmm exit.save-registers',
      'vmm walk-guest.leaf',
      'vmm triage.hidden-fault',
      'vmm shadow.to-host',
      'vmm shadow.fill',
      'hardware resume.sret',
    ]);
  });
});

/** What the panes show: read from the machine. */
function visible({ machine, vmm }: Computer & { readonly vmm: Vmm }): Visible {
  return {
    pc: machine.hart.pc,
    mode: machine.hart.mode,
    registers: Array.from({ length: 32 }, (_, register) => machine.hart.x(register)),
    float: { registers: Array.from({ length: 32 }, (_, register) => machine.hart.state(`f${String(register)}`)), fcsr: machine.hart.readCsr('fcsr') },
    real: new Map(CSRS.filter(({ storage }) => storage.kind !== 'counter').map(({ name }) => [name, machine.hart.readCsr(name)])),
    virtualMode: vmm.virtualHart.mode,
    virtual: new Map(vmm.virtualHart.csrs.list().map(({ name, value }) => [name, value])),
    shadowRoot: undefined,
  };
}

/** Types a line when the guest waits for one, and skips its other waits. */
function endWait(machine: Machine, typed: string[]): void {
  if (!machine.waiting) return;
  if (machine.waiting.ticks === undefined) machine.receive(new TextEncoder().encode(typed.shift() ?? '\r'));
  else machine.skipWait();
}

const typing = (): string[] => ['help\r', 'exit\r'];

/** Every exit of the lab's small guests; the C kernel has thousands. */
const MOST_EXITS = 600;

/** The positions of the first instructions that end in the VMM, or in the firmware below it. */
function exitPositions(image: Image): number[] {
  const { machine } = virtualComputer(image);
  const typed = typing();
  const positions: number[] = [];
  while (!machine.halted && positions.length < MOST_EXITS) {
    endWait(machine, typed);
    const { position, trapCount } = machine;
    machine.run(1);
    if (machine.trapCount > trapCount) positions.push(position);
  }
  return positions;
}

describe('the effects of the micro-steps', () => {
  test.each(LAB_GUESTS)('M2: undone, they give the state before each exit of %s', (name) => {
    const image = labGuest(name);
    const positions = exitPositions(image);
    expect(positions.length).toBeGreaterThan(10);
    const computer = virtualComputer(image);
    const { machine } = computer;
    const typed = typing();
    for (const position of positions) {
      while (machine.position < position) {
        endWait(machine, typed);
        machine.run(position - machine.position);
      }
      endWait(machine, typed);
      const before = visible(computer);
      computer.steps.length = 0;
      computer.watch = true;
      machine.run(1);
      computer.watch = false;
      const after = visible(computer);
      undoAfter(after, computer.steps as unknown as readonly StepEvent[], -1);
      expect(after, `before the exit at ${String(position)} with ${computer.steps.map(({ id }) => id).join(', ')}`).toEqual(before);
    }
  });

  test('M3: watching the steps changes nothing else', () => {
    const watched = virtualComputer(labGuest('processes.s'));
    watched.watch = true;
    const unwatched = virtualComputer(labGuest('processes.s'));
    expect(runToEnd(watched)).toEqual(runToEnd(unwatched));
    expect(watched.machine.hash()).toBe(unwatched.machine.hash());
    expect(watched.steps.length).toBeGreaterThan(1000);
    expect(unwatched.steps).toEqual([]);
  });
});
