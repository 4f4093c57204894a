/** Mistakes of the VMM as switches, each with the rule that it breaks and a guest that meets it; and what is wrong at the first wrong moment. */
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokenRule, BugInfo, MachineView } from '../../../workers/protocol/lab-api.ts';
import { showBug } from '../../client/bugs.ts';
import { ask, changeRegime, run, setBugs } from '../../client/lab.ts';
import { useLanguage } from '../../i18n/index.ts';
import { useMachine } from '../../state/machine.ts';
import { showPane } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { World } from '../../widgets/world.tsx';
import { ruleText } from './rules.ts';
import './break-it.css';

/** Of the specification's chapters, in its order. */
const CHAPTERS = ['V', 'T', 'S', 'I'] as const;
const MOST_DIFFERENCES = 12;

export function BreakIt(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const [bugs, setList] = useState<readonly BugInfo[]>([]);
  const [stops, setStops] = useState(true);
  /** What was chosen and is not in a frame yet. */
  const [chosen, setChosen] = useState<readonly string[]>();
  useEffect(() => { void ask((lab) => lab.bugs()).then((list) => { if (list) setList(list); }); }, []);
  if (!view) return null;
  const { bugs: made, checked } = view.mistakes;
  const on = chosen ?? made;
  const stopping = made.length > 0 ? checked : stops;
  const choose = (next: readonly string[], stop: boolean): void => {
    setChosen(next);
    void setBugs(next, stop).then(() => { setChosen(undefined); });
  };
  const toggle = (id: string): void => { choose(on.includes(id) ? on.filter((other) => other !== id) : [...on, id], stopping); };
  const wrong = wrongOf(view);
  return (
    <div className="break-it">
      {wrong && <Wrong broken={wrong} view={view} />}
      {!wrong && <p className="about">{t('breakIt.about')}</p>}
      {view.virtual
        ? (
          <p className="settings">
            <label><input type="checkbox" checked={stopping} onChange={({ target }) => { setStops(target.checked); if (on.length > 0) choose(on, target.checked); }} /> {t('breakIt.stop')}</label>
            {on.length > 0 && <Button look="small" onPress={() => { choose([], true); }}>{t('breakIt.allOff', { count: on.length })}</Button>}
          </p>
        )
        : <p className="settings"><span>{t('breakIt.bare')}</span> <Button look="small" onPress={() => { void changeRegime('trap-and-emulate'); }}>{t('breakIt.underVmm')}</Button></p>}
      {CHAPTERS.map((chapter) => (
        <section key={chapter} aria-label={t(`breakIt.chapter.${chapter}`)}>
          <h3>{t(`breakIt.chapter.${chapter}`)}</h3>
          <ul>
            {bugs.filter(({ rule }) => rule.startsWith(chapter)).map((bug) => <Row key={bug.id} bug={bug} on={on.includes(bug.id)} possible={view.virtual !== undefined} onToggle={() => { toggle(bug.id); }} />)}
          </ul>
        </section>
      ))}
    </div>
  );
}

const wrongOf = ({ status }: MachineView): BrokenRule | undefined => (status.state === 'halted' && status.reason.by === 'stuck' ? status.reason.broken : undefined);

function Row({ bug, on, possible, onToggle }: { readonly bug: BugInfo; readonly on: boolean; readonly possible: boolean; readonly onToggle: () => void }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const { id, rule, title, sentence } = bug;
  return (
    <li data-bug={id} className={on ? 'on' : undefined}>
      <label><input type="checkbox" checked={on} disabled={!possible} onChange={onToggle} /> <b>{title[language]}</b></label>
      <Button look="small" aria-label={t('breakIt.showNamed', { title: title[language] })} onPress={() => { void showBug(bug); }}>{t('breakIt.show')}</Button>
      <p>{sentence[language]}</p>
      <p className="quiet"><span className="rule">{rule}</span> {ruleText(rule, language)}</p>
    </li>
  );
}

/** Where the machine stands is the first exit after which something is wrong. */
function Wrong({ broken: { rule, sentence, differences }, view }: { readonly broken: BrokenRule; readonly view: MachineView }): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const goOn = async (): Promise<void> => {
    await setBugs(view.mistakes.bugs, false);
    await run();
  };
  return (
    <section className="wrong" aria-label={t('breakIt.wrong')}>
      <h3><World of="fault">{t('breakIt.wrong')}</World> {view.micro && <span className="quiet">{t('breakIt.trap', { trap: view.micro.trap })}</span>}</h3>
      <p><b className="rule">{rule}</b> {ruleText(rule, language)}</p>
      <p className="sentence">{sentence[language]}</p>
      {differences.length > 0 && (
        <table>
          <caption>{t('breakIt.differences')}</caption>
          <thead><tr><th scope="col">{t('breakIt.what')}</th><th scope="col">{t('breakIt.expected')}</th><th scope="col">{t('breakIt.found')}</th></tr></thead>
          <tbody>
            {differences.slice(0, MOST_DIFFERENCES).map(({ of, name, expected, found }) => (
              <tr key={`${of} ${name}`}><th scope="row">{t(`breakIt.of.${of}`, { name })}</th><td className="mono">{expected}</td><td className="mono bad">{found}</td></tr>
            ))}
          </tbody>
        </table>
      )}
      {differences.length > MOST_DIFFERENCES && <p className="quiet">{t('breakIt.more', { count: differences.length - MOST_DIFFERENCES })}</p>}
      <p className="settings">
        <Button look="small primary" onPress={() => { showPane('micro-steps', true); }}>{t('breakIt.steps')}</Button>
        <Button look="small" onPress={() => { void goOn(); }}>{t('breakIt.goOn')}</Button>
      </p>
    </section>
  );
}
