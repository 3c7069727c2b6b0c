import { afterEach, describe, expect, it } from 'vitest';
import type { Pdu } from '../../../simulators/smpp/pdu.ts';
import { intTlv, octetsField, pdu, textField, tlvOf } from '../../../simulators/smpp/pdu.ts';
import { STATUS } from '../../../simulators/smpp/status.ts';
import type { Tlv } from '../../../simulators/smpp/tlv.ts';
import { TAG, uintTlv } from '../../../simulators/smpp/tlv.ts';
import type { UssdOptions } from '../../../simulators/smsc/options.ts';
import { DEFAULTS } from '../../../simulators/smsc/options.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import { DIALECT_NAMES, dialectOf, VENDOR_SESSION_ID } from '../../../simulators/smsc/ussd-dialects.ts';
import type { Esme } from './esme.ts';
import { boundEsme, submitFields } from './esme.ts';

const HANDSET = '254700000001';
/** Operations in decimal, so that 17 is never taken for 0x17. */
const [PSSR_IND, USSR_REQ, USSN_REQ, PSSR_RESP, USSR_CONF, USSN_CONF, ABORT] = [1, 2, 3, 17, 18, 19, 129] as const;

let smsc: Smsc;
let app: Esme;
async function start(ussd: Partial<UssdOptions> = {}): Promise<void> {
  smsc = await startSmsc({ ussd: { ...DEFAULTS.ussd, ...ussd } });
  app = await boundEsme(smsc.ports.smpp);
}
afterEach(async () => {
  app.end();
  await smsc.close();
});

const url = (path: string): string => `http://127.0.0.1:${smsc.ports.http}${path}`;
interface Shown {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly turns: readonly { readonly by: string; readonly text: string }[];
}
const call = async (method: string, path: string, body?: unknown): Promise<Shown> => {
  const init =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await fetch(url(path), { method, ...init })).json()) as Shown;
};
const dial = (code = '*384#'): Promise<Shown> => call('POST', '/ussd', { from: HANDSET, code, waitMs: 20_000 });
const reply = (id: string, text: string): Promise<Shown> => call('POST', `/ussd/${id}/reply`, { text, waitMs: 20_000 });

const sessionTlvs = (of: Pdu): Tlv[] => of.tlvs.filter(({ tag }) => tag !== TAG.ussd_service_op);
const said = (of: Pdu): string => Buffer.from(octetsField(of, 'short_message')).toString('latin1');

/** Takes the next deliver_sm of the gateway and answers it. */
async function hear(op: number): Promise<Pdu> {
  const heard = await app.next('deliver_sm');
  expect(intTlv(heard, TAG.ussd_service_op)).toBe(op);
  expect(textField(heard, 'service_type')).toBe('USSD');
  app.send('deliver_sm_resp', {}, heard.sequence);
  return heard;
}

/** Says something to the phone and gives the status answered. */
async function say(op: number, text: string, tlvs: readonly Tlv[] = []): Promise<number> {
  const fields = { ...submitFields(HANDSET, Buffer.from(text)), service_type: 'USSD' };
  app.send('submit_sm', { fields, tlvs: [uintTlv(TAG.ussd_service_op, op, 1), ...tlvs] });
  return (await app.next('submit_sm_resp')).status;
}

