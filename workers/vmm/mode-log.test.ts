import { expect, test } from 'vitest';
import { TRAP_LOG_ENTRIES } from '../machine/memory-layout.ts';
import { ModeLog } from './mode-log.ts';

test('the modes before and after an exit are remembered, M too, until their place is needed', () => {
  const log = new ModeLog();
  const pairs = (['U', 'S', 'M'] as const).flatMap((before) => (['U', 'S', 'M'] as const).map((after) => ({ before, after })));
  for (const [trap, { before, after }] of pairs.entries()) log.record(trap, before, after);
  expect(pairs.map((_pair, trap) => log.of(trap))).toEqual(pairs);
  expect(log.of(pairs.length), 'nothing has happened there').toBeUndefined();
  log.record(TRAP_LOG_ENTRIES, 'M', 'U');
  expect(log.of(0)).toEqual({ before: 'M', after: 'U' });
});
