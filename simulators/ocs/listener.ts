/** The listening socket, which can be taken away and brought back on the same port. */
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions } from 'node:tls';

export interface Listener {
  /** 0 before the first listen. */
  port(): number;
  listening(): boolean;
  /** Rejects when the port is taken. */
  listen(): Promise<void>;
  /** Stops accepting; connections are the caller's to close. */
  stop(): Promise<void>;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly tls: SecureContextOptions | undefined;
  readonly connected: (socket: Socket) => void;
}

function createServer({ tls, connected }: Place): Server {
  if (tls === undefined) return createTcpServer(connected);
  const askPeer = tls.ca !== undefined;
  return createTlsServer({ ...tls, requestCert: askPeer, rejectUnauthorized: askPeer }, connected);
}

export function createListener(place: Place): Listener {
  let server: Server | undefined;
  let port = place.port;
  return {
    port: () => port,
    listening: () => server !== undefined,
    listen: () => {
      if (server !== undefined) return Promise.resolve();
      const opening = createServer(place);
      return new Promise((resolve, reject) => {
        opening.once('error', reject);
        opening.listen(port, place.host, () => {
          opening.off('error', reject);
          server = opening;
          port = (opening.address() as AddressInfo).port;
          resolve();
        });
      });
    },
    stop: () => {
      const closing = server;
      server = undefined;
      return new Promise((resolve) => {
        if (closing === undefined) resolve();
        else closing.close(() => resolve());
      });
    },
  };
}
