/** H and Svinval: fences of a guest's translations, and the hypervisor's own loads and stores in its guest's memory (privileged manual, 8.3). */
import { call, callStmt, extend16S, extend8S, extendS, i32, local, let_, numberOf, raw, resync, rs1, rs2, setRd, wrap, type Expr, type Stmt } from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { fenceVmaType, guestLoadType, guestStoreType, wordType, type Family } from './formats.ts';

const H = (clause: string): Family => ({ extension: 'H', clause, privileged: true });
const SVINVAL: Family = { extension: 'Svinval', clause: 'Svinval 11.3', privileged: true };

const addressesAndSpaces = (procedure: string): readonly Stmt[] => [callStmt(procedure, numberOf('rs1'), rs1, numberOf('rs2'), rs2, raw), resync];
const guestFence: readonly Stmt[] = [callStmt('fenceGuestPhysical', numberOf('rs2'), rs2, raw), resync];

const LOAD = 0;
const EXECUTE_LOAD = 3;
type Size = 1 | 2 | 4 | 8;
const loaded: Expr = local('loaded');
const signed = (size: Size): Expr => ({ 1: extend8S(loaded), 2: extend16S(loaded), 4: extendS(wrap(loaded)), 8: loaded })[size];
const load = (size: Size, kind: number, value: Expr): readonly Stmt[] => [let_('loaded', call('guestLoad', 'i64', rs1, i32(size), i32(kind), raw)), setRd(value)];
const store = (size: Size): readonly Stmt[] => [callStmt('guestStore', rs1, i32(size), rs2, raw)];

const LOADS: readonly (readonly [suffix: string, funct7: number, field: number, size: Size, zero: boolean])[] = [
  ['b', 0x30, 0, 1, false], ['bu', 0x30, 1, 1, true], ['h', 0x32, 0, 2, false], ['hu', 0x32, 1, 2, true], ['w', 0x34, 0, 4, false], ['wu', 0x34, 1, 4, true], ['d', 0x36, 0, 8, true],
];
const EXECUTABLE: readonly (readonly [suffix: string, funct7: number, size: Size])[] = [['hu', 0x32, 2], ['wu', 0x34, 4]];
const STORES: readonly (readonly [suffix: string, funct7: number, size: Size])[] = [['b', 0x31, 1], ['h', 0x33, 2], ['w', 0x35, 4], ['d', 0x37, 8]];

export const HYPERVISOR: readonly InstructionRow[] = [
  fenceVmaType(H('Privileged 8.3.2'), 0x11, { name: 'hfence.vvma', en: 'Makes changes of a guest’s own page tables take effect, for the guest that hgatp names.', zh: '使客户自身页表的修改生效，针对 hgatp 所指的客户。', meaning: addressesAndSpaces('fenceGuestVirtual') }),
  fenceVmaType(H('Privileged 8.3.2'), 0x31, { name: 'hfence.gvma', en: 'Makes changes of the hypervisor’s page tables for its guests take effect; rs1 is a guest-physical address divided by 4, rs2 a VMID.', zh: '使虚拟机监控器为客户建立的页表的修改生效；rs1 是客户物理地址除以 4，rs2 是 VMID。', meaning: guestFence }),
  ...LOADS.map(([suffix, funct7, field, size, zero]) => guestLoadType(H('Privileged 8.3.1'), funct7, field, {
    name: `hlv.${suffix}`, en: `Loads ${String(size)} bytes from a guest’s memory, with the guest’s translation and rights.`, zh: `以客户的地址转换和权限，从客户内存加载 ${String(size)} 个字节。`, meaning: load(size, LOAD, zero ? loaded : signed(size)),
  })),
  ...EXECUTABLE.map(([suffix, funct7, size]) => guestLoadType(H('Privileged 8.3.1'), funct7, 3, {
    name: `hlvx.${suffix}`, en: `Loads ${String(size)} bytes of a guest’s code: the pages must be executable, not readable.`, zh: `加载客户代码的 ${String(size)} 个字节：页必须可执行，而不必可读。`, meaning: load(size, EXECUTE_LOAD, loaded),
  })),
  ...STORES.map(([suffix, funct7, size]) => guestStoreType(H('Privileged 8.3.1'), funct7, {
    name: `hsv.${suffix}`, en: `Stores ${String(size)} bytes into a guest’s memory, with the guest’s translation and rights.`, zh: `以客户的地址转换和权限，向客户内存存储 ${String(size)} 个字节。`, meaning: store(size),
  })),
];

export const SVINVAL_ROWS: readonly InstructionRow[] = [
  fenceVmaType(SVINVAL, 0x0b, { name: 'sinval.vma', en: 'As sfence.vma, but ordered only by the two instructions around a batch of them.', zh: '与 sfence.vma 相同，但只由一批指令前后的两条指令来排序。', meaning: addressesAndSpaces('fenceVma') }),
  wordType(SVINVAL, 0x1800_0073, { name: 'sfence.w.inval', en: 'Orders earlier stores before the sinval.vma that follow.', zh: '使之前的存储先于随后的 sinval.vma。', meaning: [callStmt('fenceInvalidationCheck', raw)] }),
  wordType(SVINVAL, 0x1810_0073, { name: 'sfence.inval.ir', en: 'Orders earlier sinval.vma before the accesses that follow.', zh: '使之前的 sinval.vma 先于随后的访问。', meaning: [callStmt('fenceInvalidationCheck', raw)] }),
  fenceVmaType(SVINVAL, 0x13, { name: 'hinval.vvma', en: 'As hfence.vvma, but ordered only by the two instructions around a batch of them.', zh: '与 hfence.vvma 相同，但只由一批指令前后的两条指令来排序。', meaning: addressesAndSpaces('fenceGuestVirtual') }),
  fenceVmaType(SVINVAL, 0x33, { name: 'hinval.gvma', en: 'As hfence.gvma, but ordered only by the two instructions around a batch of them.', zh: '与 hfence.gvma 相同，但只由一批指令前后的两条指令来排序。', meaning: guestFence }),
];
