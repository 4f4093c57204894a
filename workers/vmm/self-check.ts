/**
 * The VMM checks itself: what must hold after each exit, whatever the guest does. Tests ask after every exit, and so does the VMM itself while
 * a bug is turned on. It works out anew, in its own way, what the rest of the VMM has just done, and changes nothing.
 */
import { hex } from '../base/bits.ts';
import { INTERRUPT } from '../isa/causes.ts';
import type { Prose } from '../isa/row.ts';
import type { Difference, HaltReason } from '../trace/events.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { RealHart } from './real-hart.ts';
import { brokenIsolation, type ShadowTables } from './shadow-paging/invariant.ts';
import { neededRoot, rootOf, type Changes } from './shadow-paging/shadow-roots.ts';
import { GLOBAL_PAGE, isTranslated, type ShadowTable } from './shadow-paging/shadow-table.ts';
import { isLeaf, PTE, tableIndex, tableOf } from './shadow-paging/sv39.ts';
import { guestPhysical } from '../base/address.ts';
import { SSTATUS } from './virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from './virtual-hart/virtual-hart.ts';

export interface Checked extends ShadowTables {
  readonly hart: VirtualHart;
  readonly real: RealHart;
}

/** A rule of SPEC.md, and what is wrong in one sentence. */
export interface Broken {
  readonly rule: string;
  readonly sentence: Prose;
}

/** The machine stops with it. */
export const haltFor = (broken: Broken, differences: readonly Difference[] = []): HaltReason =>
  ({ by: 'stuck', exitCode: 1, message: `The VMM has broken its rule ${broken.rule}: ${broken.sentence.en}`, broken: { ...broken, differences } });

const broken = (rule: string, en: string, zh: string): Broken => ({ rule, sentence: { en, 'zh-CN': zh } });

/** The first rule that is broken, or undefined. */
export function brokenRule(vmm: Checked): Broken | undefined {
  const isolation = brokenIsolation(vmm);
  if (isolation !== undefined) return { rule: 'I1', sentence: isolation };
  const reached = vmm.slice?.brokenTable();
  if (reached !== undefined) return { rule: 'I3', sentence: reached };
  return wrongRoot(vmm) ?? wrongTable(vmm) ?? forgottenInterrupt(vmm.hart) ?? brokenTables(vmm);
}

function wrongRoot({ hart, real }: Checked): Broken | undefined {
  const [needed, used] = [neededRoot(hart), rootOf(real.satp)];
  if (needed === used) return undefined;
  return broken('S1', `The guest goes on in virtual ${hart.mode} with the shadow table “${used ?? 'none'}” instead of “${needed}”.`,
    `客户机以虚拟 ${hart.mode} 模式继续，使用的影子页表却是“${used ?? 'none'}”，而不是“${needed}”。`);
}

function wrongTable({ hart: { csrs }, shadow }: Checked): Broken | undefined {
  if (shadow.followsGuest) return undefined;
  const mxr = (csrs.get('sstatus') & SSTATUS.MXR) === 0n ? '0' : '1';
  return broken('S5', `The guest goes on with a shadow table that was not made for its satp ${hex(csrs.get('satp'))} with MXR = ${mxr}.`,
    `客户机继续使用的影子页表并不是为它的 satp ${hex(csrs.get('satp'))} 与 MXR = ${mxr} 建立的。`);
}

function forgottenInterrupt({ csrs, mode }: VirtualHart): Broken | undefined {
  const ready = csrs.get('sip') & csrs.get('sie') & ((1n << BigInt(INTERRUPT.sei)) | (1n << BigInt(INTERRUPT.sti)) | (1n << BigInt(INTERRUPT.ssi)));
  if (ready === 0n || mode === 'M' || (mode === 'S' && (csrs.get('sstatus') & SSTATUS.SIE) === 0n)) return undefined;
  return broken('T9', `The guest goes on although it must take an interrupt (sip and sie have ${hex(ready)}).`, `客户机本应先接收一个中断（sip 与 sie 中都有 ${hex(ready)}），却直接继续。`);
}

function brokenTables(vmm: Checked): Broken | undefined {
  const { mapped, fenced } = vmm.shadow.takeChanges();
  if (mapped && vmm.shadow.byId(mapped.table.id)) {
    const wrong = brokenPage(vmm.guest, mapped.table, mapped.va);
    if (wrong !== undefined) return wrong;
  }
  if (fenced) return staleAfter(vmm, fenced);
  return undefined;
}

