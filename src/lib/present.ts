/** An object of the keys that have a value, as exact optional properties want it. */
export function present<Part extends object>(part: {
  readonly [Key in keyof Part]: Part[Key] | undefined;
}): Partial<Part> {
  const found: Partial<Part> = {};
  for (const name of Object.keys(part) as (keyof Part)[]) if (part[name] !== undefined) found[name] = part[name];
  return found;
}
