/** Runs batches of random snippets on two machines, and makes what differs small. */
import { Random } from '../differential/random.ts';
import { compare, type Difference } from './compare.ts';
import type { Features } from './features.ts';
import { ImageBuilder } from './image.ts';
import type { Kind } from './kinds/kind.ts';
import { Names, parseLog, type Outcome } from './log.ts';
import type { Target } from './machines.ts';
import type { Snippet } from './snippet.ts';

export interface Pair {
  readonly theirs: Target;
  readonly ours: Target;
  /** Nothing is forgiven: both are engines of ours. */
  readonly strict: boolean;
}

export interface Failure {
  readonly snippet: Snippet;
  readonly differences: readonly Difference[];
  readonly theirs: Outcome;
  readonly ours: Outcome;
}

type Ran = { readonly outcomes: readonly Outcome[] } | { readonly failure: string };

const failed = (message: string): Difference[] => [{ where: message, name: 'run', theirs: 0n, ours: 0n }];

/** What a difference is about: one that becomes another while it shrinks is another. */
function kindOf({ differences: [first] }: Failure): string {
  const { name, theirs, ours } = first!;
  return name.endsWith('cause') ? `${name} ${String(theirs)} ${String(ours)}` : /^memory/.test(name) ? 'memory' : name;
}

export class Session {
  readonly #images: ImageBuilder;
  readonly #features: Features;
  readonly #pair: Pair;
  readonly names: Names;

  constructor(features: Features, pair: Pair) {
    this.#features = features;
    this.#pair = pair;
    this.#images = new ImageBuilder(features);
    this.names = new Names(features);
  }

  /** The snippets of a seed. */
  snippets(kind: Kind, seed: number, count: number): Snippet[] {
    const random = new Random(seed);
    const context = { features: this.#features, kept: this.#images.kept };
    return Array.from({ length: count }, () => kind.snippet(new Random(random.word()), context));
  }

  /** The first snippet that differs, as it is. */
  async firstDifference(snippets: readonly Snippet[]): Promise<Failure | undefined> {
    const [theirs, ours] = await this.#both(snippets);
    const broken = [[this.#pair.theirs.name, theirs], [this.#pair.ours.name, ours]].flatMap(([name, ran]) => (typeof ran === 'object' && 'failure' in ran ? [`${name as string}: ${ran.failure}`] : []));
    if ('failure' in theirs || 'failure' in ours) {
      // Something hangs or breaks the harness: in one of the halves, or it is the only one.
      if (snippets.length === 1) return { snippet: snippets[0]!, differences: failed(broken.join('; ')), theirs: [], ours: [] };
      const half = snippets.length >> 1;
      return await this.firstDifference(snippets.slice(0, half)) ?? await this.firstDifference(snippets.slice(half));
    }
    for (const [index, snippet] of snippets.entries()) {
      const [a, b] = [theirs.outcomes[index]!, ours.outcomes[index]!];
      const differences = this.#compare(snippet, a, b);
      if (differences.length > 0) return { snippet, differences, theirs: a, ours: b };
    }
    return undefined;
  }

  /** All the snippets that differ; for looking at many at once. */
  async allDifferences(snippets: readonly Snippet[]): Promise<Failure[]> {
    const [theirs, ours] = await this.#both(snippets);
    if ('failure' in theirs || 'failure' in ours) {
      const first = await this.firstDifference(snippets);
      return first ? [first] : [];
    }
    return snippets.flatMap((snippet, index) => {
      const [a, b] = [theirs.outcomes[index]!, ours.outcomes[index]!];
      const differences = this.#compare(snippet, a, b);
      return differences.length > 0 ? [{ snippet, differences, theirs: a, ours: b }] : [];
    });
  }

  #compare({ readsCsrs = false }: Snippet, theirs: Outcome, ours: Outcome): Difference[] {
    return compare(theirs, ours, { names: this.names, features: this.#features, readsCsrs, strict: this.#pair.strict });
  }

  async #both(snippets: readonly Snippet[]): Promise<readonly [Ran, Ran]> {
    const { theirs, ours } = this.#pair;
    return Promise.all([this.#run(theirs, snippets), this.#run(ours, snippets)]);
  }

  async #run(target: Target, snippets: readonly Snippet[]): Promise<Ran> {
    const { log, failure } = await target.run(this.#images.build(snippets, target.semihosting), snippets.length);
    if (failure !== undefined) return { failure };
    const { outcomes, broken } = parseLog(log);
    if (broken !== undefined) return { failure: broken };
    return outcomes.length === snippets.length ? { outcomes } : { failure: `ran ${String(outcomes.length)} of ${String(snippets.length)} snippets` };
  }

  /** Drops what is not needed for a difference, piece by piece, while it still differs in the same. */
  async shrink(failure: Failure): Promise<Failure> {
    let least = failure;
    const wanted = kindOf(failure);
    const attempt = async (snippet: Snippet): Promise<boolean> => {
      const smaller = await this.firstDifference([snippet]);
      if (!smaller || kindOf(smaller) !== wanted) return false;
      least = smaller;
      return true;
    };
    for (const list of ['body', 'setup', 'pokes'] as const) {
      for (let piece = Math.max(1, failure.snippet[list].length >> 1); piece >= 1; piece >>= 1) {
        for (let at = 0; at + piece <= least.snippet[list].length;) {
          const { snippet } = least;
          if (!await attempt({ ...snippet, [list]: (snippet[list] as readonly unknown[]).toSpliced(at, piece) })) at += piece;
        }
      }
    }
    return least;
  }
}
