import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { Phone } from '../../src/launcher/demo/subscriber.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

const SECRET = 'a-secret-of-twenty-characters';

/** One thing that the provider was told, over HTTP. */
interface Told {
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let orderd: Orderd;
let server: Server;
let told: Told[] = [];
/** What the provider answers, by event; 204 where it is not named. */
let answers: Readonly<Record<string, number>> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { event } = JSON.parse(body) as { readonly event: string };
      told.push({ event, headers: request.headers, body });
      response.writeHead(answers[event] ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orderd`;
  // The lab's first service is told before its notice, the second one after it.
  const service = (at: number, mode: string) => {
    const of = `ORDERD_CATALOGUE__SERVICES__${at}__PROVISION`;
    return { [`${of}__MODE`]: mode, [`${of}__URL`]: url, [`${of}__SECRET`]: SECRET, [`${of}__LIMIT`]: '2s' };
  };
  orderd = await startOrderd({
    ...service(0, 'before-notice'),
    ...service(1, 'after-notice'),
    ORDERD_SETTLE__FIRST: '100ms',
    ORDERD_SETTLE__CAP: '300ms',
  });
  await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
});

afterAll(async () => {
  await orderd.stop();
  server.close();
});

beforeEach(() => {
  told = [];
  answers = {};
});

let last = 254_711_500_000;
const newPhone = (): Phone => orderd.phone(String(++last));

const net = ({ msisdn }: Phone): number =>
  orderd.ocs.ledger.rows().reduce((sum, row) => (row.msisdn === msisdn ? sum + row.debited : sum), 0);

async function says(phone: Phone, text: string): Promise<string> {
  await phone.text(text);
  return (await phone.read()).text;
}

async function ctl(...args: readonly string[]): Promise<string> {
  const out: string[] = [];
  const say = (text: string): void => void out.push(text);
  await orderctl(args, { env: { ORDERCTL_URL: orderd.nocUrl }, out: say, err: say });
  return out.join('\n');
}

const hears = (event: string): Promise<Told> =>
  until(`${event} at the provider`, () => Promise.resolve(told.find((one) => one.event === event)));

describe('a webhook before the notice', () => {
  it('is signed, names no number, and comes before the subscriber is told; its end follows', async () => {
    const phone = newPhone();
    expect(await says(phone, 'NEWS')).toMatch(/is ordered/);
    const { headers, body } = await hears('placed');
    const mac = createHmac('sha256', SECRET)
      .update(`${String(headers['orderd-timestamp'])}.${body}`)
      .digest('hex');
    expect(headers['orderd-signature']).toBe(`v1=${mac}`);
    expect(headers['idempotency-key']).toMatch(/^\d+-\w+-placed$/);
    expect(body).not.toContain(phone.msisdn);
    expect(await says(phone, 'STOP NEWS')).toMatch(/^Stopped/);
    await hears('ended');
    expect(told.map(({ event }) => event)).toEqual(['placed', 'ended']);
  });

  it('that says no: paid back, and the text says so', async () => {
    answers = { placed: 409 };
    const phone = newPhone();
    expect(await says(phone, 'NEWS')).toMatch(/could not provide Daily Headlines, so KES 5\.00 was paid back/);
    expect(net(phone)).toBe(0);
    await hears('ended');
  });

  it('that does not answer in time is asked again under the same key, then paid back, and told that it ended', async () => {
    answers = { placed: 503 };
    const phone = newPhone();
    expect(await says(phone, 'NEWS')).toMatch(/^Your order of Daily Headlines takes longer than usual/);
    expect((await phone.read()).text).toMatch(/could not provide Daily Headlines, so KES 5\.00 was paid back/);
    const { body } = await hears('ended');
    const asked = told.filter(({ event }) => event === 'placed');
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    const orderOf = (json: string): unknown => (JSON.parse(json) as { readonly order: unknown }).order;
    expect(orderOf(body)).toBe(orderOf(asked[0]!.body));
    expect(net(phone)).toBe(0);
  });
});

describe('a webhook after the notice', () => {
  it('that says no takes the order back', async () => {
    answers = { placed: 410 };
    const phone = newPhone();
    expect(await says(phone, 'MATCH')).toMatch(/is ordered/);
    expect((await phone.read()).text).toMatch(/could not provide Match Report, so KES 10\.00 was paid back/);
    expect(net(phone)).toBe(0);
  });

  it('that could not be told of an end is a dead letter, which staff try again', async () => {
    answers = { ended: 500 };
    const phone = newPhone();
    await says(phone, 'NEWS');
    await says(phone, 'STOP NEWS');
    const job = await until(
      'a dead letter',
      async () => /\d+-\w+--ended--\d+/.exec(await ctl('dead-letter', 'list'))?.[0],
    );
    expect(await ctl('dead-letter', 'list')).toMatch(
      /job provision .*the provider answered 500, and the limit is over/,
    );
    const before = told.length;
    answers = {};
    expect(await ctl('dead-letter', 'retry', 'provision', job, '--why', 'it is back')).toBe(`${job} is waiting`);
    await until('another telling', () => Promise.resolve(told.length > before || undefined));
    await until('no dead letter', async () => !(await ctl('dead-letter', 'list')).includes(job) || undefined);
  });
});
