/** The micro-steps of the trap in focus, beside the VMM's source line that does the chosen one. Choosing one moves the machine there. */
import { useEffect, useRef, type ReactNode } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import { stepSentence, stepTitle } from '../../../workers/protocol/narrate.ts';
import { needSteps, seekTrap } from '../../client/lab.ts';
import { useLanguage } from '../../i18n/index.ts';
import { isRunning, useFocus, useMachine } from '../../state/machine.ts';
import { causeTitle } from '../../widgets/cause.ts';
import { nameOfPlace } from '../../widgets/place.ts';
import { GLYPHS, WorldChip } from '../../widgets/world.tsx';
import { Effects } from './Effects.tsx';
import { SourceView } from './SourceView.tsx';
import './micro-steps.css';

export function MicroSteps(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useMachine((state) => state.view);
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols);
  const { trap, steps, index, step } = useFocus();
  const list = useRef<HTMLDivElement>(null);
  const running = isRunning(view);
  const micro = view?.micro;
  useEffect(() => {
    if (!running && micro && micro.count > 0) void needSteps(micro.trap);
  }, [running, micro]);
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    const box = list.current;
    if (chosen && box && (chosen.offsetTop < box.scrollTop || chosen.offsetTop + chosen.offsetHeight > box.scrollTop + box.clientHeight)) box.scrollTop = chosen.offsetTop - box.clientHeight / 2;
  }, [index, steps]);

  if (running) return <p className="empty">{t('micro.running')}</p>;
  if (!micro || !trap) return <p className="empty">{t('micro.noTrap')}</p>;
  if (micro.count === 0) return <p className="empty">{t('micro.trapTitle', { trap: trap.trap, cause: causeTitle(trap.interrupt, trap.cause, language) })}. {t('micro.noSteps')}</p>;
  const choose = (key: unknown): void => { void seekTrap(micro.trap, Number(key)); };
  const at = nameOfPlace(trap.epc, symbols ?? []);
  return (
    <div className="micro">
      <div className="micro-list">
        <p className="micro-trap">{t('micro.trapTitle', { trap: trap.trap, cause: causeTitle(trap.interrupt, trap.cause, language) })}<br /><span className="quiet mono">{hex(trap.epc)}{at !== undefined && ` ${at}`}</span></p>
        <ListBox ref={list} className="micro-steps" aria-label={t('micro.list', { trap: trap.trap })} selectionMode="single" disallowEmptySelection selectedKeys={[String(index)]} onSelectionChange={(keys) => { if (keys !== 'all') choose([...keys][0]); }}>
          <ListBoxItem id="-1" className="micro-step before" textValue={t('micro.before')}><span className="glyph" aria-hidden="true">·</span>{t('micro.before')}</ListBoxItem>
          {(steps ?? []).map((each) => (
            <ListBoxItem key={each.index} id={String(each.index)} className={`micro-step world-${each.world}${each.index > index ? ' later' : ''}`} textValue={stepTitle(each, language)}>
              <span className="glyph" aria-hidden="true">{GLYPHS[each.world]}</span>{stepTitle(each, language)}
            </ListBoxItem>
          ))}
        </ListBox>
      </div>
      <div className="micro-detail">
        {step && (
          <>
            <p className="micro-sentence"><WorldChip of={step.world} /> {stepSentence(step, language)}</p>
            <Effects effects={step.effects} />
            <SourceView step={step.id} />
          </>
        )}
        {!step && <p className="empty">{t('now.before', { cause: causeTitle(trap.interrupt, trap.cause, language), at: at ?? hex(trap.epc) })}</p>}
      </div>
    </div>
  );
}
