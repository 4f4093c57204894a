/**
 * Kernels that begin in M mode, under the VMM: what they find is what they find on a bare machine without the hypervisor extension, which is what
 * the VMM gives its guest. The programs are those of the conformance suite, most of which bring their own M mode, and some of our own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHADOW_VARIANTS } from '../../workers/vmm/shadow-paging/shadow-roots.ts';
import { bareComputer, runToEnd, virtualComputer } from '../support/computers.ts';
import { imageOf } from '../support/guest-image.ts';

const RULES = new URL('../conformance/rules/', import.meta.url);
/** Without what only the hypervisor extension has: its two registers about a trap. */
const prelude = readFileSync(new URL('prelude.s', RULES), 'utf8').replace('csrr a0, mtval2', 'li a0, 0').replace('csrr t5, mtinst', 'li t5, 0');
/** A rule of that extension, or of an instruction that the guest is not told of. */
const NOT_THE_GUESTS = /\b(h[a-z]*status|hgatp|hvip|h[ei]deleg|henvcfg|htimedelta|hcounteren|hlvx?|hsv|hfence|vs[a-z]+|mtval2|mtinst|enter_?v[su]|cbo|hext)\b|enter v/;
const OWN = new URL('machine-mode/', import.meta.url);
const sources = (folder: URL): { readonly name: string; readonly text: string }[] => readdirSync(folder)
  .filter((name) => name.endsWith('.s') && name !== 'prelude.s')
  .map((name) => ({ name: name.slice(0, -2), text: readFileSync(new URL(name, folder), 'utf8') }))
  .filter(({ text }) => !NOT_THE_GUESTS.test(text));

const MOST_TICKS = 1_000_000n;
const RAM = 8 << 20;

describe.each(SHADOW_VARIANTS)('E1, V9 to V11: a kernel of M mode (%s)', (shadow) => {
  test.each([...sources(RULES), ...sources(OWN)])('$name sees and does the same bare and under the VMM', ({ name, text }) => {
    const image = imageOf(name, prelude + text, 0x8000_0000n);
    const bare = runToEnd(bareComputer(image, { guestRamBytes: RAM, start: 'm' }), MOST_TICKS);
    const virtual = runToEnd(virtualComputer(image, { guestRamBytes: RAM, start: 'm', shadow }), MOST_TICKS);
    expect(virtual).toEqual(bare);
    expect(bare.reason).toEqual({ by: 'finisher', exitCode: 0 });
  });
});
