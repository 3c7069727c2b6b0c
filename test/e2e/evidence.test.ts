import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { Link } from '../../src/domain/evidence/chain.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

const MSISDN = '254711000901';

/** Real sockets, a real Redis: what the files say of an order, and what orderctl says of the files. */
describe.each([
  ['beside the orders', 'false'],
  ['in a thread of its own', 'true'],
])('evidence of what happened on the wire, written %s', (_, thread) => {
  let orderd: Orderd;
  let dir = '';
  let code = '';
  const texts: string[] = [];

  const links = async (): Promise<readonly Link[]> => {
    const files = await readdir(join(dir, 'chains')).catch(() => []);
    const read = await Promise.all(files.map((file) => readFile(join(dir, 'chains', file), 'utf8')));
    return read.flatMap((text) => text.split('\n').slice(0, -1)).map((line) => JSON.parse(line) as Link);
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'orderd-evidence-'));
    texts.length = 0;
    const env = {
      ORDERD_INSTANCE__OUTBOX_THREAD: thread,
      ORDERD_EVIDENCE__FOLDER: join(dir, 'chains'),
      ORDERD_EVIDENCE__HEADS: join(dir, 'heads'),
    };
    const keys = { MSISDN: 'aa', DEDUPE: 'bb', EVIDENCE: 'cc', CODES__K1: 'dd' };
    const given = Object.entries(keys).map(([name, octet]) => [`ORDERD_KEYS__${name}`, octet.repeat(32)] as const);
    orderd = await startOrderd({ ...env, ...Object.fromEntries(given), ORDERD_KEYS__CURRENT_CODE: 'k1' });
    await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
    const phone = orderd.phone(MSISDN);
    await phone.text('QUIZ');
    texts.push((await phone.read()).text);
    code = /\d{6}/.exec(texts[0] ?? '')?.[0] ?? '';
    await phone.text(`ok ${code}`);
    texts.push((await phone.read()).text);
    // What a last pass has not read comes with the next start.
    const told = async (): Promise<true | undefined> =>
      (await links()).filter(({ facts }) => facts['cause'] === 'submit').length === 2 || undefined;
    await until('the last text in the files', told);
    await orderd.stop();
  });

  it('has every text word for word, and no code', async () => {
    const payloads = (await links()).map(({ personal }) => personal as Record<string, unknown>);
    const heard = payloads.flatMap(({ heard: mo }) => (mo === undefined ? [] : [(mo as { text: string }).text]));
    const said = payloads.flatMap(({ said: text }) => (text === undefined ? [] : [text]));
    expect(heard).toEqual(['QUIZ', 'ok ******']);
    expect(said).toEqual([texts[0]?.replace(code, '******'), texts[1]]);
    expect(JSON.stringify(payloads)).not.toContain(code);
    expect(new Set(payloads.map(({ msisdn }) => msisdn))).toEqual(new Set([MSISDN]));
  });

  it('has every step of the order with the charge and its result', async () => {
    const steps = (await links()).filter(({ kind }) => kind === 'order').map(({ facts }) => facts);
    expect(steps).toMatchObject([
      { cause: 'open', state: 'challenged' },
      { cause: 'right', state: 'charging' },
      { cause: 'record', state: 'placed' },
    ]);
    const [row] = orderd.ocs.ledger.rows().filter(({ msisdn }) => msisdn === MSISDN);
    expect(steps[2]).toMatchObject({
      charge: { sessionId: row?.sessionId },
      verdict: { kind: 'granted', resultCode: 2001 },
    });
  });

  it('is whole by orderctl, proven to its end by the heads', async () => {
    await writeFile(join(dir, 'key'), 'cc'.repeat(32));
    const out: string[] = [];
    const terminal = {
      env: {},
      out: (text: string) => void out.push(text),
      err: (text: string) => void out.push(text),
    };
    const folder = ['--folder', join(dir, 'chains')];
    const heads = ['--heads', join(dir, 'heads'), '--key', join(dir, 'key')];
    expect(await orderctl(['evidence', 'verify', ...folder, ...heads], terminal)).toBe(0);
    expect(await orderctl(['evidence', 'verify', ...folder], terminal)).toBe(0);
    expect(out[0]).toMatch(/ {2}0 {2}proven +0\n\nevery chain holds$/);
    expect(out[1]).toMatch(/ {2}0 {2}not proven +0\n\nevery chain holds$/);
  });
});
