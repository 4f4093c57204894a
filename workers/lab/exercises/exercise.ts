/**
 * What an exercise is: a program with blanks, its solution, and checks on the machine that ran it. All of it is data, so the page and
 * `lab check` judge by the same rules, and a teacher can read the rules.
 */
import type { Prose } from '../../isa/row.ts';
import type { Regime } from '../../protocol/lab-api.ts';

/** What a check expects of the machine when the program has ended. */
export type Expectation =
  | { readonly of: 'console'; readonly equals: string }
  | { readonly of: 'console'; readonly contains: string }
  /** An integer register by its ABI name, as the guest left it. */
  | { readonly of: 'register'; readonly name: string; readonly equals: bigint }
  | { readonly of: 'real-csr' | 'virtual-csr'; readonly name: string; readonly equals: bigint }
  /** Bits high..low of a CSR. */
  | { readonly of: 'real-csr' | 'virtual-csr'; readonly name: string; readonly high: number; readonly low: number; readonly equals: bigint }
  /** A doubleword of guest memory at a symbol of the program. */
  | { readonly of: 'memory'; readonly symbol: string; readonly equals: bigint }
  /** How many traps with this cause name the real hart took. */
  | { readonly of: 'traps'; readonly cause: string; readonly exactly: number }
  | { readonly of: 'traps'; readonly cause: string; readonly atLeast: number }
  /** These causes appear among the real hart's traps in this order (others may come between). */
  | { readonly of: 'trap-order'; readonly causes: readonly string[] }
  /** The program ends by itself, with this exit code, within the exercise's limit. */
  | { readonly of: 'end'; readonly exitCode: number };

export interface Check {
  readonly id: string;
  readonly expect: Expectation;
  /** What is looked at, as a short noun phrase: the row's title in the list of results. */
  readonly title: Prose;
  /** What is wrong, why, and what to look at. `{actual}` is replaced by what the machine shows. */
  readonly failure: Prose;
}

export interface Exercise {
  readonly id: string;
  readonly regime: Regime;
  /** What to do: paragraphs, a line each; a line that begins with `- ` is an item of a list; `...` is code. */
  readonly task: Prose;
  /** The comments of the programs below in Chinese, by the English. */
  readonly comments: Readonly<Record<string, string>>;
  /** What the learner begins with; the places to fill in are marked `# ... your code here`. */
  readonly starter: string;
  readonly solution: string;
  /** Instructions after which a program counts as endless. */
  readonly instructionLimit: number;
  /** In the order in which a learner should read them: the first that fails is the one to fix first. */
  readonly checks: readonly Check[];
}

/** A program of an exercise with its comments in this language. */
export function inLanguage(program: string, language: keyof Prose, comments: Exercise['comments']): string {
  if (language === 'en') return program;
  return program.replace(/#( -+)? ([^#\n]+)$/gm, (whole, rule: string | undefined, comment: string) => {
    const translated = comments[comment.trimEnd()];
    return translated === undefined ? whole : `#${rule ?? ''} ${translated}`;
  });
}
