import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../src/domain/order.ts';
import { createCdrConsumer } from '../../src/outbox/cdr.ts';
import type { CdrFiles } from '../../src/outbox/cdr-files.ts';
import { createCdrFiles } from '../../src/outbox/cdr-files.ts';
import { charge, frozen, GRANTED, MSISDN } from '../redis/fixtures.ts';
import { entry } from './support.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'orderd-cdr-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const order: Order = {
  frozen: frozen({ id: '01-abc' }),
  state: 'placed',
  challenge: undefined,
  tries: 0,
  charge: charge('orderd.test;1;2'),
  unanswered: false,
  refund: undefined,
  verdict: GRANTED,
  stopRequested: false,
  fence: 1,
  waits: 0,
  updatedAt: 1_700_000_000_000,
};

const consumerOf = (files = createCdrFiles(dir, 'host/1'), found: Order | undefined = order) =>
  createCdrConsumer(files, () => Promise.resolve(found));
const placed = (id: string, at = Date.UTC(2026, 0, 31, 23, 59, 59, 999)) =>
  entry({ id, at, state: 'placed', cause: 'record' });
const linesOf = async (name: string) =>
  (await readFile(join(dir, name), 'utf8')).split('\n').filter((line) => line !== '');

describe('a CDR', () => {
  it('is one line with what a biller needs', async () => {
    await consumerOf().handle([placed('1-0')], false);
    const [line, ...more] = await linesOf('cdr-2026-01-31-host_1.jsonl');
    expect(more).toEqual([]);
    expect(JSON.parse(line!)).toEqual({
      entry: '1:1-0',
      time: '2026-01-31T23:59:59.999Z',
      orderId: '01-abc',
      state: 'placed',
      cause: 'record',
      msisdn: MSISDN,
      shortCode: '4242',
      serviceId: 'news',
      providerId: 'acme',
      price: 500,
      currency: 'KES',
      period: 'once',
      channel: 'sms',
      interaction: 'notice',
      openedAt: '2023-11-14T22:13:20.000Z',
      sessionId: 'orderd.test;1;2',
      sentAt: '2023-11-14T22:13:20.000Z',
      free: false,
      refundSessionId: null,
      refundSentAt: null,
      resultCode: 2001,
    });
  });

  it('goes into the file of its day', async () => {
    const midnight = Date.UTC(2026, 1, 1);
    await consumerOf().handle([placed('1-0', midnight - 1), placed('2-0', midnight)], false);
    expect((await readdir(dir)).sort()).toEqual(['cdr-2026-01-31-host_1.jsonl', 'cdr-2026-02-01-host_1.jsonl']);
  });

  it('is written of placed and ended orders only, once each, and of orders that are still known', async () => {
    const charging = entry({ state: 'charging', cause: 'permit' });
    const again = entry({ state: 'placed', from: 'placed', cause: 'refund-failed' });
    await consumerOf().handle([charging, again, entry({ type: 'mt', state: 'closed' })], false);
    await createCdrConsumer(createCdrFiles(dir, 'host/1'), () => Promise.resolve(undefined)).handle(
      [placed('1-0')],
      false,
    );
    expect(await readdir(dir)).toEqual([]);
  });

  it('is written of every end', async () => {
    const ends = ['refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded', 'closed', 'disputed'];
    const at = Date.UTC(2026, 0, 31);
    const entries = ends.map((state, index) => entry({ id: `${index}-0`, at, state, from: 'charging' }));
    await consumerOf().handle(entries, false);
    const lines = await linesOf('cdr-2026-01-31-host_1.jsonl');
    expect(lines.map((line) => (JSON.parse(line) as { readonly state: string }).state)).toEqual(ends);
  });

  it('tells what was paid back', async () => {
    const refund = { ...charge('orderd.test;1;3'), eventTimestamp: 1_700_000_060 };
    await consumerOf(undefined, { ...order, refund }).handle([placed('1-0')], false);
    const [line = ''] = await linesOf('cdr-2026-01-31-host_1.jsonl');
    expect(JSON.parse(line)).toMatchObject({
      sessionId: 'orderd.test;1;2',
      refundSessionId: 'orderd.test;1;3',
      refundSentAt: '2023-11-14T22:14:20.000Z',
    });
  });

  it('is no business of other users of this machine', async () => {
    const folder = join(dir, 'cdr');
    await consumerOf(createCdrFiles(folder, 'host/1:a')).handle([placed('1-0')], false);
    const modes = [await stat(folder), await stat(join(folder, 'cdr-2026-01-31-host_1_a.jsonl'))];
    expect(modes.map(({ mode }) => mode & 0o007)).toEqual([0, 0]);
  });

  it('is looked for in CDR files only, from the day before its entry on', async () => {
    const wanted = `1:${Date.UTC(2026, 0, 31)}-0`;
    await writeFile(join(dir, 'cdr-2026-01-30-a.jsonl'), `{"entry":"${wanted}"}\n`);
    // Neither could be read.
    for (const name of ['cdr-2026-01-29-a.jsonl', 'old-cdr-2026-01-31-a.jsonl']) await mkdir(join(dir, name));
    expect(await createCdrFiles(dir, 'host/1').among([wanted])).toEqual(new Set([wanted]));
  });

  it('is not written twice when its entry comes again, whoever wrote it', async () => {
    await consumerOf(createCdrFiles(dir, 'dead')).handle([placed('1-0')], false);
    await consumerOf(createCdrFiles(dir, 'alive')).handle([placed('1-0'), placed('2-0')], true);
    expect(await linesOf('cdr-2026-01-31-dead.jsonl')).toHaveLength(1);
    expect(await linesOf('cdr-2026-01-31-alive.jsonl')).toHaveLength(1);
  });

  it('is looked for where an append failed, which may have written it all the same', async () => {
    const files = createCdrFiles(dir, 'host/1');
    let [fail, looks] = [true, 0];
    const failing: CdrFiles = {
      among(entries) {
        looks += 1;
        return files.among(entries);
      },
      async append(records) {
        await files.append(records);
        if (fail) throw new Error('no answer of the disk');
      },
    };
    const consumer = consumerOf(failing);
    await expect(consumer.handle([placed('1-0')], false)).rejects.toThrow('no answer of the disk');
    fail = false;
    // Others are written in between: that this worked tells nothing of what did not.
    await consumer.handle([placed('3-0')], false);
    await consumer.handle([placed('1-0'), placed('2-0')], false);
    expect(await linesOf('cdr-2026-01-31-host_1.jsonl')).toHaveLength(3);
    expect(looks).toBe(1);
    // What was found out once is known.
    await consumer.handle([placed('1-0')], false);
    expect(looks).toBe(1);
  });

  it('never follows half a line: what a crash left is cut off', async () => {
    const file = join(dir, 'cdr-2026-01-31-host_1.jsonl');
    const whole = `{"entry":"1:0-1","pad":"${'x'.repeat(70_000)}"}\n`;
    await writeFile(file, `${whole}{"entry":"1:1-0","time":"20`);
    expect(await createCdrFiles(dir, 'host/1').among(['1:0-1', '1:1-0'])).toEqual(new Set(['1:0-1']));
    await consumerOf().handle([placed('1-0')], true);
    const lines = await linesOf('cdr-2026-01-31-host_1.jsonl');
    expect(lines.map((line) => (JSON.parse(line) as { entry: string }).entry)).toEqual(['1:0-1', '1:1-0']);
  });

  it('looks at the end of a file again that is not as it left it, or that is gone', async () => {
    const consumer = consumerOf();
    const path = join(dir, 'cdr-2026-01-31-host_1.jsonl');
    await consumer.handle([placed('1-0')], false);
    await consumer.handle([placed('2-0')], false);
    await appendFile(path, '{"entry":"3-0","ti');
    await consumer.handle([placed('4-0')], false);
    const entries = (await linesOf('cdr-2026-01-31-host_1.jsonl')).map(
      (line) => (JSON.parse(line) as { readonly entry: string }).entry,
    );
    expect(entries).toEqual(['1:1-0', '1:2-0', '1:4-0']);
    await rm(dir, { recursive: true });
    await expect(consumer.handle([placed('5-0')], false)).rejects.toThrow('ENOENT');
    await consumer.handle([placed('5-0')], false);
    expect(await linesOf('cdr-2026-01-31-host_1.jsonl')).toHaveLength(1);
  });

  it('takes no file for the one that it left, whatever its size', async () => {
    const consumer = consumerOf();
    await consumer.handle([placed('1-0')], false);
    const { size } = await stat(join(dir, 'cdr-2026-01-31-host_1.jsonl'));
    await writeFile(join(dir, 'cdr-2026-02-01-host_1.jsonl'), 'y'.repeat(size));
    await consumer.handle([placed('2-0', Date.UTC(2026, 1, 1))], false);
    expect(await linesOf('cdr-2026-02-01-host_1.jsonl')).toEqual([expect.stringMatching(/^{"entry":"1:2-0"/)]);
  });

  it('starts anew in a file that holds nothing but half a line', async () => {
    await writeFile(join(dir, 'cdr-2026-01-31-host_1.jsonl'), 'y'.repeat(70_000));
    await consumerOf().handle([placed('1-0')], false);
    expect(await linesOf('cdr-2026-01-31-host_1.jsonl')).toHaveLength(1);
  });
});
