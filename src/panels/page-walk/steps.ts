/** A translation as steps that one goes through: each level of each table, what it leads to, and what follows from all of it. */
import type { Translation, WalkLevel } from '../../../workers/protocol/translation.ts';

export type WalkStep =
  | { readonly of: 'level'; readonly table: 'guest' | 'shadow'; readonly level: WalkLevel; readonly last: boolean }
  | { readonly of: 'result'; readonly table: 'guest' | 'shadow' }
  | { readonly of: 'place' }
  | { readonly of: 'verdict' };

export function stepsOf({ guest, place, shadow }: Translation): readonly WalkStep[] {
  const ofTable = (table: 'guest' | 'shadow', levels: readonly WalkLevel[]): WalkStep[] => [
    ...levels.map((level, index): WalkStep => ({ of: 'level', table, level, last: index === levels.length - 1 })), { of: 'result', table },
  ];
  return [...ofTable('guest', guest.levels), ...(place ? [{ of: 'place' } as const] : []), ...(shadow ? ofTable('shadow', shadow.levels) : []), { of: 'verdict' }];
}

export const FLAGS = ['V', 'R', 'W', 'X', 'U', 'G', 'A', 'D'] as const;
export type Flag = (typeof FLAGS)[number];
export const hasFlag = (entry: bigint, flag: Flag): boolean => ((entry >> BigInt(FLAGS.indexOf(flag))) & 1n) === 1n;
/** As the manual draws them: D on the left, V on the right. */
export const flagText = (entry: bigint): string => FLAGS.map((flag) => (hasFlag(entry, flag) ? flag : '-')).reverse().join('');
export const pageNumberOf = (entry: bigint): bigint => (entry >> 10n) & ((1n << 44n) - 1n);
