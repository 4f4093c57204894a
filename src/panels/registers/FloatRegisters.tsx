/** f0 to f31: each number as people write it, beside its bits; and what fcsr and FS say. A group that is closed until it is wanted. */
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { csrByName, csrField } from '../../../workers/isa/csrs.ts';
import { FLOAT_REGISTERS, ROUNDING_MODES } from '../../../workers/isa/registers.ts';
import { useMachine } from '../../state/machine.ts';
import { Hex } from '../../widgets/hex.tsx';

const STATES = ['off', 'initial', 'clean', 'dirty'] as const;
/** The names of the exceptions, from the highest bit: NV DZ OF UF NX. */
const EXCEPTIONS = csrByName('fflags')?.fields.toReversed() ?? [];

interface Shown {
  readonly text: string;
  readonly single: boolean;
}

/** A register's number: a single when ones stand above it (F, 21.2), else a double. */
function numberIn(bits: bigint): Shown {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  const single = bits >> 32n === 0xffff_ffffn;
  const value = single ? view.getFloat32(4) : view.getFloat64(0);
  const text = Object.is(value, -0) ? '-0' : single && Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value);
  return { text, single };
}

export function FloatRegisters(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const view = useMachine((state) => state.view);
  const previous = useMachine((state) => state.previous);
  if (!view) return null;
  const { registers, fcsr } = view.float;
  const sstatus = (view.virtual?.csrs ?? view.real).find(({ name }) => name === 'sstatus')?.value ?? 0n;
  const state = STATES[Number(csrField('sstatus', 'FS', sstatus) ?? 0n)] ?? 'off';
  const flags = EXCEPTIONS.filter(({ low }) => ((fcsr >> BigInt(low)) & 1n) === 1n).map(({ name }) => name).join(' ');
  const mode = ROUNDING_MODES[Number((fcsr >> 5n) & 7n)] ?? '?';
  return (
    <details className="float" open={open} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>{t('registers.float.title')}<span className="fs">{t(`registers.float.${state}`)}</span></summary>
      {open && (
        <>
          <p className="fcsr">{t('registers.float.rounding', { mode })} · {flags === '' ? t('registers.float.none') : t('registers.float.exceptions', { flags })}</p>
          <dl className="registers" aria-label={t('registers.float.label')}>
            {registers.map((bits, number) => {
              const { text, single } = numberIn(bits);
              const changed = previous !== undefined && previous.float.registers[number] !== bits;
              return (
                <div key={number} className={`register${changed ? ' changed' : ''}`}>
                  <dt><span>{FLOAT_REGISTERS[number]?.name}</span><span className="number">f{number}</span></dt>
                  <dd>
                    <span className="value">{text}{single && <span className="kind"> {t('registers.float.single')}</span>}</span>
                    <Hex value={bits} />{changed && <span className="visually-hidden"> {t('registers.changed')}</span>}
                  </dd>
                </div>
              );
            })}
          </dl>
        </>
      )}
    </details>
  );
}
