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
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let text = '';
    const done = (probe: Probe | undefined): void => {
      socket.destroy();
      resolve(probe);
    };
    socket.setTimeout(PATIENCE, () => done(undefined));
    socket.on('error', () => done(undefined));
    socket.on('end', () => done(undefined));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const probe = readInfo(text);
      if (probe !== undefined) done(probe);
    });
    socket.write('*1\r\n$4\r\nINFO\r\n');
  });
}

function readInfo(text: string): Probe | undefined {
  const pid = /^process_id:(\d+)\r$/m.exec(text)?.[1];
  const loading = /^loading:([01])\r$/m.exec(text)?.[1];
  return pid === undefined || loading === undefined ? undefined : { pid: Number(pid), loading: loading === '1' };
}
