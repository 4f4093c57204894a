/** Translation in two stages (privileged manual, 8.5): what a guest can reach, and what its hypervisor learns when it cannot. */
import { beforeEach, describe, expect, test } from 'vitest';
import { A, D, N, PageTable, R, RWX, U, W, X } from '../../../tests/support/page-table.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../memory-layout.ts';

const LOAD = 0, STORE = 1, FETCH = 2;
const SUM = 1n << 18n, MXR = 1n << 19n, ADUE = 1n << 61n;
const page = (n: number): bigint => RAM_BASE + BigInt(n) * 4096n;
const VA = 0x12_3456_7000n;
/** Where the guest believes its page to be; its tables it believes to be where they are. */
const GPA = 0x4_0000_5000n;
const ALL = RWX | A | D;

describe.each(TARGETS)('two stages ($name)', (target) => {
  describe.each([3, 4] as const)('with %d levels', (levels) => {
    let bench: Bench;
    let first: PageTable;
    let second: PageTable;
    beforeEach(async () => {
      bench = await createBench(target, { ramBytes: 4 << 20 });
      first = new PageTable(bench.ram, page(64), { levels });
      second = new PageTable(bench.ram, page(128), { levels, wide: true });
      for (let n = 64; n < 80; n += 1) second.map(page(n), page(n), ALL | U);
      second.map(GPA, page(3), ALL | U);
      first.map(VA, GPA, ALL);
      bench.hart.writeCsr('vsatp', first.satp(7n));
      bench.hart.writeCsr('hgatp', second.satp(5n));
      bench.hart.writeCsr('mtvec', RAM_BASE);
      bench.hart.mode = 'VS';
    });
    const translate = (kind: number, va = VA): unknown => bench.attempt('translate', va, kind);
    /** A fault, with what HS or M would find in htval and htinst. */
    const fault = (kind: number, va = VA): unknown => {
      const result = bench.attempt('translate', va, kind);
      if ('result' in result) return result;
      return result.cause >= 20
        ? { cause: result.cause, tval: result.tval, gpa: bench.hart.state('faultGuest') << 2n, pseudo: bench.hart.state('faultPseudo') }
        : result;
    };

    test('both are applied, the offset is kept, and VU needs the first stage\'s U', () => {
      expect(translate(LOAD, VA + 0x123n)).toEqual({ result: page(3) + 0x123n });
      expect(translate(FETCH)).toEqual({ result: page(3) });
      bench.hart.mode = 'VU';
      expect(translate(LOAD)).toEqual({ cause: 13, tval: VA });
    });

    test('a fault of the first stage is the guest\'s own page fault', () => {
      expect([LOAD, STORE, FETCH].map((kind) => translate(kind, VA + 0x1000n))).toEqual([13, 15, 12].map((cause) => ({ cause, tval: VA + 0x1000n })));
    });

    test('a fault of the second stage tells the guest-physical address', () => {
      first.map(VA, GPA + 0x1000n, ALL);
      expect([LOAD, STORE, FETCH].map((kind) => fault(kind, VA + 8n)))
        .toEqual([21, 23, 20].map((cause) => ({ cause, tval: VA + 8n, gpa: GPA + 0x1008n, pseudo: 0n })));
    });

    test('the second stage counts every access as one of U, and its permissions are its own', () => {
      second.map(GPA, page(3), ALL);
      expect(fault(LOAD)).toMatchObject({ cause: 21 });
      second.map(GPA, page(3), U | R | X | A | D);
      expect(translate(LOAD)).toEqual({ result: page(3) });
      expect(fault(STORE)).toMatchObject({ cause: 23, gpa: GPA });
      second.map(GPA, page(3), U | X | A | D);
      bench.hart.setState('vsstatus', bench.hart.state('vsstatus') | MXR);
      bench.executor.call('tlbDropAll');
      expect(fault(LOAD), 'MXR of the guest does not reach the second stage').toMatchObject({ cause: 21 });
      bench.hart.writeCsr('mstatus', bench.hart.readCsr('mstatus') | MXR);
      expect(translate(LOAD)).toEqual({ result: page(3) });
    });

    test('a page table of the guest that the second stage does not have is a fault of the access, with a pseudo-instruction', () => {
      const entry = first.entryAt(VA);
      second.map(entry & ~0xfffn, 0n, 0n);
      second.write(second.entryAt(entry & ~0xfffn), 0n);
      expect(fault(STORE)).toEqual({ cause: 23, tval: VA, gpa: entry, pseudo: 0x3000n });
    });

    test('an accessed bit that cannot be written in the guest\'s table is a write of the walk', () => {
      const entry = first.map(VA, GPA, RWX);
      second.map(entry & ~0xfffn, entry & ~0xfffn, U | R | A);
      expect(fault(LOAD)).toEqual({ cause: 21, tval: VA, gpa: entry, pseudo: 0x3020n });
    });

    test('A and D of each stage are its own, and ADUE decides for each', () => {
      const guestEntry = first.map(VA, GPA, RWX);
      const entry = second.map(GPA, page(3), RWX | U);
      expect(translate(LOAD)).toEqual({ result: page(3) });
      expect([first.flags(guestEntry) & (A | D), second.flags(entry) & (A | D)]).toEqual([A, A]);
      expect(translate(STORE)).toEqual({ result: page(3) });
      expect([first.flags(guestEntry) & (A | D), second.flags(entry) & (A | D)]).toEqual([A | D, A | D]);
      first.map(VA, GPA, RWX);
      bench.executor.call('tlbDropAll');
      bench.hart.writeCsr('henvcfg', 0n);
      expect(fault(LOAD)).toEqual({ cause: 13, tval: VA });
      bench.hart.writeCsr('henvcfg', ADUE);
      second.map(GPA, page(3), RWX | U);
      bench.hart.writeCsr('menvcfg', 0n);
      first.map(VA, GPA, ALL);
      bench.executor.call('tlbDropAll');
      expect(fault(LOAD)).toMatchObject({ cause: 21 });
    });

    test('a superpage over a page is translated page by page, and a fence of any address of it drops all pieces', () => {
      const base = VA & ~0x1f_ffffn;
      first.map(base, GPA & ~0x1f_ffffn, ALL, 1);
      second.map((GPA & ~0x1f_ffffn) + (VA - base), page(3), ALL | U);
      expect(translate(LOAD)).toEqual({ result: page(3) });
      first.map(base, 0n, 0n, 1);
      first.write(first.entryAt(base, 1), 0n);
      expect(translate(LOAD), 'the TLB still has it').toEqual({ result: page(3) });
      bench.hart.mode = 'M';
      bench.executor.call('fenceGuestVirtual', 1n, base, 0n, 0n, 0n);
      bench.hart.mode = 'VS';
      expect(translate(LOAD)).toEqual({ cause: 13, tval: VA });
    });

    test('guests are told apart by VMID, address spaces by ASID, and fences by each', () => {
      const other = new PageTable(bench.ram, page(192), { levels, wide: true });
      for (let n = 64; n < 80; n += 1) other.map(page(n), page(n), ALL | U);
      other.map(GPA, page(4), ALL | U);
      expect(translate(LOAD)).toEqual({ result: page(3) });
      bench.hart.writeCsr('hgatp', other.satp(6n));
      expect(translate(LOAD)).toEqual({ result: page(4) });
      second.map(GPA, page(9), ALL | U);
      bench.hart.writeCsr('hgatp', second.satp(5n));
      bench.hart.mode = 'M';
      bench.executor.call('fenceGuestPhysical', 1n, 6n, 0n);
      bench.executor.call('fenceGuestPhysical', 0n, 0n, 0n);
      bench.hart.mode = 'VS';
      expect(translate(LOAD)).toEqual({ result: page(9) });
    });

    describe('what is remembered of the second stage alone', () => {
      const OTHER_VA = VA + 0x5000n;
      /** As HS or M. */
      const fenced = (procedure: string, ...args: bigint[]): void => {
        bench.hart.mode = 'M';
        bench.executor.call(procedure, ...args);
        bench.hart.mode = 'VS';
      };
      beforeEach(() => {
        first.map(OTHER_VA, GPA, ALL);
        expect(translate(LOAD)).toEqual({ result: page(3) });
        second.map(GPA, page(9), ALL | U);
      });

      test('outlives the guest\'s own fences of an address or a space, at every address that leads there', () => {
        fenced('fenceGuestVirtual', 1n, VA, 0n, 0n, 0n);
        fenced('fenceGuestVirtual', 0n, 0n, 1n, 0n, 0n);
        expect([translate(LOAD), translate(LOAD, OTHER_VA)]).toEqual([{ result: page(3) }, { result: page(3) }]);
        bench.attempt('fenceVma', 0n, 0n, 1n, 0n, 0n);
        bench.attempt('fenceVma', 1n, VA, 0n, 0n, 0n);
        expect(translate(LOAD)).toEqual({ result: page(3) });
      });

      test('outlives a fence of the host\'s own addresses', () => {
        fenced('fenceVma', 0n, 0n, 0n, 0n, 0n);
        expect(translate(LOAD)).toEqual({ result: page(3) });
      });

      test.each(['fenceGuestVirtual', 'fenceVma'])('goes with a fence of all of the guest\'s own addresses (%s)', (procedure) => {
        if (procedure === 'fenceVma') bench.attempt(procedure, 0n, 0n, 0n, 0n, 0n);
        else fenced(procedure, 0n, 0n, 0n, 0n, 0n);
        expect([translate(LOAD), translate(LOAD, OTHER_VA)]).toEqual([{ result: page(9) }, { result: page(9) }]);
      });

      test.each([
        ['of all guests', [0n, 0n]], ['of this guest', [1n, 5n]], ['of bits above its VMID', [1n, (1n << 20n) | 5n]],
      ] as const)('goes with a fence %s', (_, [register, vmid]) => {
        fenced('fenceGuestPhysical', register, vmid, 0n);
        expect([translate(LOAD), translate(LOAD, OTHER_VA)]).toEqual([{ result: page(9) }, { result: page(9) }]);
      });

      test('is another guest\'s under another VMID, and there again when the first one comes back', () => {
        bench.hart.writeCsr('hgatp', second.satp(6n));
        expect(translate(LOAD)).toEqual({ result: page(9) });
        bench.hart.writeCsr('hgatp', 0n);
        expect(translate(LOAD, VA)).toMatchObject({ result: GPA });
        bench.hart.writeCsr('hgatp', second.satp(5n));
        expect(translate(LOAD, OTHER_VA), 'its own').toEqual({ result: page(9) });
      });

      test('is looked up again where it refuses an access, or is not dirty yet', () => {
        fenced('fenceGuestPhysical', 0n, 0n, 0n);
        const entry = second.map(GPA, page(3), U | R | A);
        expect(translate(LOAD)).toEqual({ result: page(3) });
        expect(fault(STORE)).toMatchObject({ cause: 23 });
        second.map(GPA, page(3), RWX | U | A);
        expect(translate(STORE, OTHER_VA)).toEqual({ result: page(3) });
        expect(second.flags(entry) & D).toBe(D);
      });

      test('knows the parts of a superpage and of 64 KiB apart', () => {
        fenced('fenceGuestPhysical', 0n, 0n, 0n);
        const base = GPA & ~0x1f_ffffn;
        second.map(base, RAM_BASE, ALL | U, 1);
        for (const n of [5n, 6n, 0x105n]) {
          first.map(VA, base + n * 4096n, ALL);
          fenced('fenceGuestVirtual', 0n, 0n, 0n, 0n, 0n);
          expect(translate(LOAD)).toEqual({ result: RAM_BASE + n * 4096n });
        }
      });
    });

    test('a guest-physical address beyond the second stage\'s bits is its fault', () => {
      bench.hart.writeCsr('vsatp', 0n);
      const beyond = 1n << BigInt(levels === 3 ? 41 : 50);
      expect(fault(LOAD, beyond)).toEqual({ cause: 21, tval: beyond, gpa: beyond, pseudo: 0n });
      expect(translate(LOAD, GPA + 4n), 'without a first stage').toEqual({ result: page(3) + 4n });
      bench.hart.writeCsr('hgatp', 0n);
      expect(translate(LOAD, page(8)), 'without either').toEqual({ result: page(8) });
    });

    test('hlv has the rights of SPVP, hlvx wants to execute, and both tell of a guest\'s address', () => {
      bench.hart.mode = 'M';
      bench.ram.write(page(3), 8, 0x1122_3344_5566_7788n);
      const load = (kind: number): unknown => bench.attempt('guestLoad', VA, 4, kind, 0n);
      expect(load(0), 'SPVP = 0 is VU').toEqual({ cause: 13, tval: VA });
      expect(bench.hart.state('accessVirtual')).toBe(1n);
      bench.hart.writeCsr('hstatus', 1n << 8n);
      expect(load(0)).toEqual({ result: 0x5566_7788n });
      first.map(VA, GPA, R | W | A | D);
      bench.executor.call('tlbDropAll');
      expect(load(3)).toEqual({ cause: 13, tval: VA });
      first.map(VA, GPA, X | A | D);
      second.map(GPA, page(3), U | X | A | D);
      expect(load(3)).toEqual({ result: 0x5566_7788n });
      first.map(VA, GPA, ALL | U);
      expect(load(0), 'SUM of the guest is clear').toEqual({ cause: 13, tval: VA });
      bench.hart.writeCsr('vsstatus', SUM);
      second.map(GPA, page(3), ALL | U);
      expect(load(0)).toEqual({ result: 0x5566_7788n });
    });

    test('MPRV with MPV lends M the guest\'s translation', () => {
      bench.hart.mode = 'M';
      bench.hart.writeCsr('mstatus', (1n << 17n) | (1n << 39n) | (1n << 11n));
      expect(translate(LOAD)).toEqual({ result: page(3) });
      expect(translate(FETCH, page(1)), 'but not to fetch').toEqual({ result: page(1) });
      bench.hart.writeCsr('mstatus', (1n << 17n) | (1n << 39n) | (3n << 11n));
      expect(translate(LOAD, page(1)), 'MPP = M is no guest').toEqual({ result: page(1) });
    });

    test('a page of 64 KiB takes four bits of its number from the address, in either stage', () => {
      const base = VA & ~0xffffn;
      first.write(first.entryAt(VA), (((GPA & ~0xffffn) >> 12n) << 10n) | (8n << 10n) | N | ALL | 1n);
      second.map((GPA & ~0xffffn) | (VA - base), page(6), ALL | U);
      expect(translate(LOAD)).toEqual({ result: page(6) });
      first.write(first.entryAt(VA), (((GPA & ~0xffffn) >> 12n) << 10n) | (4n << 10n) | N | ALL | 1n);
      bench.executor.call('tlbDropAll');
      expect(translate(LOAD), 'another size is reserved').toEqual({ cause: 13, tval: VA });
    });
  });
});
