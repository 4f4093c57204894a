/**
 * Notices a guest that can never go on: its trap handler traps itself, so the hart takes one trap after another and no instruction
 * completes. Time counts completed instructions, so not even its timer will come.
 */
import { hex } from '../base/bits.ts';
import { causeName } from '../isa/causes.ts';
import type { Session } from './session.ts';

/** An instruction that completes may fault before: once for each page that it touches, shadow tables and their walks included. */
const MOST_TRAPS_OF_AN_INSTRUCTION = 1000;

export class Progress {
  private readonly session: Session;
  private instructions: bigint;
  private position: number;

  constructor(session: Session) {
    this.session = session;
    this.instructions = session.board.guestInstructions;
    this.position = session.position;
  }

  /** To be asked between slices. One sentence when the guest can never go on. */
  problem(): string | undefined {
    const { session } = this;
    const { guestInstructions } = session.board;
    if (guestInstructions !== this.instructions || session.position < this.position) {
      this.instructions = guestInstructions;
      this.position = session.position;
      return undefined;
    }
    if (session.position - this.position < MOST_TRAPS_OF_AN_INSTRUCTION) return undefined;
    const trap = session.recorder.traps.get(session.recorder.traps.end - 1);
    const last = trap ? ` (now ${causeName(trap.interrupt, trap.cause)} at ${hex(trap.epc)})` : '';
    return `The guest takes one trap after another and no instruction of it completes${last}: its trap handler traps itself. Look at where stvec points.`;
  }
}
