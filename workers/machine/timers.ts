/**
 * The timers of the board: the CLINT's, the alarm of the real-time clock and, with Sstc, stimecmp and vstimecmp. When does the next interrupt come, and which are up now?
 * The machine asks around every run of the engine, so that the common answers are worked out with numbers: exact below 2^53 ticks, which
 * at 100 MHz are years. Beyond that bigints are used.
 */
import { u64 } from '../base/bits.ts';
import { INTERRUPT } from '../isa/causes.ts';
import type { Clint } from './devices/clint.ts';
import type { Rtc } from './devices/rtc.ts';
import type { HartView } from './hart/hart-view.ts';
import { slot } from './hart/state.ts';

const wordOf = (name: string): number => slot(name).offset / 4;
const wideOf = (name: string): number => slot(name).offset / 8;
const INSTRET = wordOf('instret');
const TIME_OFFSET = wordOf('timeOffset');
const STIMECMP = wordOf('stimecmp');
const MIP = wordOf('mip');
/** STCE is bit 63: the highest of the second word. */
const MENVCFG_HIGH = wordOf('menvcfg') + 1;
const HENVCFG_HIGH = wordOf('henvcfg') + 1;
const WIDE_VSTIMECMP = wideOf('vstimecmp');
const WIDE_STIMECMP = wideOf('stimecmp');
const WIDE_HTIMEDELTA = wideOf('htimedelta');
const WIDE_INSTRET = wideOf('instret');
const WIDE_TIME_OFFSET = wideOf('timeOffset');
const STIP = 1 << INTERRUPT.sti;

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;
/** A timer so many ticks away does not come. */
const NEVER = 1n << 53n;

export class Timers {
  readonly #words: Uint32Array;
  readonly #wide: BigUint64Array;
  readonly #clint: Clint;
  readonly #rtc: Rtc;
  readonly #hart: HartView;

  constructor(memory: WebAssembly.Memory, clint: Clint, rtc: Rtc, hart: HartView) {
    this.#words = new Uint32Array(memory.buffer);
    this.#wide = new BigUint64Array(memory.buffer);
    this.#clint = clint;
    this.#rtc = rtc;
    this.#hart = hart;
  }

  /** Ticks since reset. */
  get now(): bigint {
    return BigInt.asUintN(64, this.#wide[WIDE_INSTRET]! + this.#wide[WIDE_TIME_OFFSET]!);
  }

  /** What time has brought about: the lines of the CLINT and the clock, and the comparisons of Sstc. */
  update(): void {
    const now = this.#number(INSTRET) + this.#number(TIME_OFFSET);
    if (now < TWO_53) this.#clint.updateAt(now);
    else this.#clint.update();
    this.#rtc.update();
    if (!this.#hasSstc) return;
    // The usual: only stimecmp counts, and its bit is already what the comparison says.
    if (now < TWO_53 && !this.#guestHasSstc && ((this.#words[MIP]! & STIP) !== 0) === (now >= this.#number(STIMECMP))) return;
    this.#hart.updatePending();
  }

  /** Ticks until the next timer interrupt that is not up yet; Infinity when none will come. */
  get ticksToNext(): number {
    const now = this.#number(INSTRET) + this.#number(TIME_OFFSET);
    if (now >= TWO_53 || this.#guestHasSstc || this.#rtc.ticksToAlarm !== undefined) return this.next(~0n) === undefined ? Infinity : Number(this.next(~0n));
    const clint = this.#clint.compareNumber - now;
    const supervisor = this.#hasSstc ? this.#number(STIMECMP) - now : 0;
    return Math.min(clint > 0 && clint < TWO_53 ? clint : Infinity, supervisor > 0 && supervisor < TWO_53 ? supervisor : Infinity);
  }

  /** Ticks until the next timer interrupt that is among these bits of mip. */
  next(among: bigint): bigint | undefined {
    let next: bigint | undefined;
    const consider = (interrupt: number, ticks: bigint | undefined): void => {
      if (ticks === undefined || ticks <= 0n || ticks >= NEVER || (among >> BigInt(interrupt) & 1n) === 0n) return;
      if (next === undefined || ticks < next) next = ticks;
    };
    const { now } = this;
    consider(INTERRUPT.mti, this.#clint.ticksToTimer);
    // The clock's alarm comes through the PLIC, to M or S.
    const alarm = this.#rtc.ticksToAlarm;
    consider(INTERRUPT.mei, alarm);
    consider(INTERRUPT.sei, alarm);
    if (this.#hasSstc) consider(INTERRUPT.sti, this.#wide[WIDE_STIMECMP]! - now);
    if (this.#guestHasSstc) consider(INTERRUPT.vsti, this.#wide[WIDE_VSTIMECMP]! - u64(now + this.#wide[WIDE_HTIMEDELTA]!));
    return next;
  }

  get #hasSstc(): boolean { return this.#words[MENVCFG_HIGH]! >>> 31 === 1; }
  get #guestHasSstc(): boolean { return this.#hasSstc && this.#words[HENVCFG_HIGH]! >>> 31 === 1; }

  /** Two words as a number, which is rounded when it is 2^53 or more. */
  #number(word: number): number {
    return this.#words[word]! + this.#words[word + 1]! * TWO_32;
  }
}
