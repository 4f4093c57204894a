/** A question, its choices, and after the answer what the machine says. */
import { useId, useState, type SyntheticEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../workers/base/bits.ts';
import { useLanguage } from '../i18n/index.ts';
import { NO_LESSON_PROGRESS, setLessonProgress, useProgress } from '../state/progress.ts';
import { useMachine } from '../state/machine.ts';
import { showCsr, showPane } from '../state/workspace.ts';
import { Button } from '../widgets/button.tsx';
import { nameOfPlace } from '../widgets/place.ts';
import { World } from '../widgets/world.tsx';
import { judgePrediction, type Verdict } from './judge.ts';
import type { LessonStep, Prediction } from './lesson.ts';
import { goToMoment, judge } from './moments.ts';

interface Props {
  readonly lesson: string;
  readonly step: LessonStep;
  readonly prediction: Prediction;
  readonly onAnswer: ((prediction: string, right: boolean, tries: number) => void) | undefined;
}

const MODES = ['U', 'S', undefined, 'M'] as const;

export function PredictionView({ lesson, step, prediction, onAnswer }: Props): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const name = useId();
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols) ?? [];
  const [choice, setChoice] = useState<number>();
  const [verdict, setVerdict] = useState<Verdict>();
  const [judging, setJudging] = useState(false);
  const right = verdict !== undefined && choice !== undefined && verdict.right[choice] === true;

  const answer = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (choice === undefined || judging) return;
    setJudging(true);
    // The reader may have moved the machine while thinking: the question is about the step's moment.
    if (step.moment) await goToMoment(step.moment, step.microStep);
    const found = await judgePrediction(prediction, judge);
    setJudging(false);
    if (!found) return;
    setVerdict(found);
    const { datum } = prediction;
    if (datum.of === 'real-csr' || datum.of === 'virtual-csr') {
      showPane('csrs');
      showCsr(datum.name);
    } else if (datum.of === 'register') showPane('registers');
    else showPane('mode-ladder');
    const known = (useProgress.getState().lessons[lesson] ?? NO_LESSON_PROGRESS).predictions;
    const tries = (known[prediction.id]?.tries ?? 0) + 1;
    const good = found.right[choice] === true;
    setLessonProgress(lesson, { predictions: { ...known, [prediction.id]: { tries, right: good } } });
    onAnswer?.(prediction.id, good, tries);
  };
  const said = (value: bigint | undefined): string => {
    if (value === undefined) return '';
    const { of } = prediction.datum;
    const mode = of === 'virtual-mode' || of === 'real-mode' ? MODES[Number(value)] : undefined;
    if (mode) return t(`mode.${mode}`);
    const place = value >= 0x1000n ? nameOfPlace(value, symbols) : undefined;
    return `${value < 64n ? String(value) : hex(value)}${place === undefined ? '' : ` (${place})`}`;
  };
  return (
    <form className="predict" onSubmit={(event) => { void answer(event); }}>
      <fieldset disabled={judging}>
        <legend><span className="predict-word">{t('lesson.predict')}</span> {prediction.question[language]}</legend>
        {prediction.choices.map(({ label }, index) => (
          <label key={index} className={verdict ? (verdict.right[index] ? 'choice right' : index === choice ? 'choice wrong' : 'choice') : 'choice'}>
            <input type="radio" name={name} checked={choice === index} disabled={verdict !== undefined} onChange={() => { setChoice(index); }} /> {label[language]}
          </label>
        ))}
      </fieldset>
      <div role="status" aria-live="polite">
        {verdict && (
          <div className={right ? 'verdict right' : 'verdict wrong'}>
            <p><b>{t(right ? 'lesson.right' : 'lesson.wrong')}</b> <World of="hardware">{t('lesson.machineSays', { value: said(verdict.value) })}</World></p>
            <p>{prediction.explanation[language]}</p>
          </div>
        )}
      </div>
      {verdict
        ? !right && <Button look="small" onPress={() => { setVerdict(undefined); setChoice(undefined); if (step.moment) void goToMoment(step.moment, step.microStep); }}>{t('lesson.again')}</Button>
        : <Button look="primary small" type="submit" isDisabled={choice === undefined || judging}>{t('lesson.answer')}</Button>}
    </form>
  );
}
