import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailSink } from '../../simulators/mail/mail.ts';
import { startMail } from '../../simulators/mail/mail.ts';
import type { Mail } from '../../simulators/mail/mailbox.ts';
import type { DialogueRecord } from '../../simulators/smsc/ussd-dialogue.ts';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { Phone } from '../../src/launcher/demo/subscriber.ts';
import { call, until } from '../../src/launcher/demo/subscriber.ts';
import type { OrderDetail } from '../../src/noc/order-view.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

const NOTICE = /Match Report by Daily Planet Media is ordered: KES 10\.00/;
const CHALLENGE = /^Code (\d{6}) orders Quiz Night by Quizzo Games/;
const PLACED = /Quiz Night by Quizzo Games is ordered: KES 15\.00/;

let orderd: Orderd;
let mail: MailSink;
let evidence = '';

beforeAll(async () => {
  mail = await startMail();
  evidence = await mkdtemp(join(tmpdir(), 'orderd-channels-'));
  orderd = await startOrderd({
    ORDERD_MAIL__HOST: '127.0.0.1',
    ORDERD_MAIL__PORT: String(mail.ports.smtp),
    ORDERD_MAIL__SECURITY: 'none',
    ORDERD_MAIL__FROM: 'orders@example.net',
    ORDERD_EVIDENCE__FOLDER: evidence,
    ORDERD_CHANNELS__PATIENCE__FLASH: '1s',
  });
  await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
});

afterAll(async () => {
  await orderd.stop();
  await mail.close();
  await rm(evidence, { recursive: true });
});

let last = 254_711_300_000;
const newPhone = (): Phone => orderd.phone(String(++last));

const debits = ({ msisdn }: Phone): number =>
  orderd.ocs.ledger.rows().filter((row) => row.msisdn === msisdn && row.debited > 0).length;

/** What the handset got, and over which channel the SMSC was told to show it. */
async function shown({ msisdn }: Phone): Promise<readonly string[]> {
  return (await orderd.smsc.messages.read({ to: msisdn })).map(({ channel }) => channel);
}

/** The next mail to an address, as it left by SMTP. */
async function mailTo(address: string, after = 0): Promise<Mail> {
  const [found] = await mail.box.read({ to: address, after, waitMs: 10_000 });
  if (found === undefined) throw new Error(`no mail to ${address}`);
  return found;
}

async function pushed({ msisdn }: Phone, is: (record: DialogueRecord) => boolean): Promise<DialogueRecord> {
  return until('a dialogue', () => Promise.resolve(orderd.smsc.ussd.list(msisdn).find(is)));
}

const codeIn = (text: string): string => CHALLENGE.exec(text)?.[1] ?? `no code in ${text}`;

describe('a notice', () => {
  it('over SMS', async () => {
    const phone = newPhone();
    await phone.text('MATCH');
    expect((await phone.read()).text).toMatch(NOTICE);
    expect(await shown(phone)).toEqual(['sms']);
    expect(debits(phone)).toBe(1);
  });

  it('over flash', async () => {
    const phone = newPhone();
    await phone.text('MATCH VIA FLASH');
    expect((await phone.read()).text).toMatch(NOTICE);
    expect(await shown(phone)).toEqual(['flash']);
    expect(debits(phone)).toBe(1);
  });

  it('over USSD, pushed', async () => {
    const phone = newPhone();
    await phone.text('MATCH VIA USSD');
    const end = await pushed(phone, ({ state }) => state === 'released');
    expect(end).toMatchObject({ kind: 'pushed' });
    expect(end.turns.at(-1)?.text).toMatch(NOTICE);
    expect([await shown(phone), debits(phone)]).toEqual([[], 1]);
  });

  it('over email, read from an SMTP server', async () => {
    const phone = newPhone();
    await phone.text('MATCH EMAIL notice@example.org');
    const read = await mailTo('notice@example.org');
    expect(read.text).toMatch(NOTICE);
    expect(read).toMatchObject({ from: 'orders@example.net', to: ['notice@example.org'], subject: 'Match Report' });
    expect([await shown(phone), debits(phone)]).toEqual([[], 1]);
  });
});

