import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { Phone } from '../../src/launcher/demo/subscriber.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** What staff do with orderctl against a daemon that runs: each command is read back from the network it changes. */
let orderd: Orderd;

beforeAll(async () => {
  const keys = { MSISDN: 'aa', DEDUPE: 'bb', EVIDENCE: 'cc', CODES__K1: 'dd' };
  const given = Object.entries(keys).map(([name, octet]) => [`ORDERD_KEYS__${name}`, octet.repeat(32)] as const);
  orderd = await startOrderd({
    ...Object.fromEntries(given),
    ORDERD_KEYS__CURRENT_CODE: 'k1',
    ORDERD_POLICY__SPEND__0__CURRENCY: 'KES',
    ORDERD_POLICY__SPEND__0__PER_DAY: '3000',
    ORDERD_POLICY__SPEND__0__PROMPT_EACH: '2000',
    ORDERD_DEDUPE__WINDOW: '1s',
  });
  await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
});

afterAll(() => orderd.stop());

let last = 254_711_400_000;
const newPhone = (): Phone => orderd.phone(String(++last));

async function ctl(...args: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const out: string[] = [];
  const say = (text: string): void => void out.push(text);
  const status = await orderctl(args, { env: { ORDERCTL_URL: orderd.nocUrl }, out: say, err: say });
  return { status, text: out.join('\n') };
}

const net = ({ msisdn }: Phone): number =>
  orderd.ocs.ledger.rows().reduce((sum, row) => (row.msisdn === msisdn ? sum + row.debited : sum), 0);

async function says(phone: Phone, text: string): Promise<string> {
  await phone.text(text);
  return (await phone.read()).text;
}

/** Equal texts within the dedupe window are one (E13). */
const laterThanRepeats = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));

/** The id of the phone's newest order, as care staff find it. */
async function orderOf({ msisdn }: Phone): Promise<string> {
  const { text } = await ctl('subscriber', msisdn, '--why', 'asked on the phone');
  return /^\d{2,}-\w+/m.exec(text)?.[0] ?? `no order in ${text}`;
}

