import { channel } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { createNoc } from '../../src/noc/noc.ts';
import { MSISDN, NOW, order, ORDER_ID, running, settingsOf, SOURCES, useNocs } from './fakes.ts';

const TOKEN = 'a-token-of-more-than-20-characters';
const start = useNocs();

const away = { census: () => Promise.reject(new Error(`no Redis for ${MSISDN}`)) };

describe('health', () => {
  it('is alive as long as it answers', async () => {
    const { get } = await start({ sources: { orders: { ...SOURCES.orders, ...away } } });
    expect((await get('/livez')).json()).toEqual({ ok: true });
  });

  it('is ready, or says why not', async () => {
    const ready = await start();
    expect(await ready.get('/readyz')).toMatchObject({ status: 200 });
    const reasons = ['link lab-smsc is not bound', 'draining'];
    const unready = await start({ sources: { ready: () => Promise.resolve({ ok: false, reasons }) } });
    const answer = await unready.get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({ ok: false, reasons });
  });
});

describe('the API', () => {
  it('shows the status of everything at once', async () => {
    const { get } = await start();
    expect((await get('/api/v1/status')).json()).toEqual({
      name: 'orderd-lab',
      version: '0.1.0',
      startedAt: '2026-11-23T12:00:00.000Z',
      now: '2026-11-23T12:00:00.000Z',
      ready: { ok: true, reasons: [] },
      links: [
        {
          name: 'lab-smsc',
          smsc: 'lab-smsc',
          state: 'bound',
          bound: true,
          suspended: false,
          since: '2026-11-23T11:00:00.000Z',
          windowInUse: 2,
          windowSize: 10,
          queued: 0,
          lastError: 'refused a text to …678',
        },
      ],
      peers: [
        { name: 'lab-ocs', state: 'I-Open', watchdog: 'OKAY', open: true, pending: 1, originHost: 'ocs.lab.example' },
      ],
      orders: { challenged: 2, 'charge-unknown': 1, placed: 40, uncharged: 3 },
      backlog: { waiting: 3, overdueSeconds: 2 },
      queues: {
        settle: { waiting: 1, delayed: 2, active: 0, failed: 1 },
        say: { waiting: 0, delayed: 0, active: 0, failed: 0 },
      },
      deadLetters: 1,
    });
  });

  it('lists orders, newest first, as many as asked for', async () => {
    const { get } = await start();
    expect((await get('/api/v1/orders?limit=1')).json()).toEqual({
      orders: [
        {
          id: ORDER_ID,
          state: 'charge-unknown',
          openedAt: '2026-11-23T11:59:00.000Z',
          subscriber: '…678',
          keyword: 'QUIZ',
          title: 'Quiz Night',
          provider: 'Quizzo Games',
          price: 'KES 15.00',
          interaction: 'otp',
        },
      ],
    });
    expect((await get('/api/v1/orders')).json()).toMatchObject({ orders: { length: 2 } });
  });

  it('explains one order', async () => {
    const { get } = await start();
    expect((await get(`/api/v1/orders/${ORDER_ID}`)).json()).toMatchObject({
      id: ORDER_ID,
      decision: {
        text: 'otp: credit (score 12 is in band watched); also profile asks notice (profile neutral, once service)',
        score: 12,
        band: 'watched',
        rules: [{ rule: 'credit' }, { rule: 'profile' }],
      },
      challenge: { kind: 'otp', wrongAnswers: 1, maxTries: 3, codeEndsAt: '2026-11-23T12:04:00.000Z' },
      charge: {
        sessionId: `orderd.lab.example;1763935702;1;${ORDER_ID}`,
        eventTimestamp: '2026-11-23T11:59:30.000Z',
        unanswered: true,
        verdict: 'none yet',
      },
      stopRequested: false,
      waits: 2,
    });
  });

  it('tells why a text went over another channel, and knows renewals by their ids', async () => {
    const renewal = `${ORDER_ID}-r2`;
    const because = 'the mail server answered 550';
    const over = { text: 'renewed', from: 'email', to: 'sms', because, at: NOW } as const;
    const moved = { ...order('placed'), fallbacks: [over] };
    const found = {
      ...moved,
      frozen: { ...moved.frozen, id: renewal, channelAsked: 'flash', channelBecause: 'no' },
    } as const;
    const orderById = (id: string) => Promise.resolve(id === renewal ? found : undefined);
    const { get } = await start({ sources: { orders: { ...SOURCES.orders, orderById } } });
    expect((await get(`/api/v1/orders/${renewal}`)).json()).toMatchObject({
      id: renewal,
      channelAsked: 'flash',
      channelBecause: 'no',
      fallbacks: [{ text: 'renewed', from: 'email', to: 'sms', because, at: '2026-11-23T12:00:00.000Z' }],
    });
  });

  it('shows what waits and what was given up', async () => {
    const { get } = await start();
    expect((await get('/api/v1/queues')).json()).toMatchObject({
      queues: { settle: { delayed: 2 } },
      waiting: [{ queue: 'settle', id: ORDER_ID, reason: 'no peer is open', until: '2026-11-23T12:00:02.000Z' }],
    });
    expect((await get('/api/v1/dead-letters')).json()).toEqual({
      texts: [
        {
          id: `${ORDER_ID}-code`,
          order: ORDER_ID,
          kind: 'code',
          to: '…678',
          reason: 'refused with status 0x0000000b; code ******',
          at: '2026-11-23T11:59:51.000Z',
        },
      ],
      jobs: [
        {
          queue: 'settle',
          job: 'j',
          id: ORDER_ID,
          reason: 'threw about …678',
          attempts: 9,
          at: '2026-11-23T11:59:55.000Z',
        },
      ],
    });
  });

  it('shows no whole number, no challenge id and no key anywhere (E15, E19)', async () => {
    const { get } = await start();
    const paths = ['status', 'orders', `orders/${ORDER_ID}`, 'queues', 'dead-letters'].map((path) => `/api/v1/${path}`);
    for (const path of [...paths, '/metrics', '/readyz']) {
      const { text } = await get(path);
      expect(text).not.toContain(MSISDN);
      expect(text).not.toContain(MSISDN.slice(3));
      expect(text).not.toMatch(/f{32}|code-1|493817/);
    }
  });

  it.each([
    ['/api/v1/orders?limit=0', 400, 'bad-request'],
    ['/api/v1/orders?limit=501', 400, 'bad-request'],
    ['/api/v1/orders?limit=all', 400, 'bad-request'],
    ['/api/v1/queues?limit=1&limit=2', 400, 'bad-request'],
    ['/api/v1/orders/03-0000000000000000000', 404, 'no-order'],
    ['/api/v1/orders/ord:order:1', 404, 'no-order'],
    ['/api/v1/orders/..%2f..', 404, 'no-order'],
    ['/api/v1/orders/%zz', 400, 'bad-request'],
    ['/nothing', 404, 'not-found'],
  ])('answers %s with %i', async (path, status, code) => {
    const { get } = await start();
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code } });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('only reads: %s is refused', async (method) => {
    const { get } = await start();
    const answer = await get('/api/v1/orders', {}, method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect((await get('/nothing', {}, method)).status).toBe(404);
  });

  it('says how to ask where only a change is taken', async () => {
    const answer = await (await start()).get('/api/v1/dead-letters/retry');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
  });
});

