/** Every pane by its id: the one place where the page knows them all. */
import type { ComponentType } from 'react';
import type { PaneId } from '../state/workspace.ts';
import { Breakpoints } from '../panels/breakpoints/Breakpoints.tsx';
import { Console } from '../panels/console/Console.tsx';
import { Csrs } from '../panels/csrs/Csrs.tsx';
import { Disassembly } from '../panels/disassembly/Disassembly.tsx';
import { Memory } from '../panels/memory/Memory.tsx';
import { MicroSteps } from '../panels/micro-steps/MicroSteps.tsx';
import { ModeLadder } from '../panels/mode-ladder/ModeLadder.tsx';
import { Registers } from '../panels/registers/Registers.tsx';
import { Source } from '../panels/source/Source.tsx';
import { Statistics } from '../panels/statistics/Statistics.tsx';
import { Timeline } from '../panels/timeline/Timeline.tsx';
import { lazyPane } from './lazy-pane.tsx';

export const PANE: Readonly<Record<PaneId, ComponentType>> = {
  'mode-ladder': ModeLadder,
  'disassembly': Disassembly,
  'source': Source,
  'csrs': Csrs,
  'micro-steps': MicroSteps,
  'registers': Registers,
  'memory': Memory,
  'page-walk': lazyPane(() => import('../panels/page-walk/PageWalk.tsx').then(({ PageWalk }) => PageWalk)),
  'statistics': Statistics,
  'engine': lazyPane(() => import('../panels/engine/Engine.tsx').then(({ Engine }) => Engine)),
  'breakpoints': Breakpoints,
  'break-it': lazyPane(() => import('../panels/break-it/BreakIt.tsx').then(({ BreakIt }) => BreakIt)),
  'compare': lazyPane(() => import('../panels/compare/Compare.tsx').then(({ Compare }) => Compare)),
  'console': Console,
  'timeline': Timeline,
};
