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
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { fromWords, isVirtualCsr, STATUS_LOW, virtualRegister, type VirtualRegister } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';

const CSR_INSTRUCTIONS = ['csrrw', 'csrrs', 'csrrc', 'csrrwi', 'csrrsi', 'csrrci'];
const FIRST_COUNTER = 0xc00;
const LAST_COUNTER = 0xc1f;
/** The bit of time in the registers that open counters. */
const TIME = 2;
const MENVCFG = virtualRegister('menvcfg');
const MCOUNTEREN = virtualRegister('mcounteren');
const SCOUNTEREN = virtualRegister('scounteren');
const NO_COUNTER = -1;

/** A CSR instruction, with all that does not depend on the guest's state: worked out when it is first met. */
export interface CsrInstruction {
  readonly name: string;
  readonly rd: number;
  readonly rs1: number;
  /** The guest's register; undefined for a counter, a constant, and what the guest does not have. */
  readonly virtual: VirtualRegister | undefined;
  readonly action: 'exchange' | 'set' | 'clear';
  /** The source of the immediate forms. */
  readonly immediate: number | undefined;
  /** csrrw always writes. csrrs and csrrc with x0 (or constant 0) do not write at all, so they may be used on read-only registers. */
  readonly writes: boolean;
  readonly readOnly: boolean;
  /** The lowest mode that may access it (U 0, S 1, M 3); one that no mode of the guest has where none may. */
  readonly rank: number;
  /** Which counter it reads, of those that a mode can be kept from; NO_COUNTER where it is none. */
  readonly counter: number;
  /** What it counts, where it is a counter; and the value where it never changes. */
  readonly counts: 'time' | 'cycle' | 'instret' | undefined;
  readonly constant: bigint;
  /** What a write means beyond the number. */
  readonly follows: 'timer' | 'address-space' | 'regions' | undefined;
}

const NOBODY = 4;

export function csrInstruction({ row: { name: mnemonic }, csr, rd, rs1, zimm }: Decoded): CsrInstruction {
  const immediate = mnemonic.endsWith('i');
  const exchange = mnemonic.startsWith('csrrw');
  const name = csrName(csr);
  // fcsr and its parts are the real ones: they trap only while FS is off, and then for the guest, too.
  const row = csrByNumber(csr);
  // The guest has no hypervisor extension.
  const isGuests = row !== undefined && row.group !== 'float' && row.requires === undefined;
  return {
    name, rd, rs1, virtual: isVirtualCsr(name) ? virtualRegister(name) : undefined,
    action: exchange ? 'exchange' : mnemonic.startsWith('csrrs') ? 'set' : 'clear',
    immediate: immediate ? zimm : undefined,
    writes: exchange || (immediate ? zimm : rs1) !== 0,
    readOnly: csrIsReadOnly(csr),
    rank: isGuests ? csrPrivilege(csr) : NOBODY,
    counter: csr >= FIRST_COUNTER && csr <= LAST_COUNTER ? csr - FIRST_COUNTER : NO_COUNTER,
    counts: row?.storage.kind === 'counter' ? row.storage.of : undefined,
    constant: row?.storage.kind === 'constant' ? row.storage.value : 0n,
    follows: name === 'stimecmp' || name === 'menvcfg' ? 'timer' : name === 'satp' ? 'address-space' : name.startsWith('pmp') ? 'regions' : undefined,
  };
}

export const isCsrInstruction = ({ row }: Decoded): boolean => CSR_INSTRUCTIONS.includes(row.name);

