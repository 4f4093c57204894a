/** The page's machine at the moments that lessons name. */
import { datum, goTo, needSteps, seekTrap } from '../client/lab.ts';
import type { Moment } from '../../workers/protocol/lab-api.ts';
import { useMachine } from '../state/machine.ts';
import type { Judge } from './judge.ts';

/** Counts journeys: a reader who turns pages quickly wants only the last one's end. */
let journeys = 0;

/** True when the machine stands there, or a later journey has taken over. */
export async function goToMoment(moment: Moment, microStep?: string): Promise<boolean> {
  journeys += 1;
  const mine = journeys;
  const reached = await goTo(moment);
  if (mine !== journeys) return true;
  if (!reached) return false;
  const trap = useMachine.getState().view?.micro?.trap;
  if (microStep === undefined || trap === undefined) return true;
  await needSteps(trap);
  if (mine !== journeys) return true;
  const index = useMachine.getState().steps.get(trap)?.findIndex(({ id }) => id === microStep) ?? -1;
  if (index < 0) return false;
  await seekTrap(trap, index);
  return true;
}

export const judge: Judge = {
  datum,
  symbol: (name) => useMachine.getState().loaded?.info.symbols.find((symbol) => symbol.name === name)?.address,
  goTo: goToMoment,
  finishTrap: async () => {
    const micro = useMachine.getState().view?.micro;
    if (micro) await seekTrap(micro.trap, micro.count - 1);
  },
};
