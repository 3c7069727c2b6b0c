import { keywordOf } from '../../domain/catalogue.ts';
import type { Challenge } from '../../domain/challenge.ts';
import type { Dialogue } from '../../domain/dialogue.ts';
import type { MenuRow, MenuView } from '../../domain/menu.ts';
import { moneyText } from '../../domain/money.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { pausedBy } from '../../domain/subscription.ts';
import { orderArgs } from '../incoming.ts';
import type { Ports, Subscriber, UssdPorts } from '../ports/ports.ts';
import { listedOn } from '../terms/suspended.ts';

/** What menus show to one subscriber now: of the catalogue, of what the subscriber has, and of what waits for an answer. */
export async function viewFor(p: UssdPorts, dialogue: Dialogue, subscriber: Subscriber): Promise<MenuView> {
  const { language, shortCode, link } = dialogue;
  return {
    language,
    shortCode,
    rows: {
      services: serviceRows(p, shortCode),
      subscriptions: subscriber.subscriptions.map(hadRow),
      waiting: await waitingRows(p, subscriber),
      channels: p.settings().channels.map((channel) => ({ id: channel, args: { channel } })),
      languages: p.ussd.languages().map(({ id, name }) => ({ id, args: { language: name } })),
    },
    fits: (text) => p.ussd.line.fits(link, text),
  };
}

function serviceRows(p: Ports, shortCode: string): readonly MenuRow[] {
  return listedOn(p, shortCode).map(({ service, provider }) => {
    const { id, title, price, period } = service;
    return {
      id,
      args: { title, price: moneyText(price), period, provider: provider.name, keyword: keywordOf(service) },
    };
  });
}

function hadRow(subscription: Subscription): MenuRow {
  const { serviceId, title, price, period, keyword } = subscription;
  const paused = pausedBy(subscription) ?? '';
  return { id: serviceId, args: { title, price: moneyText(price), period, keyword, paused } };
}

async function waitingRows(p: Ports, { pending }: Subscriber): Promise<readonly MenuRow[]> {
  const orders = await Promise.all(pending.map(({ orderId }) => p.orders.load(orderId)));
  return orders.flatMap((order) => (order?.challenge === undefined ? [] : [rowOf(order.frozen, order.challenge)]));
}

function rowOf(frozen: FrozenOrder, { kind }: Challenge): MenuRow {
  return { id: frozen.id, args: orderArgs(frozen), asks: kind === 'otp' ? 'code' : 'yes' };
}