/** Whether the guest's own mode may do this; otherwise it is the guest's illegal instruction. */
export function mayAccessCsr(hart: VirtualHart, { rank, writes, readOnly, counter, virtual }: CsrInstruction): boolean {
  const { csrs, mode } = hart;
  if (rank > (mode === 'M' ? 3 : mode === 'S' ? 1 : 0)) return false;
  if (readOnly && (writes || hart.bugs['csrrs-zero-writes'])) return false;
  if (mode === 'M') return true;
  // With TVM set, M wants to know of every change of address space (3.1.6.6).
  if (virtual?.name === 'satp') return (csrs.statusLow & STATUS_LOW.TVM) === 0;
  // The timer is the supervisor's own when M lets it be (Sstc; STCE is the highest bit of menvcfg).
  if (virtual?.name === 'stimecmp') return csrs.high(MENVCFG) < 0 && (csrs.low(MCOUNTEREN) & TIME) !== 0;
  if (counter === NO_COUNTER) return true;
  const open = hart.bugs['counters-open'] ? Number(OPEN_COUNTERS) : mode === 'S' ? csrs.low(MCOUNTEREN) : csrs.low(MCOUNTEREN) & csrs.low(SCOUNTEREN);
  return (open >>> counter & 1) === 1;
}

/** In words, as far as the register is one of the guest's: this is what a guest kernel does most. */
export function emulateCsr(guest: Guest, instruction: CsrInstruction): Outcome {
  const { hart, log } = guest;
  const { rd, rs1, virtual, immediate, action } = instruction;
  const { csrs } = hart;

  // The source is read before rd is written: they may be the same register.
  let sourceLow = immediate ?? hart.xLow(rs1);
  let sourceHigh = immediate === undefined ? hart.xHigh(rs1) : 0;
  let low: number;
  let high: number;
  if (virtual && !hart.bugs['real-satp']) {
    if (log.detailed) csrs.read(virtual.name);
    low = csrs.low(virtual);
    high = csrs.high(virtual);
  } else {
    const value = readOther(guest, instruction);
    low = Number(BigInt.asIntN(32, value));
    high = Number(BigInt.asIntN(32, value >> 32n));
  }
  if (rd !== 0) {
    hart.setXWords(rd, low, high);
    if (hart.bugs['rd-before-rs1'] && rs1 === rd) [sourceLow, sourceHigh] = [low, high];
    if (log.detailed) log.step('csr.read', () => ({ csr: instruction.name, value: hexWords(low, high), register: registerName(rd) }));
  }

  if (instruction.writes) {
    if (action !== 'exchange') {
      const base = virtual ? csrs.baseLow(virtual, low) : low;
      sourceLow = action === 'set' ? base | sourceLow : base & ~sourceLow;
      sourceHigh = action === 'set' ? high | sourceHigh : high & ~sourceHigh;
    }
    if (virtual) csrs.writeWords(virtual, sourceLow, sourceHigh);
    else if (instruction.counts !== undefined && instruction.counts !== 'time') hart.setCounter(instruction.counts, fromWords(sourceLow, sourceHigh));
    if (instruction.follows !== undefined) followUp(guest, instruction);
    if (log.detailed) log.step('csr.write', () => ({ csr: instruction.name, value: hexWords(sourceLow, sourceHigh) }));
  }
  if (hart.bugs['sepc-not-advanced']) return RESUME;
  finishInstruction(guest, 4);
  return RESUME;
}

const hexWords = (low: number, high: number): string => hex(fromWords(low, high));

function readOther({ hart, clock, shadow }: Guest, { name, virtual, counts, constant }: CsrInstruction): bigint {
  if (virtual) return name === 'satp' ? shadow.realSatp : hart.csrs.read(virtual.name);
  // The guest's time is the machine's: an emulated instruction takes one tick as any other does.
  if (counts === 'time') return clock.now();
  return counts ? hart.counter(counts) : constant;
}

/**
 * Some writes mean more than a number in the VMM's memory. Which interrupts may come, and which shadow table is right, is looked at
 * after every exit, so nothing is to be done for sstatus.SIE, SUM, MXR and MPRV, sie and sip here.
 */
function followUp({ hart: { csrs }, shadow, firmware, timers }: Guest, { name, follows }: CsrInstruction): void {
  switch (follows) {
    case 'timer':
      // The guest's own timer (Sstc) is set as by a call of its firmware.
      if (csrs.ownsMachine) timers.update();
      else if (name === 'stimecmp') firmware.setTimer(csrs.get('stimecmp'));
      break;
    case 'address-space': shadow.satpWritten(); break;
    // Every page may have other rights now.
    default: shadow.regionsChanged();
  }
}
