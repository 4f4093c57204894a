/** A slice of a real device in the hands of a guest: what it costs, what it can reach, and what it cannot. */
import { describe, expect, test } from 'vitest';
import { IOMMU_REGISTER } from '../../workers/machine/devices/iommu.ts';
import { SLICE_BYTES } from '../../workers/machine/devices/sliced-dma.ts';
import { ADDRESS } from '../../workers/machine/peripherals.ts';
import { MachineBoard } from '../../workers/lab/machine-board.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { silentProbe } from '../../workers/trace/probe.ts';
import { bareComputer, runToEnd, virtualComputer } from '../support/computers.ts';
import { labGuest, letterKernel } from '../support/guest-image.ts';
import { RAM, runWatched } from './watched.ts';

/** `request` is 1 to print and 2 to copy; then the status is printed as a letter: b is done, c is refused, d is unknown. */
const MACROS = `
.macro ask request, source, bytes, destination=0
  li t0, \\source
  sd t0, 0x08(s1)
  li t0, \\destination
  sd t0, 0x10(s1)
  li t0, \\bytes
  sd t0, 0x18(s1)
  li t0, \\request
  sd t0, 0x20(s1)
  ld a0, 0x28(s1)
  addi a0, a0, 'a'
  li a7, 1
  ecall
.endm
kernel:
  li s1, 0x04000000
`;
const kernel = (text: string) => letterKernel('a kernel with a slice', `${MACROS}${text}`);
/** Where the VMM stands, and its tables. */
const OUTSIDE = ['0x80000000', '0x80100000', '0x801fff00'];

