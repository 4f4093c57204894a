/** One plain sentence: what is happening now, and in whose world. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../workers/base/bits.ts';
import type { MachineView, WatchedAccess } from '../../workers/protocol/lab-api.ts';
import { stepSentence } from '../../workers/protocol/narrate.ts';
import { useLanguage } from '../i18n/index.ts';
import { useFocus, useMachine } from '../state/machine.ts';
import { causeTitle } from '../widgets/cause.ts';
import { nameOfPlace } from '../widgets/place.ts';
import { WorldChip, type WorldName } from '../widgets/world.tsx';

const NO_SYMBOLS: readonly never[] = [];

interface Said {
  readonly world: WorldName | undefined;
  readonly text: string;
}

export function Now(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const said = useSaid(view);
  const { trap, step, index, here } = useFocus();
  if (!view) return <div className="now-strip" role="status" aria-label={t('now.label')}><p>{t('app.loading')}</p></div>;
  const { micro } = view;
  return (
    <div className={`now-strip${said.world ? ` world-${said.world}` : ''}`} role="status" aria-live="polite" aria-label={t('now.label')}>
      {said.world && <WorldChip of={said.world} />}
      <p>{said.text}</p>
      {micro && micro.count > 0 && trap && step && here && view.status.state !== 'running' && <span className="where">{t('now.step', { index: index + 1, count: micro.count, trap: trap.trap })}</span>}
    </div>
  );
}

function useSaid(view: MachineView | undefined): Said {
  const { t } = useTranslation();
  const language = useLanguage();
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols) ?? NO_SYMBOLS;
  const { trap, step, index, here } = useFocus();
  const place = (address: bigint): string => nameOfPlace(address, symbols) ?? hex(address);
  const accessSentence = ({ by, access, text = '', pc, address, bytes, before, after }: WatchedAccess): string => {
    const digits = (value: bigint): string => `0x${value.toString(16).padStart(2 * bytes, '0')}`;
    return t(by === 'host' ? 'now.watchedHost' : access === 'read' ? 'now.watchedRead' : access === 'write' ? 'now.watchedWrite' : 'now.watchedBoth', { instruction: text, pc: place(pc), at: place(address), before: digits(before), after: digits(after) });
  };
  if (!view) return { world: undefined, text: '' };
  const guest: WorldName = (view.virtual?.mode ?? view.mode) === 'U' ? 'guest-user' : 'guest-kernel';
  const who = t(`world.${guest}`);
  const { status, stop } = view;
  if (status.state === 'halted') return status.reason.by === 'stuck' ? { world: 'fault', text: status.reason.broken ? t('now.broken', { rule: status.reason.broken.rule, sentence: status.reason.broken.sentence[language] }) : status.reason.message } : { world: guest, text: t('now.halted', { code: status.reason.exitCode }) };
  if (status.state === 'running') return { world: undefined, text: t('now.running') };
  if (status.state === 'idle') return { world: guest, text: t('now.idle') };
  if (stop.by === 'stuck') return { world: 'fault', text: t('now.stuck') };
  if (stop.by === 'breakpoint') return { world: guest, text: t('now.breakpoint', { at: nameOfPlace(stop.address, symbols) ?? hex(stop.address) }) };
  if (stop.by === 'watchpoint') return { world: stop.hit.by === 'host' ? 'vmm' : guest, text: accessSentence(stop.hit) };
  if (trap && here) {
    const cause = causeTitle(trap.interrupt, trap.cause, language);
    const at = nameOfPlace(trap.epc, symbols) ?? hex(trap.epc);
    if (view.micro!.count > 0) {
      if (index === -1) return { world: 'hardware', text: t('now.before', { cause, at }) };
      if (step) return { world: step.world, text: stepSentence(step, language) };
    } else return { world: 'hardware', text: t('now.hardwareTrap', { from: trap.from, to: trap.to, cause, at }) };
  }
  if (view.instret === 0n) return { world: guest, text: t('now.start') };
  return { world: guest, text: t(view.virtual ? 'now.between' : 'now.bare', { who }) };
}
