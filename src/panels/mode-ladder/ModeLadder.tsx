/** The mode ladder: the real mode beside the virtual mode, and the crossing of the trap that is in focus. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mode } from '../../../workers/protocol/lab-api.ts';
import { useLanguage } from '../../i18n/index.ts';
import { isRunning, useFocus, useMachine } from '../../state/machine.ts';
import { causeTitle } from '../../widgets/cause.ts';
import { GLYPHS, type WorldName } from '../../widgets/world.tsx';
import './mode-ladder.css';

/** VS and VU stand where S and U do: V is told in words. */
const RUNG: Readonly<Record<Mode, number>> = { M: 58, S: 104, U: 150, VS: 104, VU: 150 };
/** Whose each of the guest's modes is, and what to say while it runs in real U. */
const WORLD_OF: Readonly<Record<Mode, WorldName>> = { M: 'firmware', S: 'guest-kernel', U: 'guest-user', VS: 'guest-kernel', VU: 'guest-user' };
const IN_USER = { M: 'ladder.firmwareInUser', S: 'ladder.kernelInUser', U: 'ladder.userInUser', VS: 'ladder.kernelInUser', VU: 'ladder.userInUser' } as const;
const REAL = 104;
const VIRTUAL = 316;
const HALF = 88;

interface RungProps {
  readonly x: number;
  readonly mode: Mode;
  readonly world: WorldName;
  readonly who: string;
  readonly here: boolean;
}

function Rung({ x, mode, world, who, here }: RungProps): ReactNode {
  const { t } = useTranslation();
  const y = RUNG[mode];
  return (
    <g className={`rung world-${world}${here ? ' here' : ''}`}>
      <rect x={x - HALF} y={y - 18} width={2 * HALF} height={36} rx={7} />
      <text className="mode" x={x - HALF + 12} y={y + 5}>{mode}</text>
      <text className="mode-name" x={x - HALF + 32} y={y - 1}>{t(`mode.${mode}`)}</text>
      <text className="who" x={x - HALF + 32} y={y + 12}>{GLYPHS[world]} {who}</text>
      {here && <circle className="token" cx={x + HALF - 16} cy={y} r={7} />}
    </g>
  );
}

/** An arrow from one rung to another along the edge of a ladder. */
function Crossing({ x, from, to, world }: { readonly x: number; readonly from: Mode; readonly to: Mode; readonly world: WorldName }): ReactNode {
  const bow = x + 26;
  return <path key={`${from}${to}`} className={`crossing world-${world}`} d={`M${String(x)} ${String(RUNG[from])} C ${String(bow)} ${String(RUNG[from])}, ${String(bow)} ${String(RUNG[to])}, ${String(x + 3)} ${String(RUNG[to])}`} markerEnd="url(#crossing-tip)" />;
}

export function ModeLadder(): ReactNode {
  const { t } = useTranslation();
  const language = useLanguage();
  const view = useMachine((state) => state.view);
  const previous = useMachine((state) => state.previous);
  const { trap, step: lastStep, here } = useFocus();
  const step = here ? lastStep : undefined;
  if (!view) return null;
  const { mode, virtual } = view;
  // A guest that begins in M has registers of that mode.
  const ownsMachine = virtual?.csrs.some(({ name }) => name === 'mstatus') ?? false;
  const running = isRunning(view);
  const atTrap = !running && here && trap !== undefined && (step !== undefined || view.micro?.count === 0);
  const virtualStep = step?.effects.find((effect) => effect.on === 'virtual-mode');
  const realStep = step?.effects.find((effect) => effect.on === 'real-mode');
  // Without micro-steps (bare), the hardware's crossing is the trap's own.
  const real = realStep && realStep.before !== realStep.after ? [realStep.before, realStep.after] as const
    : atTrap && virtual === undefined && previous?.mode !== mode ? [trap.from, trap.to] as const : undefined;
  const virtualMove = virtualStep && virtualStep.before !== virtualStep.after ? [virtualStep.before, virtualStep.after] as const : undefined;
  const summary = virtual
    ? t('ladder.summary', { real: t(`mode.${mode}`), virtual: t(`mode.${virtual.mode}`) })
    : t('ladder.summaryBare', { real: t(`mode.${mode}`) });
  const caption = view.status.state === 'running' ? t('now.running')
    : virtual === undefined ? t('ladder.noVirtual')
      : mode === 'S' ? t('ladder.pressed') : t(IN_USER[virtual.mode]);
  return (
    <figure className="ladder">
      <svg viewBox="0 0 420 184" role="img" aria-label={summary}>
        <defs>
          <marker id="crossing-tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8Z" fill="context-stroke" /></marker>
        </defs>
        <text className="title world-hardware" x={REAL - HALF} y="16">{GLYPHS.hardware} {t('ladder.real')}</text>
        <text className="about" x={REAL - HALF} y="30">{t('ladder.hardwareSays')}</text>
        <Rung x={REAL} mode="M" world="firmware" who={t('ladder.firmwareHere')} here={mode === 'M'} />
        <Rung x={REAL} mode="S" world={virtual ? 'vmm' : 'guest-kernel'} who={virtual ? t('ladder.vmmHere') : t('world.guest-kernel')} here={mode === 'S' || mode === 'VS'} />
        <Rung x={REAL} mode="U" world={virtual ? WORLD_OF[virtual.mode] : 'guest-user'} who={virtual ? t('ladder.guestHere') : t('world.guest-user')} here={mode === 'U' || mode === 'VU'} />
        {virtual && (
          <>
            <text className="title world-virtual" x={VIRTUAL - HALF} y="16">{GLYPHS.virtual} {t('ladder.virtual')}</text>
            <text className="about" x={VIRTUAL - HALF} y="30">{t('ladder.guestBelieves')}</text>
            {ownsMachine && <Rung x={VIRTUAL} mode="M" world="firmware" who={t('ladder.ownFirmware')} here={virtual.mode === 'M'} />}
            <Rung x={VIRTUAL} mode="S" world="guest-kernel" who={t('world.guest-kernel')} here={virtual.mode === 'S'} />
            <Rung x={VIRTUAL} mode="U" world="guest-user" who={t('world.guest-user')} here={virtual.mode === 'U'} />
            {mode === 'U' && <path className={`belief world-${WORLD_OF[virtual.mode]}`} d={`M${String(REAL + HALF)} ${String(RUNG.U)} L ${String(VIRTUAL - HALF)} ${String(RUNG[virtual.mode])}`} />}
            {mode !== 'U' && <path className="belief" d={`M${String(REAL + HALF)} ${String(RUNG[mode])} L ${String(VIRTUAL - HALF)} ${String(RUNG[virtual.mode])}`} />}
          </>
        )}
        {real && <Crossing x={REAL + HALF} from={real[0]} to={real[1]} world="hardware" />}
        {virtualMove && <Crossing x={VIRTUAL + HALF - 14} from={virtualMove[0]} to={virtualMove[1]} world="virtual" />}
      </svg>
      <figcaption>
        {caption}
        {atTrap && <span className="quiet"> {t('ladder.crossing', { trap: trap.trap, cause: causeTitle(trap.interrupt, trap.cause, language) })}</span>}
      </figcaption>
    </figure>
  );
}
