/**
 * `ecall`. The guest's user calls its kernel; the guest's kernel calls the firmware below it, which the VMM plays unless the guest has brought its
 * own. Real hardware sees all of them in U mode and says cause 8: only the virtual mode tells them apart.
 */
import { hex, u64 } from '../../base/bits.ts';
import { CAUSE } from '../../isa/causes.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { sbiCall, sbiName } from '../../machine/firmware/sbi.ts';
import { RESUME, WAIT, type Guest } from '../guest.ts';
import { hypercall } from '../paravirtual/hypercalls.ts';
import { EXTENSION, hypercallName } from '../paravirtual/interface.ts';
import { injectException } from '../virtual-hart/inject.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';

const A0 = 10;
const A1 = 11;
const A6 = 16;
const A7 = 17;

export function environmentCall(guest: Guest): Outcome {
  const { hart, log } = guest;
  if (hart.mode === 'U') {
    log.step('triage.system-call', () => ({ number: hex(hart.x(A7)) }));
    // A system call is the guest kernel's business. sepc is the address of the ecall itself, without + 4.
    injectException(hart, log, CAUSE.ecallFromUser, 0n);
    return RESUME;
  }
  if (hart.csrs.ownsMachine) {
    log.step('triage.machine-call', () => ({ mode: hart.mode }));
    injectException(hart, log, hart.mode === 'S' ? CAUSE.ecallFromSupervisor : CAUSE.ecallFromMachine, 0n);
    return RESUME;
  }
  log.step('triage.firmware-call', () => ({ call: hart.x(A7) === EXTENSION ? `hypercall ${hypercallName(hart.x(A6))}` : sbiName(hart.x(A7), hart.x(A6)) }));
  return answerFirmwareCall(guest);
}

/** The guest's hart waits for an interrupt, as by wfi. After that it goes on behind the call, or begins anew, as it is told. */
function suspend(guest: Guest, anew: { readonly pc: bigint; readonly opaque: bigint } | undefined): Outcome {
  const { hart, shadow } = guest;
  hart.setX(A0, 0n);
  hart.setX(A1, anew?.opaque ?? 0n);
  if (anew) {
    hart.csrs.set('satp', 0n);
    shadow.satpWritten();
    hart.csrs.set('sstatus', hart.csrs.get('sstatus') & ~SSTATUS.SIE);
  }
  comeBack(guest, anew?.pc);
  return hart.interruptWaiting ? RESUME : WAIT;
}

/** The VMM plays the firmware: it does what is asked and answers in a0 and a1 (SBI, "Binary Encoding"). */
function answerFirmwareCall(guest: Guest): Outcome {
  const { hart, log } = guest;
  const extension = hart.x(A7);
  const fn = hart.x(A6);
  const args = [0, 1, 2, 3, 4, 5].map((n) => hart.x(A0 + n));

  const answer = guest.shared && extension === EXTENSION ? hypercall(guest, guest.shared, fn, args) : sbiCall(guest.firmware, extension, fn, args);
  if (answer.kind === 'halt') {
    log.step('sbi.shutdown');
    return { next: 'halt', reason: answer.reason };
  }
  if (answer.kind === 'suspend') return suspend(guest, answer.anew);
  hart.setX(A0, answer.kind === 'return' ? answer.error : answer.value);
  // The old calls, from before SBI 0.2, have no second answer.
  if (answer.kind === 'return') hart.setX(A1, answer.value);
  log.step('sbi.answer', () => ({ a0: hex(hart.x(A0)), a1: hex(hart.x(A1)) }));

  comeBack(guest);
  return RESUME;
}

/** The firmware returns behind the ecall, which is 4 bytes long, or to where it was told. An ecall does not retire, so no time passes. */
function comeBack({ hart, log }: Guest, to: bigint = u64(hart.pc + 4n)): void {
  hart.pc = to;
  log.step('sbi.return', () => ({ pc: hex(to) }));
}
