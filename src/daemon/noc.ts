import type { Config } from '../config/config.ts';
import type { Reload } from './reload.ts';
import type { Storage } from './storage.ts';
import type { Client } from '../diameter/client.ts';
import type { Ports } from '../flow/ports.ts';
import { resolveOrder } from '../flow/resolve-order.ts';
import { createNoc } from '../noc/noc.ts';
import type { Noc, NocSources, Readiness } from '../noc/noc.ts';
import type { Queues } from '../queue/queues.ts';
import type { Gateway } from '../smpp/gateway.ts';
import { version } from '../version.ts';

/** What the NOC looks at. */
export interface Watched {
  readonly storage: Storage;
  readonly client: Client;
  readonly gateway: Gateway;
  readonly queues: Queues;
  readonly draining: () => boolean;
  readonly reload: Reload;
  readonly ports: Ports;
}

export function buildNoc(config: Config, watched: Watched): Noc {
  const { gateway, client, storage, queues } = watched;
  const sources: NocSources = {
    ready: () => readiness(watched),
    links: () => gateway.status(),
    peers: () => client.status(),
    reload: () => watched.reload.state(),
    orders: storage.stores.index,
    queues,
    deadLetters: storage.stores.deadLetters,
    audit: storage.audit,
    resolve: (orderId, word) => resolveOrder(watched.ports, orderId, word),
  };
  const { host, port, token } = config.noc;
  return createNoc({ host, port, token, name: config.instance.name, version }, sources, () => storage.clock.now());
}

/** Ready means an order would go all the way now; a load balancer asks, nobody restarts us for it. */
function readiness({ storage, client, gateway, draining, ports }: Watched): Readiness {
  const shut = ports.charging.shutBecause?.();
  const unwell = storage.watch.problem();
  const reasons = [
    ...(draining() ? ['draining: no more orders are taken'] : []),
    ...(storage.redis.up() ? [] : ['Redis does not answer']),
    ...(unwell === undefined ? [] : [unwell]),
    ...(gateway.status().some(({ bound }) => bound) ? [] : ['no SMPP link is bound']),
    ...(client.open() ? [] : ['no Diameter peer is open']),
    ...(shut === undefined ? [] : [shut]),
  ];
  return { ok: reasons.length === 0, reasons };
}
