import { expect, it } from 'vitest';
import { useNocs } from './fakes.ts';

const start = useNocs({ token: 'a-token-of-more-than-20-characters' });

/** What Chromium and Firefox send for a link on another site: in a chat, a ticket, the web mail that an alert came to. */
const FOLLOWED = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

it('a link on another site leads to the dashboard: its page holds nothing', async () => {
  const { get } = await start();
  const page = await get('/', FOLLOWED);
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await get('/', { ...FOLLOWED, 'sec-fetch-site': 'same-site' })).status).toBe(200);
});

it.each<[string, string, Readonly<Record<string, string>>, string?]>([
  ['that frames it', '/', { 'sec-fetch-dest': 'iframe' }],
  ['that fetches it', '/', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' }],
  ['that sends a form', '/api/v1/session', { origin: 'https://evil.example' }, 'POST'],
  ['under the name of its own', '/', { host: 'evil.example' }],
  ['for what holds something', '/api/v1/status', {}],
])('another site %s is refused', async (_, path, more, method) => {
  const { get } = await start();
  expect((await get(path, { ...FOLLOWED, ...more }, method)).status).toBe(403);
});
