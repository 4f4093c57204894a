/**
 * The six CSR instructions on virtual CSRs (Zicsr; privileged manual, "CSR Address Mapping Conventions"). No real CSR is touched: the
 * guest kernel may write satp or stvec as it likes.
 */
import { hex } from '../../base/bits.ts';
import { csrByNumber, csrIsReadOnly, csrName, csrPrivilege, ENVCFG } from '../../isa/csrs.ts';
import { registerName } from '../../isa/registers.ts';
import type { Decoded } from '../../isa/row.ts';
import { OPEN_COUNTERS } from '../../machine/firmware/sbi.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { isVirtualCsr, STATUS_LOW, type VirtualCsr } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';

const CSR_INSTRUCTIONS = ['csrrw', 'csrrs', 'csrrc', 'csrrwi', 'csrrsi', 'csrrci'];
const RANK = { U: 0, S: 1, M: 3 } as const;
const FIRST_COUNTER = 0xc00;
const LAST_COUNTER = 0xc1f;
/** The bit of time in the registers that open counters. */
const TIME = 2n;

/** A CSR instruction, with all that does not depend on the guest's state: worked out when it is first met. */
interface CsrInstruction {
  readonly name: string;
  readonly virtual: VirtualCsr | undefined;
  readonly action: 'exchange' | 'set' | 'clear';
  /** The source of the immediate forms. */
  readonly immediate: bigint | undefined;
  /** csrrw always writes. csrrs and csrrc with x0 (or constant 0) do not write at all, so they may be used on read-only registers. */
  readonly writes: boolean;
  readonly readOnly: boolean;
  /** The lowest mode that may access it; undefined where no mode of the guest may. */
  readonly rank: number | undefined;
  /** Which counter it reads, of those that a mode can be kept from; undefined where it is none. */
  readonly counter: bigint | undefined;
  /** What it counts, where it is a counter; and the value where it never changes. */
  readonly counts: 'time' | 'cycle' | 'instret' | undefined;
  readonly constant: bigint | undefined;
}

const known = new Map<Decoded, CsrInstruction>();
const MOST_KNOWN = 4096;

function csrInstruction(decoded: Decoded): CsrInstruction {
  const before = known.get(decoded);
  if (before) return before;
  const { row: { name: mnemonic }, csr, rs1, zimm } = decoded;
  const immediate = mnemonic.endsWith('i');
  const exchange = mnemonic.startsWith('csrrw');
  const name = csrName(csr);
  // fcsr and its parts are the real ones: they trap only while FS is off, and then for the guest, too.
  const row = csrByNumber(csr);
  // The guest has no hypervisor extension.
  const isGuests = row !== undefined && row.group !== 'float' && row.requires === undefined;
  const made: CsrInstruction = {
    name, virtual: isVirtualCsr(name) ? name : undefined,
    action: exchange ? 'exchange' : mnemonic.startsWith('csrrs') ? 'set' : 'clear',
    immediate: immediate ? BigInt(zimm) : undefined,
    writes: exchange || (immediate ? zimm : rs1) !== 0,
    readOnly: csrIsReadOnly(csr),
    rank: isGuests ? csrPrivilege(csr) : undefined,
    counter: csr >= FIRST_COUNTER && csr <= LAST_COUNTER ? BigInt(csr - FIRST_COUNTER) : undefined,
    counts: row?.storage.kind === 'counter' ? row.storage.of : undefined,
    constant: row?.storage.kind === 'constant' ? row.storage.value : undefined,
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(decoded, made);
  return made;
}

export const isCsrInstruction = ({ row }: Decoded): boolean => CSR_INSTRUCTIONS.includes(row.name);

/** Whether the guest's own mode may do this; otherwise it is the guest's illegal instruction. */
export function mayAccessCsr(hart: VirtualHart, decoded: Decoded): boolean {
  const { rank, writes, readOnly, counter, virtual } = csrInstruction(decoded);
  if (rank === undefined || RANK[hart.mode] < rank) return false;
  if (readOnly && (writes || hart.bugs['csrrs-zero-writes'])) return false;
  const { csrs, mode } = hart;
  if (mode === 'M') return true;
  // With TVM set, M wants to know of every change of address space (3.1.6.6).
  if (virtual === 'satp') return (csrs.statusLow & STATUS_LOW.TVM) === 0;
  // The timer is the supervisor's own when M lets it be (Sstc).
  if (virtual === 'stimecmp') return (csrs.get('menvcfg') & ENVCFG.STCE) !== 0n && (csrs.get('mcounteren') & TIME) !== 0n;
  if (counter === undefined) return true;
  const open = hart.bugs['counters-open'] ? OPEN_COUNTERS : mode === 'S' ? csrs.get('mcounteren') : csrs.get('mcounteren') & csrs.get('scounteren');
  return (open >> counter & 1n) === 1n;
}

export function emulateCsr(guest: Guest, decoded: Decoded): Outcome {
  const { hart, log } = guest;
  const { rd, rs1 } = decoded;
  const instruction = csrInstruction(decoded);

  // The source is read before rd is written: they may be the same register.
  let source = instruction.immediate ?? hart.x(rs1);
  const old = readCsr(guest, instruction);
  if (rd !== 0) {
    hart.setX(rd, old);
    if (hart.bugs['rd-before-rs1'] && rs1 === rd) source = old;
    if (log.detailed) log.step('csr.read', () => ({ csr: instruction.name, value: hex(old), register: registerName(rd) }));
  }

  if (instruction.writes) {
    const { virtual, counts } = instruction;
    const value = newValue(instruction, virtual ? hart.csrs.base(virtual, old) : old, source);
    if (virtual) writeCsr(guest, virtual, value);
    else if (counts !== undefined && counts !== 'time') hart.setCounter(counts, value);
    if (log.detailed) log.step('csr.write', () => ({ csr: instruction.name, value: hex(value) }));
  }
  if (hart.bugs['sepc-not-advanced']) return RESUME;
  finishInstruction(guest, 4);
  return RESUME;
}

function readCsr({ hart, clock, shadow }: Guest, { name, virtual, counts, constant }: CsrInstruction): bigint {
  if (hart.bugs['real-satp'] && name === 'satp') return shadow.realSatp;
  if (virtual) return hart.csrs.read(virtual);
  // The guest's time is the machine's: an emulated instruction takes one tick as any other does.
  if (counts === 'time') return clock.now();
  return counts ? hart.counter(counts) : constant ?? 0n;
}

function newValue({ action }: CsrInstruction, old: bigint, source: bigint): bigint {
  switch (action) {
    case 'set': return old | source;
    case 'clear': return old & ~source;
    default: return source;
  }
}

/**
 * Some writes mean more than a number in the VMM's memory. Which interrupts may come, and which shadow table is right, is looked at
 * after every exit, so nothing is to be done for sstatus.SIE, SUM, MXR and MPRV, sie and sip here.
 */
function writeCsr({ hart, shadow, firmware, timers }: Guest, name: VirtualCsr, value: bigint): void {
  const { csrs } = hart;
  csrs.write(name, value);
  // The guest's own timer (Sstc) is set as by a call of its firmware.
  if (csrs.ownsMachine && (name === 'stimecmp' || name === 'menvcfg')) timers.update();
  else if (name === 'stimecmp') firmware.setTimer(value);
  if (name === 'satp') shadow.satpWritten();
  // Every page may have other rights now.
  if (name.startsWith('pmp')) shadow.regionsChanged();
}
