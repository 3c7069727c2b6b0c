// The SMSC in one piece: for main.ts, and for tests that run it in their own process.
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Core } from './core.ts';
import type { Fates, Power } from './fates.ts';
import type { FaultBook } from './faults.ts';
import type { BindRecord } from './http.ts';
import { bindsOf, controlPort } from './http.ts';
import type { Inbox } from './inbox.ts';
import type { SubmitRecord } from './message-book.ts';
import type { MoSender } from './mo.ts';
import { moSender } from './mo.ts';
import type { SmscOptions } from './options.ts';
import { DEFAULTS } from './options.ts';
import { canReceive } from './session-fsm.ts';
import type { UssdGateway } from './ussd.ts';
import type { Wiring } from './wiring.ts';
import { wire } from './wiring.ts';

export interface Smsc {
  /** `tls` is 0 without a TLS listener. */
  readonly ports: { readonly smpp: number; readonly http: number; readonly tls: number };
  readonly mo: MoSender;
  readonly ussd: UssdGateway;
  readonly messages: Inbox;
  readonly faults: FaultBook;
  readonly fates: Fates;
  readonly power: Power;
  binds(): BindRecord[];
  submits(): readonly SubmitRecord[];
  /** Resolves when a bind receives. */
  receiving(): Promise<void>;
  /** Unbinds every session, stops listening, flushes log and pcap. */
  close(): Promise<void>;
}

function receiving(core: Core): Promise<void> {
  if ([...core.sessions].some(({ state }) => canReceive(state))) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = core.bound.on(({ state }) => {
      if (!canReceive(state)) return;
      stop();
      resolve();
    });
  });
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function acceptors({ core }: Wiring): { plain: Server; tls: Server | undefined } {
  const accept = (socket: Socket): void => void core.accept(socket);
  const { tls } = core.options;
  return { plain: createServer(accept), tls: tls === undefined ? undefined : createTlsServer(tls, accept) };
}

/** Rejects when a port is taken or a file cannot be written. */
export async function startSmsc(settings: Partial<SmscOptions> = {}): Promise<Smsc> {
  const options: SmscOptions = { ...DEFAULTS, ...settings };
  const wiring = wire(options);
  const { core, journal, stop } = wiring;
  const servers = acceptors(wiring);
  const mo = moSender(core);
  const http = controlPort(core, mo);
  const smpp = await listen(servers.plain, options.smppPort, options.host);
  const tls = servers.tls === undefined ? 0 : await listen(servers.tls, options.tls?.port ?? 0, options.host);
  await http.listen({ port: options.httpPort, host: options.host });
  return {
    ports: { smpp, tls, http: (http.server.address() as AddressInfo).port },
    mo,
    ussd: core.ussd,
    messages: core.inbox,
    faults: core.faults,
    fates: core.fates,
    power: core.power,
    binds: () => bindsOf(core),
    submits: () => core.book.submits(),
    receiving: () => receiving(core),
    async close() {
      stop.abort();
      servers.plain.close();
      servers.tls?.close();
      await Promise.all([...core.sessions].map((session) => session.close()));
      await http.close();
      await journal.close();
    },
  };
}
