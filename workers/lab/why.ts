/** Picks the reason why a real CSR differs from the virtual one of the same name (virtualization by trap and emulate). */
import type { CsrValue } from '../protocol/lab-api.ts';
import type { WhyKey } from '../protocol/why.ts';

/** satp.MODE = 0: no translation (privileged manual, "Supervisor Address Translation and Protection"). */
const isBare = (satp: bigint): boolean => satp >> 60n === 0n;
const INTERRUPT = 1n << 63n;

function reason(name: string, real: bigint, virtual: bigint): WhyKey {
  switch (name) {
    case 'sstatus': return 'sstatus.guest-really-in-user';
    case 'sie': return 'sie.vmm-enables-its-own';
    case 'sip': return 'sip.lines-are-virtual';
    case 'stvec': return 'stvec.traps-go-to-the-vmm';
    case 'sscratch': return 'sscratch.vmm-own';
    case 'sepc': return 'sepc.resumes-the-guest';
    case 'scause': return reasonOfCause(real);
    case 'stval': return 'stval.last-real-trap';
    case 'satp': return isBare(virtual) ? 'satp.guest-believes-paging-off' : 'satp.shadow-page-table';
    case 'scounteren': return 'scounteren.counters-must-trap';
    // mstatus, medeleg, mideleg, mie, mip, mtvec, mepc, mcause, mtval, mcounteren of a guest that has brought its own M mode.
    default: return name.startsWith('m') ? 'machine.guest-brings-its-own' : 'other.vmm-own';
  }
}

/** By the real cause (privileged manual, table of scause values): 2 illegal instruction, 8 ecall from U, 12/13/15 page faults. */
function reasonOfCause(real: bigint): WhyKey {
  if ((real & INTERRUPT) !== 0n) return 'scause.interrupt-was-for-the-vmm';
  if (real === 2n) return 'scause.illegal-is-for-the-vmm';
  if (real === 8n) return 'scause.ecall-looks-the-same';
  if (real === 12n || real === 13n || real === 15n) return 'scause.fault-was-hidden';
  return 'scause.last-real-trap';
}

/** A reason for each CSR that both lists have with different values. */
export function whyTheyDiffer(real: readonly CsrValue[], virtual: readonly CsrValue[]): Record<string, WhyKey> {
  const realByName = new Map(real.map((csr) => [csr.name, csr.value]));
  const why: Record<string, WhyKey> = {};
  for (const { name, value } of virtual) {
    const other = realByName.get(name);
    if (other !== undefined && other !== value) why[name] = reason(name, other, value);
  }
  return why;
}
