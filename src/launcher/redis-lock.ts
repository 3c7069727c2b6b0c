import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. The lock is a listening socket in Linux's abstract namespace: no file is left behind, and
 * the kernel gives it back when the process ends, however it ends. undefined when somebody has it.
 */
export async function lockFolder(dir: string): Promise<FolderLock | undefined> {
  const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  if (!(await listens(server, `\0orderd-redis-${name}`))) return undefined;
  server.unref();
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(path, () => resolve(true));
  });
}