describe('a challenge', () => {
  it.each(['sms', 'flash'])('over %s, answered there', async (channel) => {
    const phone = newPhone();
    await phone.text(`QUIZ VIA ${channel.toUpperCase()}`);
    const code = codeIn((await phone.read()).text);
    expect(debits(phone)).toBe(0);
    await phone.text(code);
    expect((await phone.read()).text).toMatch(PLACED);
    expect([await shown(phone), debits(phone)]).toEqual([[channel, channel], 1]);
  });

  it('over USSD, answered in the dialogue', async () => {
    const phone = newPhone();
    await phone.text('QUIZ VIA USSD');
    const asked = await pushed(phone, ({ state }) => state === 'awaiting-user');
    expect(debits(phone)).toBe(0);
    orderd.smsc.ussd.reply(asked.id, codeIn(asked.turns.at(-1)?.text ?? ''));
    const end = await pushed(phone, ({ state }) => state === 'released');
    expect(end.turns.at(-1)?.text).toMatch(PLACED);
    expect([await shown(phone), debits(phone)]).toEqual([[], 1]);
  });

  it('over email: its code counts from the number that ordered, and from no other', async () => {
    const [phone, thief] = [newPhone(), newPhone()];
    await phone.text('QUIZ EMAIL code@example.org');
    const asked = await mailTo('code@example.org');
    const code = codeIn(asked.text.replace(/\s+/g, ' '));
    await thief.text(code);
    expect((await thief.read()).text).toMatch(/not the right answer/);
    expect([debits(phone), debits(thief)]).toEqual([0, 0]);
    await phone.text(code);
    expect((await mailTo('code@example.org', asked.id)).text).toMatch(PLACED);
    expect([await shown(phone), debits(phone)]).toEqual([[], 1]);
  });
});

/** Waits for what the evidence files say of the newest fallback. */
async function proved(fallback: Readonly<Record<string, string>>): Promise<void> {
  const told = `"fallback":${JSON.stringify(fallback)}`;
  await until('the evidence', async () => {
    const files = await Promise.all((await readdir(evidence)).map((name) => readFile(join(evidence, name), 'utf8')));
    return files.some((text) => text.includes(told)) || undefined;
  });
}

interface Shown {
  readonly detail: OrderDetail;
  readonly printed: string;
}

/** The newest order as the API and orderctl show it. */
async function newest(): Promise<Shown> {
  const { orders } = (await call('GET', `${orderd.nocUrl}/api/v1/orders?limit=1`)) as { orders: { id: string }[] };
  const id = orders[0]?.id ?? '';
  const out: string[] = [];
  const say = (text: string): void => void out.push(text);
  const env = { ORDERCTL_URL: orderd.nocUrl };
  expect(await orderctl(['order', 'show', id], { env, out: say, err: say })).toBe(0);
  return {
    detail: (await call('GET', `${orderd.nocUrl}/api/v1/orders/${id}`)) as OrderDetail,
    printed: out.join('\n'),
  };
}

describe('a fallback, with its reason', () => {
  it('email that the server refuses goes over SMS', async () => {
    mail.faults.add({ on: 'rcpt', code: 550, delayMs: 0, matchTo: 'gone@' });
    const phone = newPhone();
    await phone.text('MATCH EMAIL gone@example.org');
    expect((await phone.read()).text).toMatch(NOTICE);
    const { detail, printed } = await newest();
    const because = 'the mail server answered 550';
    expect(detail.fallbacks).toMatchObject([{ text: 'ordered', from: 'email', to: 'sms', because }]);
    expect(printed).toMatch(/ordered +over sms in place of email: the mail server answered 550/);
    expect(printed).not.toContain('example.org');
    await proved({ from: 'email', to: 'sms', because });
  });

  it('email without an address goes over SMS from the start', async () => {
    const phone = newPhone();
    await phone.text('MATCH VIA EMAIL');
    expect((await phone.read()).text).toMatch(NOTICE);
    const { detail, printed } = await newest();
    expect(detail).toMatchObject({ channel: 'sms', channelAsked: 'email' });
    expect(detail.channelBecause).toBe('no email address is known');
    expect(printed).toMatch(/not email +no email address is known/);
  });

  it('flash that the SMSC keeps putting off goes over SMS', async () => {
    const phone = newPhone();
    const busy = {
      on: 'submit_sm',
      action: 'status',
      status: 0x58,
      delayMs: 0,
      skip: 0,
      matchTo: phone.msisdn,
    } as const;
    const { id } = orderd.smsc.faults.add(busy);
    await phone.text('MATCH VIA FLASH');
    await until('a fallback', () =>
      Promise.resolve(
        orderd.notes.find(({ event, fields }) => event === 'mt.fell-back' && fields?.['from'] === 'flash'),
      ),
    );
    orderd.smsc.faults.remove(id);
    expect((await phone.read()).text).toMatch(NOTICE);
    const { detail, printed } = await newest();
    expect(detail.fallbacks).toMatchObject([{ text: 'ordered', from: 'flash', to: 'sms' }]);
    expect(printed).toMatch(/over sms in place of flash: slowed down with status 0x00000058/);
  });

  it('USSD whose dialogue breaks off goes on by SMS', async () => {
    const phone = newPhone();
    await phone.text('GOLD VIA USSD');
    const asked = await pushed(phone, ({ state }) => state === 'awaiting-user');
    orderd.smsc.ussd.cancel(asked.id);
    expect((await phone.read()).text).toMatch(/^Reply YES within \d+ min to order Gold/);
    const { detail, printed } = await newest();
    expect(detail.fallbacks).toMatchObject([{ text: 'confirm', from: 'ussd', to: 'sms' }]);
    expect(printed).toMatch(/confirm +over sms in place of ussd: .*the dialogue ended by abort/);
  });
});
