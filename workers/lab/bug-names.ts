/** The VMM's bugs by name, for those who may not look into the VMM. */
import { bugById } from '../vmm/bugs.ts';

/** The name with the rule of vmm/SPEC.md that it breaks. */
export const bugWithRule = (id: string): string => `${id} (${bugById(id)?.rule ?? ''})`;
