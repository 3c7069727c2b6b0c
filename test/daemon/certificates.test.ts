import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { certificatesOf } from '../../src/daemon/certificates.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import type { Certificate } from '../diameter/tls.ts';
import { certificateFor, opensslMissing } from '../diameter/tls.ts';
import { running } from '../noc/fakes.ts';

async function lab(): Promise<Config> {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  return loaded.value;
}

/** The lab with a certificate wherever config takes one. */
function everywhere(config: Config, tls: Certificate): Config {
  const wire = { ...tls, ca: undefined, serverName: undefined };
  return {
    ...config,
    noc: { ...config.noc, tls },
    redis: { kind: 'url', url: 'rediss://redis.example', prefix: 'orderd', tls },
    mail: { ...MAIL, tls },
    links: config.links.map((link) => ({ ...link, tls: wire })),
    node: { ...config.node, peers: config.node.peers.map((peer) => ({ ...peer, tls: wire })) },
  };
}

const MAIL = {
  host: 'mail.example',
  port: 587,
  security: 'starttls',
  from: 'orders@op.example',
  connections: 1,
  queue: 10,
  perSecond: 1,
  connectTimeout: 1000,
  responseTimeout: 1000,
  perAddressAndDay: 5,
} as const;

describe('ends of our certificates', () => {
  it.skipIf(opensslMissing())('are told of every one that config names', async () => {
    const tls = certificateFor('orderd.example');
    const until = Date.parse(new X509Certificate(tls.cert).validTo);
    const uses = ['noc', 'redis', 'mail', 'link lab-smsc', 'peer lab-ocs'];
    expect(certificatesOf(everywhere(await lab(), tls))).toEqual(uses.map((use) => ({ use, until })));
  });

  it('are none where there is none, or none that can be read', async () => {
    const config = await lab();
    expect(certificatesOf(config)).toEqual([]);
    expect(certificatesOf({ ...config, noc: { ...config.noc, tls: { cert: 'no PEM', key: '' } } })).toEqual([]);
  });

  it('are those that are in force when somebody looks: a renewed one at once, one that went no more', async () => {
    let certificates = [
      { use: 'noc', until: 90_000 },
      { use: 'link a', until: 80_000 },
    ];
    const { get, noc } = await running({ sources: { certificates: () => certificates } });
    const ends = async (): Promise<readonly string[]> =>
      (await get('/metrics')).text.split('\n').filter((line) => line.startsWith('orderd_tls_certificate_expiry'));
    const name = 'orderd_tls_certificate_expiry_timestamp_seconds';
    expect(await ends()).toEqual([`${name}{use="noc"} 90`, `${name}{use="link a"} 80`]);
    certificates = [{ use: 'noc', until: 190_000 }];
    expect(await ends()).toEqual([`${name}{use="noc"} 190`]);
    await noc.close();
  });
});
