import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** It does not end by itself. */
const FEED = '/api/v1/feed';

/** What a path must be asked with. */
const QUERIES: Readonly<Record<string, string>> = {
  '/api/v1/charges': '?from=2020-01-01T00:00:00Z&to=2090-01-01T00:00:00Z',
  '/api/v1/credit/what-if': '?provider=daily-planet&score=20&since=2020-01-01T00:00:00Z',
};

/** What the API is asked for there is the number itself. */
const TELLS = /\/(reveal|exports)$/;

/** What changes want to be told, all of it: each takes what it knows. */
const WORDS = {
  why: 'a caller asks',
  who: 'amina',
  reason: 'a caller asks',
  points: 1,
  outcome: 'placed',
};

interface Operation {
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly properties?: object } } };
  };
}
interface Verbs {
  readonly post?: Operation;
}

/** Known numbers and one-time codes, looked for in every answer of the NOC and every note of the log (E15, E19). */
describe('a canary in every page, answer and log line', () => {
  let orderd: Orderd;
  const numbers: string[] = [];
  const codes: string[] = [];
  let ids: Readonly<Record<string, string>>;

  beforeAll(async () => {
    orderd = await startOrderd({ ORDERD_DIAMETER__TX: '300ms', ORDERD_SETTLE__FIRST: '1h', ORDERD_SETTLE__CAP: '1h' });
    await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
    const order = await play();
    ids = { order, provider: 'daily-planet' };
  });
  afterAll(() => orderd.stop());

  /** Something of everything: placed, refused a code, in doubt, a dead letter. The id of the order in doubt. */
  async function play(): Promise<string> {
    const say = async (msisdn: string, ...words: readonly string[]): Promise<string> => {
      const phone = orderd.phone(msisdn);
      let heard = '';
      for (const word of words) {
        await phone.text(word);
        heard = (await phone.read()).text;
        codes.push(...(heard.match(/\b\d{6}\b/g) ?? []));
      }
      numbers.push(msisdn);
      return heard;
    };
    await say('254700000801', 'NEWS', 'STOP NEWS');
    await say('254700000802', 'QUIZ');
    await say('254700000803', 'QUIZ', '000000');
    await call('POST', `http://127.0.0.1:${orderd.smsc.ports.http}/faults`, {
      on: 'submit_sm',
      action: 'status',
      status: 'ESME_RINVDSTADR',
      count: 1,
    });
    await orderd.phone('254700000804').text('GOLD');
    numbers.push('254700000804');
    orderd.ocs.faults.add({ action: 'silence', debit: true });
    await say('254700000805', 'MATCH');
    const last = async () =>
      (await call('GET', `${orderd.nocUrl}/api/v1/orders`)) as {
        orders: readonly { id: string; state: string }[];
      };
    return until('a charge in doubt', async () => {
      const { orders } = await last();
      return orders.find(({ state }) => state === 'charge-unknown')?.id;
    });
  }

  const clean = (text: string, where: string): void => {
    for (const number of numbers) expect(text.includes(number.slice(3)), `a number in ${where}`).toBe(false);
    for (const code of codes) expect(new RegExp(`\\b${code}\\b`).test(text), `a code in ${where}`).toBe(false);
  };
  const get = async (path: string): Promise<string> => {
    const answer = await fetch(`${orderd.nocUrl}${path}`);
    const text = await answer.text();
    expect(answer.status, `${path}: ${text}`).toBe(200);
    return text;
  };

  it('has codes and numbers to look for', () => {
    expect(codes.length).toBeGreaterThanOrEqual(2);
    expect(numbers).toHaveLength(5);
  });

  it('nothing in any answer that the OpenAPI document lists', async () => {
    const { paths } = JSON.parse(await get('/api/v1/openapi.json')) as { readonly paths: Record<string, object> };
    const read = Object.entries(paths).filter(([path, verbs]) => 'get' in verbs && path !== FEED);
    expect(read.length).toBeGreaterThan(9);
    for (const [path] of read) {
      const id = path.includes('/providers/') ? ids['provider'] : ids['order'];
      const asked = path.replace('{id}', id ?? '') + (QUERIES[path] ?? '');
      clean(await get(asked), asked);
    }
  });

  it('nothing in what a change answers, refused or not, but where a number is what was asked for', async () => {
    const { paths } = JSON.parse(await get('/api/v1/openapi.json')) as { readonly paths: Record<string, Verbs> };
    const changes = Object.entries(paths).filter(([path, { post }]) => post !== undefined && !TELLS.test(path));
    expect(changes.length).toBeGreaterThan(9);
    const done = new Set<string>();
    const ask = async (path: string, post: Operation | undefined, msisdn: string) => {
      const asked = path.replace('{id}', (path.includes('/providers/') ? ids['provider'] : ids['order']) ?? '');
      const known = Object.keys(post?.requestBody?.content['application/json'].schema.properties ?? {});
      const words = Object.entries({ ...WORDS, msisdn }).filter(([name]) => known.includes(name));
      const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
      const answer = await fetch(`${orderd.nocUrl}${asked}`, {
        ...init,
        body: JSON.stringify(Object.fromEntries(words)),
      });
      expect(answer.status, asked).toBeLessThan(500);
      clean(await answer.text(), `POST ${asked}`);
      if (answer.ok) done.add(path);
    };
    for (const [path, { post }] of changes)
      for (const msisdn of [numbers[0] ?? '', `${numbers[0] ?? ''}x`]) await ask(path, post, msisdn);
    expect([...done]).toEqual(expect.arrayContaining(['/api/v1/subscriber', '/api/v1/providers/{id}/adjust']));
  });

  it('nothing in pages, metrics and probes', async () => {
    for (const path of ['/', '/web/main.mjs', '/metrics', '/livez', '/readyz']) clean(await get(path), path);
  });

  it('nothing in the first board of the live feed', async () => {
    const { body } = await fetch(`${orderd.nocUrl}${FEED}`);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!/event: board[\s\S]*\n\n/.test(text)) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    clean(text, 'the feed');
  });

  it('nothing in the queue board, whose page loads nothing from elsewhere and which changes nothing', async () => {
    const page = await get('/queues/');
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const queues = await get('/queues/api/queues');
    const [first] = (JSON.parse(queues) as { readonly queues: readonly { readonly name: string }[] }).queues;
    const all = await get(
      `/queues/api/queues?activeQueue=${encodeURIComponent(first?.name ?? '')}&status=delayed&page=1`,
    );
    expect(all).toContain('no answer from the OCS');
    for (const text of [page, queues, all]) clean(text, 'the queue board');
    const pause = await fetch(`${orderd.nocUrl}/queues/api/queues/${encodeURIComponent(first?.name ?? '')}/pause`, {
      method: 'PUT',
      headers: { origin: orderd.nocUrl },
    });
    expect(pause.status).toBeGreaterThanOrEqual(400);
    expect(await get('/queues/api/queues')).not.toContain('"isPaused":true');
  });

  it('nothing in any note; each note about an order names it', () => {
    for (const { event, fields } of orderd.notes) clean(JSON.stringify(fields ?? {}), `the note ${event}`);
    const nameless = orderd.notes.filter(
      ({ event, fields }) => /^(order|challenge|charge)\./.test(event) && fields?.['order'] === undefined,
    );
    expect(nameless.map(({ event }) => event)).toEqual([]);
    const texts = orderd.notes.filter(({ event, fields }) => event.startsWith('mt.') && fields?.['mt'] === undefined);
    expect(texts.map(({ event }) => event)).toEqual([]);
  });
});
