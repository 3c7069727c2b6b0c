import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../simulators/ocs/faults.ts';
import { orderctl } from '../../src/cli/orderctl.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

const CATALOGUE = `
providers:
  - { id: planet, name: Planet, startingPoints: 90 }
  - { id: karat, name: Karat, startingPoints: 55 }
services:
  - { id: match, provider: planet, keywords: [MATCH], shortCodes: ['5000'], title: Match Report, price: KES 10.00, period: once, serviceIdentifier: 1 }
  - { id: film, provider: planet, keywords: [FILM], shortCodes: ['5000'], title: Film Club, price: KES 30.00, period: week, charge: reserve, serviceIdentifier: 2 }
  - { id: stars, provider: planet, keywords: [STARS], shortCodes: ['5000'], title: Horoscope, price: KES 5.00, period: day, grantOnUnknown: true, serviceIdentifier: 3 }
  - { id: gold, provider: karat, keywords: [GOLD], shortCodes: ['5000'], title: Gold Price, price: KES 20.00, period: once, serviceIdentifier: 4 }
`;
const PROFILE = `
name: asks
floor: { once: notice, recurring: notice }
askBefore: balance
`;

let orderd: Orderd;
let dir = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'orderd-charging-'));
  writeFileSync(join(dir, 'catalogue.yaml'), CATALOGUE);
  writeFileSync(join(dir, 'profile.yaml'), PROFILE);
  const lab = readFileSync(LAB_CONFIG, 'utf8')
    .replace('lab-catalogue.yaml', 'catalogue.yaml')
    .replace('profiles/neutral.yaml', 'profile.yaml')
    .replace('messages/en.yaml', join(LAB_CONFIG, '../messages/en.yaml'))
    .replace('ussd-menu.yaml', join(LAB_CONFIG, '../ussd-menu.yaml'));
  const config = join(dir, 'lab.yaml');
  writeFileSync(config, lab);
  const settings = {
    ORDERD_DIAMETER__TX: '300ms',
    ORDERD_SETTLE__FIRST: '100ms',
    ORDERD_SETTLE__CAP: '200ms',
  };
  orderd = await startOrderd(settings, undefined, {}, config);
  await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
});

afterAll(async () => {
  await orderd.stop();
  rmSync(dir, { recursive: true, force: true });
});

let last = 254_711_000_200;
const msisdn = (): string => String(++last);
const result = (resultCode: number): Partial<FaultInput> => ({ action: 'result', resultCode });

const PLACED = /^Match Report by Planet is ordered: KES 10\.00/;
const WAITS = /^Your order of Match Report takes longer than usual/;
const NOT_ALLOWED = /^Match Report cannot be charged to your line, so it was not ordered\. Nothing was charged/;
const NOT_CHARGED = /^Match Report could not be charged, so it was not ordered\. Nothing was charged/;

/** RFC 8506 9, RFC 6733 7.1: what the OCS answers, in octets on a socket; what the subscriber reads; what was debited. */
const CODES: readonly (readonly [string, Partial<FaultInput> | undefined, readonly RegExp[], number])[] = [
  ['2001 SUCCESS', undefined, [PLACED], 1000],
  [
    '2002 LIMITED_SUCCESS, less than asked: taken and paid back',
    { action: 'grant', units: 400 },
    [/^KES 4\.00 for Match Report was paid back/],
    0,
  ],
  ['3002 UNABLE_TO_DELIVER: asked again', result(3002), [WAITS, PLACED], 1000],
  ['3004 TOO_BUSY: asked again', result(3004), [WAITS, PLACED], 1000],
  ['4010 END_USER_SERVICE_DENIED', result(4010), [NOT_ALLOWED], 0],
  ['4011 CREDIT_CONTROL_NOT_APPLICABLE: free', result(4011), [PLACED], 0],
  [
    '4012 CREDIT_LIMIT_REACHED',
    result(4012),
    [/^Your balance is too low for Match Report \(KES 10\.00\)\. It was not ordered/],
    0,
  ],
  ['5030 USER_UNKNOWN', result(5030), [NOT_ALLOWED], 0],
  ['5031 RATING_FAILED', result(5031), [NOT_CHARGED], 0],
  ['5003 AUTHORIZATION_REJECTED', result(5003), [NOT_CHARGED], 0],
  ['Experimental-Result', { action: 'result', experimental: { vendorId: 10_415, resultCode: 5031 } }, [NOT_CHARGED], 0],
  ['no answer, the debit was booked', { action: 'silence', debit: true }, [WAITS, PLACED], 1000],
  ['no answer, the request was lost', { action: 'silence', debit: false }, [WAITS, PLACED], 1000],
];

describe('from CCA octets to the words that a subscriber reads', () => {
  it.each(CODES)('%s', async (...[, fault, texts, debited]) => {
    const from = msisdn();
    if (fault !== undefined) orderd.ocs.faults.add({ ...fault, matchMsisdn: from, count: 1 } as FaultInput);
    const phone = orderd.phone(from);
    await phone.text('MATCH');
    for (const text of texts) expect((await phone.read()).text).toMatch(text);
    const rows = orderd.ocs.ledger.rows().filter((row) => row.msisdn === from);
    expect(rows.reduce((sum, row) => sum + row.debited, 0)).toBe(debited);
    expect(rows.filter((row) => row.debited > 0).length).toBeLessThanOrEqual(1);
  });

  it('5031 names the Failed-AVP in an alarm', () => {
    const alarm = orderd.notes.find(({ event }) => event === 'charge.rating-failed');
    expect(alarm?.fields).toMatchObject({ service: 'match', serviceIdentifier: 1 });
  });
});

