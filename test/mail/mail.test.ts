import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Mt } from '../../src/domain/message.ts';
import type { Mail, MailSettings } from '../../src/mail/mail.ts';
import { createMail } from '../../src/mail/mail.ts';
import type { SMTPServerOptions } from 'smtp-server';
import type { MailServer } from './server.ts';
import { startMailServer } from './server.ts';

const SETTINGS: Omit<MailSettings, 'port'> = {
  host: '127.0.0.1',
  security: 'none',
  from: 'orders@example.net',
  connections: 2,
  queue: 10,
  perSecond: 100,
  connectTimeout: 10_000,
  responseTimeout: 10_000,
};
const TLS = join(import.meta.dirname, '../simulators/ocs/tls');
/** A server's own: nobody vouches for it. */
const OWN = { cert: readFileSync(join(TLS, 'cert.pem')), key: readFileSync(join(TLS, 'key.pem')) };
const MT: Mt = {
  id: '03-abc-code',
  to: '254711000001',
  from: '5000',
  text: 'Code 123456 orders Daily News. ñ — ok',
  channel: 'email',
  address: 'me@example.org',
  subject: 'Daily News',
  link: 'lab',
  validityMs: 60_000,
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of open.splice(0).reverse()) await one.close();
});

function kept<Thing extends { close(): unknown }>(thing: Thing): Thing {
  open.push(thing);
  return thing;
}

async function bench(options = {}, over: Partial<MailSettings> = {}): Promise<{ mail: Mail; server: MailServer }> {
  const server = kept(await startMailServer(options));
  return { server, mail: kept(createMail({ ...SETTINGS, port: server.port, ...over })) };
}

