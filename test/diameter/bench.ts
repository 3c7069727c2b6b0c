/** A client against scripted peers, with a clock turned by hand and every note kept. */
import { createClient, type Client, type ClientHandlers } from '../../src/diameter/client.ts';
import { DIAMETER_EVENTS } from '../../src/diameter/events.ts';
import type { NodeSettings, PeerSettings } from '../../src/diameter/settings.ts';
import type { ChargeRequest } from '../../src/domain/charge.ts';
import type { NoteFields } from '../../src/lib/note.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { until, type ScriptedPeer } from './scripted-peer.ts';

export type Late = Parameters<ClientHandlers['onLateAnswer']>[0];

export interface Bench {
  readonly client: Client;
  readonly clock: ManualClock;
  readonly notes: { readonly event: string; readonly fields: NoteFields }[];
  readonly late: Late[];
  readonly opens: boolean[];
  noted(event: string): readonly NoteFields[];
  request(change?: Partial<ChargeRequest>): ChargeRequest;
  untilOpen(): Promise<void>;
  untilNoted(event: string, count?: number): Promise<void>;
}

export function peerSettings(peer: Pick<ScriptedPeer, 'port'>, change: Partial<PeerSettings> = {}): PeerSettings {
  return {
    name: 'ocs1',
    host: '127.0.0.1',
    port: peer.port,
    priority: 1,
    identity: undefined,
    tw: 30_000,
    tc: 30_000,
    connectTimeout: 5_000,
    nagle: false,
    tls: undefined,
    ...change,
  };
}

export function nodeSettings(peers: readonly PeerSettings[], change: Partial<NodeSettings> = {}): NodeSettings {
  return {
    originHost: 'orderd1.orders.test',
    originRealm: 'orders.test',
    destinationRealm: 'ocs.test',
    destinationHost: undefined,
    productName: 'orderd',
    vendorId: 0,
    serviceContextId: '32274@3gpp.org',
    units: 'top-level',
    tx: 10_000,
    requestTimeout: 120_000,
    inflight: 100,
    unknownMandatory: 'tolerate',
    peers,
    ...change,
  };
}

export const MSISDN = '254700123456';

/** A debit of KES 5.00. */
export function aCharge(sessionId: string): ChargeRequest {
  return {
    identity: { sessionId, requestNumber: 0, endToEnd: 1, originHost: 'h', eventTimestamp: 0 },
    action: 'debit',
    msisdn: MSISDN,
    serviceIdentifier: 17,
    price: { minor: 500, currency: 'KES', decimals: 2 },
    orderId: '03-0abc',
    retransmit: false,
  };
}

export function bench(node: NodeSettings, onNote: (event: string) => void = () => undefined): Bench {
  const clock = manualClock();
  const notes: Bench['notes'] = [];
  const late: Late[] = [];
  const opens: boolean[] = [];
  let seed = 0;
  const client = createClient(
    node,
    { onLateAnswer: (answer) => late.push(answer), onOpen: (open) => opens.push(open) },
    {
      clock,
      random: (count) => Uint8Array.from({ length: count }, () => (seed = (seed * 73 + 41) % 256)),
      note: (event, fields = {}) => {
        if (!(event in DIAMETER_EVENTS)) throw new Error(`event ${event} is not listed`);
        if (JSON.stringify(fields).includes(MSISDN)) throw new Error(`a full MSISDN in ${event} (E19)`);
        notes.push({ event, fields });
        onNote(event);
      },
    },
  );
  let orders = 0;
  const noted = (event: string): readonly NoteFields[] => notes.filter((n) => n.event === event).map((n) => n.fields);
  return {
    client,
    clock,
    notes,
    late,
    opens,
    noted,
    request(change = {}) {
      const orderId = change.orderId ?? `03-order${++orders}`;
      return {
        identity: client.newIdentity(orderId, Math.floor(clock.now() / 1000)),
        action: 'debit',
        msisdn: MSISDN,
        serviceIdentifier: 17,
        price: { minor: 500, currency: 'KES', decimals: 2 },
        orderId,
        retransmit: false,
        ...change,
      };
    },
    untilOpen: () => until(() => client.open()),
    untilNoted: (event, count = 1) => until(() => noted(event).length >= count),
  };
}
