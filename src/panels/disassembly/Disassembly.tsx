/** The guest's code around the program counter (or any place): instructions, labels, breakpoints. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import { toggleBreakpoint } from '../../client/lab.ts';
import { isRunning, useFocus, useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { PlaceForm } from '../../widgets/PlaceForm.tsx';
import { useReading } from '../../widgets/reading.ts';
import './disassembly.css';

const AHEAD = 40;
const BEFORE = 10;
/** Zeros, disassembled. */
const NOTHING = '.half 0x0000';

export function Disassembly(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const at = useWorkspace(({ codeAt }) => codeAt);
  const breakpoints = useWorkspace((state) => state.breakpoints.addresses);
  const { trap, here } = useFocus();
  // While the VMM or the firmware works, the real pc is its own; what stands still is the guest's instruction that trapped.
  const inHost = trap !== undefined && here && (view?.micro?.count ?? 0) > 0 && view?.mode === trap.to;
  const guestPc = inHost ? trap.epc : view?.pc;
  const place = at === 'pc' ? guestPc : at;
  const lines = useReading(place === undefined ? '' : String(place), (lab) => lab.disassemble(place!, AHEAD, BEFORE));
  if (!view || place === undefined) return null;
  // Memory that nobody has written is no code: what stands before a program begins is left out.
  const first = lines?.findIndex(({ text: code, address }) => code !== NOTHING || address >= place) ?? 0;

  const running = isRunning(view);
  return (
    <div className="code">
      <PlaceForm label={t('code.goTo')} go={t('code.go')} onPlace={(codeAt) => { useWorkspace.setState({ codeAt }); }}>
        {at !== 'pc' && <Button look="small" onPress={() => { useWorkspace.setState({ codeAt: 'pc' }); }}>{t('code.follow')}</Button>}
      </PlaceForm>
      {lines?.length === 0 && <p className="empty">{t('code.nothing', { at: hex(place) })}</p>}
      <table className={`instructions${running ? ' stale' : ''}`} aria-label={t('code.table', { at: hex(place) })}>
        <tbody>
          {lines?.slice(first).map((line) => {
            const here = line.address === guestPc;
            const trapped = here && inHost;
            const stopped = breakpoints.includes(line.address);
            const isLabel = line.label !== undefined && !line.label.includes('+');
            return [
              isLabel && <tr key={`${String(line.address)} label`} className="label"><td /><th scope="colgroup" colSpan={3}>{line.label}:</th></tr>,
              <tr key={String(line.address)} className={here ? (trapped ? 'here trapped' : 'here') : ''} aria-current={here ? 'true' : undefined}>
                <td className="gutter"><button type="button" aria-pressed={stopped} aria-label={t('code.breakpoint', { at: hex(line.address) })} onClick={() => { void toggleBreakpoint(line.address); }}><span aria-hidden="true" /></button></td>
                <td className="address">{hex(line.address)}</td>
                <td className="text">{line.text}{here && <span className="tag">{trapped ? t('code.trapped') : t('code.here')}</span>}</td>
                <td className="bytes">{(line.bytes >>> 0).toString(16).padStart(line.length * 2, '0')}</td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
      {running && <p className="code-running">{t('code.running')}</p>}
    </div>
  );
}
