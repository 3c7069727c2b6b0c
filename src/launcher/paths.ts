import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

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

/** One of our own entry points as a thread. The flag that brings tsx into a process brings it into no thread of it. */
export function startWorker(entry: string, workerData: unknown): Worker {
  if (built) return new Worker(join(code, `${entry}.js`), { workerData });
  const file = pathToFileURL(join(code, `${entry}.ts`)).href;
  const script = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file)}); });`;
  return new Worker(script, { eval: true, workerData });
}
