/** Guests that know of the VMM, and the same guests where they are told nothing: what the user sees is the same, what it costs is not. */
import { describe, expect, test } from 'vitest';
import { guestPhysical } from '../../workers/base/address.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { bareComputer, runToEnd, virtualComputer } from '../support/computers.ts';
import { LAB_GUESTS, labGuest, letterKernel } from '../support/guest-image.ts';

const KNOWING = 'paravirtual.s';
const inline = (text: string): ReturnType<typeof letterKernel> => letterKernel('a kernel that knows', `.equ VMM, 0x0a004856\nkernel:\n${text}`);
const console = (text: string, paravirtual = true, shadow?: (typeof SHADOW_VARIANTS)[number]): string =>
  runToEnd(virtualComputer(inline(text), { paravirtual, ...(shadow && { shadow }), guestRamBytes: 4 << 20 }), 200_000n).console;

describe('paravirtual', () => {
  test.each(LAB_GUESTS.filter((name) => name !== KNOWING))('P1: %s, which does not ask, runs as on the bare machine to the tick', (name) => {
    expect(runToEnd(virtualComputer(labGuest(name), { paravirtual: true }))).toEqual(runToEnd(bareComputer(labGuest(name))));
  });

  test.each(SHADOW_VARIANTS)('P1, P2: a kernel that asks prints what it prints on the bare machine, with at most a tenth of the exits (%s)', (shadow) => {
    const bare = runToEnd(bareComputer(labGuest(KNOWING)));
    const [control, knowing] = [false, true].map((paravirtual) => {
      const computer = virtualComputer(labGuest(KNOWING), { shadow, paravirtual });
      return { end: runToEnd(computer), exits: computer.vmm.exits };
    });
    expect(control!.end).toEqual(bare);
    expect({ console: knowing!.end.console, reason: knowing!.end.reason }).toEqual({ console: bare.console, reason: bare.reason });
    expect(bare.console.split('\n')).toHaveLength(9);
    expect(knowing!.exits * 10).toBeLessThan(control!.exits);
  });

  const WHO = `
  li a7, 0x10
  li a6, 1
  ecall
  andi a1, a1, 15                     # 0x4856 or 0x4859
  addi a0, a1, '0'
  li a7, 1
  ecall
  li a7, 0x10
  li a6, 3
  li a0, VMM
  ecall
  addi a0, a1, '0'
  li a7, 1
  ecall
  li a7, VMM
  li a6, 3
  la a0, text
  li a1, 2
  ecall
  addi a0, a0, 'c'
  li a7, 1
  ecall
  end
text: .ascii "!?"`;
  test('P1: the VMM tells of itself only where it is asked to, and answers only there', () => {
    expect(console(WHO)).toBe('61!?c');
    // -2: no such call.
    expect(console(WHO, false)).toBe('90a');
    expect(runToEnd(bareComputer(inline(WHO), { guestRamBytes: 4 << 20 }), 200_000n).console).toBe('90a');
  });

  test('P2: a list with one wrong entry is refused as a whole', () => {
    const computer = virtualComputer(inline(`
  li a7, VMM
  li a6, 0
  la a0, list
  li a1, 2
  ecall
  addi a0, a0, 'f'                    # -5: an address that is not the guest's
  li a7, 1
  ecall
  end
  .balign 8
list: .dword 0x80300000, 0xff, 0,  0x7ffffff8, 0xcf, 0`), { paravirtual: true, guestRamBytes: 4 << 20 });
    expect(runToEnd(computer, 200_000n).console).toBe('a');
    expect(computer.vmm.guestMemory.read(guestPhysical(0x8030_0000n), 8)).toBe(0n);
  });

  test.each(SHADOW_VARIANTS)('P3: switching tables by a call is csrw satp with its fence, and a mode that is not there is refused (%s)', (shadow) => {
    expect(console(`
  # One gigapage: the kernel itself.
  la t0, table
  li t1, (0x80000000 >> 2) | 0xcf
  sd t1, 16(t0)
  srli a0, t0, 12
  li t1, 8 << 60
  or a0, a0, t1
  mv s0, a0
  li a1, 1
  li a7, VMM
  li a6, 1
  ecall
  addi a0, a0, 'a'
  li a7, 1
  ecall
  csrr t0, satp
  bne t0, s0, 1f
  li a0, '='
  ecall
1:
  li a0, 10 << 60
  li a7, VMM
  li a6, 1
  ecall
  addi a0, a0, 'd'                    # -3: an invalid parameter
  li a7, 1
  ecall
  # A page that was there is not there after the entry is gone and the range fenced.
  la t0, table
  li t1, (0x80000000 >> 2) | 0xcf
  sd t1, 0(t0)
  li t3, 0x200
  try lw t2, 0(t3)
  la t0, table
  sd zero, 0(t0)
  li a0, 0
  li a1, 4096
  li a2, -1
  li a7, VMM
  li a6, 2
  ecall
  try lw t2, 0(t3)
  end
  .balign 4096
table: .space 4096`, true, shadow)).toBe('a=an');
  });

  test('P4: a text is printed with one exit, however long', () => {
    const text = (bytes: number): string => `
  la a0, text
  li a1, ${String(bytes)}
  li a7, VMM
  li a6, 3
  ecall
  end
text: .fill 3000, 1, 'x'`;
    const exits = [1, 3000].map((bytes) => {
      const computer = virtualComputer(inline(text(bytes)), { paravirtual: true, guestRamBytes: 4 << 20 });
      expect(runToEnd(computer, 200_000n).console).toBe('x'.repeat(bytes));
      return computer.vmm.exits;
    });
    expect(exits[1]).toBe(exits[0]);
  });

  test('P5: what stands in the shared state counts as if it had been written, and shows what the VMM does', () => {
    const shared = (load: string, store: string): string => `
  la t0, own_handler
  csrw stvec, t0
  la a0, state
  li a7, VMM
  li a6, 4
  ecall
  ebreak
  li a0, 'b'
  li a7, 1
  ecall
  end
  .balign 4
own_handler:
  la t2, state
  ${load}
  addi a0, t0, 'a'                    # the cause
  li a7, 1
  ecall
  ${store}
  sret
  .balign 64
state: .space 64`;
    const byMemory = shared('ld t0, 16(t2)', 'la t2, state\n ld t1, 8(t2)\n addi t1, t1, 4\n sd t1, 8(t2)');
    const byRegister = shared('csrr t0, scause', 'csrr t1, sepc\n addi t1, t1, 4\n csrw sepc, t1');
    expect(console(byMemory)).toBe('db');
    expect(console(byRegister)).toBe('db');
  });

  test('P5: a state that was saved with the machine goes on where it stood', () => {
    const computer = virtualComputer(labGuest(KNOWING), { paravirtual: true });
    computer.machine.run(5_000);
    const saved = computer.machine.save();
    const first = runToEnd(computer);
    const hash = computer.machine.hash();
    computer.machine.restore(saved);
    expect(runToEnd(computer).reason).toEqual(first.reason);
    expect(computer.machine.hash()).toBe(hash);
  });
});
