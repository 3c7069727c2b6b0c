import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);

/** Sources run through tsx, a build runs as it is; both keep src/ and simulators/ side by side. */
const built = here.endsWith('.js');
const code = join(dirname(here), '..', '..');

/** The project's folder, where config/ lies: beside src/, above dist/. */
export const ROOT = built ? join(code, '..') : code;

/** How to run one of our own entry points with the node that runs us: `nodeArgs('src/main')`. */
export function nodeArgs(entry: string): readonly string[] {
  return built ? [join(code, `${entry}.js`)] : ['--import', 'tsx', join(code, `${entry}.ts`)];
}

/** Of a user whom nobody gave one, as a container's may be: the root, as container runtimes have it too. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}
