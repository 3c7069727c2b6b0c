import { createHmac } from 'node:crypto';
import type { FrozenOrder } from '../domain/order.ts';
import type { ProvideEvent, Provided } from '../flow/ports/ports.ts';

/** A provider's webhook for one service, from config alone: nothing that a subscriber or a provider sends leads anywhere else. */
export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
  /** Milliseconds for one request. */
  readonly timeout: number;
  /** Milliseconds for all tries of one event; then it counts as not provided. */
  readonly limit: number;
  /** The full MSISDN is told (E19); else its HMAC. */
  readonly fullMsisdn: boolean;
}

export interface WebhookEnv {
  readonly settingsOf: (serviceId: string) => WebhookSettings | undefined;
  /** HMAC of an MSISDN under our own key: one subscriber has one name. */
  readonly nameOf: (msisdn: string) => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export const SIGNATURE = 'orderd-signature';
export const TIMESTAMP = 'orderd-timestamp';

/** HMAC-SHA-256 over `<timestamp>.<body>`, hex. The timestamp (whole seconds, 1970 UTC) lets the provider refuse old ones. */
export function sign(secret: string, timestamp: number, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** Names the event for ever: a provider that hears it again answers as it did (draft-ietf-httpapi-idempotency-key-header). */
export function idempotencyKey({ id }: Pick<FrozenOrder, 'id'>, event: ProvideEvent): string {
  return `${id}-${event}`;
}

/** The same event is the same body, octet by octet, however often it is sent. */
export function bodyOf(
  frozen: FrozenOrder,
  event: ProvideEvent,
  { fullMsisdn }: WebhookSettings,
  name: string,
): string {
  const { id, serviceId, providerId, price, period, renewal, keyword, shortCode, msisdn } = frozen;
  return JSON.stringify({
    id: idempotencyKey(frozen, event),
    event,
    order: id,
    periodNumber: renewal ?? 1,
    service: serviceId,
    provider: providerId,
    keyword,
    shortCode,
    price: { minor: price.minor, currency: price.currency },
    period,
    subscriber: fullMsisdn ? { name, msisdn } : { name },
  });
}

/** Tells a service's provider what its config says; a service without a webhook is provided by itself. Never rejects. */
export function createWebhooks(
  env: WebhookEnv,
): (frozen: FrozenOrder, event: ProvideEvent, since: number) => Promise<Provided> {
  return async (frozen, event, since) => {
    const settings = env.settingsOf(frozen.serviceId);
    if (settings === undefined) return { kind: 'done' };
    const answered = await post(settings, env, { frozen, event });
    if (answered.kind !== 'wait' || env.now() - since < settings.limit) return answered;
    return { kind: 'failed', reason: `${answered.reason}, and the limit is over`, refused: false };
  };
}

async function post(
  settings: WebhookSettings,
  { nameOf, now }: WebhookEnv,
  { frozen, event }: { readonly frozen: FrozenOrder; readonly event: ProvideEvent },
): Promise<Provided> {
  const body = bodyOf(frozen, event, settings, nameOf(frozen.msisdn));
  const timestamp = Math.floor(now() / 1000);
  try {
    const response = await fetch(settings.url, {
      method: 'POST',
      // Nobody but the config says where a subscriber's data goes.
      redirect: 'manual',
      signal: AbortSignal.timeout(settings.timeout),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey(frozen, event),
        [TIMESTAMP]: String(timestamp),
        [SIGNATURE]: sign(settings.secret, timestamp, body),
      },
      body,
    });
    // The status is the answer; whatever else comes, or breaks, is not read.
    response.body?.cancel().catch(() => undefined);
    return readStatus(response.status);
  } catch (error) {
    return { kind: 'wait', reason: `the provider does not answer (${error instanceof Error ? error.name : 'error'})` };
  }
}

/** Asked again where the provider could not tell (RFC 9110 15.5.9, 15.6; RFC 6585 4; RFC 8470 5.2); any other 4xx is a no. */
const LATER: readonly number[] = [408, 425, 429];

export function readStatus(status: number): Provided {
  if (status >= 200 && status < 300) return { kind: 'done' };
  const reason = `the provider answered ${status}`;
  if (status >= 400 && status < 500 && !LATER.includes(status)) return { kind: 'failed', reason, refused: true };
  return { kind: 'wait', reason };
}
