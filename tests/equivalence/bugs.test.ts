/**
 * Each bug of the VMM that can be turned on, with a kernel that meets it (bugs.s). Twice: the lab stops at the first wrong moment and names the rule of
 * SPEC.md; and without that check the kernel's console and end are not those of the bare machine. Without the bug neither happens.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVERY_TRAP, NO_STOPS } from '../../workers/lab/board.ts';
import { open, type OpenProgram } from '../../workers/lab/open.ts';
import type { LoadRequest } from '../../workers/protocol/lab-api.ts';
import type { HaltReason } from '../../workers/trace/events.ts';
import { BUGS } from '../../workers/vmm/bugs.ts';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { letterText } from '../support/guest-image.ts';

const [MACROS, ...KERNELS] = readFileSync(new URL('../../public/guests/bugs/kernels.s', import.meta.url), 'utf8').split(/^# bug /m) as [string, ...string[]];
const kernels = new Map(KERNELS.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n'))]));

const STEPS = 20_000;

function start(kernel: string, how: Partial<LoadRequest> = {}): OpenProgram {
  const program = { kind: 'assembly', name: `a kernel for ${kernel}`, text: letterText(`${MACROS}${kernels.get(kernel) ?? ''}`) } as const;
  const opened = open({ program, regime: 'trap-and-emulate', memoryBytes: 4 << 20, engine: 'interpreter', passThrough: kernel === 'iommu-off', ...how });
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.open;
}

function run(kernel: string, how: Partial<LoadRequest> = {}): { readonly program: OpenProgram; readonly end: HaltReason | undefined; readonly seen: unknown } {
  const program = start(kernel, how);
  const { session } = program;
  session.checkpoint();
  session.advance(STEPS, true);
  const end = session.board.halted;
  return { program, end, seen: { end, console: session.console.text() } };
}

const brokenBy = (end: HaltReason | undefined) => (end?.by === 'stuck' ? end.broken : undefined);

describe('a bug of the VMM', () => {
  const rows = BUGS.map(({ id, rule }) => ({ id, rule }));

  test.each(rows)('$rule: $id stops the guest at the first wrong moment, and names the rule', ({ id, rule }) => {
    expect(kernels.has(id), 'there is a kernel for it').toBe(true);
    const { program: { session }, end } = run(id, { bugs: [id] });
    const broken = brokenBy(end);
    expect(broken?.rule).toBe(rule);
    expect(broken!.sentence['zh-CN']).not.toBe(broken!.sentence.en);
    expect(end).toMatchObject({ by: 'stuck', message: `The VMM has broken its rule ${rule}: ${broken!.sentence.en}` });
    // It is the first: an exit earlier nothing is wrong.
    const trap = session.board.trapCount - 1;
    session.returnBefore(0);
    session.withStops({ ...NO_STOPS, ...EVERY_TRAP }, () => { while (session.board.trapCount < trap) session.advance(STEPS, true); });
    expect(session.board.halted).toBeUndefined();
    session.advance(STEPS, true);
    expect(session.board.halted).toEqual(end);
    expect(session.board.trapCount).toBe(trap + 1);
  });

  test.each(rows)('$rule: $id makes a guest see something else than on the bare machine', ({ id }) => {
    const bare = run(id, { regime: 'bare' }).seen;
    expect(run(id).seen).toEqual(bare);
    expect(run(id, { bugs: [id], checked: false }).seen).not.toEqual(bare);
  });

  test.each(SHADOW_VARIANTS)('S9: is not found where the guest does not meet it, and costs it nothing (%s)', (shadow) => {
    const program = { kind: 'assembly', name: 'processes.s', text: readFileSync(new URL('../../public/guests/processes.s', import.meta.url), 'utf8') } as const;
    const ends = [{ regime: 'bare' }, { regime: 'trap-and-emulate', shadow, bugs: ['device-sign', 'escape'] }].map((how) => {
      const opened = open({ program, memoryBytes: 4 << 20, engine: 'interpreter', ...how } as LoadRequest);
      if (!opened.ok) throw new Error(opened.problem.message);
      const { session } = opened.open;
      session.advance(1_000_000, true);
      return { end: session.board.halted, console: session.console.text(), time: session.instant.time };
    });
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[0]!.end).toMatchObject({ exitCode: 0 });
  });

  test('of several the one is named that does wrong first', () => {
    const { end } = run('no-memory-is-page-fault', { bugs: ['sepc-behind-ecall', 'wfi-sleeps-on', 'no-memory-is-page-fault', 'device-sign'] });
    expect(brokenBy(end)?.rule).toBe('T5');
  });

  test('is turned on and off while the guest runs, and replay does the same', () => {
    const { session } = start('device-sign');
    session.checkpoint();
    session.advance(8, true);
    session.set({ kind: 'bugs', bugs: ['device-sign'], checked: true });
    session.advance(STEPS, true);
    const end = session.board.halted;
    expect(brokenBy(end)?.rule).toBe('T6');
    session.returnBefore(0);
    session.advance(7, true);
    expect(session.board.mistakes).toMatchObject({ bugs: [], checked: false });
    session.advance(STEPS, true);
    expect(session.board.halted).toEqual(end);
    // Before the wrong exit, without the bug: the guest goes on as on the bare machine.
    const at = session.position;
    session.returnBefore(0);
    session.advance(at - 1, true);
    session.set({ kind: 'bugs', bugs: [], checked: true });
    session.advance(STEPS, true);
    expect({ end: session.board.halted, console: session.console.text() }).toEqual(run('device-sign', { regime: 'bare' }).seen);
  });

  test('all of them together end in something clear', () => {
    expect(brokenBy(run('escape', { bugs: BUGS.map(({ id }) => id) }).end)?.rule).toBeDefined();
    run('escape', { bugs: BUGS.map(({ id }) => id), checked: false });
  });

  test('is named and told in both languages, and breaks a rule of the specification', () => {
    const specification = readFileSync(new URL('../../workers/vmm/SPEC.md', import.meta.url), 'utf8');
    for (const { id, rule, title, sentence } of BUGS) {
      expect(specification, id).toContain(`- ${rule}. `);
      for (const language of ['en', 'zh-CN'] as const) expect(title[language].length * sentence[language].length, id).toBeGreaterThan(0);
    }
    expect(new Set(BUGS.map(({ id }) => id)).size).toBe(BUGS.length);
  });
});
