import type { Live } from './live.ts';
import type { Reload } from './reload.ts';
import type { Outbox } from './outbox.ts';
import type { Storage } from './storage.ts';
import type { Client } from '../diameter/client.ts';
import type { Ports } from '../flow/ports/ports.ts';
import { worthAnew } from '../domain/worth.ts';
import { eraseSubscriber, exportSubscriber } from '../flow/erase-subscriber.ts';
import { askRefund } from '../flow/charge/ask-refund.ts';
import { complainByHand } from '../flow/enquiry/complain.ts';
import { resolveOrder } from '../flow/charge/resolve-order.ts';
import { certificatesOf } from './certificates.ts';
import { providerSource } from './noc-providers.ts';
import type { Note } from '../lib/note.ts';
import { createNoc } from '../noc/noc.ts';
import type { Noc, NocSources, Readiness } from '../noc/noc.ts';
import type { Queues } from '../queue/queues.ts';
import type { Gateway } from '../smpp/gateway.ts';
import type { ResolveOutcome, ResolveWord, SubscriberView } from '../noc/sources.ts';
import { subscriberView } from '../noc/subscriber-view.ts';
import { version } from '../version.ts';

/** What the NOC looks at. */
export interface Watched {
  readonly storage: Storage;
  readonly client: Client;
  readonly gateway: Gateway;
  readonly queues: Queues;
  readonly draining: () => boolean;
  readonly reload: Reload;
  readonly started: () => boolean;
  readonly ports: Ports;
  readonly outbox: Outbox;
}

export function buildNoc(live: Live, watched: Watched, note: Note): Noc {
  const { gateway, client, storage, queues } = watched;
  const sources: NocSources = {
    ready: () => readiness(watched),
    started: watched.started,
    links: () => gateway.status(),
    peers: () => client.status(),
    reload: () => watched.reload.state(),
    orders: storage.stores.index,
    queues,
    deadLetters: { ...storage.stores.deadLetters, retry: (id) => retryText(watched, id) },
    audit: storage.audit,
    queueBoard: (path) => queues.board(path),
    storeUp: () => storage.redis.up(),
    storeProblem: () => storage.watch.problem(),
    certificates: () => certificatesOf(live.config),
    outbox: () => storage.stores.outbox.depth(),
    forgetGroup: (group) => watched.outbox.forget(group),
    linkVerb: (name, verb) => gateway.verb(name, verb),
    providers: providerSource(storage, watched.ports),
    policy: () => watched.ports.policy(),
    resolve: (orderId, word) => resolve(watched, orderId, word),
    erase: (wish) => eraseSubscriber(watched.outbox.erasure, wish),
    exportOf: (msisdn) => exportSubscriber(watched.outbox.erasure, msisdn),
    hold: (orderId, word) => storage.stores.eraser.hold(orderId, word && { ...word, at: storage.clock.now() }),
    complain: (orderId) => complainByHand(watched.ports, orderId),
    refund: (orderId, word) => askRefund(watched.ports, orderId, word),
    subscriber: (msisdn) => lookAt(watched, msisdn),
  };
  const { noc, instance } = live.config;
  const { host, port, hosts, proxies, tls, sessionFor } = noc;
  const sessionKey = storage.hashing.mac('dedupe', 'the key of NOC sessions, version 1');
  const access = { logins: () => live.config.noc, sessionFor, sessionKey };
  const settings = { host, port, hosts, proxies, tls, access, name: instance.name, version };
  return createNoc(settings, sources, { now: () => storage.clock.now(), note });
}

/** What was given up waits for nobody once a person has decided. Whatever becomes of that, the decision stands and is audited. */
async function resolve({ ports, queues }: Watched, orderId: string, word: ResolveWord): Promise<ResolveOutcome> {
  const resolved = await resolveOrder(ports, orderId, word);
  if (resolved.kind === 'resolved') await queues.discardSettling(orderId).catch(() => undefined);
  return resolved;
}

function retryText({ storage: { stores, clock }, ports }: Watched, id: string): Promise<boolean> {
  const { say, subscriptions } = ports.settings();
  const anew = { now: clock.now(), maxAge: say.maxAge, zone: subscriptions.zone };
  return stores.deadLetters.retry(id, (mt) => worthAnew(mt, anew));
}

/** Newest orders of one subscriber that a look shows. */
const MOST_OF_ONE = 100;

async function lookAt({ storage: { stores } }: Watched, msisdn: string): Promise<SubscriberView> {
  const [{ subscriptions, numbers }, orders] = await Promise.all([
    stores.subscribers.read(msisdn),
    stores.index.ofSubscriber(msisdn, MOST_OF_ONE),
  ]);
  return subscriberView({ msisdn, subscriptions, numbers, orders });
}

/** Ready means an order would go all the way now; a load balancer asks, nobody restarts us for it. */
function readiness({ storage, client, gateway, draining, ports }: Watched): Readiness {
  const shut = ports.charging.shutBecause?.();
  const unwell = storage.redis.trouble() ?? storage.watch.problem();
  const reasons = [
    ...(draining() ? ['draining: no more orders are taken'] : []),
    ...(unwell === undefined ? [] : [unwell]),
    ...(gateway.status().some(({ bound }) => bound) ? [] : ['no SMPP link is bound']),
    ...(client.status().some(({ open }) => open) ? [] : ['no Diameter peer is open']),
    ...(shut === undefined ? [] : [shut]),
  ];
  return { ok: reasons.length === 0, reasons };
}
