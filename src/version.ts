import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** package.json lies above src/, and above dist/src/ in a build. */
function packageFile(): string {
  const here = fileURLToPath(import.meta.url);
  return join(dirname(here), here.endsWith('.js') ? '../..' : '..', 'package.json');
}

/** As package.json says it. */
export const version = (JSON.parse(readFileSync(packageFile(), 'utf8')) as { readonly version: string }).version;