/** The page that has just been mapped, against the guest's table as it is now. */
function brokenPage(guest: GuestMemory, table: ShadowTable, va: bigint): Broken | undefined {
  const found = table.leaf(va);
  if (!found || !isTranslated(table.root)) return undefined;
  const shadow = found.entry;
  const guestLeaf = leafOf(guest, table, va);
  const page = `the page ${hex(va)} in the shadow table “${table.root}”`;
  const pageZh = `影子页表“${table.root}”中的页 ${hex(va)}`;
  if (!guestLeaf) return broken('S7', `The VMM has mapped ${page}, and the guest's table has none there.`, `VMM 建立了${pageZh}，而客户机页表中并没有它。`);
  const { entry, level } = guestLeaf;
  if (tableOf(entry) % (1n << BigInt(12 + 9 * level)) !== 0n) return broken('S7', `The VMM has mapped ${page} from a superpage that is not aligned.`, `VMM 由一个未对齐的大页建立了${pageZh}。`);
  const readable = (entry & PTE.R) !== 0n || (table.mxr && (entry & PTE.X) !== 0n);
  const executable = (entry & PTE.X) !== 0n && !((entry & PTE.U) !== 0n && table.root !== 'user');
  if (((shadow & PTE.R) !== 0n && !readable) || ((shadow & PTE.W) !== 0n && (entry & PTE.W) === 0n) || ((shadow & PTE.X) !== 0n && !executable)) {
    const [given, guests] = [hex(shadow & 0xffn), hex(entry & 0xffn)];
    return broken('S2', `The VMM gives ${page} more rights (${given}) than the guest's table (${guests}) and root allow.`, `${pageZh}的权限（${given}）超出了客户机页表（${guests}）与该根所允许的。`);
  }
  if ((entry & PTE.A) === 0n) return broken('S3', `The VMM has mapped ${page}, and the guest's entry is not marked as accessed.`, `VMM 建立了${pageZh}，但客户机的表项没有置 A 位。`);
  if ((shadow & PTE.W) !== 0n && (entry & PTE.D) === 0n) return broken('S3', `The VMM lets ${page} be written before the guest's entry is dirty.`, `${pageZh}在客户机表项置 D 位之前就可写。`);
  return undefined;
}

/** The guest's leaf entry for an address, looked up without a trace. */
function leafOf(guest: GuestMemory, { satp, levels }: ShadowTable, va: bigint): { readonly entry: bigint; readonly level: number } | undefined {
  let table = (satp & ((1n << 44n) - 1n)) << 12n;
  for (let level = levels - 1; level >= 0; level -= 1) {
    const at = table + 8n * tableIndex(va, level);
    if (!guest.contains(at, 8)) return undefined;
    const entry = guest.read(guestPhysical(at), 8);
    if ((entry & PTE.V) === 0n) return undefined;
    if (isLeaf(entry)) return { entry, level };
    table = tableOf(entry);
  }
  return undefined;
}

/** After the guest's fence: nothing that it named may be left. With the other variants new pages may be there already, or were never stale. */
function staleAfter({ shadow }: Checked, { va, asid }: NonNullable<Changes['fenced']>): Broken | undefined {
  if (shadow.variant !== 'lazy') return undefined;
  for (const table of shadow.tables) {
    if (!isTranslated(table.root) || (asid !== undefined && table.guestAsid !== asid)) continue;
    const left = va === undefined ? anyLeaf(table, asid !== undefined) : keptPieces(table, va) ?? keptLeaf(table, va, asid !== undefined);
    if (left !== undefined) return broken('S4', `After the guest's fence the shadow table “${table.root}” still has ${left.en}.`, `客户机执行 fence 之后，影子页表“${table.root}”中仍有${left['zh-CN']}。`);
  }
  return undefined;
}

function keptPieces(table: ShadowTable, va: bigint): Prose | undefined {
  const pieces = table.piecesOf(va);
  return pieces === 0 ? undefined : { en: `${String(pieces)} pieces of the superpage at ${hex(va)}`, 'zh-CN': `${hex(va)} 处大页的 ${String(pieces)} 片` };
}

function keptLeaf(table: ShadowTable, va: bigint, globalsStay: boolean): Prose | undefined {
  const leaf = table.leaf(va);
  return !leaf || (globalsStay && (leaf.entry & GLOBAL_PAGE) !== 0n) ? undefined : { en: `the page ${hex(va)}`, 'zh-CN': `页 ${hex(va)}` };
}

function anyLeaf(table: ShadowTable, globalsStay: boolean): Prose | undefined {
  const count = String(table.count(globalsStay ? 'local' : 'all'));
  return count === '0' ? undefined : { en: `${count} of its pages`, 'zh-CN': `其中的 ${count} 页` };
}
