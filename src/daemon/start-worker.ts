import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A file beside this one, in the sources or in a build, as a thread. The flag that brings tsx into a process brings it into no thread of it. */
export function startWorker(name: string, workerData: unknown): Worker {
  const built = fileURLToPath(import.meta.url).endsWith('.js');
  const file = new URL(`./${name}.${built ? 'js' : 'ts'}`, import.meta.url);
  if (built) return new Worker(file, { workerData });
  const script = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;
  return new Worker(script, { eval: true, workerData });
}
