import { readFileSync } from 'node:fs';

/** Bytes of test/golden/diameter/NAME.hex; what follows a # is for the reader. */
export function golden(name: string): Buffer {
  const text = readFileSync(new URL(`../golden/diameter/${name}.hex`, import.meta.url), 'utf8');
  return Buffer.from(text.replace(/#.*$/gm, '').replace(/\s+/g, ''), 'hex');
}
