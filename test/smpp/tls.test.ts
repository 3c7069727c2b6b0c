import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createPlainServer } from 'node:net';
import type { Server, TLSSocket, TlsOptions } from 'node:tls';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import type { Certificate } from '../diameter/tls.ts';
import { certificateFor, opensslMissing } from '../diameter/tls.ts';
import type { Rig } from './support/gateway.ts';
import { startRig } from './support/gateway.ts';
import { golden } from './support/golden.ts';
import { ID, Peer } from './support/smsc.ts';

let rig: Rig | undefined;
let server: Server | undefined;
afterEach(async () => {
  await rig?.close();
  server?.close();
  rig = server = undefined;
});

/** Starts a TLS SMSC, which tells what name it was asked for, and a link to it. */
async function secure(options: TlsOptions, link: (port: number) => Partial<LinkSettings>) {
  const asked: string[] = [];
  server = createServer({
    ...options,
    SNICallback: (name, done) => {
      asked.push(name);
      done(null);
    },
  });
  server.on('tlsClientError', () => undefined);
  const accepted = new Promise<TLSSocket>((resolve) => server?.on('secureConnection', resolve));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  rig = await startRig(link((server.address() as AddressInfo).port));
  return { rig, asked, accepted };
}

describe.skipIf(opensslMissing())('TLS to an SMSC', () => {
  let smsc: Certificate;
  let ours: Certificate;
  beforeAll(() => {
    smsc = certificateFor('smsc.example', 'localhost', 'other.example');
    ours = certificateFor('orderd.example');
  });

  it('shows our certificate to an SMSC that wants one', async () => {
    const wants = { ...smsc, requestCert: true, rejectUnauthorized: true, ca: ours.cert };
    const tls = { ca: smsc.cert, ...ours, serverName: 'smsc.example' };
    const { rig: made, accepted } = await secure(wants, (port) => ({ port, tls }));
    const socket = await accepted;
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerCertificate().subjectaltname).toBe('DNS:orderd.example');
    await new Peer(socket).acceptBind();
    await made.noted('link.bound');
    socket.destroy();
  });

  it.each<[string, () => Partial<Certificate>]>([
    ['without a certificate', () => ({})],
    ['with a stranger’s certificate', () => certificateFor('orderd.example')],
  ])('%s is not bound by an SMSC that wants ours, and comes back to try', async (_, shown) => {
    const wants = { ...smsc, requestCert: true, rejectUnauthorized: true, ca: ours.cert };
    const { cert, key } = { cert: undefined, key: undefined, ...shown() };
    const tls = { ca: smsc.cert, cert, key, serverName: 'smsc.example' };
    const { rig: made } = await secure(wants, (port) => ({ port, tls }));
    await made.noted('link.connecting', 3);
    expect(made.notes.filter(({ event }) => event === 'link.bound')).toEqual([]);
  });

  it.each([
    ['the serverName of config', '127.0.0.1', 'other.example', 'other.example'],
    ['the host where config has no serverName', 'localhost', undefined, 'localhost'],
  ])('asks by SNI for %s', async (_, host, serverName, name) => {
    const tls = { ca: smsc.cert, cert: undefined, key: undefined, serverName };
    const { asked, accepted } = await secure({ ...smsc }, (port) => ({ host, port, tls }));
    (await accepted).destroy();
    expect(asked[0]).toBe(name);
  });

  it('never goes on without verification: an authority that config does not name is refused', async () => {
    const tls = { ca: ours.cert, cert: undefined, key: undefined, serverName: 'smsc.example' };
    const { rig: made } = await secure({ ...smsc }, (port) => ({ port, tls }));
    expect((await made.noted('link.unreachable')).fields['reason']).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/);
  });

  it('takes nothing older than TLS 1.2', async () => {
    const old: TlsOptions = { ...smsc, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    const tls = { ca: smsc.cert, cert: undefined, key: undefined, serverName: 'smsc.example' };
    const { rig: made } = await secure(old, (port) => ({ port, tls }));
    expect((await made.noted('link.unreachable')).fields['reason']).toMatch(/VERSION|PROTOCOL/);
  });

  it('takes an outbind over TLS only from an SMSC that shows its certificate', async () => {
    const probe = createPlainServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const outbind = { host: '127.0.0.1', port, systemId: 'SMSC', password: 'callme' };
    const tls = { ca: smsc.cert, ...ours, serverName: 'smsc.example' };
    const { rig: made } = await secure({ ...smsc }, (link) => ({ port: link, tls, outbind }));
    const call = (shown: Partial<Certificate>): TLSSocket =>
      connect({ host: '127.0.0.1', port, ca: ours.cert, servername: 'orderd.example', ...shown });
    const stranger = new Peer(call({}));
    stranger.send(golden('outbind'));
    await stranger.ended();
    const known = new Peer(call(smsc));
    known.send(golden('outbind'));
    await known.acceptBind(ID.bindReceiver);
    await made.noted('link.outbind');
    expect(stranger.heard).toEqual([]);
  });
});
