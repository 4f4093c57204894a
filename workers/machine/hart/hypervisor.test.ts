/** V = 1: which registers a guest finds, what it may not do, where its traps go, and what they leave behind (privileged manual, 8.2 to 8.6). */
import { beforeEach, describe, expect, test } from 'vitest';
import { csrNumber, VSSTATUS_FIXED } from '../../isa/csrs.ts';
import type { Mode } from '../../trace/events.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../memory-layout.ts';

const WORD = 0x1234_5673n;
const ILLEGAL = { cause: 2, tval: WORD };
const VIRTUAL = { cause: 22, tval: WORD };
const ALLOWED = { result: undefined };
const INTERRUPT = 1n << 63n;
const ONES = (1n << 64n) - 1n;
const SIE = 2n, SPIE = 1n << 5n, SPP = 1n << 8n;
const TVM = 1n << 20n, TW = 1n << 21n;
const VTVM = 1n << 20n, VTW = 1n << 21n, VTSR = 1n << 22n, HU = 1n << 9n, SPVP = 1n << 8n, SPV = 1n << 7n, GVA = 1n << 6n;
const MPV = 1n << 39n, MGVA = 1n << 38n;
const STCE = 1n << 63n;

describe.each(TARGETS)('the hypervisor extension ($name)', (target) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench(target);
    for (const [name, at] of [['mtvec', 0x1000n], ['stvec', 0x2000n], ['vstvec', 0x3000n]] as const) bench.hart.writeCsr(name, RAM_BASE + at);
  });
  const check = (name: string | number, writes = false): unknown =>
    bench.attempt('csrCheck', BigInt(typeof name === 'number' ? name : csrNumber(name)), writes ? 1 : 0, WORD);
  const as = <T>(mode: Mode, what: () => T): T => { const before = bench.hart.mode; bench.hart.mode = mode; const result = what(); bench.hart.mode = before; return result; };
  const raise = (from: Mode, cause: number, tval = 0n): Mode => {
    bench.hart.mode = from;
    bench.executor.call('raiseException', BigInt(cause), RAM_BASE + 0x100n, tval);
    return bench.hart.mode;
  };

  test('VS finds its own copies under the supervisor names, HS the originals', () => {
    const target = (name: string): unknown => bench.executor.call('csrTarget', BigInt(csrNumber(name)));
    for (const name of ['sstatus', 'sie', 'stvec', 'sscratch', 'sepc', 'scause', 'stval', 'sip', 'satp', 'stimecmp']) {
      expect(as('S', () => target(name)), name).toBe(BigInt(csrNumber(name)));
      expect(as('VS', () => target(name)), name).toBe(BigInt(csrNumber(`v${name}`)));
    }
    for (const name of ['scounteren', 'senvcfg', 'vsstatus', 'hstatus']) expect(as('VS', () => target(name)), name).toBe(BigInt(csrNumber(name)));
  });

  test.each<[string, Mode, unknown]>([
    ['hstatus', 'M', ALLOWED], ['hstatus', 'S', ALLOWED], ['hstatus', 'U', ILLEGAL], ['hstatus', 'VS', VIRTUAL], ['hstatus', 'VU', VIRTUAL],
    ['vsstatus', 'S', ALLOWED], ['vsstatus', 'VS', VIRTUAL], ['vsstatus', 'U', ILLEGAL],
    ['sstatus', 'VS', ALLOWED], ['sstatus', 'VU', VIRTUAL], ['sstatus', 'U', ILLEGAL],
    ['mstatus', 'VS', ILLEGAL], ['mtval2', 'VU', ILLEGAL], ['mtinst', 'S', ILLEGAL],
  ])('%s in %s', (name, mode, outcome) => {
    expect(as(mode, () => check(name, true))).toEqual(outcome);
  });

  test('what HS could not do is illegal in a guest, too: writing what is read-only, and registers that do not exist', () => {
    expect(as('VS', () => check('hgeip'))).toEqual(VIRTUAL);
    expect(as('VS', () => check('hgeip', true))).toEqual(ILLEGAL);
    expect(as('VS', () => check(0x601))).toEqual(ILLEGAL);
  });

  test('VTVM takes satp and sfence.vma from VS, TVM hgatp and hfence.gvma from HS', () => {
    const fence = (): unknown => bench.attempt('fenceVma', 0n, 0n, 0n, 0n, WORD);
    const guestFence = (): unknown => bench.attempt('fenceGuestPhysical', 0n, 0n, WORD);
    expect([as('VS', () => check('satp')), as('VS', fence), as('S', () => check('hgatp')), as('S', guestFence)]).toEqual([ALLOWED, ALLOWED, ALLOWED, ALLOWED]);
    bench.hart.writeCsr('hstatus', VTVM);
    expect([as('VS', () => check('satp')), as('VS', fence)]).toEqual([VIRTUAL, VIRTUAL]);
    bench.hart.writeCsr('mstatus', TVM);
    expect([as('S', () => check('hgatp')), as('S', guestFence), as('S', () => check('vsatp'))]).toEqual([ILLEGAL, ILLEGAL, ALLOWED]);
    expect(as('VU', fence)).toEqual(VIRTUAL);
  });

  test('fences and accesses of a guest are HS\'s; U has the accesses when HU is set', () => {
    const load = (): unknown => bench.attempt('guestLoad', RAM_BASE, 4, 0, WORD);
    const fence = (): unknown => bench.attempt('fenceGuestVirtual', 0n, 0n, 0n, 0n, WORD);
    for (const mode of ['VS', 'VU'] as const) expect([as(mode, load), as(mode, fence)], mode).toEqual([VIRTUAL, VIRTUAL]);
    expect([as('U', load), as('U', fence)]).toEqual([ILLEGAL, ILLEGAL]);
    bench.hart.writeCsr('hstatus', HU);
    expect([as('U', load), as('U', fence)]).toEqual([{ result: 0n }, ILLEGAL]);
  });

  test('wfi in a guest: TW makes it illegal, VTW and VU a virtual instruction', () => {
    const wait = (): unknown => bench.attempt('waitForInterruptCheck', WORD);
    expect([as('VS', wait), as('VU', wait)]).toEqual([ALLOWED, VIRTUAL]);
    bench.hart.writeCsr('hstatus', VTW);
    expect(as('VS', wait)).toEqual(VIRTUAL);
    bench.hart.writeCsr('mstatus', TW);
    expect([as('VS', wait), as('VU', wait), as('M', wait)]).toEqual([ILLEGAL, ILLEGAL, ALLOWED]);
  });

  test('a counter closed by M is illegal, one closed by HS or by VS a virtual instruction', () => {
    expect(as('VS', () => check('time'))).toEqual(ILLEGAL);
    bench.hart.writeCsr('mcounteren', 2n);
    expect(as('VS', () => check('time'))).toEqual(VIRTUAL);
    bench.hart.writeCsr('hcounteren', 2n);
    expect([as('VS', () => check('time')), as('VU', () => check('time'))]).toEqual([ALLOWED, VIRTUAL]);
    bench.hart.writeCsr('scounteren', 2n);
    expect(as('VU', () => check('time'))).toEqual(ALLOWED);
    expect(as('VU', () => check('time', true))).toEqual(ILLEGAL);
  });

  test('stimecmp needs STCE and TM of M, a guest\'s those of HS as well', () => {
    const tried = (): unknown[] => [as('S', () => check('stimecmp')), as('VS', () => check('stimecmp')), as('S', () => check('vstimecmp'))];
    expect(tried()).toEqual([ILLEGAL, ILLEGAL, ILLEGAL]);
    bench.hart.writeCsr('menvcfg', STCE);
    bench.hart.writeCsr('mcounteren', 2n);
    expect(tried()).toEqual([ALLOWED, VIRTUAL, ALLOWED]);
    bench.hart.writeCsr('henvcfg', STCE);
    bench.hart.writeCsr('hcounteren', 2n);
    expect(tried()).toEqual([ALLOWED, ALLOWED, ALLOWED]);
    bench.hart.writeCsr('menvcfg', 0n);
    expect(bench.hart.readCsr('henvcfg') & STCE, 'read-only zero then').toBe(0n);
  });

  test('time in a guest is ahead by htimedelta, and its timer by vstimecmp', () => {
    bench.hart.writeCsr('menvcfg', STCE);
    bench.hart.writeCsr('henvcfg', STCE);
    bench.hart.writeCsr('htimedelta', 1000n);
    bench.hart.writeCsr('vstimecmp', 1200n);
    bench.hart.setState('instret', 199n);
    expect([bench.hart.readCsr('time'), as('VS', () => bench.hart.readCsr('time'))]).toEqual([199n, 1199n]);
    bench.hart.updatePending();
    expect(bench.hart.readCsr('hip')).toBe(0n);
    bench.hart.setState('instret', 200n);
    bench.hart.updatePending();
    expect([bench.hart.readCsr('hip'), bench.hart.readCsr('vsip')]).toEqual([0x40n, 0n]);
    bench.hart.writeCsr('hideleg', ONES);
    expect(bench.hart.readCsr('vsip')).toBe(0x20n);
  });

  test('exceptions of a guest go to M, by medeleg to HS, and by hedeleg on to VS', () => {
    const PAGE_FAULT = 13;
    expect(raise('VU', PAGE_FAULT)).toBe('M');
    bench.hart.writeCsr('medeleg', ONES);
    expect(raise('VU', PAGE_FAULT)).toBe('S');
    bench.hart.writeCsr('hedeleg', ONES);
    expect(raise('VU', PAGE_FAULT)).toBe('VS');
    expect(bench.hart.pc).toBe(RAM_BASE + 0x3000n);
    expect(raise('U', PAGE_FAULT), 'not from outside the guest').toBe('S');
    for (const cause of [10, 20, 21, 22, 23]) expect(raise('VS', cause), `hedeleg has no bit ${String(cause)}`).toBe('S');
  });

  test('a trap to HS says whether and in which mode a guest ran, and of which address the value is', () => {
    bench.hart.writeCsr('medeleg', ONES);
    bench.hart.setState('accessVirtual', 1n);
    bench.hart.setState('faultGuest', 0x55n);
    bench.hart.setState('faultPseudo', 0x3000n);
    const seen = (): bigint => bench.hart.readCsr('hstatus') & (SPV | SPVP | GVA);
    raise('VS', 21, 0x777n);
    expect([seen(), bench.hart.readCsr('sstatus') & SPP, bench.hart.readCsr('htval'), bench.hart.readCsr('htinst'), bench.hart.readCsr('stval')])
      .toEqual([SPV | SPVP | GVA, SPP, 0x55n, 0x3000n, 0x777n]);
    raise('VU', 8);
    expect([seen(), bench.hart.readCsr('htval'), bench.hart.readCsr('htinst')]).toEqual([SPV, 0n, 0n]);
    raise('VS', 22, WORD);
    expect(seen()).toBe(SPV | SPVP);
    raise('U', 8);
    expect(seen(), 'SPVP stays when no guest ran').toBe(SPVP);
  });

  test('a trap to M says the same in mstatus, mtval2 and mtinst', () => {
    bench.hart.setState('accessVirtual', 1n);
    bench.hart.setState('faultGuest', 0x99n);
    bench.hart.setState('faultPseudo', 0n);
    raise('VU', 20, 0x888n);
    const status = bench.hart.readCsr('mstatus');
    expect([status & MPV, status & MGVA, (status >> 11n) & 3n, bench.hart.readCsr('mtval2')]).toEqual([MPV, MGVA, 0n, 0x99n]);
    bench.hart.setState('pc', 0n);
    bench.hart.mret();
    expect([bench.hart.mode, bench.hart.readCsr('mstatus') & MPV]).toEqual(['VU', 0n]);
  });

  test('sret in HS enters the guest by SPV, sret in VS stays in it, and VTSR takes it away', () => {
    bench.hart.mode = 'S';
    bench.hart.writeCsr('hstatus', SPV | VTSR);
    bench.hart.writeCsr('sstatus', SPP);
    expect(bench.attempt('supervisorReturn', WORD)).toEqual({ result: 0n });
    expect([bench.hart.mode, bench.hart.readCsr('hstatus') & SPV]).toEqual(['VS', 0n]);
    expect(bench.attempt('supervisorReturn', WORD)).toEqual(VIRTUAL);
    bench.hart.writeCsr('hstatus', 0n);
    bench.hart.writeCsr('vsstatus', SPIE);
    bench.hart.writeCsr('vsepc', 0x4444n);
    expect(bench.attempt('supervisorReturn', WORD)).toEqual({ result: 0x4444n });
    expect([bench.hart.mode, bench.hart.readCsr('vsstatus')]).toEqual(['VU', VSSTATUS_FIXED | SIE | SPIE]);
    expect(bench.attempt('supervisorReturn', WORD)).toEqual(VIRTUAL);
  });

  test('an injected interrupt reaches VS at the supervisor\'s code, when hideleg, vsie and vsstatus let it', () => {
    bench.hart.writeCsr('hvip', 0x444n);
    bench.hart.writeCsr('hie', 0x444n);
    const next = (mode: Mode): unknown => as(mode, () => bench.executor.call('pendingInterrupt'));
    expect([next('M'), next('S')], 'not delegated: HS takes them when it may').toEqual([0n, 0n]);
    expect(next('VS')).toBe(INTERRUPT | 10n);
    bench.hart.writeCsr('hideleg', 0x444n);
    expect([next('VS'), next('VU'), next('U')]).toEqual([0n, INTERRUPT | 10n, 0n]);
    expect(as('VS', () => [bench.hart.readCsr('vsie'), bench.hart.readCsr('vsip'), bench.hart.readCsr('sip')])).toEqual([0x222n, 0x222n, 0n]);
    bench.hart.writeCsr('vsstatus', SIE);
    bench.hart.mode = 'VS';
    expect(bench.executor.call('takeInterrupt', RAM_BASE)).toBe(1);
    expect([bench.hart.mode, bench.hart.readCsr('vscause'), bench.hart.readCsr('scause')]).toEqual(['VS', INTERRUPT | 9n, 0n]);
    bench.hart.writeCsr('vsip', 0n);
    expect(bench.hart.readCsr('hvip'), 'VS may clear its software interrupt only').toBe(0x440n);
  });

  test('the call from VS has a cause of its own', () => {
    expect((['VU', 'VS', 'S'] as const).map((mode) => as(mode, () => bench.attempt('environmentCall')))).toEqual([8, 10, 9].map((cause) => ({ cause, tval: 0n })));
  });

  test('hgatp keeps a root of 16 KiB and 14 bits of VMID; of a write with another MODE it takes all but that (8.2.10), where satp and vsatp take nothing', () => {
    bench.hart.writeCsr('hgatp', (8n << 60n) | (0xffffn << 44n) | 0x1237n);
    expect(bench.hart.readCsr('hgatp')).toBe((8n << 60n) | (0x3fffn << 44n) | 0x1234n);
    bench.hart.writeCsr('hgatp', (10n << 60n) | (5n << 44n) | 0x5678n);
    expect(bench.hart.readCsr('hgatp')).toBe((8n << 60n) | (5n << 44n) | 0x5678n);
    for (const name of ['satp', 'vsatp']) {
      bench.hart.writeCsr(name, (9n << 60n) | 0x1234n);
      bench.hart.writeCsr(name, (10n << 60n) | 0x5678n);
      expect(bench.hart.readCsr(name), name).toBe((9n << 60n) | 0x1234n);
    }
  });
});

test('without the extension its registers do not exist, and no bit of it is anywhere', async () => {
  const bench = await createBench(TARGETS[0]!);
  const { hart } = bench;
  hart.setState('misa', hart.state('misa') & ~(1n << 7n));
  hart.setState('mideleg', 0n);
  for (const name of ['hstatus', 'vsatp', 'mtinst', 'hgeip']) expect(bench.attempt('csrCheck', BigInt(csrNumber(name)), 0, WORD), name).toEqual(ILLEGAL);
  for (const name of ['mie', 'mideleg', 'medeleg', 'mstatus']) hart.writeCsr(name, ONES);
  expect([hart.readCsr('mie'), hart.readCsr('mideleg'), hart.readCsr('medeleg'), hart.readCsr('mstatus') & (MPV | MGVA)]).toEqual([0xaaan, 0x222n, 0xb3ffn, 0n]);
  expect(bench.attempt('fenceGuestVirtual', 0n, 0n, 0n, 0n, WORD)).toEqual(ILLEGAL);
});
