/** From what the user gave to a computer that is ready to run it. Every refusal is one sentence. */
import { assemble } from '../isa/assemble/assemble.ts';
import type { Diagnostic } from '../isa/assemble/diagnostic.ts';
import { err, ok, type Result } from '../base/result.ts';
import { loadImage, type Image } from '../machine/image/image.ts';
import { initrdStart } from '../machine/machine.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import type { LoadRequest, Problem, ProgramInfo, ProgramSource } from '../protocol/lab-api.ts';
import { Recorder } from '../trace/recorder.ts';
import { bugById, BUGS, type BugId } from '../vmm/bugs.ts';
import { MachineBoard } from './machine-board.ts';
import type { Inspector } from './inspector.ts';
import { Session } from './session.ts';
import { Travel } from './travel.ts';

export interface OpenProgram {
  readonly program: ProgramInfo;
  readonly session: Session;
  readonly travel: Travel;
  readonly inspector: Inspector;
}

interface Refusal {
  readonly ok: false;
  readonly problem: Problem;
  readonly diagnostics: readonly Diagnostic[];
}

const refuse = (problem: Problem, diagnostics: readonly Diagnostic[] = []): Refusal => ({ ok: false, problem, diagnostics });

/** Where programs stand that do not say: the address at which QEMU's firmware enters a kernel. */
const DEFAULT_ORIGIN = 0x8020_0000n;
const DEFAULT_MEMORY = 128 << 20;
const LEAST_MEMORY = 4 << 20;
/** Bytes of a sector of a disk. */
const SECTOR = 512;
const MOST_MEMORY = 1 << 30;
const PAGE = 4096;

export type OpenedImage = { readonly ok: true; readonly image: Image; readonly lines: ProgramInfo['lines']; readonly warnings: readonly Diagnostic[] } | Refusal;

/** The program as bytes at addresses. */
export function openImage(source: ProgramSource): OpenedImage {
  const origin = source.origin ?? DEFAULT_ORIGIN;
  if (source.kind === 'binary') {
    const image = loadImage(source.bytes, { name: source.name, origin });
    return image.ok ? { ok: true, image: image.value, lines: [], warnings: [] } : refuse(image.error);
  }
  const { assembly, diagnostics } = assemble(source.text, { origin });
  if (!assembly) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const first = errors[0];
    const args = { name: source.name, count: String(errors.length), line: String(first?.line ?? 0), first: first?.message ?? '' };
    return refuse({ code: 'does-not-assemble', message: `${source.name} has ${errors.length === 1 ? 'an error' : `${args.count} errors`}; the first is on line ${args.line}: ${args.first}`, args }, diagnostics);
  }
  const image: Image = {
    name: source.name,
    entry: assembly.entry,
    segments: assembly.sections.map(({ address, bytes }) => ({ address, bytes, memoryBytes: bytes.length, executable: true })),
    symbols: assembly.symbols,
    tohost: assembly.symbols.find(({ name }) => name === 'tohost')?.address,
  };
  return { ok: true, image, lines: assembly.lines, warnings: diagnostics };
}

/** Mistakes of the VMM by their names. */
export function knownBugs(names: readonly string[]): Result<readonly BugId[], Problem> {
  const unknown = names.find((id) => !bugById(id));
  if (unknown === undefined) return ok(names.flatMap((name) => bugById(name)?.id ?? []));
  const args = { name: unknown, known: BUGS.map(({ id }) => id).join(', ') };
  return err({ code: 'no-such-bug', message: `The VMM has no bug ${args.name}: choose from ${args.known}.`, args });
}

export function open(request: LoadRequest): { readonly ok: true; readonly open: OpenProgram } | Refusal {
  const memoryBytes = request.memoryBytes ?? DEFAULT_MEMORY;
  if (!(memoryBytes >= LEAST_MEMORY && memoryBytes <= MOST_MEMORY && memoryBytes % PAGE === 0)) {
    const args = { bytes: String(memoryBytes) };
    return refuse({ code: 'memory-size', message: `The machine cannot have ${args.bytes} bytes of memory: choose a multiple of 4096 from 4 MiB to 1 GiB.`, args });
  }
  const { disk } = request;
  if (disk && (disk.bytes.length === 0 || disk.bytes.length % SECTOR !== 0)) {
    const args = { name: disk.name, bytes: String(disk.bytes.length) };
    return refuse({ code: 'disk-size', message: `${args.name} is no disk image: ${args.bytes} bytes are not a whole number of sectors of 512.`, args });
  }
  if (request.hypervisor === true && request.regime !== 'bare') {
    return refuse({ code: 'hypervisor-needs-bare', message: 'The VMM gives its guest no hypervisor extension: leave it out, or choose the regime bare.', args: {} });
  }
  const known = knownBugs(request.bugs ?? []);
  if (!known.ok) return refuse(known.error);
  const bugs = known.value;
  if (bugs.length > 0 && request.regime === 'bare') {
    return refuse({ code: 'bug-needs-vmm', message: 'The bare machine has no VMM that could have a bug: choose the regime trap-and-emulate.', args: {} });
  }
  const opened = openImage(request.program);
  if (!opened.ok) return opened;
  const { image, lines, warnings } = opened;
  const { bootArguments, epoch, hypervisor, initrd } = request;
  // Without a device that reaches memory by itself there would be nothing to see.
  const passThrough = request.passThrough === true || bugs.includes('iommu-off');
  const imageEnd = image.segments.reduce((end, { address, memoryBytes }) => (address + BigInt(memoryBytes) > end ? address + BigInt(memoryBytes) : end), RAM_BASE);
  if (initrd && (initrd.bytes.length > memoryBytes || initrdStart(memoryBytes, initrd.bytes.length) < imageEnd)) {
    const args = { name: initrd.name, bytes: String(initrd.bytes.length), program: request.program.name };
    return refuse({ code: 'initrd-size', message: `${args.name} (${args.bytes} bytes) does not fit behind ${args.program}: give the machine more memory.`, args });
  }
  const built: { board?: MachineBoard } = {};
  // Nothing is recorded before the board exists: recording begins switched off.
  const recorder = new Recorder(() => ({ ...built.board!.instant, trap: built.board!.trapCount - 1 }));
  const made = MachineBoard.build({ image, memoryBytes, regime: request.regime, shadow: request.shadow, bugs, checked: request.checked, engine: request.engine ?? 'translator', start: request.start, disk: disk?.bytes, bootArguments, initrd: initrd?.bytes, passThrough, epoch, hypervisor, probe: recorder });
  if (!made.ok) return refuse(made.error);
  const board = built.board = made.value;
  const session = new Session(board, recorder);
  const program: ProgramInfo = { name: request.program.name, entry: image.entry, start: board.start, symbols: image.symbols, lines, warnings };
  return { ok: true, open: { program, session, travel: new Travel(session), inspector: board } };
}
