import { CSR } from './csr.ts';
import { FLOAT } from './float.ts';
import { GUEST } from './guest.ts';
import { INTEGER } from './integer.ts';
import { PMP } from './pmp.ts';
import { WALK } from './walk.ts';
import type { Kind } from './kind.ts';

export const KINDS: readonly Kind[] = [INTEGER, FLOAT, CSR, WALK, GUEST, PMP];
