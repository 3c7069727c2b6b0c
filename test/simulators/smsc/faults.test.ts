import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textField } from '../../../simulators/smpp/pdu.ts';
import { STATUS } from '../../../simulators/smpp/status.ts';
import type { Action, FaultRule } from '../../../simulators/smsc/faults.ts';
import { faultBook } from '../../../simulators/smsc/faults.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from './esme.ts';
import { BIND, boundEsme, esme, submitFields } from './esme.ts';

const HANDSET = '254700000001';

const rule = (part: Partial<FaultRule> & { action: Action }): Omit<FaultRule, 'id'> => ({
  on: 'submit_sm',
  status: STATUS.ESME_RSYSERR,
  delayMs: 0,
  skip: 0,
  ...part,
});

describe('the fault book', () => {
  it('spends counts, lets skips pass, and matches by destination, source, text and account', () => {
    const book = faultBook();
    const { id } = book.add(rule({ action: 'status', count: 2, skip: 1, matchTo: '^2547', matchText: 'code' }));
    const subject = { on: 'submit_sm', account: 'orderd', to: HANDSET, from: '5000', text: 'your code' } as const;
    expect(book.match({ ...subject, to: '999' })).toBeUndefined();
    expect(book.match({ ...subject, on: 'data_sm' })).toBeUndefined();
    expect([1, 2, 3, 4].map(() => book.match(subject)?.id)).toEqual([undefined, id, id, undefined]);
    expect(book.list()).toEqual([]);
    book.add(rule({ action: 'silence', account: 'other' }));
    expect(book.match(subject)).toBeUndefined();
    expect(book.remove()).toBe(1);
  });
});

describe('fault rules on the wire', () => {
  let smsc: Smsc;
  let client: Esme;
  beforeEach(async () => {
    smsc = await startSmsc({ retryDelayMs: 5, responseTimeoutMs: 30_000 });
    client = await boundEsme(smsc.ports.smpp);
  });
  afterEach(async () => {
    client.end();
    await smsc.close();
  });
  const submit = (): number => client.send('submit_sm', { fields: submitFields(HANDSET, Buffer.from('hello')) });
  const messages = async (): Promise<number> => (await smsc.messages.read({})).length;

  it('refuses with a status, count times, and keeps nothing', async () => {
    smsc.faults.add(rule({ action: 'status', status: STATUS.ESME_RTHROTTLED, count: 1 }));
    submit();
    expect((await client.next('submit_sm_resp')).status).toBe(STATUS.ESME_RTHROTTLED);
    expect(await messages()).toBe(0);
    submit();
    expect((await client.next('submit_sm_resp')).status).toBe(0);
    expect(await messages()).toBe(1);
  });

  it('stays silent, or loses only the response', async () => {
    smsc.faults.add(rule({ action: 'silence', count: 1 }));
    smsc.faults.add(rule({ action: 'lose-response', count: 1 }));
    submit();
    submit();
    const last = submit();
    expect((await client.next('submit_sm_resp')).sequence).toBe(last);
    expect(await messages()).toBe(2);
    expect(smsc.submits().map(({ status }) => status)).toEqual([null, null, 0]);
  });

  it.each([
    ['drop-connection', 0],
    ['accept-and-drop', 1],
  ] as const)('%s cuts the link with %i message kept', async (action, kept) => {
    smsc.faults.add(rule({ action }));
    submit();
    await client.closed();
    expect(await messages()).toBe(kept);
    expect(client.received.filter(({ command }) => command === 'submit_sm_resp')).toEqual([]);
  });

  it('answers late, twice, with a wrong sequence, with a generic_nack', async () => {
    smsc.faults.add(rule({ action: 'delay', delayMs: 500, count: 1 }));
    const [late, early] = [submit(), submit()];
    expect((await client.next('submit_sm_resp')).sequence).toBe(early);
    expect((await client.next('submit_sm_resp')).sequence).toBe(late);
    smsc.faults.add(rule({ action: 'duplicate', count: 1 }));
    submit();
    const [one, two] = [await client.next('submit_sm_resp'), await client.next('submit_sm_resp')];
    expect(textField(one, 'message_id')).toBe(textField(two, 'message_id'));
    smsc.faults.add(rule({ action: 'wrong-sequence', count: 1 }));
    const asked = submit();
    expect((await client.next('submit_sm_resp')).sequence).not.toBe(asked);
    smsc.faults.add(rule({ action: 'nack', status: STATUS.ESME_RINVCMDID, count: 1 }));
    const nacked = submit();
    expect(await client.next('generic_nack')).toMatchObject({ sequence: nacked, status: STATUS.ESME_RINVCMDID });
  });

  it('splits a response to single octets and joins two into one write', async () => {
    const before = client.chunks.length;
    smsc.faults.add(rule({ action: 'split', count: 1 }));
    submit();
    const split = await client.next('submit_sm_resp');
    expect(textField(split, 'message_id')).not.toBe('');
    expect(client.chunks.length - before).toBeGreaterThan(1);
    const mid = client.chunks.length;
    smsc.faults.add(rule({ action: 'join', count: 1 }));
    submit();
    submit();
    await client.next('submit_sm_resp');
    await client.next('submit_sm_resp');
    expect(client.chunks.length - mid).toBe(1);
  });

  it('sends octets that are no PDU', async () => {
    smsc.faults.add(rule({ action: 'garbage', count: 1 }));
    const heard = new Promise((resolve) => client.socket.once('data', resolve));
    submit();
    expect(String(await heard)).toContain('HTTP');
  });

  it('strikes at binds and at messages from handsets too', async () => {
    smsc.faults.add(rule({ on: 'bind_transceiver', action: 'status', status: STATUS.ESME_RBINDFAIL, count: 1 }));
    const other = await esme(smsc.ports.smpp);
    other.send('bind_transceiver', { fields: BIND });
    expect((await other.next('bind_transceiver_resp')).status).toBe(STATUS.ESME_RBINDFAIL);
    other.end();
    smsc.faults.add(rule({ on: 'deliver_sm', action: 'silence', count: 1 }));
    const sent = smsc.mo({ from: HANDSET, to: '5000', text: 'NEWS' });
    const mo = await client.next('deliver_sm');
    client.send('deliver_sm_resp', {}, mo.sequence);
    expect(await sent).toMatchObject({ status: 0, redeliveries: 1 });
  });
});
