/** The OCS simulator as a part: build it, ask it, spoil it, take it away, bring it back. */
import type { Socket } from 'node:net';
import { openPcap, type Pcap } from '../pcap/pcap.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { createSessions, type Sessions } from './charge-session.ts';
import type { Ocs, PeerView } from './contract.ts';
import { startControl, type Control } from './control.ts';
import { createDuplicates, type Duplicates } from './duplicates.ts';
import { createFaults, type Faults } from './faults.ts';
import { openLedger, type Ledger, type LedgerRow } from './ledger.ts';
import { createListener, type Listener } from './listener.ts';
import { createMetrics, type GaugeName, type Metrics } from './metrics.ts';
import { DiameterNode, nameOf } from './node.ts';
import { settingsOf, type OcsOptions, type Settings } from './options.ts';
import { Peer } from './peer.ts';
import { abort, disconnect, reauthorize } from './server-requests.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';

export type { Ocs } from './contract.ts';

/** What Wireshark takes for Diameter without settings (RFC 6733 section 11.4). */
const CAPTURE_PORT = 3868;
const DPA_WAIT_MS = 1000;

interface Parts {
  readonly settings: Settings;
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly sessions: Sessions;
  readonly duplicates: Duplicates;
  readonly metrics: Metrics;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly peers: Set<Peer>;
  readonly pcap: Pcap | undefined;
  readonly node: DiameterNode;
}

/** A reservation that ran out is a row too: money became free without a request. */
function expiredRow(
  settings: Settings,
  session: { sessionId: string; msisdn: string; originHost: string },
  held: bigint,
): Omit<LedgerRow, 'row'> {
  return {
    at: new Date(settings.clock.now()).toISOString(),
    sessionId: session.sessionId,
    requestNumber: 0,
    requestType: 'TERMINATION',
    action: 'RELEASE',
    msisdn: session.msisdn,
    service: '',
    amount: Number(held),
    debited: 0,
    currency: settings.currency.code,
    balanceAfter: null,
    endToEnd: 0,
    originHost: session.originHost,
    retransmit: false,
    result: 0,
  };
}

function buildParts(settings: Settings): Parts {
  const { clock, currency, tariffs, unitPrice, originHost, originRealm, originStateId } = settings;
  const accounts = createAccounts(settings.defaultBalance);
  const books = { accounts, rating: { currency, tariffs, unitPrice } };
  const ledger = openLedger(settings.ledgerFile);
  const sessions = createSessions({
    books,
    clock,
    validityTime: settings.validityTime,
    finalUnits: settings.finalUnits,
    expired: (session) => {
      const held = [...session.held.values()].reduce((sum, amount) => sum + amount, 0n);
      ledger.append(expiredRow(settings, session, held));
    },
  });
  const duplicates = createDuplicates(settings.dedupeMemoryMs, clock);
  const metrics = createMetrics();
  const faults = createFaults(settings.random);
  const requests = createRequestLog();
  const peers = new Set<Peer>();
  const control = {
    books,
    sessions,
    duplicates,
    ledger,
    metrics,
    clock,
    identity: { originHost, originRealm, originStateId },
  };
  const { watchdogMs, unknownMandatory, log } = settings;
  const node = new DiameterNode({ control, faults, requests, peers, watchdogMs, unknownMandatory, log });
  const pcap = settings.pcapFile === undefined ? undefined : openPcap(settings.pcapFile);
  return { settings, accounts, ledger, sessions, duplicates, metrics, faults, requests, peers, pcap, node };
}

function accept(parts: Parts, socket: Socket): void {
  const peer = new Peer(socket, parts.node, parts.pcap?.conversation(CAPTURE_PORT));
  parts.peers.add(peer);
  parts.node.note(peer, 'connected');
}

function peerView(peer: Peer): PeerView {
  const { originRealm, productName, originStateId } = peer.identity ?? {};
  const since = new Date(peer.since).toISOString();
  const { address, state, received, sent } = peer;
  return { originHost: nameOf(peer), originRealm, productName, originStateId, address, state, since, received, sent };
}

function gauges({ peers, duplicates, sessions, accounts }: Parts): Readonly<Record<GaugeName, number>> {
  return {
    ocs_peers_open: [...peers].filter((peer) => peer.state === 'open').length,
    ocs_requests_remembered: duplicates.size(),
    ocs_sessions_open: sessions.list().length,
    ocs_accounts: accounts.list().size,
  };
}

/** Cuts every connection and waits until each is gone. */
async function cut(peers: ReadonlySet<Peer>): Promise<void> {
  const going = [...peers];
  for (const peer of going) peer.destroy();
  await Promise.all(going.map((peer) => peer.whenGone()));
}

const aroundOf = ({ settings, peers, sessions }: Parts): Parameters<typeof abort>[0] => ({
  identity: settings,
  peers,
  session: (id) => sessions.get(id),
});

/** Section 5.4: ask, wait for the answer or the time limit, then close. */
async function sayGoodbye(parts: Parts): Promise<void> {
  const open = [...parts.peers].filter((peer) => peer.state === 'open');
  const around = aroundOf(parts);
  const answered = open.map((peer) => disconnect(around, nameOf(peer), 0));
  const limit = new Promise<void>((resolve) => setTimeout(resolve, DPA_WAIT_MS).unref());
  await Promise.race([Promise.all(answered), limit]);
}

function facade(parts: Parts, listener: Listener): Omit<Ocs, 'ports' | 'close'> {
  const { accounts, ledger, requests, faults, sessions, settings } = parts;
  return {
    ...{ accounts, ledger, requests, faults, sessions, tariffs: settings.tariffs },
    peers: () => [...parts.peers].map(peerView),
    reauthorize: (request) => reauthorize(aroundOf(parts), request),
    abort: (request) => abort(aroundOf(parts), request),
    disconnect: (originHost, cause) => disconnect(aroundOf(parts), originHost, cause),
    metrics: () => parts.metrics.text(gauges(parts)),
    listening: () => listener.listening(),
    listen: () => listener.listen(),
    stopListening: async () => {
      const stopped = listener.stop();
      await cut(parts.peers);
      await stopped;
    },
  };
}

async function shutDown(parts: Parts, shared: Pick<Ocs, 'stopListening'>, control: Control | undefined): Promise<void> {
  await shared.stopListening();
  await control?.close();
  parts.sessions.close();
  parts.ledger.close();
  await parts.pcap?.close();
}

/** Rejects with an Error that names the option, file or port at fault; nothing stays open then. */
export async function startOcs(options: OcsOptions = {}): Promise<Ocs> {
  const settings = settingsOf(options);
  const parts = buildParts(settings);
  const { host, diameterPort, httpPort, tls } = settings;
  const listener = createListener({ host, port: diameterPort, tls, connected: (socket) => accept(parts, socket) });
  const shared = facade(parts, listener);
  let control: Control | undefined;
  try {
    await listener.listen();
    if (httpPort !== undefined) control = await startControl(shared, { host, port: httpPort });
  } catch (error) {
    await shutDown(parts, shared, control);
    throw error;
  }
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await sayGoodbye(parts);
    await shutDown(parts, shared, control);
  };
  return {
    ...shared,
    ports: { diameter: listener.port(), http: control?.port ?? 0 },
    close: () => (closing ??= close()),
  };
}
