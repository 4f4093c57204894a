/** The engine that programs run on: the interpreter, and above it the translator of hot code. */
import type { Executor } from '../../machine/executor.ts';
import type { EngineWork } from '../../trace/engine-work.ts';
import type { EngineOptions } from '../engine-options.ts';
import { Interpreter, regionTable } from '../interpreter/interpreter.ts';
import { DEFAULT_SETTINGS, Translator, type TranslatorSettings, type TranslatorStatistics } from './translator.ts';

export class TranslatingEngine extends Interpreter {
  override readonly name = 'translator';
  readonly #translator: Translator;

  constructor(options: EngineOptions, settings: TranslatorSettings) {
    const table = regionTable();
    const translator = new Translator({ ...options, table, settings, now: () => performance.now() });
    super(options, { tier: translator, table });
    this.#translator = translator;
  }

  get statistics(): TranslatorStatistics {
    return this.#translator.statistics;
  }

  override get work(): EngineWork {
    const { regions, compiled, compileMilliseconds, codeBytes, instructions, evicted } = this.statistics;
    return { ...super.work, regions, regionInstructions: instructions, made: compiled, codeBytes, compileMilliseconds, evicted, dropped: compiled - regions - evicted };
  }
}

export const createTranslator = (options: EngineOptions): Executor => new TranslatingEngine(options, DEFAULT_SETTINGS);

/** With other settings, such as those that translate at once, for tests. */
export const translatorWith = (settings: Partial<TranslatorSettings>) => (options: EngineOptions): TranslatingEngine =>
  new TranslatingEngine(options, { ...DEFAULT_SETTINGS, ...settings });