describe('a dialogue that the subscriber opens', () => {
  it.each(DIALECT_NAMES)('runs from code to last word, the dialogue named as %s does', async (dialect) => {
    await start({ dialect });
    const dialled = dial();
    const first = await hear(PSSR_IND);
    expect(said(first)).toBe('*384#');
    expect(textField(first, 'destination_addr')).toBe('384');
    expect(await say(USSR_REQ, '1 News\n2 Sport', sessionTlvs(first))).toBe(0);
    const menu = await dialled;
    expect(menu).toMatchObject({ state: 'awaiting-user', kind: 'opened' });
    expect(menu.turns.map(({ text }) => text)).toEqual(['*384#', '1 News\n2 Sport']);
    const answered = reply(menu.id, '1');
    const second = await hear(USSR_CONF);
    expect(said(second)).toBe('1');
    expect(await say(PSSR_RESP, 'Ordered.', sessionTlvs(second))).toBe(0);
    const end = await answered;
    expect(end.state).toBe('released');
    expect(end.turns.at(-1)).toMatchObject({ by: 'app', text: 'Ordered.' });
    expect(await smsc.messages.read({})).toEqual([]);
  });

  it('counts the sequence by the book, and marks its own last PDU', async () => {
    await start();
    const dialled = dial();
    const first = await hear(PSSR_IND);
    expect([...tlvOf(first, TAG.its_session_info)!.value]).toEqual([1, 2]);
    await say(USSR_REQ, 'Sure?', sessionTlvs(first));
    const menu = await dialled;
    expect(await call('DELETE', `/ussd/${menu.id}`)).toMatchObject({ state: 'released' });
    const abort = await hear(ABORT);
    expect([...tlvOf(abort, TAG.its_session_info)!.value]).toEqual([1, 5]);
  });

  it('refuses a late word, a wrong number, a second dialogue, too long a text and a missing operation', async () => {
    await start();
    const dialled = dial();
    const first = await hear(PSSR_IND);
    expect(await dial()).toMatchObject({ error: 'this phone is in a dialogue already' });
    const other = [{ tag: TAG.its_session_info, value: Uint8Array.of(77, 2) }];
    expect(await say(USSR_REQ, 'x', other)).toBe(STATUS.ESME_RINVOPTPARAMVAL);
    expect(await say(USSR_REQ, 'x'.repeat(183), sessionTlvs(first))).toBe(STATUS.ESME_RINVMSGLEN);
    expect(await say(99, 'x', sessionTlvs(first))).toBe(STATUS.ESME_RINVOPTPARAMVAL);
    expect(await say(PSSR_RESP, 'Bye.', sessionTlvs(first))).toBe(0);
    await dialled;
    expect(await say(USSR_REQ, 'Still there?', sessionTlvs(first))).toBe(STATUS.ESME_RINVOPTPARAMVAL);
    expect(smsc.ussd.list(HANDSET)).toHaveLength(1);
  });

  it('puts the code into the destination where the gateway does so', async () => {
    await start({ codeIn: 'destination_addr', dialect: 'none' });
    const dialled = dial('*100*1#');
    const first = await hear(PSSR_IND);
    expect([textField(first, 'destination_addr'), said(first)]).toEqual(['*100*1#', '']);
    await say(PSSR_RESP, 'ok');
    await dialled;
  });

  it('gives up on a slow application and on a slow subscriber', async () => {
    await start({ appTimeoutMs: 30, userTimeoutMs: 30 });
    const dialled = dial();
    await hear(PSSR_IND);
    expect((await dialled).turns.at(-1)).toMatchObject({ by: 'network' });
    await hear(ABORT);
    const again = dial();
    const first = await hear(PSSR_IND);
    await say(USSR_REQ, 'Sure?', sessionTlvs(first));
    await again;
    await hear(ABORT);
    expect(smsc.ussd.list(HANDSET).map(({ state }) => state)).toEqual(['released', 'released']);
  });

  it('shows the network error when the application refuses the dial', async () => {
    await start();
    const dialled = dial();
    const first = await app.next('deliver_sm');
    app.send('deliver_sm_resp', { status: STATUS.ESME_RX_R_APPN }, first.sequence);
    expect(await dialled).toMatchObject({ state: 'released' });
  });
});

describe('a dialogue that the application pushes', () => {
  it('asks, hears, and ends with a notify that is confirmed', async () => {
    await start({ dialect: 'none' });
    expect(await say(USSR_REQ, 'Confirm NEWS? Reply YES')).toBe(0);
    const [pushed] = smsc.ussd.list(HANDSET);
    expect(pushed).toMatchObject({ kind: 'pushed', state: 'awaiting-user', code: '5000' });
    void reply(pushed!.id, 'YES');
    expect(said(await hear(USSR_CONF))).toBe('YES');
    expect(await say(PSSR_RESP, 'wrong here')).toBe(STATUS.ESME_RINVOPTPARAMVAL);
    expect(await say(USSN_REQ, 'Ordered.')).toBe(0);
    await hear(USSN_CONF);
    expect(smsc.ussd.list(HANDSET)).toMatchObject([{ state: 'released' }]);
  });
});

it.each(DIALECT_NAMES)('reads what it writes as %s does, with known octets', (name) => {
  const dialect = dialectOf(name);
  const marked = name === 'its' || name === 'six-dee';
  const marks = [
    { number: 1, end: false },
    { number: dialect.lastNumber, end: true },
  ];
  const read = marks.map((mark) => dialect.read(pdu('submit_sm', 1, { tlvs: dialect.write(mark, 3) })));
  const expected = marks.map(({ number, end }) => ({ number, end: marked && end }));
  expect(read).toEqual(name === 'none' ? [undefined, undefined] : expected);

  const octets = dialect
    .write({ number: 5, end: true }, 3)
    .map(({ tag, value }) => `${tag.toString(16)}:${Buffer.from(value).toString('hex')}`);
  const known = {
    its: ['1383:0507'],
    'six-dee': ['1383:000b'],
    mica: ['204:0005'],
    comverse: [`${VENDOR_SESSION_ID.toString(16)}:00000005`],
    none: [],
  };
  expect(octets).toEqual(known[name]);
});