describe('the email channel, on a real SMTP server', () => {
  it('carries the text whole, to its address, under a name and an end of its own', async () => {
    const { mail, server } = await bench();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T09:00:00Z') });
    expect(await mail.submit(MT)).toEqual({ kind: 'accepted', smsc: 'email', messageIds: [] });
    const email = await server.next();
    expect(email).toMatchObject({
      from: { address: 'orders@example.net' },
      to: [{ address: 'me@example.org' }],
      subject: 'Daily News',
      messageId: '<03-abc-code@example.net>',
    });
    expect(email.text?.trim()).toBe(MT.text);
    const header = (key: string): string | undefined => email.headers.find((one) => one.key === key)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('expires')).toBe('Sun, 01 Mar 2026 09:01:00 +0000');
  });

  it('says another text that has the id of one before under a name of its own, and the same one again under its own', async () => {
    const { mail, server } = await bench();
    for (const owedAt of [1000, 2000, 2000]) await mail.submit({ ...MT, owedAt });
    const names = [await server.next(), await server.next(), await server.next()].map(({ messageId }) => messageId);
    expect(names).toEqual([
      '<03-abc-code.1000@example.net>',
      '<03-abc-code.2000@example.net>',
      '<03-abc-code.2000@example.net>',
    ]);
  });

  it('keeps a subject that tries to be more than one line in one line', async () => {
    const { mail, server } = await bench();
    await mail.submit({ ...MT, subject: 'News\r\nBcc: you@example.org' });
    const email = await server.next();
    expect(email.bcc ?? []).toEqual([]);
    expect(email.to).toHaveLength(1);
  });

  it('is refused for good when the server refuses the address, without telling it', async () => {
    const { mail } = await bench({
      onRcptTo: (_to: unknown, _session: unknown, done: (error: Error) => void) =>
        done(Object.assign(new Error('no me@example.org here'), { responseCode: 550 })),
    });
    const reason = 'the mail server answered 550';
    expect(await mail.submit(MT)).toEqual({ kind: 'permanent', status: 550, reason });
  });

  it.each([
    [554, 'permanent'],
    [452, 'temporary'],
  ])('whose content the server answers %d to is refused as %s', async (responseCode, kind) => {
    const onData: SMTPServerOptions['onData'] = (stream, _session, done) => {
      stream.resume();
      stream.on('end', () => done(Object.assign(new Error('no'), { responseCode })));
    };
    const { mail } = await bench({ onData });
    expect(await mail.submit(MT)).toMatchObject({ kind, status: responseCode });
  });

  it('comes again when the server is busy', async () => {
    const { mail } = await bench({
      onRcptTo: (_to: unknown, _session: unknown, done: (error: Error) => void) =>
        done(Object.assign(new Error('later'), { responseCode: 451 })),
    });
    expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary', status: 451 });
  });

  it('comes again when the login is refused: that is no fault of the email', async () => {
    const onAuth = (_auth: unknown, _session: unknown, done: (error: Error) => void): void =>
      done(Object.assign(new Error('bad login'), { responseCode: 535 }));
    const options = { authOptional: false, allowInsecureAuth: true, onAuth };
    const { mail } = await bench(options, { login: { user: 'orderd', pass: 'wrong' } });
    expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary' });
  });

  it.each([530, 534, 538])(
    'comes again when the server wants a login or TLS first (%i), whatever it refuses with it',
    async (responseCode) => {
      const refuse = (_at: unknown, _session: unknown, done: (error: Error) => void): void =>
        done(Object.assign(new Error('authentication required'), { responseCode }));
      const { mail } = await bench({ onMailFrom: refuse });
      expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary', status: responseCode });
    },
  );

  it('comes again when nobody listens', async () => {
    const { server, mail } = await bench();
    await server.close();
    expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary' });
  });

  it('gives a server up that never greets', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    kept(silent);
    const mail = kept(
      createMail({
        ...SETTINGS,
        connectTimeout: 300,
        responseTimeout: 300,
        port: (silent.address() as AddressInfo).port,
      }),
    );
    expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary' });
  });

  it('refuses to go on in clear text where STARTTLS is asked for', async () => {
    const { mail, server } = await bench({}, { security: 'starttls' });
    expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary' });
    expect(server.emails).toEqual([]);
  });

  it('goes in clear text where config says so, whatever certificate the server offers', async () => {
    const { mail } = await bench({ ...OWN, disabledCommands: [] }, { security: 'none' });
    expect(await mail.submit(MT)).toMatchObject({ kind: 'accepted' });
  });

  it('is given to no server whose certificate nobody vouches for', async () => {
    const starttls = await bench({ ...OWN, disabledCommands: [] }, { security: 'starttls' });
    const tls = await bench({ ...OWN, secure: true }, { security: 'tls' });
    for (const { mail, server } of [starttls, tls]) {
      expect(await mail.submit(MT)).toMatchObject({ kind: 'temporary' });
      expect(server.emails).toEqual([]);
    }
  });

  it.each([
    ['tls', { ...OWN, secure: true }],
    ['starttls', { ...OWN, disabledCommands: [] }],
  ] as const)('goes over %s to a server that config vouches for', async (security, options) => {
    const tls = { ca: OWN.cert.toString(), serverName: 'ocs.lab.example' };
    const { mail, server } = await bench(options, { security, tls });
    expect(await mail.submit(MT)).toMatchObject({ kind: 'accepted' });
    expect((await server.next()).messageId).toBe('<03-abc-code@example.net>');
  });

  it('asks to slow down when more waits than may', async () => {
    const { mail } = await bench({}, { queue: 2, connections: 1 });
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => mail.submit({ ...MT, id: `03-abc${n}-code` })));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['accepted', 'accepted', 'slow-down', 'slow-down']);
  });

  it('has room again for each that was taken or refused', async () => {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _session, done) =>
      done(address.startsWith('you') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : undefined);
    const { mail } = await bench({ onRcptTo }, { queue: 1, connections: 1 });
    const kinds: string[] = [];
    for (const address of ['me@example.org', 'you@example.org', 'me@example.org'])
      kinds.push((await mail.submit({ ...MT, address })).kind);
    expect(kinds).toEqual(['accepted', 'permanent', 'accepted']);
  });

  it('reaches nobody without an address', async () => {
    const { mail } = await bench();
    expect(await mail.submit({ ...MT, address: undefined })).toMatchObject({ kind: 'unreachable' });
  });
});
