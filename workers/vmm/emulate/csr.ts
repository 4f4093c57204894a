/**
 * The six CSR instructions on virtual CSRs (Zicsr; privileged manual, "CSR Address Mapping Conventions"). No real CSR is touched: the
 * guest kernel may write satp or stvec as it likes.
 */
import { hex } from '../../base/bits.ts';
import { csrByNumber, csrIsReadOnly, csrName, csrPrivilege } from '../../isa/csrs.ts';
import { registerName } from '../../isa/registers.ts';
import type { Decoded } from '../../isa/row.ts';
import { OPEN_COUNTERS } from '../../machine/firmware/sbi.ts';
import type { Outcome } from '../../machine/host-software.ts';
import type { Bugs } from '../bugs.ts';
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { isVirtualCsr, type VirtualCsr } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';

const CSR_INSTRUCTIONS = ['csrrw', 'csrrs', 'csrrc', 'csrrwi', 'csrrsi', 'csrrci'];
const MODE_RANK = { U: 0, S: 1 } as const;
const FIRST_COUNTER = 0xc00;
const LAST_COUNTER = 0xc1f;

export const isCsrInstruction = ({ row }: Decoded): boolean => CSR_INSTRUCTIONS.includes(row.name);

const isExchange = ({ row }: Decoded): boolean => row.name === 'csrrw' || row.name === 'csrrwi';
const isImmediate = ({ row }: Decoded): boolean => row.name.endsWith('i');

/** csrrw always writes. csrrs and csrrc with x0 (or constant 0) do not write at all, so they may be used on read-only registers. */
function writes(decoded: Decoded, bugs: Bugs): boolean {
  return isExchange(decoded) || bugs['csrrs-zero-writes'] || (isImmediate(decoded) ? decoded.zimm : decoded.rs1) !== 0;
}

/** fcsr and its parts are the real ones: they trap only while FS is off, and then for the guest, too. */
const isFloat = (csr: number): boolean => csrByNumber(csr)?.group === 'float';

/** Whether the guest's own mode may do this; otherwise it is the guest's illegal instruction. */
export function mayAccessCsr(hart: VirtualHart, decoded: Decoded): boolean {
  const { csr } = decoded;
  if (!csrByNumber(csr) || isFloat(csr) || MODE_RANK[hart.mode] < csrPrivilege(csr)) return false;
  if (writes(decoded, hart.bugs) && csrIsReadOnly(csr)) return false;
  if (csr < FIRST_COUNTER || csr > LAST_COUNTER) return true;
  const open = hart.mode === 'S' || hart.bugs['counters-open'] ? OPEN_COUNTERS : OPEN_COUNTERS & hart.csrs.get('scounteren');
  return (open >> BigInt(csr - FIRST_COUNTER) & 1n) === 1n;
}

export function emulateCsr(guest: Guest, decoded: Decoded): Outcome {
  const { hart, log } = guest;
  const { rd, csr } = decoded;
  const name = csrName(csr);

  // The source is read before rd is written: they may be the same register.
  let source = isImmediate(decoded) ? BigInt(decoded.zimm) : hart.x(decoded.rs1);
  const old = readCsr(guest, name);
  if (rd !== 0) {
    hart.setX(rd, old);
    if (hart.bugs['rd-before-rs1'] && decoded.rs1 === rd) source = old;
    log.step('csr.read', () => ({ csr: name, value: hex(old), register: registerName(rd) }));
  }

  if (writes(decoded, hart.bugs)) {
    const value = newValue(decoded, old, source);
    if (isVirtualCsr(name)) writeCsr(guest, name, value);
    log.step('csr.write', () => ({ csr: name, value: hex(value) }));
  }
  if (hart.bugs['sepc-not-advanced']) return RESUME;
  finishInstruction(guest, 4);
  return RESUME;
}

function readCsr({ hart, clock, shadow }: Guest, name: string): bigint {
  if (hart.bugs['real-satp'] && name === 'satp') return shadow.realSatp;
  if (isVirtualCsr(name)) return hart.csrs.read(name);
  // The guest's time is the machine's: an emulated instruction takes one tick as any other does.
  return name === 'time' ? clock.now() : hart.instret;
}

function newValue(decoded: Decoded, old: bigint, source: bigint): bigint {
  switch (decoded.row.name) {
    case 'csrrs': case 'csrrsi': return old | source;
    case 'csrrc': case 'csrrci': return old & ~source;
    default: return source;
  }
}

/**
 * Two writes mean more than a number in the VMM's memory. Which interrupts may come, and which shadow table is right, is looked at
 * after every exit, so nothing is to be done for sstatus.SIE, SUM and MXR, sie and sip here.
 */
function writeCsr({ hart, shadow, firmware }: Guest, name: VirtualCsr, value: bigint): void {
  const { csrs } = hart;
  csrs.write(name, value);
  // The guest's own timer (Sstc) is set as by a call of its firmware.
  if (name === 'stimecmp') firmware.setTimer(value);
  if (name === 'satp') shadow.satpWritten();
}
