import type { DiameterInput } from './schema-links.ts';

/** Ours as a Diameter node: what the config says, else the instance in its realm. */
export function originHostOf(
  { originHost, originRealm }: Pick<DiameterInput, 'originHost' | 'originRealm'>,
  instance: string,
): string {
  return originHost ?? `${instance}.${originRealm}`;
}
