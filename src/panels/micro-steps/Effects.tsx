/** What a micro-step read and changed, with old and new values. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import { REGISTER_NAMES } from '../../../workers/isa/registers.ts';
import type { Effect } from '../../../workers/protocol/lab-api.ts';
import { GLYPHS } from '../../widgets/world.tsx';

interface Row {
  readonly world: 'hardware' | 'virtual' | 'guest-kernel';
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly before: string;
  readonly after: string;
}

export function Effects({ effects }: { readonly effects: readonly Effect[] }): ReactNode {
  const { t } = useTranslation();
  const row = (effect: Effect): Row => {
    switch (effect.on) {
      case 'real-csr': return { world: 'hardware', name: effect.name, access: effect.access, before: hex(effect.before), after: hex(effect.after) };
      case 'virtual-csr': return { world: 'virtual', name: effect.name, access: effect.access, before: hex(effect.before), after: hex(effect.after) };
      case 'register': return { world: 'guest-kernel', name: REGISTER_NAMES[effect.register]!, access: 'write', before: hex(effect.before), after: hex(effect.after) };
      case 'virtual-mode': return { world: 'virtual', name: t('micro.virtualMode'), access: 'write', before: effect.before, after: effect.after };
      case 'real-mode': return { world: 'hardware', name: t('micro.realMode'), access: 'write', before: effect.before, after: effect.after };
      case 'pc': return { world: 'hardware', name: 'pc', access: 'write', before: hex(effect.before), after: hex(effect.after) };
      case 'pte': return {
        world: effect.table === 'guest' ? 'virtual' : 'hardware',
        name: t('micro.entry', { table: t(effect.table === 'guest' ? 'micro.guestTable' : 'micro.shadowTable'), level: effect.level }),
        access: effect.access, before: hex(effect.before), after: hex(effect.after),
      };
      case 'shadow-drop': return { world: 'hardware', name: t('micro.dropped', { count: effect.count, root: effect.root }), access: 'write', before: '', after: '' };
      case 'device': return { world: effect.device.startsWith('real') ? 'hardware' : 'virtual', name: `${effect.device} ${effect.register}`, access: effect.access, before: '', after: hex(effect.value) };
    }
  };
  if (effects.length === 0) return null;
  return (
    <ul className="effects" aria-label={t('micro.effects')}>
      {effects.map((effect, index) => {
        const { world, name, access, before, after } = row(effect);
        const changed = access === 'write' && before !== after;
        return (
          <li key={index} className={changed ? 'changed' : ''}>
            <span className={`world-${world} world`}><span aria-hidden="true">{GLYPHS[world]}</span> {name}</span>
            <span className="quiet">{t(access === 'read' ? 'micro.read' : 'micro.write')}</span>
            <span className="mono">{changed && before !== '' && <><s>{before}</s> → </>}{after}</span>
          </li>
        );
      })}
    </ul>
  );
}
