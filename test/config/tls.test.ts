import { describe, expect, it } from 'vitest';
import { BASE, faultsIn, pem, spoil } from './base.ts';

const PAIR = `cert: ${pem('cert')}, key: ${pem('key')}`;
const MISMATCH = `cert: ${pem('cert')}, key: ${pem('relay-key')}`;

const peer = (tls: string): string => spoil('host: 127.0.0.1 }', `host: 127.0.0.1, tls: { ${tls} } }`);

const PLACES: readonly (readonly [string, (tls: string) => string])[] = [
  ['diameter.peers[0].tls', peer],
  ['smpp.links[0].tls', (tls) => spoil("countryCode: '254'\n", `countryCode: '254'\n      tls: { ${tls} }\n`)],
  ['redis.tls', (tls) => spoil('redis: embedded', `redis: { url: rediss://localhost, tls: { ${tls} } }`)],
  ['mail.tls', (tls) => `${BASE}mail: { host: localhost, from: a@lab.example, tls: { ${tls} } }\n`],
  ['noc.tls', (tls) => `${BASE}noc: { tls: { ${tls} } }\n`],
];

/** Without where it stands in the file. */
const said = async (config: string) => (await faultsIn(config)).map((fault) => fault.replace(/^\S+ /, ''));

describe('what a TLS connection would not take is refused before anything is changed', () => {
  it.each(PLACES)('%s: the key of another certificate', async (path, config) => {
    expect(await said(config(PAIR))).toEqual([]);
    expect(await said(config(MISMATCH))).toEqual([`${path}: cert and key do not fit: key values mismatch`]);
  });

  it.each([
    ['ca: nonsense', 'ca: is no PEM text of a certificate: no start line'],
    [`ca: ${pem('key')}`, 'ca: is no PEM text of a certificate: no start line'],
    [`cert: ${pem('key')}, key: ${pem('key')}`, 'cert: is no PEM text of a certificate: no start line'],
    [`cert: ${pem('cert')}, key: nonsense`, 'key: is no PEM text of a key without passphrase: unsupported'],
  ])('%s', async (tls, text) => {
    expect(await said(peer(tls))).toEqual([`diameter.peers[0].tls.${text}`]);
  });

  it('accepts the authorities alone', async () => {
    expect(await said(peer(`ca: ${pem('cert')}`))).toEqual([]);
  });
});
