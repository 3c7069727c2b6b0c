/** Something outside is not as it must be: its message says all to whoever has to mend that, and a stack would say nothing. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** What was thrown, in words: anything can be. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
