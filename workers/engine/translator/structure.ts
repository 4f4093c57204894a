/**
 * How blocks in the order of their addresses become WebAssembly's structured control flow. A jump forward leaves a `block` that ends
 * where its target begins; a jump back repeats a `loop`, where the loop is entered at its head only. All else (entries in the middle
 * of a loop, calls backward, indirect jumps) goes through the dispatcher, one `br_table` at the top of the function.
 */

/** From block to block, by index. `repeats`: a jump back of this kind may make a loop (a call may not). */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly repeats: boolean;
}

/** Blocks head..last, entered at the head only. */
export interface Loop {
  readonly head: number;
  readonly last: number;
}

export interface Structure {
  /** By their heads. Any two are one inside the other, or apart. */
  readonly loops: ReadonlyMap<number, Loop>;
  /** Blocks that the dispatcher must reach: the entries, and the targets of jumps back that make no loop. */
  readonly dispatched: ReadonlySet<number>;
}

export function structure(edges: readonly Edge[], entries: readonly number[]): Structure {
  const back = edges.filter(({ from, to }) => to <= from);
  let heads = new Set(back.filter(({ repeats }) => repeats).map(({ to }) => to));
  for (;;) {
    const loops = nested(back, heads);
    const dispatched = new Set([...entries, ...back.filter(({ to, repeats }) => !repeats || !heads.has(to)).map(({ to }) => to)]);
    const enteredInside = ({ head, last }: Loop): boolean =>
      [...dispatched].some((block) => block > head && block <= last)
      || edges.some(({ from, to }) => to > head && to <= last && (from < head || from > last));
    const impure = [...loops.values()].filter(enteredInside);
    if (impure.length === 0) return { loops, dispatched };
    heads = new Set([...heads].filter((head) => !impure.some((loop) => loop.head === head)));
  }
}

/** Loops from each head to the last jump back to it; one that overlaps the end of another lengthens it. */
function nested(back: readonly Edge[], heads: ReadonlySet<number>): ReadonlyMap<number, Loop> {
  const last = new Map<number, number>();
  for (const { from, to, repeats } of back) if (repeats && heads.has(to)) last.set(to, Math.max(last.get(to) ?? to, from));
  const order = [...last.keys()].toSorted((a, b) => b - a);
  for (let changed = true; changed;) {
    changed = false;
    for (const outer of order) {
      for (const inner of order) {
        if (inner <= outer || inner > last.get(outer)! || last.get(inner)! <= last.get(outer)!) continue;
        last.set(outer, last.get(inner)!);
        changed = true;
      }
    }
  }
  return new Map([...last].map(([head, end]) => [head, { head, last: end }]));
}

/** The innermost loop that holds a block other than as its head. */
export function innermost(loops: Iterable<Loop>, block: number): Loop | undefined {
  let found: Loop | undefined;
  for (const loop of loops) if (block > loop.head && block <= loop.last && (!found || loop.head > found.head)) found = loop;
  return found;
}
