/** Memory as bytes and characters, in the address space that the reader chooses. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hex } from '../../../workers/base/bits.ts';
import type { MemorySpace, Watchpoint } from '../../../workers/protocol/lab-api.ts';
import { toggleWatchpoint } from '../../client/lab.ts';
import { useMachine } from '../../state/machine.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { Button } from '../../widgets/button.tsx';
import { PlaceForm } from '../../widgets/PlaceForm.tsx';
import { useReading } from '../../widgets/reading.ts';
import './memory.css';

const SPACES: readonly MemorySpace[] = ['current', 'guest-physical', 'host-physical'];
const ROW = 8;
const ROWS = 24;
const SP = 2;

const printable = (byte: number | undefined): string => (byte === undefined ? ' ' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

export function Memory(): ReactNode {
  const { t } = useTranslation();
  const view = useMachine((state) => state.view);
  const { space, address } = useWorkspace(({ memoryAt }) => memoryAt);
  const wanted = address === 'sp' ? view?.registers[SP] : address === 'pc' ? view?.pc : address;
  const start = wanted === undefined ? undefined : wanted & ~7n;
  const bytes = useReading(start === undefined ? '' : `${space} ${String(start)}`, (lab) => lab.readMemory(space, start!, ROW * ROWS));
  const watches = useWorkspace(({ breakpoints }) => breakpoints.watches);
  if (!view || start === undefined) return null;

  const look = (at: bigint | 'sp' | 'pc'): void => { useWorkspace.setState({ memoryAt: { space, address: at } }); };
  const page = BigInt(ROW * ROWS);
  const short = hex(start);
  return (
    <div className="memory">
      <PlaceForm
        label={t('memory.address')} placeholder={short} go={t('code.go')} onPlace={look}
        before={(
          <select className="input" aria-label={t('memory.space')} value={space} onChange={({ target }) => { useWorkspace.setState({ memoryAt: { space: target.value as MemorySpace, address } }); }}>
            {SPACES.map((each) => <option key={each} value={each}>{t(`memory.${each as 'current'}`)}</option>)}
          </select>
        )}
      >
        <Button look="small" onPress={() => { look('sp'); }}>sp</Button>
        <Button look="small" onPress={() => { look('pc'); }}>pc</Button>
        <Button look="small icon" name={t('memory.earlier')} onPress={() => { look(BigInt.asUintN(64, start - page)); }}>↑</Button>
        <Button look="small icon" name={t('memory.later')} onPress={() => { look(BigInt.asUintN(64, start + page)); }}>↓</Button>
      </PlaceForm>
      <table className="bytes-table" aria-label={t('memory.table', { at: short })}>
        <tbody>
          {bytes && Array.from({ length: ROWS }, (_, row) => {
            const line = bytes.slice(row * ROW, (row + 1) * ROW);
            const at = BigInt.asUintN(64, start + BigInt(row * ROW));
            const last = at + BigInt(ROW);
            // The row's own watchpoint, or a part of another.
            const own: Watchpoint = { space, address: at, bytes: ROW, on: 'access' };
            const there = watches.find((watch) => watch.space === space && watch.address < last && watch.address + BigInt(watch.bytes) > at);
            const empty = line.every((byte) => byte === undefined);
            return (
              <tr key={row} className={there ? 'watched' : ''}>
                <td className="gutter"><button type="button" aria-pressed={there !== undefined} aria-label={t('memory.watch', { at: hex(at) })} title={t('memory.watch', { at: hex(at) })} onClick={() => { void toggleWatchpoint(there ?? own); }}><span aria-hidden="true" /></button></td>
                <th scope="row">{at.toString(16).padStart(16, '0').replace(/^0{4,}/, (zeros) => ' '.repeat(zeros.length))}</th>
                {empty
                  ? <td colSpan={2} className="quiet">{t('memory.nothing')}</td>
                  : (
                    <>
                      <td>{line.map((byte) => (byte === undefined ? '--' : byte.toString(16).padStart(2, '0'))).join(' ')}</td>
                      <td className="characters">{line.map(printable).join('')}</td>
                    </>
                  )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
