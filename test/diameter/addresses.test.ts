import { describe, expect, test } from 'vitest';
import { find } from '../../src/diameter/avp.ts';
import type { PeerSettings } from '../../src/diameter/settings.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import type { ScriptedPeer } from './scripted-peer.ts';
import { certificateFor, opensslMissing } from './tls.ts';

function start(peer: Pick<ScriptedPeer, 'port'>, change: Partial<PeerSettings> = {}): Bench {
  return run(nodeSettings([peerSettings(peer, change)]));
}

describe('addresses and TLS', () => {
  test('over IPv6, Host-IP-Address is ours', async () => {
    const ocs = await listen('ocs6.ocs.test', { host: '::1' });
    const b = start(ocs, { host: '::1' });
    await b.untilOpen();
    expect(find((await ocs.until('CER')).avps, 'Host-IP-Address')?.value).toBe('::1');
  });

  describe.skipIf(opensslMissing())('TLS from the first octet (RFC 6733 13.1)', () => {
    const made = opensslMissing() ? { cert: '', key: '' } : certificateFor('localhost', 'ocs1.ocs.test');
    const tls = { ca: made.cert, cert: undefined, key: undefined, serverName: 'localhost' };

    test('a certificate that names the host and the Origin-Host', async () => {
      const ocs = await listen('ocs1.ocs.test', { tls: made });
      const b = start(ocs, { tls });
      await b.untilOpen();
      expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    });

    test('a certificate that does not name the Origin-Host of the CEA', async () => {
      const ocs = await listen('somebody.else.test', { tls: made });
      const b = start(ocs, { tls });
      await b.untilNoted('peer.identity-mismatch');
      expect(b.opens).toEqual([]);
    });

    test('a certificate that nobody vouches for', async () => {
      const ocs = await listen('ocs1.ocs.test', { tls: made });
      const b = start(ocs, { tls: { ...tls, ca: undefined } });
      await b.untilNoted('peer.connect-failed');
      expect(b.client.status()[0]?.lastError).toMatch(/self-signed/);
    });

    test('a key of another certificate: not connected, and tried again after Tc', async () => {
      const ocs = await listen('ocs1.ocs.test', { tls: made });
      const { key } = certificateFor('orderd1.orders.test');
      const b = start(ocs, { tls: { ...tls, cert: made.cert, key } });
      await b.untilNoted('peer.connect-failed');
      expect(b.client.status()[0]?.state).toBe('Closed');
      expect(b.client.status()[0]?.lastError).toMatch(/key values mismatch/);
      b.clock.advance(30_000);
      await b.untilNoted('peer.connect-failed', 2);
      expect(ocs.sockets.size).toBe(0);
    });

    test('our certificate is shown where the peer asks for it', async () => {
      const ocs = await listen('ocs1.ocs.test', {
        tls: { ...made, ca: made.cert, requestCert: true, rejectUnauthorized: true },
      });
      const b = start(ocs, { tls: { ...tls, cert: made.cert, key: made.key } });
      await b.untilOpen();
    });
  });
});
