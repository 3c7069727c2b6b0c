import { X509Certificate } from 'node:crypto';
import type { Config } from '../config/config.ts';

/** Ends of our own certificates (epoch ms), so that an alert can come before the SMSC, the OCS or a browser refuses one. */
export function certificatesOf(config: Config): readonly { readonly use: string; readonly until: number }[] {
  const given = [
    { use: 'noc', pem: config.noc.tls?.cert },
    { use: 'redis', pem: config.redis.kind === 'url' ? config.redis.tls?.cert : undefined },
    { use: 'mail', pem: config.mail?.tls?.cert },
    ...config.links.map(({ name, tls }) => ({ use: `link ${name}`, pem: tls?.cert })),
    ...config.node.peers.map(({ name, tls }) => ({ use: `peer ${name}`, pem: tls?.cert })),
  ];
  return given.flatMap(({ use, pem }) => {
    const until = pem === undefined ? undefined : endOf(pem);
    return until === undefined ? [] : [{ use, until }];
  });
}

/** A certificate that cannot be read is told by whoever connects with it. */
function endOf(pem: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}
