import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { isMissing } from '../other.ts';

/** Debian's freediameterd: the daemon, and its extensions beside it. FREEDIAMETER_ROOT names an unpacked copy. */
const ROOT = process.env['FREEDIAMETER_ROOT'] ?? '';
const EXTENSIONS = `${ROOT}/usr/lib/freeDiameter`;

export function relayMissing(): boolean {
  const isThere = existsSync(`${ROOT}/usr/bin/freeDiameterd`) && existsSync(`${EXTENSIONS}/dict_dcca.fdx`);
  return isMissing(isThere, 'freediameterd and freediameter-extensions');
}

export interface Relay {
  readonly port: number;
  /** SIGTERM: the relay says DPR to its peers. */
  end(): void;
  /** At once, and its folder is gone. */
  remove(): void;
}

/** freeDiameter as relay.lab.example, before an OCS that listens on `ocsPort`. */
export async function startRelay(ocsPort: number): Promise<Relay> {
  const folder = mkdtempSync(join(tmpdir(), 'fd-'));
  const ports = { relay: await freePort(), secure: await freePort(), ocs: ocsPort };
  writeFileSync(join(folder, 'acl.conf'), 'ALLOW_OLD_TLS ALLOW_IPSEC *.lab.example\n');
  writeFileSync(join(folder, 'fd.conf'), config(folder, ports));
  const relay = spawn(`${ROOT}/usr/bin/freeDiameterd`, ['-c', join(folder, 'fd.conf')], { stdio: 'ignore' });
  return {
    port: ports.relay,
    end: () => relay.kill('SIGTERM'),
    remove() {
      relay.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

const pem = (name: string): string => fileURLToPath(new URL(`./tls/${name}.pem`, import.meta.url));

const config = (folder: string, ports: { relay: number; secure: number; ocs: number }): string => `
  Identity = "relay.lab.example"; Realm = "lab.example"; ListenOn = "127.0.0.1"; No_SCTP; No_IPv6; TwTimer = 6;
  Port = ${ports.relay}; SecPort = ${ports.secure};
  TLS_Cred = "${pem('relay-cert')}", "${pem('relay-key')}"; TLS_CA = "${pem('relay-cert')}";
  ${['dict_nasreq', 'dict_dcca', 'dict_dcca_3gpp'].map((name) => `LoadExtension = "${EXTENSIONS}/${name}.fdx";`).join('\n')}
  LoadExtension = "${EXTENSIONS}/acl_wl.fdx" : "${join(folder, 'acl.conf')}";
  ConnectPeer = "ocs.lab.example" { ConnectTo = "127.0.0.1"; Port = ${ports.ocs}; No_TLS; Realm = "lab.example"; };
`;
