import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, until } from '../../src/launcher/demo/subscriber.ts';
import type { OrderDetail } from '../../src/noc/order-view.ts';
import type { StatusView } from '../../src/noc/views.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const TIMES = Array.from({ length: 10 });

/** E12 and E13 over real sockets: both binds carry some of the ten, and all are on their way before one is answered. */
describe('an MO that is delivered ten times at once over two binds', () => {
  let orderd: Orderd;
  beforeAll(async () => {
    const smppPort = await freePort();
    const second = { NAME: 'second', SMSC: 'lab-smsc', HOST: '127.0.0.1', PORT: String(smppPort), SYSTEM_ID: 'orderd' };
    const more = { PASSWORD: 'secret', SHORT_CODES: "['5000']", COUNTRY_CODE: '254' };
    const env = Object.entries({ ...second, ...more }).map(([key, value]) => [`ORDERD_SMPP__LINKS__1__${key}`, value]);
    orderd = await startOrderd(
      Object.fromEntries([...env, ['ORDERD_SMPP__LINKS__0__SMSC', 'lab-smsc']]) as Record<string, string>,
      undefined,
      { smppPort },
    );
    while (orderd.smsc.binds().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(async () => {
    await orderd.stop();
  });

  /** All ten on their way before the first is answered; every bind that receives carries some. */
  async function tenTimes(from: string, text: string): Promise<readonly string[]> {
    const sent = TIMES.map(async () => {
      const result = await orderd.smsc.mo({ from, to: '5000', text });
      if ('error' in result) throw new Error(result.error);
      expect(result.status).toBe(0);
      return result.bind;
    });
    return Promise.all(sent);
  }

  const heard = async (to: string, count: number): Promise<readonly string[]> => {
    let all = await orderd.smsc.messages.read({ to });
    while (all.length < count) {
      await orderd.smsc.messages.read({ to, after: all.at(-1)?.id ?? 0, waitMs: 20_000 });
      all = await orderd.smsc.messages.read({ to });
    }
    return all.map(({ text }) => text);
  };

  const debits = async (msisdn: string): Promise<number> => {
    const ledger = (await (
      await fetch(`http://127.0.0.1:${orderd.ocs.ports.http}/ledger?format=json`)
    ).json()) as object[];
    return ledger.filter((entry) => JSON.stringify(entry).includes(msisdn) && JSON.stringify(entry).includes('debit'))
      .length;
  };

  it('makes one order, one debit and one notice', async () => {
    const from = '254700000901';
    expect(new Set(await tenTimes(from, 'NEWS')).size).toBe(2);
    await heard(from, 1);
    await atRest();
    expect(await heard(from, 1)).toHaveLength(1);
    expect(await debits(from)).toBe(1);
  });

  /** Nothing is left to do or to say, so that whatever was to come a second time has come. */
  const atRest = () =>
    until('rest', async () => {
      const { backlog, links } = (await call('GET', `${orderd.nocUrl}/api/v1/status`)) as StatusView;
      return (
        (backlog?.waiting === 0 && links.every(({ queued, windowInUse }) => queued + windowInUse === 0)) || undefined
      );
    });

  const newest = async (from: string): Promise<OrderDetail> => {
    const { orders } = (await call('GET', `${orderd.nocUrl}/api/v1/orders?limit=1`)) as { orders: { id: string }[] };
    const order = (await call('GET', `${orderd.nocUrl}/api/v1/orders/${orders[0]?.id ?? ''}`)) as OrderDetail;
    expect(from.endsWith(order.subscriber.slice(-3))).toBe(true);
    return order;
  };

  const codeIn = (texts: readonly string[]): string => /\b\d{6}\b/.exec(texts.at(-1) ?? '')?.[0] ?? '';
  const wrong = (code: string): string => (code === '111111' ? '222222' : '111111');

  it('burns one try as a wrong code, and orders once as the right one', async () => {
    const from = '254700000902';
    await tenTimes(from, 'QUIZ');
    const code = codeIn(await heard(from, 1));
    await tenTimes(from, wrong(code));
    expect(await heard(from, 2)).toHaveLength(2);
    expect((await newest(from)).challenge?.wrongAnswers).toBe(1);
    await tenTimes(from, code);
    await heard(from, 3);
    await atRest();
    expect(await heard(from, 3)).toHaveLength(3);
    expect((await newest(from)).state).toBe('placed');
    expect(await debits(from)).toBe(1);
  });

  it('cancels once as a STOP', async () => {
    const from = '254700000903';
    await tenTimes(from, 'QUIZ');
    await heard(from, 1);
    await tenTimes(from, 'STOP QUIZ');
    await heard(from, 2);
    await atRest();
    expect(await heard(from, 2)).toHaveLength(2);
    expect((await newest(from)).state).toBe('cancelled');
    expect(await debits(from)).toBe(0);
  });
});
