/** x0 to x31 as the guest sees them, and what the last movement changed; below, closed, the floating-point registers. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { REGISTER_NAMES } from '../../../workers/isa/registers.ts';
import { useMachine } from '../../state/machine.ts';
import { Hex } from '../../widgets/hex.tsx';
import { FloatRegisters } from './FloatRegisters.tsx';
import './registers.css';

export function Registers(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const previous = useMachine((state) => state.previous);
  if (!view) return null;
  return (
    <>
      <dl className="registers" aria-label={t('registers.label')}>
        <div className="register pc"><dt>pc</dt><dd><Hex value={view.pc} /></dd></div>
        {view.registers.slice(1).map((value, index) => {
          const number = index + 1;
          const changed = previous !== undefined && previous.registers[number] !== value;
          return (
            <div key={number} className={`register${changed ? ' changed' : ''}`}>
              <dt><span>{REGISTER_NAMES[number]}</span><span className="number">x{number}</span></dt>
              <dd><Hex value={value} />{changed && <span className="visually-hidden"> {t('registers.changed')}</span>}</dd>
            </div>
          );
        })}
      </dl>
      <FloatRegisters />
    </>
  );
}
