import { expect, it } from 'vitest';
import { useNocs } from './fakes.ts';

const TOKEN = 'a-token-of-more-than-20-characters';
const start = useNocs();

// Whoever comes by a proxy seems to be on this machine, even where it rewrites Host.
it.each(['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-proto'])(
  'without a login nobody who comes by a proxy is answered (%s)',
  async (header) => {
    const open = await start();
    for (const path of ['/', '/metrics', '/api/v1/session', '/api/v1/status']) {
      const answer = await open.get(path, { [header]: '192.0.2.7' });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.json()).toMatchObject({ error: { code: 'proxied' } });
    }
    expect((await open.get('/livez', { [header]: '192.0.2.7' })).status).toBe(200);
    const { get } = await start({ token: TOKEN });
    expect((await get('/metrics', { authorization: `Bearer ${TOKEN}`, [header]: '192.0.2.7' })).status).toBe(200);
  },
);