describe('a spend cap', () => {
  it('asks, takes a YES, refuses above the day, tells the sum, and says why', async () => {
    const phone = newPhone();
    expect(await says(phone, 'MATCH')).toMatch(/is ordered: KES 10\.00/);
    expect(await says(phone, 'FILM')).toMatch(/would take this month's spending on services above KES 20\.00/);
    expect(await says(phone, 'YES')).toMatch(/^Thank you: you may spend more/);
    await laterThanRepeats();
    expect(await says(phone, 'FILM')).toMatch(/Film of the Week .*is ordered/);
    expect((await phone.read()).text).toMatch(/^You have spent KES 22\.00 on services this month/);
    await laterThanRepeats();
    expect(await says(phone, 'FILM')).toMatch(/take you above KES 30\.00 a day/);
    expect(net(phone)).toBe(2200);
    const { text } = await ctl('order', 'show', await orderOf(phone));
    expect(text).toMatch(/refuse: spend-cap \(2200 spent and 1200 are above the cap of a day: 3000 KES minor units\)/);
  });
});

describe('orderctl', () => {
  it('complain: weighs on the provider and on its next order, once', async () => {
    const phone = newPhone();
    await says(phone, 'MATCH');
    const id = await orderOf(phone);
    expect(await ctl('complain', id, '--why', 'rang us')).toMatchObject({ status: 0 });
    expect((await phone.read()).text).toMatch(/your complaint is recorded/);
    expect(await ctl('complain', id, '--why', 'rang us again')).toMatchObject({ status: 1 });
    expect(await says(phone, 'NEWS')).toMatch(/^Reply YES/);
    const { text } = await ctl('order', 'show', await orderOf(phone));
    expect(text).toMatch(/the subscriber complained about this provider within the last day/);
    expect((await ctl('audit')).text).toMatch(new RegExp(`order\\.complain +${id} +rang us`));
  });

  it('refund: through the OCS, and the subscriber is told', async () => {
    const phone = newPhone();
    await says(phone, 'MATCH');
    expect(net(phone)).toBe(1000);
    const id = await orderOf(phone);
    expect(await ctl('refund', id, '--why', 'never came')).toMatchObject({ status: 0, text: `${id} is refunding` });
    expect((await phone.read()).text).toMatch(/KES 10\.00 for Match Report was paid back to you/);
    expect(net(phone)).toBe(0);
    expect(await ctl('refund', id, '--why', 'once more')).toMatchObject({ status: 1 });
  });

  it('credit what-if: replays what was ordered here under another score, and changes nothing', async () => {
    const phone = newPhone();
    await says(phone, 'WEATHER');
    const asked = ['credit', 'what-if', '--provider', 'daily-planet', '--since', '1h'];
    const same = await ctl(...asked);
    expect(same.text).toMatch(/^\d+ orders of daily-planet since .*: 0 would be answered otherwise/);
    const worse = await ctl(...asked, '--score', '20');
    expect(worse.text).toMatch(/notice +otp +\d+ +changed/);
    expect(worse.text).toMatch(/because: \d+ by credit/);
    expect((await ctl('provider', 'list')).text).toMatch(/daily-planet .* 92 +trusted +notice/);
  });
});

/** Every place below that holds `text`: keys and values of Redis, and files. */
async function holders(text: string): Promise<readonly string[]> {
  const redis = new Redis(orderd.redisUrl);
  const found: string[] = [];
  for (const key of await redis.keys('*')) if (`${key}${await dumped(redis, key)}`.includes(text)) found.push(key);
  redis.disconnect();
  return [...found, ...(await filesHolding(text))];
}

/** Looked through anew where a file went meanwhile: Redis gives a file that it has written anew another name. */
async function filesHolding(text: string): Promise<readonly string[]> {
  const entries = await readdir(orderd.dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  try {
    const holding = await Promise.all(paths.map(async (path) => (await readFile(path)).includes(text)));
    return paths.filter((_, at) => holding[at]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return filesHolding(text);
  }
}

async function dumped(redis: Redis, key: string): Promise<string> {
  const read: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, '0', '-1'),
    stream: () => redis.xrange(key, '-', '+'),
  };
  return JSON.stringify(await read[await redis.type(key)]?.());
}

describe('an erasure', () => {
  it('leaves no trace of the number in Redis, files or notes, and the chains hold', async () => {
    const [phone, other] = [newPhone(), newPhone()];
    const both = [phone, other];
    for (const one of both) {
      const code = /\d{6}/.exec(await says(one, 'QUIZ'))?.[0] ?? '';
      expect(await says(one, code)).toMatch(/is ordered/);
      await says(one, 'LIST');
      await says(one, 'NEWS EMAIL someone@example.org');
      await says(one, 'CHANNEL FLASH');
      await says(one, 'STOP ALL');
      await says(one, 'COMPLAIN QUIZ');
    }
    const held = await orderOf(phone);
    // The newest order's own records: those of the older one are there before them.
    const kept = await until('everything in the files', async () => {
      const places = await holders(held);
      return places.some((place) => place.includes('/evidence/')) && places.some((place) => place.includes('/cdr/'))
        ? holders(phone.msisdn)
        : undefined;
    });
    expect(kept.some((place) => place.includes('/redis/'))).toBe(true);
    const file = join(orderd.dir, 'export.jsonl');
    expect(await ctl('export', phone.msisdn, file, '--why', 'asked for it')).toMatchObject({ status: 0 });
    expect(await readFile(file, 'utf8')).toContain(phone.msisdn);
    await writeFile(file, '');
    expect(await ctl('hold', held, '--why', 'court order 7')).toMatchObject({ text: `${held} is held` });
    const first = await ctl('erase', phone.msisdn, '--why', 'asked for it');
    expect(first).toMatchObject({ status: 1 });
    expect(first.text).toContain(`held: order ${held}, held`);
    expect((await holders(phone.msisdn)).some((place) => place.endsWith(held))).toBe(true);
    await ctl('release', held, '--why', 'the court is done');
    // Receipts come late, and what is still to be written down stays.
    await until('all is written', async () => (await ctl('outbox')).text.includes('nothing waits') || undefined);
    const erased = await ctl('erase', phone.msisdn, '--why', 'asked for it');
    expect(erased).toMatchObject({ status: 0 });
    expect(erased.text).toMatch(/: 1 orders, \d+ texts, [1-9]\d* evidence records, [1-9]\d* cdr records$/);
    await until('no trace', async () => (await holders(phone.msisdn)).length === 0 || undefined);
    expect(JSON.stringify(orderd.notes)).not.toContain(phone.msisdn);
    // The same scan finds whoever did not ask to be forgotten.
    expect((await holders(other.msisdn)).length).toBeGreaterThan(3);
    await writeFile(join(orderd.dir, 'key'), 'cc'.repeat(32));
    const verified = await ctl(
      ...['evidence', 'verify', '--folder', join(orderd.dir, 'evidence')],
      ...['--heads', join(orderd.dir, 'evidence-heads'), '--key', join(orderd.dir, 'key')],
    );
    expect(verified).toMatchObject({ status: 0 });
    expect(verified.text).toMatch(/every chain holds$/);
    // A new subscriber to everybody: the next order is a first one.
    expect(await says(phone, 'MATCH')).toMatch(/is ordered/);
  });
});
