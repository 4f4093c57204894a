/** The real board's clock, seen by its driver in the VMM: it rings when an alarm of the guest's own clock is due. */
import { TIMEBASE_FREQUENCY } from '../../machine/clock.ts';
import { REGISTER as RTC } from '../../machine/devices/rtc.ts';
import type { DeviceAccess } from '../../machine/executor.ts';
import { ADDRESS } from '../../machine/peripherals.ts';

const at = (register: number): bigint => BigInt(ADDRESS.rtc + register);
const NANOSECONDS_PER_TICK = BigInt(1_000_000_000 / TIMEBASE_FREQUENCY);

export class RealClock {
  readonly #devices: DeviceAccess;

  constructor(devices: DeviceAccess) {
    this.#devices = devices;
  }

  /** Rings after so many ticks; never when there are none. */
  ringIn(ticks: bigint | undefined): void {
    if (ticks === undefined) {
      this.#write(RTC.clearAlarm, 1n);
      return;
    }
    const now = (this.#devices.readDevice(at(RTC.timeLow), 4) ?? 0n) | ((this.#devices.readDevice(at(RTC.timeHigh), 4) ?? 0n) << 32n);
    const alarm = now + ticks * NANOSECONDS_PER_TICK;
    this.#write(RTC.interruptEnabled, 1n);
    this.#write(RTC.alarmHigh, alarm >> 32n);
    this.#write(RTC.alarmLow, alarm & 0xffff_ffffn);
  }

  /** Its interrupt has been seen. */
  acknowledge(): void {
    this.#write(RTC.clearInterrupt, 1n);
  }

  #write(register: number, value: bigint): void {
    this.#devices.writeDevice(at(register), 4, value);
  }
}
