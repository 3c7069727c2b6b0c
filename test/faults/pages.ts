import { setTimeout as pause } from 'node:timers/promises';

export interface Page {
  readonly path: string;
  /** 0 where nobody answered. */
  readonly status: number;
  readonly text: string;
}

const MOST = 'limit=500';
const ALWAYS = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
const PAGES = [
  '/',
  '/metrics',
  '/api/v1/status',
  '/api/v1/board',
  '/api/v1/outbox',
  `/api/v1/queues?${MOST}`,
  `/api/v1/dead-letters?${MOST}`,
  `/api/v1/audit?${MOST}`,
  '/api/v1/providers',
  `/api/v1/charges?${ALWAYS}`,
];

/** So many of the newest orders are looked at one by one. */
const ONE_BY_ONE = 50;

/** What the NOC shows to whoever asks without a number: lists, and orders one by one with their traces. */
export async function pagesOf(base: string): Promise<readonly Page[]> {
  const orders = await pageOf(base, `/api/v1/orders?${MOST}`);
  const each = idsIn(orders).flatMap((id) => [`/api/v1/orders/${id}`, `/api/v1/orders/${id}/trace`]);
  return [orders, ...(await Promise.all([...PAGES, ...each].map((path) => pageOf(base, path))))];
}

/** A daemon that just found its Redis again may say 503 for a moment. */
async function pageOf(base: string, path: string, tries = 4): Promise<Page> {
  const page = await once(base, path);
  const passes = page.status === 0 || page.status >= 500;
  if (!passes || tries === 1) return page;
  await pause(250);
  return pageOf(base, path, tries - 1);
}

async function once(base: string, path: string): Promise<Page> {
  try {
    const answer = await fetch(`${base}${path}`);
    return { path, status: answer.status, text: await answer.text() };
  } catch {
    return { path, status: 0, text: '' };
  }
}

function idsIn({ status, text }: Page): readonly string[] {
  if (status !== 200) return [];
  const { orders } = JSON.parse(text) as { readonly orders: readonly { readonly id: string }[] };
  return orders.slice(0, ONE_BY_ONE).map(({ id }) => id);
}
