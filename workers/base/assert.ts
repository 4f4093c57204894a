/** Assertions are for our own bugs only: a guest's or a user's mistake is a value, never an exception. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`);
}

/** Marks the branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected ${String(value)}`);
}