describe('the guard', () => {
  it.each([
    ['its own address', {}, 200],
    ['its name', { host: 'localhost:8080' }, 200],
    ['its IPv6 name', { host: '[::1]:8080' }, 200],
    ['a rebound name', { host: 'evil.example' }, 403],
    ['a name that begins like it', { host: '127.0.0.1.evil.example' }, 403],
    ['no sensible name', { host: 'a:b:c' }, 403],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['a site without an origin', { origin: 'null' }, 403],
    ['another port of this machine', { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:9999' }, 403],
    ['the page itself', { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }, 200],
    ['a browser from elsewhere', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a browser from a sister domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['a typed address', { 'sec-fetch-site': 'none' }, 200],
  ])('%s', async (_, headers, status) => {
    const { get } = await start();
    expect((await get('/api/v1/status', headers as unknown as Readonly<Record<string, string>>)).status).toBe(status);
  });

  it('puts the safe headers on every answer, refusals included', async () => {
    const { get } = await start();
    for (const answer of [
      await get('/livez'),
      await get('/nothing'),
      await get('/metrics', { host: 'evil.example' }),
    ]) {
      expect(answer.headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it.each([
    ['no token', {}, 401],
    ['another token', { authorization: 'Bearer another-token-of-enough-length' }, 401],
    ['the token in another scheme', { authorization: `Basic ${TOKEN}` }, 401],
    ['the token', { authorization: `Bearer ${TOKEN}` }, 200],
    ['the token under a public name', { authorization: `Bearer ${TOKEN}`, host: 'noc.example.net' }, 200],
    ['the token under another name', { authorization: `Bearer ${TOKEN}`, host: 'noc.example.org' }, 403],
    ['the token from another site', { authorization: `Bearer ${TOKEN}`, 'sec-fetch-site': 'cross-site' }, 403],
  ])('with a token set: %s', async (_, headers, status) => {
    const { get } = await start({ token: TOKEN, settings: { hosts: ['noc.example.net'] } });
    const answer = await get('/metrics', headers);
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
  });

  it.each(['noc.example.net', 'NOC.Example.Net', 'noc.example.net:8443'])(
    'answers under its name, written as %s',
    async (host) => {
      const { get } = await start({ token: TOKEN, settings: { hosts: ['NOC.example.NET'] } });
      expect((await get('/metrics', { authorization: `Bearer ${TOKEN}`, host })).status).toBe(200);
    },
  );

  it('lets probes through without the token, and tells them no reasons', async () => {
    const ready = (): { ok: boolean; reasons: string[] } => ({ ok: false, reasons: ['link lab-smsc is not bound'] });
    const { get } = await start({ token: TOKEN, sources: { ready } });
    expect((await get('/livez')).status).toBe(200);
    const answer = await get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({ ok: false });
  });

  it('does not open an address beyond this machine without a login and TLS', async () => {
    const env = { now: Date.now, note: () => undefined };
    const open = settingsOf({ settings: { host: '0.0.0.0' } });
    const clear = settingsOf({ settings: { host: '0.0.0.0' }, token: TOKEN });
    for (const settings of [open, clear])
      await expect(createNoc(settings, SOURCES, env).listen()).rejects.toThrow(
        'the NOC answers on 0.0.0.0 only with users or tokens, and with TLS',
      );
    const named = settingsOf({ settings: { hosts: ['localhost', 'noc.example.net'] } });
    await expect(createNoc(named, SOURCES, env).listen()).rejects.toThrow(
      'the NOC answers to noc.example.net only with users or tokens',
    );
  });
});

describe('metrics', () => {
  const sample = (text: string, name: string): string | undefined =>
    text.split('\n').find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));

  function note(event: string, fields: object = {}, level = 'info'): void {
    channel('orderd').publish({ event, level, fields });
  }

  it('count what the log publishes, by the event table', async () => {
    const { get } = await start();
    note('link.bound', { link: 'lab-smsc' });
    note('pdu.sent', { link: 'lab-smsc', command: 'submit_sm', status: 0 });
    note('mt.accepted', { link: 'lab-smsc', ms: 40 });
    note('mt.accepted', { link: 'lab-smsc' });
    note('mt.refused', { link: 'lab-smsc', status: 0x14, kind: 'slow-down' });
    note('credit.read', { provider: 'planet', reading: 'known', ms: 2 });
    note('charge.answered', { peer: 'lab-ocs', result: 4012 });
    note('charge.written', { peer: 'lab-ocs', retransmit: false });
    note('charge.written', { peer: 'lab-ocs', retransmit: true });
    note('mt.dead', { kind: 'code' }, 'error');
    note('something.else');
    const { text, headers } = await get('/metrics');
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(sample(text, 'orderd_smpp_bind_total')).toBe('orderd_smpp_bind_total{link="lab-smsc",outcome="bound"} 1');
    expect(sample(text, 'orderd_smpp_pdu_total')).toBe(
      'orderd_smpp_pdu_total{link="lab-smsc",dir="out",command="submit_sm",status="0"} 1',
    );
    expect(sample(text, 'orderd_smpp_response_seconds_count')).toBe(
      'orderd_smpp_response_seconds_count{link="lab-smsc"} 1',
    );
    expect(sample(text, 'orderd_smpp_response_seconds_sum')).toBe(
      'orderd_smpp_response_seconds_sum{link="lab-smsc"} 0.04',
    );
    expect(sample(text, 'orderd_smpp_refused_total')).toBe(
      'orderd_smpp_refused_total{link="lab-smsc",status="0x00000014",kind="slow-down"} 1',
    );
    expect(sample(text, 'orderd_score_seconds_sum')).toBe('orderd_score_seconds_sum{reading="known"} 0.002');
    expect(sample(text, 'orderd_diameter_answers_total')).toBe(
      'orderd_diameter_answers_total{peer="lab-ocs",result="4xxx"} 1',
    );
    expect(sample(text, 'orderd_diameter_retransmits_total')).toBe(
      'orderd_diameter_retransmits_total{peer="lab-ocs"} 1',
    );
    expect(sample(text, 'orderd_mt_total')).toBe('orderd_mt_total{kind="code",outcome="dead"} 1');
    expect(text).toContain('\norderd_faults_total{event="mt.dead"} 1\n');
  });

  it('show the live parts and the stores when they are asked for', async () => {
    const { text } = await (await start()).get('/metrics');
    expect(sample(text, 'orderd_smpp_bound')).toBe('orderd_smpp_bound{link="lab-smsc"} 1');
    expect(sample(text, 'orderd_smpp_window_in_use')).toBe('orderd_smpp_window_in_use{link="lab-smsc"} 2');
    expect(sample(text, 'orderd_diameter_peer_open')).toBe('orderd_diameter_peer_open{peer="lab-ocs"} 1');
    expect(sample(text, 'orderd_diameter_unknown_outcome_orders')).toBe('orderd_diameter_unknown_outcome_orders 1');
    expect(sample(text, 'orderd_backlog_overdue_seconds')).toBe('orderd_backlog_overdue_seconds 1.5');
    expect(text).toContain('orderd_orders{state="placed"} 40');
    expect(text).toContain('orderd_queue_jobs{queue="settle",state="failed"} 1');
    expect(sample(text, 'orderd_redis_up')).toBe('orderd_redis_up 1');
    expect(sample(text, 'orderd_build_info')).toBe('orderd_build_info{version="0.1.0"} 1');
  });

  it('show no link and no peer that a reload took away', async () => {
    const [link, peer] = [SOURCES.links(), SOURCES.peers()];
    let gone = false;
    const sources = { links: () => (gone ? [] : link), peers: () => (gone ? [] : peer) };
    const { get } = await start({ sources });
    await get('/metrics');
    gone = true;
    expect((await get('/metrics')).text).not.toMatch(/^orderd_(smpp|diameter)_\w+\{(link|peer)="lab-/m);
  });

  it('show how far the outbox is behind, and since when', async () => {
    const outbox = () => Promise.resolve({ oldest: NOW - 90_000, groups: [{ group: 'cdr', pending: 1, behind: 2 }] });
    const { text } = await (await start({ sources: { outbox } })).get('/metrics');
    expect(sample(text, 'orderd_outbox_behind')).toBe('orderd_outbox_behind{group="cdr"} 3');
    expect(sample(text, 'orderd_outbox_oldest_seconds')).toBe('orderd_outbox_oldest_seconds 90');
  });

  it('show no old figures of a store that went away, and still answer', async () => {
    let gone = false;
    const census = (): ReturnType<typeof SOURCES.orders.census> => (gone ? away.census() : SOURCES.orders.census());
    const { get } = await start({ sources: { orders: { ...SOURCES.orders, census } } });
    await get('/metrics');
    gone = true;
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(sample(text, 'orderd_redis_up')).toBe('orderd_redis_up 0');
    expect(sample(text, 'orderd_smpp_bound')).toBeDefined();
    for (const name of ['orders', 'queue_jobs', 'dead_letters', 'backlog', 'diameter_unknown_outcome_orders']) {
      expect(sample(text, `orderd_${name}`)).toBeUndefined();
    }
  });

  it('cannot be flooded by labels that a peer makes up', async () => {
    const { get } = await start();
    for (let status = 0; status < 500; status++) note('pdu.received', { link: 'l', command: 'submit_sm_resp', status });
    const { text } = await get('/metrics');
    const lines = text.split('\n').filter((line) => line.startsWith('orderd_smpp_pdu_total{'));
    expect(lines).toHaveLength(61);
    expect(lines).toContain('orderd_smpp_pdu_total{link="l",dir="in",command="submit_sm_resp",status="other"} 440');
  });

  it('are named by convention: help, base units, _total on counters and nothing else', async () => {
    const { text } = await (await start()).get('/metrics');
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
    expect(types.length).toBeGreaterThan(50);
    for (const { name, type } of types) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(name).not.toMatch(/_(ms|millis|minutes|kb|percent)(_|$)/);
      expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
    }
    expect(text).not.toContain('nodejs_active_handles_total');
  });

  it('no longer count when the NOC is closed', async () => {
    const one = await running();
    await one.noc.close();
    expect(channel('orderd').hasSubscribers).toBe(false);
  });
});
