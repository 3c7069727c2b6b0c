import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    expect(await heard(from, 1)).toHaveLength(1);
    expect(await debits(from)).toBe(1);
  });

  it('burns one try as a wrong code, and cancels once as a STOP', async () => {
    const from = '254700000902';
    await tenTimes(from, 'QUIZ');
    const [code] = (await heard(from, 1)).map((text) => /\b\d{6}\b/.exec(text)?.[0] ?? '');
    await tenTimes(from, code === '111111' ? '222222' : '111111');
    expect(await heard(from, 2)).toHaveLength(2);
    await tenTimes(from, 'STOP QUIZ');
    const all = await heard(from, 3);
    expect(all).toHaveLength(3);
    expect(await debits(from)).toBe(0);
  });
});