describe('a service that is charged by session', () => {
  const rowsOf = (from: string) =>
    orderd.ocs.ledger
      .rows()
      .filter((row) => row.msisdn === from)
      .map(({ requestType, requestNumber, retransmit, debited }) => [requestType, requestNumber, retransmit, debited]);

  it('CCR-I reserves, CCR-T commits, and only then it is ordered', async () => {
    const from = msisdn();
    const phone = orderd.phone(from);
    await phone.text('FILM');
    expect((await phone.read()).text).toMatch(/^Film Club by Planet is ordered: KES 30\.00 a week/);
    expect(rowsOf(from)).toEqual([
      ['INITIAL', 0, false, 0],
      ['TERMINATION', 1, false, 3000],
    ]);
    expect(orderd.ocs.sessions.list()).toEqual([]);
  });

  it('a CCR-T without an answer is resent with T, and debited once', async () => {
    const from = msisdn();
    orderd.ocs.faults.add({
      action: 'silence',
      debit: true,
      matchRequestType: 'TERMINATION',
      matchMsisdn: from,
      count: 1,
    });
    const phone = orderd.phone(from);
    await phone.text('FILM');
    expect((await phone.read()).text).toMatch(/^Your order of Film Club takes longer than usual/);
    expect((await phone.read()).text).toMatch(/^Film Club by Planet is ordered/);
    expect(rowsOf(from).filter(([, , , debited]) => debited !== 0)).toHaveLength(1);
    expect(rowsOf(from).at(-1)).toEqual(['TERMINATION', 1, true, 0]);
  });

  it('less reserved than asked: released, nothing debited', async () => {
    const from = msisdn();
    orderd.ocs.faults.add({ action: 'grant', units: 100, matchRequestType: 'INITIAL', matchMsisdn: from, count: 1 });
    const phone = orderd.phone(from);
    await phone.text('FILM');
    expect((await phone.read()).text).toMatch(/^Your balance is too low for Film Club/);
    expect(rowsOf(from).reduce((sum, [, , , debited]) => sum + Number(debited), 0)).toBe(0);
    expect(orderd.ocs.sessions.list()).toEqual([]);
  });
});

describe('the balance is asked before a challenge goes out', () => {
  it('too little: told at once; enough: asked for a YES, and charged after it', async () => {
    const poor = msisdn();
    orderd.ocs.accounts.set(poor, { balance: 100n });
    const phone = orderd.phone(poor);
    await phone.text('GOLD');
    expect((await phone.read()).text).toMatch(/^Your balance is too low for Gold Price/);
    const rich = orderd.phone(msisdn());
    await rich.text('GOLD');
    expect((await rich.read()).text).toMatch(/^Reply YES within 60 min to order Gold Price by Karat, KES 20\.00/);
    await rich.text('YES');
    expect((await rich.read()).text).toMatch(/^Gold Price by Karat is ordered/);
    const rows = orderd.ocs.ledger.rows().filter((row) => row.msisdn === rich.msisdn);
    expect(rows.map(({ debited }) => debited).filter((debited) => debited !== 0)).toEqual([2000]);
  });

  it('an OCS that stays silent: the challenge goes out anyway', async () => {
    const from = msisdn();
    orderd.ocs.faults.add({ action: 'silence', matchAction: 'CHECK_BALANCE', matchMsisdn: from, count: 1 });
    const phone = orderd.phone(from);
    await phone.text('GOLD');
    expect((await phone.read()).text).toMatch(/to order Gold Price by Karat,/);
  });
});

it('E7: a service with grantOnUnknown is given on silence, and its charge is settled behind it', async () => {
  const from = msisdn();
  orderd.ocs.faults.add({ action: 'silence', debit: true, matchMsisdn: from, count: 1 });
  const phone = orderd.phone(from);
  await phone.text('STARS');
  expect((await phone.read()).text).toMatch(/^Horoscope by Planet is ordered/);
  await until('its charge', () =>
    Promise.resolve(orderd.ocs.ledger.rows().some((row) => row.msisdn === from && row.retransmit) || undefined),
  );
});

it('orderctl reconcile finds 0 differences in what was done here, and finds a debit that nobody ordered', async () => {
  const open = new Set(['charging', 'charge-unknown', 'committing', 'refunding']);
  await until('nothing under way', async () => {
    const orders = (await (await fetch(`${orderd.nocUrl}/api/v1/orders`)).json()) as {
      readonly orders: readonly { readonly state: string }[];
    };
    return orders.orders.some(({ state }) => open.has(state)) ? undefined : true;
  });
  const compare = async (text: string) => {
    const out: string[] = [];
    writeFileSync(join(dir, 'ledger'), text);
    const say = (line: string): void => void out.push(line);
    const argv = ['reconcile', join(dir, 'ledger'), '--url', orderd.nocUrl];
    return { code: await orderctl(argv, { env: {}, out: say, err: say }), out: out.join('\n') };
  };
  expect((await compare(orderd.ocs.ledger.csv())).out).toContain(': 0 differences');
  const [first] = orderd.ocs.ledger.rows().filter(({ debited }) => debited > 0);
  const alien = { ...first, sessionId: 'someone;1;1' };
  const { code, out } = await compare(`${orderd.ocs.ledger.jsonLines()}${JSON.stringify(alien)}\n`);
  expect(code).toBe(1);
  expect(out).toContain('unknown session');
});
