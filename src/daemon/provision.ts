import { hex } from '../domain/ids.ts';
import type { Ports } from '../flow/ports/ports.ts';
import { createWebhooks } from '../webhook/webhook.ts';
import type { Live } from './live.ts';
import type { Storage } from './storage.ts';

/** Providers are told as the config that holds now says; what an order froze is whether its provider is told at all. */
export function webhooksOf(live: Live, { hashing, clock }: Storage): NonNullable<Ports['provide']> {
  return createWebhooks({
    settingsOf: (serviceId) => live.config.webhooks.get(serviceId),
    nameOf: (msisdn) => hex(hashing.mac('msisdn', msisdn).subarray(0, 16)),
    now: () => clock.now(),
  });
}
