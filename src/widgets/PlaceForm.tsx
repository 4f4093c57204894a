/** A field for a place in memory: an address, or a symbol of the program; what is neither is said in one sentence. */
import { useId, useState, type ReactNode, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMachine } from '../state/machine.ts';
import { Button } from './button.tsx';
import { parsePlace } from './place.ts';

/** Symbols that the field proposes; a kernel has thousands. */
const PROPOSED = 500;

interface Props {
  /** Names the field. */
  readonly label: string;
  readonly placeholder?: string;
  /** The words on the button. */
  readonly go: string;
  readonly onPlace: (place: bigint) => void;
  /** Stands before the field, and after its button. */
  readonly before?: ReactNode;
  readonly children?: ReactNode;
}

export function PlaceForm({ label, placeholder = label, go, onPlace, before, children }: Props): ReactNode {
  const { t } = useTranslation();
  const symbols = useMachine(({ loaded }) => loaded?.info.symbols) ?? [];
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState(false);
  const proposals = useId();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const place = parsePlace(text, symbols);
    setUnknown(place === undefined);
    if (place === undefined) return;
    setText('');
    onPlace(place);
  };
  return (
    <form className="place-form" onSubmit={submit}>
      {before}
      <input
        className="input mono" aria-label={label} placeholder={placeholder} value={text} aria-invalid={unknown} list={proposals} spellCheck={false} autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setUnknown(false);
        }}
      />
      <datalist id={proposals}>{symbols.slice(0, PROPOSED).map(({ name }) => <option key={name} value={name} />)}</datalist>
      <Button look="small" type="submit">{go}</Button>
      {children}
      {unknown && <p role="alert" className="problem">{t('code.unknownPlace', { text })}</p>}
    </form>
  );
}
