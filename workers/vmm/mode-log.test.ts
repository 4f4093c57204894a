import { expect, test } from 'vitest';
import { TRAP_LOG_ENTRIES } from '../machine/memory-layout.ts';
import { ModeLog } from './mode-log.ts';

test('the modes before and after an exit, and whose it was, are remembered, M too, until their place is needed', () => {
  const log = new ModeLog();
  const pairs = (['U', 'S', 'M'] as const).flatMap((before) => (['U', 'S', 'M'] as const).map((after, number) => ({ number, before, after })));
  for (const [trap, { number, before, after }] of pairs.entries()) log.record(trap, before, after, number);
  expect(pairs.map((_pair, trap) => log.of(trap))).toEqual(pairs);
  expect(log.of(pairs.length), 'nothing has happened there').toBeUndefined();
  log.record(TRAP_LOG_ENTRIES, 'M', 'U', 7);
  expect(log.of(0)).toEqual({ number: 7, before: 'M', after: 'U' });
});
