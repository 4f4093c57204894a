import { COUNTERS } from '../machine/memory-layout.ts';
import type { EngineWork } from '../trace/engine-work.ts';

/** The work of an engine that took so many steps, as far as its memory tells; that of a translator's making is not in it. */
export function workOf(memory: DataView, steps: number): EngineWork {
  const counter = (name: keyof typeof COUNTERS): number => Number(memory.getBigUint64(COUNTERS[name], true));
  const [entered, instruction, interpreter, budget, translated] = [counter('regionsEntered'), counter('leftForInstruction'), counter('leftForInterpreter'), counter('leftForBudget'), counter('translatedSteps')];
  return {
    translated, interpreted: steps - translated,
    regions: 0, regionInstructions: 0, made: 0, codeBytes: 0, compileMilliseconds: 0, evicted: 0, dropped: 0,
    entered, left: { region: entered - instruction - interpreter - budget, instruction, interpreter, budget },
    fills: counter('fastTlbFills'), walks: counter('pageWalks'),
  };
}
