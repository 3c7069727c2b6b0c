import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../simulators/diameter/message.ts';
import { allNamed, avp } from '../../../simulators/diameter/values.ts';
import { bench, resultOf } from './bench.ts';
import { ccr, cer, FROM, openClient, P, R, T, type Client } from './client.ts';

/** Debian's freediameterd: the daemon, and its extensions beside it. FREEDIAMETER_ROOT names an unpacked copy. */
const ROOT = process.env['FREEDIAMETER_ROOT'] ?? '';
const EXTENSIONS = `${ROOT}/usr/lib/freeDiameter`;

function missing(): boolean {
  if (existsSync(`${ROOT}/usr/bin/freeDiameterd`) && existsSync(`${EXTENSIONS}/dict_dcca.fdx`)) return false;
  process.stderr.write('NOTICE: freediameterd is not installed, the OCS is not tried behind its relay\n');
  return true;
}

const pem = (name: string): string => fileURLToPath(new URL(`./tls/${name}.pem`, import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const config = (folder: string, ports: { relay: number; secure: number; ocs: number }): string => `
  Identity = "relay.lab.example"; Realm = "lab.example"; ListenOn = "127.0.0.1"; No_SCTP; No_IPv6; TwTimer = 6;
  Port = ${ports.relay}; SecPort = ${ports.secure};
  TLS_Cred = "${pem('relay-cert')}", "${pem('relay-key')}"; TLS_CA = "${pem('relay-cert')}";
  ${['dict_nasreq', 'dict_dcca', 'dict_dcca_3gpp'].map((name) => `LoadExtension = "${EXTENSIONS}/${name}.fdx";`).join('\n')}
  LoadExtension = "${EXTENSIONS}/acl_wl.fdx" : "${join(folder, 'acl.conf')}";
  ConnectPeer = "ocs.lab.example" { ConnectTo = "127.0.0.1"; Port = ${ports.ocs}; No_TLS; Realm = "lab.example"; };
`;

/** The next credit answer; the relay's own watchdog is answered on the way. */
async function ask(client: Client, message: Message): Promise<Message> {
  client.send(message);
  for (;;) {
    const came = await client.next();
    if (came.command === 272) return came;
    client.send({ ...came, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
  }
}

describe('behind a freeDiameter relay', () => {
  let folder: string;
  let relay: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fd-'));
  });

  afterEach(() => {
    relay?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it.skipIf(missing())('its CER, routed CCRs and DPR are understood, and a resend is one debit', async () => {
    const { ocs } = await bench();
    const ports = { relay: await freePort(), secure: await freePort(), ocs: ocs.ports.diameter };
    writeFileSync(join(folder, 'acl.conf'), 'ALLOW_OLD_TLS ALLOW_IPSEC *.lab.example\n');
    writeFileSync(join(folder, 'fd.conf'), config(folder, ports));
    relay = spawn(`${ROOT}/usr/bin/freeDiameterd`, ['-c', join(folder, 'fd.conf')], { stdio: 'ignore' });
    await expect
      .poll(() => ocs.peers().map(({ originHost, state }) => `${originHost} ${state}`), { timeout: 50_000 })
      .toEqual(['relay.lab.example open']);

    const client = await openClient(ports.relay);
    await client.ask(cer());
    const answer = await ask(client, ccr({ sessionId: 'orderd.lab.example;1;1' }));
    expect(resultOf(answer)).toBe(2001);
    expect(resultOf(await ask(client, ccr({ sessionId: 'orderd.lab.example;1;1', flags: R | P | T })))).toBe(2001);
    expect(ocs.ledger.rows()).toMatchObject([
      { originHost: 'orderd.lab.example', debited: 5000, retransmit: false },
      { originHost: 'orderd.lab.example', debited: 0, retransmit: true, duplicateOf: 1 },
    ]);
    expect(ocs.requests.list()[0]?.peer).toBe('relay.lab.example');
    expect(allNamed(answer.avps, 'Proxy-Info')).toEqual([]);

    relay.kill('SIGTERM');
    await expect.poll(() => ocs.peers(), { timeout: 50_000 }).toEqual([]);
    client.end();
    expect(
      ['CER', 'CCR', 'DPR'].map(
        (name) => new RegExp(`received_total\\{command="${name}"\\} (\\d+)`).exec(ocs.metrics())?.[1],
      ),
    ).toEqual(['1', '2', '1']);
  });
});
