/** Programs as images, for tests. */
import { readFileSync } from 'node:fs';
import { loadImage, type Image } from '../../workers/machine/image/image.ts';
import { imageOf } from './assembled.ts';

export { imageOf };

const GUESTS = new URL('../../public/guests/', import.meta.url);
/** All of the lab's own guests: programs in assembly, and a kernel in C. */
export const LAB_GUESTS = ['hello.s', 'processes.s', 'echo.s', 'paravirtual.s', 'nested-vmm.s', 'devices.s', 'demand-paging/demand-paging.elf', 'floating-point/floating-point.elf'] as const;

export function labGuest(name: string): Image {
  const file = readFileSync(new URL(name, GUESTS));
  if (name.endsWith('.s')) return imageOf(name, file.toString('utf8'));
  const image = loadImage(new Uint8Array(file), { name, origin: 0x8020_0000n });
  if (!image.ok) throw new Error(image.error.message);
  return image.value;
}

const LETTERS = readFileSync(new URL('bugs/letters.s', GUESTS), 'utf8');

/** A small kernel, from its label `kernel` on, with a handler that prints each trap as a letter (public/guests/bugs/letters.s). */
export const letterText = (text: string): string => `${LETTERS}\n${text}`;
export const letterKernel = (name: string, text: string): Image => imageOf(name, letterText(text));