describe('a slice of a device', () => {
  test.each(SHADOW_VARIANTS)('D3, E1: does for the guest what it does on the bare machine (%s)', (shadow) => {
    const end = runToEnd(bareComputer(labGuest('devices.s'), { passThrough: true }));
    expect(end.console.trim().split('\n')).toHaveLength(3);
    expect(runToEnd(virtualComputer(labGuest('devices.s'), { passThrough: true, shadow }))).toEqual(end);
  });

  test('D1, D2: a byte costs an exit by the UART, a buffer one kick by virtio; D3: and nothing by the slice, but the first touch', () => {
    const { vmm, machine } = virtualComputer(labGuest('devices.s'), { passThrough: true });
    runToEnd({ machine, vmm, steps: [], watch: false });
    const uses = Object.fromEntries(vmm.current.devices.uses.map(({ device, bytes, exits }) => [device, { bytes, exits }]));
    // Fifteen registers set a virtio queue up.
    expect(uses).toEqual({ 'uart': { bytes: 64, exits: 64 }, 'virtio-console': { bytes: 64, exits: 15 + 1 }, 'slice': { bytes: 64, exits: 0 } });
    const faults = vmm.current.exitsByCause['load-page-fault']! + vmm.current.exitsByCause['store-page-fault']!;
    // Of the rest one is the slice's page, one the kernel's memory.
    expect(faults - 64 - 16).toBeLessThanOrEqual(2);
  });

  test.each([...SHADOW_VARIANTS.map((shadow) => ({ shadow, request: 1 })), ...SHADOW_VARIANTS.map((shadow) => ({ shadow, request: 2 }))])('I3: reaches nothing but the guest’s memory, whatever it is asked for (request $request, $shadow)', ({ shadow, request }) => {
    const asks = [...OUTSIDE, '0x0', '0x10000000', '0xc000000', '0x80600000', '0x805ffff0', '0xffffffffffffffc0', '0x4000000000']
      .map((at) => `ask ${String(request)}, ${at}, 64, 0x80300000`);
    // Writing where it may not, from where it may read.
    const stores = request === 2 ? OUTSIDE.map((at) => `ask 2, 0x80300000, 64, ${at}`) : [];
    const run = runWatched(kernel(`${[...asks, ...stores].join('\n')}\nend`), { passThrough: true, shadow, exits: 5_000 });
    expect(run.broken).toBeUndefined();
    // What the guest has from 0x80000000 on is its own: its RAM begins there, though the VMM's does, too.
    const own = asks.map((_, n) => (n < OUTSIDE.length ? 'b' : 'c'));
    expect(run.console.replace(/[^b-d]/g, '')).toBe([...own, ...stores.map(() => 'b')].join(''));
    expect(run.end).toEqual({ by: 'sbi', exitCode: 0 });
  });

  test('D3: has no right to be executed, and a request that is too long or unknown is refused', () => {
    const text = 'ask 1, 0x80300000, 65537\nask 3, 0x80300000, 1\ntry jr s1\nend';
    const bare = runToEnd(bareComputer(kernel(text), { guestRamBytes: RAM, passThrough: true }), 20_000n);
    // b: an instruction access fault.
    expect(bare.console).toBe('ddb');
    const run = runWatched(kernel(text), { passThrough: true });
    expect({ broken: run.broken, console: run.console, end: run.end }).toEqual({ broken: undefined, console: bare.console, end: bare.reason });
  });

  test('D3: its interrupt comes to the guest, through the VMM', () => {
    const text = `
  li t0, 0x0c000040
  li t1, 1
  sw t1, (t0)
  li t0, 0x0c002080
  li t1, 1 << 16
  sw t1, (t0)
  li t0, 1
  sd t0, 0x30(s1)
  li t0, 0x200
  csrw sie, t0
  la s11, 1f
  li t0, 2
  csrs sstatus, t0
  ask 2, 0x80300000, 8, 0x80301000
  j 2f
1:
  li t0, 0x0c201004
  lw a0, (t0)
  addi a0, a0, 'A'
  li a7, 1
  ecall
2:
  end`;
    const bare = runToEnd(bareComputer(kernel(text), { guestRamBytes: RAM, passThrough: true }), 20_000n);
    // J: the external interrupt; Q: source 16.
    expect(bare.console).toBe('JQ');
    const computer = virtualComputer(kernel(text), { guestRamBytes: RAM, passThrough: true });
    expect(runToEnd(computer, 20_000n)).toMatchObject({ console: 'JQ', reason: bare.reason });
    expect(computer.vmm.current.devices.uses.find(({ device }) => device === 'slice')).toMatchObject({ bytes: 8, interrupts: 1 });
  });

  test('I3, G2: when its guest is gone it reaches nothing, and the next owner does not find what it was told', () => {
    const computer = virtualComputer(labGuest('devices.s'), { guestRamBytes: RAM, passThrough: true });
    const { machine: { devices }, vmm } = computer;
    runToEnd(computer, 20_000n);
    const told = () => [8, 24].map((register) => devices.readDevice(BigInt(ADDRESS.slices + SLICE_BYTES + register), 8));
    const table = () => devices.readDevice(BigInt(ADDRESS.iommu + IOMMU_REGISTER.tables + 8), 8);
    const { tables } = vmm.current;
    const free = tables.free;
    expect([...told(), table()]).not.toContain(0n);
    vmm.destroy(0);
    expect([...told(), table()]).toEqual([0n, 0n, 0n]);
    expect(tables.free, 'its pages are the pool’s again').toBeGreaterThan(free);
  });

  test('I3: what it was told and has done is saved and restored', () => {
    const board = (regime: 'bare' | 'trap-and-emulate') => {
      const built = MachineBoard.build({ image: labGuest('devices.s'), memoryBytes: RAM, regime, engine: 'interpreter', start: undefined, probe: silentProbe, passThrough: true });
      if (!built.ok) throw new Error(built.error.message);
      return built.value;
    };
    for (const regime of ['bare', 'trap-and-emulate'] as const) {
      const one = board(regime);
      one.run(200);
      const state = one.save();
      one.run(1_000);
      const end = { hash: one.hash(), uses: one.deviceUses, halted: one.halted };
      one.restore(state);
      one.run(1_000);
      expect({ hash: one.hash(), uses: one.deviceUses, halted: one.halted }).toEqual(end);
    }
  });
});
