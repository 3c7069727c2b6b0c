import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import nodemailer from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { parseFlags } from '../../../simulators/mail/flags.ts';
import type { MailSink } from '../../../simulators/mail/mail.ts';
import { startMail } from '../../../simulators/mail/mail.ts';
import type { MailOptions } from '../../../simulators/mail/options.ts';
import { certificateFor, opensslMissing } from '../../diameter/tls.ts';

let sink: MailSink | undefined;
afterEach(async () => {
  await sink?.close();
  sink = undefined;
});

async function start(options: Partial<MailOptions> = {}): Promise<MailSink> {
  sink = await startMail(options);
  return sink;
}

const MAIL = {
  from: 'orders@sp.example',
  to: '254700000001@phone.example',
  subject: 'Your code – Código',
  text: 'Code 123456 orders Daily Quiz.\n.\nДо встречи',
};

function send(port: number, mail: object = MAIL, more: object = { ignoreTLS: true }): Promise<{ response: string }> {
  return nodemailer.createTransport({ host: '127.0.0.1', port, ...more }).sendMail(mail);
}

async function get(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe('the mail simulator', () => {
  it('takes a mail as it travelled, and shows its words whatever their encoding', async () => {
    const { ports } = await start();
    const waiting = get(`http://127.0.0.1:${ports.http}/mails?waitMs=20000`);
    await send(ports.smtp);
    expect(await waiting).toMatchObject([
      {
        id: 1,
        from: MAIL.from,
        to: [MAIL.to],
        subject: MAIL.subject,
        text: MAIL.text,
        headers: { from: MAIL.from, to: MAIL.to },
      },
    ]);
    const raw = await (await fetch(`http://127.0.0.1:${ports.http}/mails/1/raw`)).text();
    expect(raw).toContain('MIME-Version: 1.0\r\n');
    expect((await fetch(`http://127.0.0.1:${ports.http}/mails/2/raw`)).status).toBe(404);
  });

  it('finds mail by address or by a phone’s number, and shows the words of a mail in HTML alone', async () => {
    const { ports, box } = await start();
    await send(ports.smtp, { ...MAIL, text: undefined, html: '<p>Code <b>654321</b></p>' });
    await send(ports.smtp, { ...MAIL, to: 'other@sp.example' });
    const found = (to: string) => get(`http://127.0.0.1:${ports.http}/mails?to=${to}`);
    expect(await found('254700000001')).toMatchObject([{ text: 'Code 654321' }]);
    expect(await found('OTHER@sp.example')).toMatchObject([{ id: 2 }]);
    expect(await found('nobody@sp.example')).toEqual([]);
    expect(await box.read({ after: 1, waitMs: 0 })).toHaveLength(1);
    expect(box.clear()).toBe(2);
  });

  it.each([
    ['rcpt', 451],
    ['rcpt', 550],
    ['data', 452],
    ['data', 554],
    ['mail', 421],
  ] as const)('refuses at %s with %i as a rule says, once', async (on, code) => {
    const { ports, faults } = await start();
    faults.add({ on, code, delayMs: 0, count: 1 });
    await expect(send(ports.smtp)).rejects.toMatchObject({ responseCode: code });
    await send(ports.smtp);
    expect(faults.list()).toEqual([]);
  });

  it('is late where a rule has no code, and only for those it names', async () => {
    const { ports, faults, box } = await start();
    faults.add({ on: 'data', delayMs: 30, matchTo: '^254' });
    faults.add({ on: 'rcpt', code: 550, delayMs: 0, matchTo: '^nobody@' });
    await send(ports.smtp);
    await expect(send(ports.smtp, { ...MAIL, to: 'nobody@sp.example' })).rejects.toThrow('fault rule');
    expect(await box.read({ after: 0, waitMs: 0 })).toHaveLength(1);
    expect(faults.remove()).toBe(2);
  });

  it('refuses a mail that is too long, and a sender who cannot log in', async () => {
    const { ports } = await start({ size: 2000, account: { user: 'orderd', password: 'secret' } });
    const auth = { user: 'orderd', pass: 'secret' };
    await send(ports.smtp, MAIL, { ignoreTLS: true, auth });
    await expect(
      send(ports.smtp, { ...MAIL, text: 'x'.repeat(9000) }, { ignoreTLS: true, auth }),
    ).rejects.toMatchObject({ responseCode: 552 });
    await expect(send(ports.smtp, MAIL, { ignoreTLS: true, auth: { ...auth, pass: 'wrong' } })).rejects.toMatchObject({
      responseCode: 535,
    });
    await expect(send(ports.smtp)).rejects.toMatchObject({ responseCode: 530 });
  });

  it.skipIf(opensslMissing())('offers STARTTLS with a certificate', async () => {
    const tls = certificateFor('mail.example');
    const { ports, box } = await start({ tls });
    await send(ports.smtp, MAIL, { requireTLS: true, tls: { ca: tls.cert, servername: 'mail.example' } });
    expect(await box.read({ after: 0, waitMs: 0 })).toHaveLength(1);
    const plain = await startMail();
    await expect(send(plain.ports.smtp, MAIL, { requireTLS: true })).rejects.toThrow(/STARTTLS|TLS/);
    await plain.close();
  });

  it('says what is wrong on its control port', async () => {
    const { ports } = await start();
    const url = `http://127.0.0.1:${ports.http}`;
    const post = (body: object): Promise<Response> =>
      fetch(`${url}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await (await post({ on: 'helo', code: 20 })).json()).toEqual({
      error: expect.stringMatching(/on: .*code: /) as string,
    });
    expect((await post({ on: 'rcpt', matchTo: '(' })).status).toBe(400);
    expect((await post({ on: 'rcpt', code: 550 })).status).toBe(200);
    expect(await get(`${url}/faults`)).toMatchObject([{ id: 1, on: 'rcpt', code: 550, delayMs: 0 }]);
    expect((await fetch(`${url}/mails?wrong=1`)).status).toBe(400);
    expect(await (await fetch(`${url}/faults`, { method: 'DELETE' })).json()).toEqual({ removed: 1 });
    expect(await (await fetch(`${url}/mails`, { method: 'DELETE' })).json()).toEqual({ removed: 0 });
  });

  it('tells of each mail by server-sent events', async () => {
    const { ports } = await start();
    const events = await fetch(`http://127.0.0.1:${ports.http}/events`);
    const reader = events.body!.getReader();
    await send(ports.smtp);
    let heard = '';
    while (!heard.includes('\n\nevent: mail\n') && !heard.includes('"subject"'))
      heard += Buffer.from((await reader.read()).value as Uint8Array).toString('utf8');
    expect(heard).toContain('event: mail');
    await reader.cancel();
  });
});

describe('its command line', () => {
  it.each([
    [['--smtp-port', 'x'], '--smtp-port x: wants a whole number from 0 to 65535'],
    [['--account', 'orderd'], '--account orderd: wants USER:SECRET, such as orderd:secret'],
    [['--tls-cert', 'a.pem'], '--tls-cert and --tls-key go together'],
    [['--tls-cert', '/nowhere', '--tls-key', '/nowhere'], '--tls-cert /nowhere: cannot be read'],
    [['--host', '0.0.0.0'], '--host 0.0.0.0: not loopback, and nobody has to log in; add --allow-remote'],
  ])('says what is wrong with %s', (args, reason) => {
    expect(parseFlags(args)).toEqual({ kind: 'wrong', reason });
  });

  it('says that its port is taken in one line', async () => {
    const { ports } = await start();
    const args = ['--import', 'tsx', 'simulators/mail/main.ts', '--smtp-port', String(ports.smtp), '--http-port', '0'];
    const failed = promisify(execFile)(process.execPath, args);
    const said = expect.stringMatching(/^orderd-mail: listen EADDRINUSE: .*\n$/) as string;
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: said });
  });

  it('names an unknown flag, helps, and starts', async () => {
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', 'simulators/mail/main.ts', ...args]);
    expect(parseFlags(['--smpt-port', '1'])).toMatchObject({
      kind: 'wrong',
      reason: expect.stringContaining('smpt-port') as string,
    });
    await expect(run('--smpt-port', '1')).rejects.toMatchObject({ code: 2 });
    expect((await run('--help')).stdout).toContain('--smtp-port PORT');
  });
});
