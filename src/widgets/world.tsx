/** Worlds: who does something, or whose something is. Each has a colour and a glyph, so that nothing hangs on colour alone. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export const WORLDS = ['hardware', 'virtual', 'vmm', 'guest-kernel', 'guest-user', 'firmware', 'fault'] as const;
export type WorldName = (typeof WORLDS)[number];

export const GLYPHS: Readonly<Record<WorldName, string>> = {
  'hardware': '▣', 'virtual': '◇', 'vmm': '▲', 'guest-kernel': '●', 'guest-user': '○', 'firmware': '■', 'fault': '✕',
};

export function World({ of, children }: { readonly of: WorldName; readonly children?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  return <span className={`world world-${of}`}><span aria-hidden="true">{GLYPHS[of]}</span> {children ?? t(`world.${of}`)}</span>;
}

export function WorldChip({ of, children }: { readonly of: WorldName; readonly children?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  return <span className={`world-chip world-${of}`}><span aria-hidden="true">{GLYPHS[of]}</span>{children ?? t(`world.${of}`)}</span>;
}
