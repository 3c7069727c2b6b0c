import { connect } from 'node:net';

/** What a server told of itself; `loading` while it reads its append-only file. */
export interface Probe {
  readonly pid: number;
  readonly loading: boolean;
}

/** Hang guard of one probe, milliseconds. */
const PATIENCE = 5000;

/** Asks the Redis behind a unix socket for its pid (INFO, RESP2); undefined when nothing answers there. */
export function probeRedis(socketPath: string): Promise<Probe | undefined> {
  return ask(socketPath, 'INFO', readInfo);
}

/**
 * Has the append-only file written anew. Redis 7.0 cuts a torn write off a file's end by commands, not by transactions: what
 * is left of one stays open, and the start after the next would do its half. A new file holds whole ones only.
 */
export async function rewriteRedis(socketPath: string): Promise<void> {
  await ask(socketPath, 'BGREWRITEAOF', (text) => (text.includes('\r\n') ? text : undefined));
}

function ask<Answer>(
  socketPath: string,
  command: string,
  read: (text: string) => Answer | undefined,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let text = '';
    const done = (answer: Answer | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE, () => done(undefined));
    socket.on('error', () => done(undefined));
    socket.on('end', () => done(undefined));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const answer = read(text);
      if (answer !== undefined) done(answer);
    });
    socket.write(`*1\r\n$${command.length}\r\n${command}\r\n`);
  });
}

function readInfo(text: string): Probe | undefined {
  const pid = /^process_id:(\d+)\r$/m.exec(text)?.[1];
  const loading = /^loading:([01])\r$/m.exec(text)?.[1];
  return pid === undefined || loading === undefined ? undefined : { pid: Number(pid), loading: loading === '1' };
}
