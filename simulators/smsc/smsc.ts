// The SMSC in one piece: for main.ts, and for tests that run it in their own process.
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Pdu } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { answer } from './answer.ts';
import { handleBind } from './bind.ts';
import type { Core } from './core.ts';
import { fates, power } from './fates.ts';
import type { Fates, Power } from './fates.ts';
import { buckets } from './limits.ts';
import type { FaultBook } from './faults.ts';
import { faultBook } from './faults.ts';
import type { BindRecord } from './http.ts';
import { bindsOf, controlPort } from './http.ts';
import type { Inbox } from './inbox.ts';
import { inbox } from './inbox.ts';
import type { Journal } from './journal.ts';
import { openJournal } from './journal.ts';
import type { SubmitRecord } from './message-book.ts';
import { messageBook } from './message-book.ts';
import { metrics } from './metrics.ts';
import type { MoSender } from './mo.ts';
import { moSender } from './mo.ts';
import type { SmscOptions } from './options.ts';
import { DEFAULTS } from './options.ts';
import { handleQuery } from './query.ts';
import type { SessionHooks } from './session.ts';
import { Session } from './session.ts';
import { canReceive, isBound } from './session-fsm.ts';
import { handleSubmit } from './submit.ts';
import { UssdGateway } from './ussd.ts';
import { traffic } from './traffic.ts';

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

type Handler = (core: Core, session: Session, request: Pdu, frame: Buffer) => void;

const acknowledge: Handler = (core, session, request) => {
  const rule = core.faults.match({ on: request.command, account: session.account });
  answer(core, { session, request, rule, accept: () => ({ parts: {} }) });
};

const HANDLERS: Partial<Record<Pdu['command'], Handler>> = {
  bind_receiver: handleBind,
  bind_transmitter: handleBind,
  bind_transceiver: handleBind,
  submit_sm: handleSubmit,
  data_sm: handleSubmit,
  query_sm: handleQuery,
  enquire_link: acknowledge,
  unbind: acknowledge,
  // What has been delivered can neither be cancelled nor replaced.
  cancel_sm: (_core, session, request) => session.respond(request, { status: STATUS.ESME_RCANCELFAIL }),
  replace_sm: (_core, session, request) => session.respond(request, { status: STATUS.ESME_RREPLACEFAIL }),
};

interface Wiring {
  readonly core: Core;
  readonly hooks: SessionHooks;
  readonly journal: Journal;
  readonly stop: AbortController;
}

function receiving(core: Core): Promise<void> {
  if ([...core.sessions].some(({ state }) => canReceive(state))) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = core.onBound(({ state }) => {
      if (!canReceive(state)) return;
      stop();
      resolve();
    });
  });
}

function wire(options: SmscOptions): Wiring {
  const stop = new AbortController();
  const sessions = new Set<Session>();
  const bound = new Set<(session: Session) => void>();
  const files = openJournal(options);
  const counts = metrics(() => [...sessions].filter(({ state }) => isBound(state)).length);
  const core: Core = {
    options,
    sessions,
    faults: faultBook(),
    fates: fates(),
    power: power(),
    allowance: buckets(options.submitRate),
    inbox: inbox(),
    metrics: counts,
    book: messageBook(),
    traffic: traffic(),
    ussd: new UssdGateway({ options, sessions }),
    onBound(listener) {
      bound.add(listener);
      return () => void bound.delete(listener);
    },
    stopping: stop.signal,
  };
  const journal: Journal = {
    ...files,
    pdu(direction, bytes, party) {
      counts.pdu(direction, bytes);
      core.traffic.add(direction, bytes, party.bind);
      files.pdu(direction, bytes, party);
    },
  };
  const hooks: SessionHooks = {
    request: (session, pdu, frame) => HANDLERS[pdu.command]?.(core, session, pdu, frame),
    bound: (session) => [...bound].forEach((listener) => listener(session)),
    closed: (session) => void sessions.delete(session),
  };
  return { core, hooks, journal, stop };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Plain and TLS listeners, which share the count of connections. */
function acceptors({ core, hooks, journal }: Wiring): { plain: Server; tls: Server | undefined } {
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    core.sessions.add(new Session(`bind-${connections}`, socket, { options: core.options, hooks, journal }));
  };
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
