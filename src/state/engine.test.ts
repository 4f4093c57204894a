import { describe, expect, test } from 'vitest';
import type { EngineWork, Frame, RunStatus } from '../../workers/protocol/lab-api.ts';
import { nextEngine, type EngineState } from './engine.ts';

const NOTHING: EngineWork = {
  translated: 0, interpreted: 0, regions: 0, regionInstructions: 0, made: 0, codeBytes: 0, compileMilliseconds: 0, evicted: 0, dropped: 0,
  entered: 0, left: { region: 0, instruction: 0, interpreter: 0, budget: 0 }, fills: 0, walks: 0,
};

/** Only what is read of a frame. */
const frame = (state: 'running' | 'paused' | 'idle', at: number, translated: number, interpreted: number): Frame =>
  ({ view: { status: { state } satisfies RunStatus }, engine: { at, work: { ...NOTHING, translated, interpreted } } }) as unknown as Frame;

const after = (...frames: readonly Frame[]): EngineState => {
  let state: EngineState | undefined;
  for (const next of frames) state = nextEngine(state, next);
  return state!;
};

describe('the speed of the engine', () => {
  test('is a sample for each quarter of a second of running, in million steps a second by tier', () => {
    const { samples } = after(frame('running', 1000, 0, 0), frame('running', 1100, 5e6, 1e6), frame('running', 1250, 100e6, 10e6), frame('running', 1500, 300e6, 10e6));
    expect(samples).toEqual([{ at: 0.25, translated: 400, interpreted: 40 }, { at: 0.5, translated: 800, interpreted: 0 }]);
  });

  test('counts time of running only: a pause leaves no gap, and the stretch before it is not lost', () => {
    const { samples } = after(frame('running', 0, 0, 0), frame('paused', 100, 0, 1e6), frame('paused', 9000, 0, 1e6), frame('running', 9500, 0, 1e6), frame('running', 9750, 0, 2e6));
    expect(samples).toEqual([{ at: 0.1, translated: 0, interpreted: 10 }, { at: 0.35, translated: 0, interpreted: 4 }]);
  });

  test('says nothing of stretches that are shorter than clocks are exact, and of single steps', () => {
    expect(after(frame('running', 0, 0, 0), frame('paused', 5, 0, 9e6), frame('paused', 700, 0, 9e6 + 1)).samples).toEqual([]);
  });

  test('begins anew with another machine', () => {
    const state = after(frame('running', 0, 0, 0), frame('paused', 500, 0, 9e6), frame('paused', 600, 0, 0));
    expect(state).toMatchObject({ samples: [], ran: 0, since: undefined });
  });

  test('keeps the last minute', () => {
    const { samples } = after(...Array.from({ length: 300 }, (_, n) => frame('running', n * 250, 0, n * 1e6)));
    expect(samples).toHaveLength(240);
    expect(samples.at(-1)!.at).toBeCloseTo(299 / 4);
  });
});
