/** The bit fields of one control register, real and virtual, below its row. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bits, hex } from '../../../workers/base/bits.ts';
import { causeTitle } from '../../widgets/cause.ts';
import { csrByName } from '../../../workers/isa/csrs.ts';
import { useLanguage, type Language } from '../../i18n/index.ts';

interface Props {
  readonly name: string;
  /** Why the two differ, in full. */
  readonly why: string | undefined;
  readonly real: bigint;
  readonly virtual: bigint | undefined;
  readonly columns: number;
}

type Field = NonNullable<ReturnType<typeof csrByName>>['fields'][number];

/** A field's value in words where it has a name, in decimal when it is short, else in hexadecimal. */
function shown(register: string, field: Field, value: bigint, language: Language): string {
  const content = bits(value, field.high, field.low);
  if (field.name === 'CODE' && /^[sm]cause$/.test(register)) return `${String(content)} ${causeTitle(value >> 63n === 1n, Number(content), language)}`;
  const word = content < 64n ? field.values?.[Number(content)] : undefined;
  const number = field.high - field.low > 7 ? hex(content) : String(content);
  return word === undefined ? number : `${number} = ${word}`;
}

export function FieldRows({ name, why, real, virtual, columns }: Props): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const fields = csrByName(name)?.fields ?? [];
  return (
    <tr className="fields">
      <td colSpan={columns}>
        {why !== undefined && <p className="full-why">{why}</p>}
        <dl aria-label={t('csr.fields', { name })}>
          {[...fields].reverse().map((field) => {
            const realText = shown(name, field, real, language);
            const virtualText = virtual === undefined ? undefined : shown(name, field, virtual, language);
            const differs = virtualText !== undefined && virtualText !== realText;
            return (
              <div key={field.name} className={`${differs ? 'differs' : ''}${field.high - field.low > 7 ? ' long' : ''}`} title={field.prose[language]}>
                <dt>{field.name}<span className="bits">{field.high === field.low ? field.high : `${field.high}:${field.low}`}</span></dt>
                <dd className="world-hardware">{realText}</dd>
                {virtualText !== undefined && <dd className="world-virtual">{virtualText}</dd>}
              </div>
            );
          })}
        </dl>
      </td>
    </tr>
  );
}
