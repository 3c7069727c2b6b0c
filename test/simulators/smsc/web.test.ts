import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from './esme.ts';
import { boundEsme, submitFields } from './esme.ts';

let smsc: Smsc;
let app: Esme;
const url = (path: string): string => `http://127.0.0.1:${smsc.ports.http}${path}`;
beforeEach(async () => {
  smsc = await startSmsc();
  app = await boundEsme(smsc.ports.smpp);
});
afterEach(async () => {
  app.end();
  await smsc.close();
});

it('serves a phone that loads nothing from elsewhere', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/phone.css', 'text/css'],
    ['/main.mjs', 'text/javascript'],
    ['/page.mjs', 'text/javascript'],
    ['/phone.mjs', 'text/javascript'],
    ['/wire.mjs', 'text/javascript'],
  ] as const) {
    const page = await fetch(url(path));
    expect(page.headers.get('content-type')).toContain(type);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const text = await page.text();
    expect(text).not.toMatch(/https?:\/\//);
    expect(text).not.toContain('innerHTML');
  }
});

it('tells an open page of messages, PDUs and binds as they come', async () => {
  const events = (await fetch(url('/events'))).body!.getReader();
  let heard = '';
  const hear = async (words: string): Promise<void> => {
    while (!heard.includes(words)) heard += Buffer.from((await events.read()).value).toString();
  };
  await hear(': here');
  app.send('enquire_link');
  await app.next('enquire_link_resp');
  app.send('submit_sm', { fields: submitFields('254700000001', Buffer.from('<b>ordered</b>')) });
  await hear('event: mt');
  expect(heard).toContain('"text":"<b>ordered</b>"');
  await hear('"command":"submit_sm_resp"');
  const sent = smsc.mo({ from: '254700000001', to: '5000', text: 'NEWS' });
  const mo = await app.next('deliver_sm');
  await hear('event: mo');
  app.send('deliver_sm_resp', {}, mo.sequence);
  await sent;
  await hear('"statusName":"ESME_ROK"');
  app.end();
  await hear('event: binds');
  expect(heard).not.toContain('enquire_link');
  expect(await (await fetch(url('/mo?from=254700000001'))).json()).toMatchObject([{ text: 'NEWS', status: 0 }]);
  await events.cancel();
});

it('dissects a PDU on demand', async () => {
  const [bind] = (await (await fetch(url('/pdus'))).json()) as { id: number }[];
  const shown = (await (await fetch(url(`/pdus/${bind!.id}`))).json()) as {
    fields: { name: string; meaning: string }[];
  };
  expect(shown.fields.find(({ name }) => name === 'command_id')?.meaning).toBe('0x00000009 bind_transceiver');
  expect((await fetch(url('/pdus/99999'))).status).toBe(404);
});
