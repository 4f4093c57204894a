/** Run, pause and the step sizes, forward and back; the machine's state and counters. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepUnit } from '../../workers/protocol/lab-api.ts';
import { reset, runBack, step, stepTrap, toggleRun } from '../client/lab.ts';
import { useLanguage } from '../i18n/index.ts';
import { isRunning, useMachine } from '../state/machine.ts';
import { Button } from '../widgets/button.tsx';
import { Icon } from '../widgets/icons.tsx';

const UNITS: readonly { readonly unit: StepUnit; readonly label: 'instruction' | 'trap' | 'micro'; readonly key: string }[] = [
  { unit: 'micro-step', label: 'micro', key: 'J' },
  { unit: 'instruction', label: 'instruction', key: 'I' },
  { unit: 'trap', label: 'trap', key: 'T' },
];

export function Transport(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const running = isRunning(view);
  const ended = view?.status.state === 'halted';
  const nothing = view === undefined;
  const move = (unit: StepUnit, direction: 'forward' | 'back'): void => { void (unit === 'trap' ? stepTrap(direction) : step(unit, direction)); };
  return (
    <div className="transport" role="toolbar" aria-label={t('run.controls')}>
      <div className="transport-group">
        <Button look="primary" isDisabled={nothing || ended} onPress={() => { void toggleRun(); }}><Icon of={running ? 'pause' : 'run'} /> {t(running ? 'run.pause' : 'run.run')} <kbd>R</kbd></Button>
        <Button look="icon" name={`${t('run.runBack')} (Shift R)`} isDisabled={nothing} onPress={() => { void runBack(); }}><Icon of="runBack" /></Button>
        <Button look="icon" name={`${t('run.reset')} (Home)`} isDisabled={nothing} onPress={() => { void reset(); }}><Icon of="start" /></Button>
      </div>
      {UNITS.map(({ unit, label, key }) => {
        const name = t(`run.${label}`);
        return (
          <div key={unit} className="stepper" role="group" aria-label={name}>
            <Button look="back" name={t('run.backOne', { unit: name })} isDisabled={nothing} onPress={() => { move(unit, 'back'); }}><Icon of="back" /></Button>
            <Button name={t('run.stepOne', { unit: name })} isDisabled={nothing || ended} onPress={() => { move(unit, 'forward'); }}>{name} <Icon of="forward" /> <kbd>{key}</kbd></Button>
          </div>
        );
      })}
      <Counters />
    </div>
  );
}

function Counters(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useMachine((state) => state.view);
  if (!view) return null;
  const { status, counters } = view;
  const state = status.state === 'halted'
    ? status.reason.by === 'stuck' ? t('status.stuck') : t('status.halted', { code: status.reason.exitCode })
    : t(`status.${status.state}`);
  return (
    <div className="counters" role="group" aria-label={t('status.label')}>
      <span className={`state ${status.state}`}>{state}</span>
      <span><b>{counters.instructions.toLocaleString(language)}</b> {t('status.instructions')}</span>
      <span><b>{counters.traps.toLocaleString(language)}</b> {t('status.traps')}</span>
      {view.virtual && <span><b>{counters.vmExits.toLocaleString(language)}</b> {t('status.exits')}</span>}
      {counters.mips >= 0.1 && <span><b>{counters.mips.toFixed(counters.mips < 10 ? 1 : 0)}</b> {t('status.mips')}</span>}
    </div>
  );
}
