/**
 * What this machine is, by the names of its extensions: those of the instruction table, and those that add no instruction. The device
 * tree and messages say it from here, so that a row added to the table is enough.
 */
import { INSTRUCTIONS } from './instructions/index.ts';
import type { Extension } from './row.ts';

/** Parts of the base and of the privileged architecture, which an ISA string does not name. */
const UNNAMED: ReadonlySet<Extension> = new Set(['S', 'M-mode']);
/** Counters and registers without an instruction of their own. */
const WITHOUT_INSTRUCTIONS = ['zicntr', 'sstc', 'svadu', 'svnapot'];

/** The canonical order of single letters (unprivileged manual, "ISA Extension Naming Conventions"). */
const LETTERS = 'imafdqlcbkjtpvh';

function byConvention(a: string, b: string): number {
  const rank = (name: string): string => (name.startsWith('z') ? `0${String(LETTERS.indexOf(name[1]!) + 10)}` : '1') + name;
  return rank(a) < rank(b) ? -1 : 1;
}

/** Names in lower case: the single letters in their order, then those that begin with Z, then those with S. */
export const EXTENSIONS: readonly string[] = ((): readonly string[] => {
  const named = new Set(INSTRUCTIONS.map(({ extension }) => extension).filter((extension) => !UNNAMED.has(extension)).map((extension) => extension.toLowerCase()));
  const all = [...named, ...WITHOUT_INSTRUCTIONS];
  return [...Array.from(LETTERS).filter((letter) => named.has(letter)), ...new Set(all.filter((name) => name.length > 1).toSorted(byConvention))];
})();

/** The ISA string, as in a device tree's `riscv,isa`: `rv64imafdch_zicsr_...`; `without` names extensions that are not there. */
export function isaString({ hypervisor = true, without = [] }: { readonly hypervisor?: boolean; readonly without?: readonly string[] } = {}): string {
  const names = EXTENSIONS.filter((name) => (hypervisor || name !== 'h') && !without.includes(name));
  return ['rv64' + names.filter((name) => name.length === 1).join(''), ...names.filter((name) => name.length > 1)].join('_');
}
