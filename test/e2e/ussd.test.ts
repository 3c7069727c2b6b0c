import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIALECT_NAMES } from '../../simulators/smsc/ussd-dialects.ts';
import { CODE_PLACES, DEFAULTS } from '../../simulators/smsc/options.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Dialling } from './dial.ts';
import { dial } from './dial.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

const OURS = { its: 'its', 'six-dee': 'six-dee', mica: 'mica', comverse: 'tlv', none: 'none' } as const;

const WAYS = DIALECT_NAMES.flatMap((dialect) => CODE_PLACES.map((codeIn) => ({ dialect, codeIn })));

async function started(
  ussd: Partial<typeof DEFAULTS.ussd>,
  env: Readonly<Record<string, string>> = {},
): Promise<Orderd> {
  const dialect = OURS[ussd.dialect ?? 'its'];
  const orderd = await startOrderd({ ORDERD_SMPP__LINKS__0__USSD__DIALECT: dialect, ...env }, undefined, {
    ussd: { ...DEFAULTS.ussd, ...ussd },
  });
  await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
  return orderd;
}

const debits = (orderd: Orderd, msisdn: string): number =>
  orderd.ocs.ledger.rows().filter((row) => row.msisdn === msisdn && row.debited > 0).length;

/** Types the number in front of the option that reads so. */
function choose(on: Dialling, option: RegExp): Promise<Dialling> {
  const line = on.text.split('\n').find((text) => option.test(text)) ?? '';
  return on.reply(/^\d+/.exec(line)?.[0] ?? `no ${option} in ${on.text}`);
}

async function order(orderd: Orderd, msisdn: string, service: RegExp, code = '*384#'): Promise<Dialling> {
  const home = await dial(orderd.smsc, msisdn, code);
  let services = await choose(home, /Order$/);
  while (!service.test(services.text)) services = await services.reply('98');
  const chosen = await choose(services, service);
  return choose(chosen, /Order$/);
}

describe.each(WAYS)('USSD by $dialect with the code in $codeIn', (ussd) => {
  let orderd: Orderd;

  beforeAll(async () => {
    orderd = await started(ussd);
  });

  afterAll(() => orderd.stop());

  it('orders at once in one dialogue, with one debit, and the last word says so', async () => {
    const end = await order(orderd, '254711100001', /Daily Headlines/);
    expect(end).toMatchObject({ state: 'released' });
    expect(end.text).toMatch(/Daily Headlines by Daily Planet Media is ordered/);
    expect(debits(orderd, '254711100001')).toBe(1);
  });

  it('asks for a YES in the dialogue, and charges only after it', async () => {
    const asked = await order(orderd, '254711100002', /Gold/);
    expect(asked).toMatchObject({ state: 'awaiting-user' });
    expect(asked.text).toMatch(/order Gold .*\n1 Yes\n2 No/s);
    expect(debits(orderd, '254711100002')).toBe(0);
    const end = await asked.reply('1');
    expect(end.text).toMatch(/is ordered/);
    expect(end.state).toBe('released');
    expect(debits(orderd, '254711100002')).toBe(1);
  });

  it('takes a code in the dialogue that showed it; a wrong one may be mended', async () => {
    const asked = await order(orderd, '254711100003', /Quiz/);
    const code = /\d{6}/.exec(asked.text)?.[0] ?? '';
    const wrong = await asked.reply(code === '111111' ? '222222' : '111111');
    expect(wrong).toMatchObject({ state: 'awaiting-user' });
    expect(debits(orderd, '254711100003')).toBe(0);
    const end = await wrong.reply(code);
    expect(end.text).toMatch(/is ordered/);
    expect(debits(orderd, '254711100003')).toBe(1);
  });

  it('pushes a challenge that was asked for over USSD, and closes it with a notice', async () => {
    const subscriber = orderd.phone('254711100004');
    await subscriber.text('GOLD VIA USSD');
    const pushed = await until('a push', () =>
      Promise.resolve(orderd.smsc.ussd.list(subscriber.msisdn).find(({ state }) => state === 'awaiting-user')),
    );
    expect(pushed).toMatchObject({ kind: 'pushed' });
    orderd.smsc.ussd.reply(pushed.id, '1');
    const end = await until('its end', () => {
      const now = orderd.smsc.ussd.find(pushed.id);
      return Promise.resolve(now?.state === 'released' ? now : undefined);
    });
    expect(end.turns.at(-1)?.text).toMatch(/is ordered/);
    expect(debits(orderd, subscriber.msisdn)).toBe(1);
  });
});

describe('a USSD dialogue that breaks off', () => {
  let orderd: Orderd;

  beforeAll(async () => {
    orderd = await started({});
  });

  afterAll(() => orderd.stop());

  it('goes on by SMS with the same order, which says so and records why', async () => {
    const msisdn = '254711100011';
    const asked = await order(orderd, msisdn, /Gold/);
    await asked.hangUp();
    const subscriber = orderd.phone(msisdn);
    const sms = await subscriber.read();
    expect(sms.text).toMatch(
      /^Your USSD session ended, so your order goes on by SMS\. Reply YES within 60 min to order Gold/,
    );
    await subscriber.text('YES');
    expect((await subscriber.read()).text).toMatch(/Gold .*is ordered/);
    expect(debits(orderd, msisdn)).toBe(1);
    const opened = orderd.notes.filter(({ event }) => event === 'order.opened');
    expect(opened).toHaveLength(1);
    const moved = orderd.notes.filter(({ event }) => event === 'mt.fell-back').map(({ fields }) => fields);
    expect(moved[0]).toMatchObject({ kind: 'confirm', from: 'ussd', to: 'sms' });
    expect(String(moved[0]?.['reason'])).toMatch(/the dialogue ended by abort/);
  });
});
