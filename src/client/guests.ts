/** The guest programs that come with the lab: public/guests/index.json and the files that it names. */
import * as v from 'valibot';
import type { ProgramSource } from '../../workers/protocol/lab-api.ts';
import { appRoot } from './app-root.ts';
import { busyWith } from './idle.ts';

const words = v.object({ en: v.string(), 'zh-CN': v.string() });
const guestSchema = v.object({ id: v.string(), file: v.string(), title: words, about: words, passThrough: v.optional(v.boolean()) });
export type Guest = v.InferOutput<typeof guestSchema>;

const addressOf = (file: string): URL => new URL(`guests/${file}`, appRoot());

async function fetched(file: string): Promise<Response> {
  const response = await fetch(addressOf(file));
  if (!response.ok) throw new Error(`${file}: status ${String(response.status)}`);
  return response;
}

export async function listGuests(): Promise<readonly Guest[]> {
  return busyWith(fetched('index.json').then(async (response) => v.parse(v.array(guestSchema), await response.json())));
}

/** A guest's file: assembly by its ending, else machine code. Rejects when it cannot be fetched. */
export async function fetchGuest(file: string): Promise<ProgramSource> {
  return busyWith(fetched(file).then(async (response) => programOf(file.split('/').at(-1)!, new Uint8Array(await response.arrayBuffer()))));
}

/** A file as a program: assembly text by its ending, else an ELF or flat binary. */
export function programOf(name: string, bytes: Uint8Array): ProgramSource {
  return /\.(s|asm)$/i.test(name) ? { kind: 'assembly', name, text: new TextDecoder().decode(bytes) } : { kind: 'binary', name, bytes };
}
