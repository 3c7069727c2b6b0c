import type { Dialled } from '../../domain/ussd.ts';
import type { UssdCode } from './settings.ts';

/** `*384*1#` cut at its stars. A gateway may leave the star or the hash out. */
export function partsOfCode(dialled: string): readonly string[] {
  return dialled
    .replace(/^[*#]+/, '')
    .replace(/#+$/, '')
    .split('*');
}

/** What was dialled: the longest known code that it begins with, and what follows. */
export function dialledCode(dialled: string, codes: readonly UssdCode[]): Dialled | undefined {
  const parts = partsOfCode(dialled);
  const begins = codes.filter((code) => code.parts.every((part, index) => parts[index] === part));
  const longest = begins.reduce<UssdCode | undefined>(
    (best, code) => (best === undefined || code.parts.length > best.parts.length ? code : best),
    undefined,
  );
  return longest && { shortCode: longest.shortCode, inputs: parts.slice(longest.parts.length) };
}
