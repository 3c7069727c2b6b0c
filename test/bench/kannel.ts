/**
 * Row (f): Kannel's bearerbox and smsbox, a keyword answered with a fixed text that asks for a receipt, no credit and no
 * charge. Its socket stall (Nagle against delayed ACKs) is removed where the kernel lets a route ask for quick ACKs.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ports } from './load.ts';
import type { System } from './system.ts';

export interface KannelSettings {
  readonly folder: string;
  readonly store: 'none' | 'file';
  readonly window: number;
}

const BEARERBOX = '/usr/sbin/bearerbox';
const SMSBOX = '/usr/sbin/smsbox';
const ADMIN_PORT = 23_000;
const SMSBOX_PORT = 23_001;
const SENDSMS_PORT = 23_013;
const TEXT = 'Daily Headlines by Daily Planet Media is ordered: KES 5.00 a day. To stop it, send STOP NEWS to 5000.';

function configOf({ folder, store, window }: KannelSettings, { smpp }: Ports): string {
  const storage = store === 'file' ? `store-type = file\nstore-location = ${join(folder, 'kannel.store')}\n` : '';
  return `group = core
admin-port = ${ADMIN_PORT}
admin-password = bench
smsbox-port = ${SMSBOX_PORT}
dlr-storage = internal
log-level = 3
sms-incoming-queue-limit = -1
${storage}
group = smsc
smsc = smpp
smsc-id = load
host = 127.0.0.1
port = ${smpp}
transceiver-mode = 1
smsc-username = kannel
smsc-password = secret
system-type = ""
max-pending-submits = ${window}
msg-id-type = 0x00

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${SENDSMS_PORT}
log-level = 3

group = sms-service
keyword = news
text = "${TEXT}"
catch-all = true
dlr-mask = 3
dlr-url = "http://127.0.0.1:${ADMIN_PORT}/nowhere"

group = sms-service
keyword = default
text = "${TEXT}"
catch-all = true
`;
}

export function kannelSystem(settings: KannelSettings): System {
  const children: { readonly name: string; readonly child: ReturnType<typeof spawn> }[] = [];
  const begin = (name: string, file: string): void => {
    const log = openSync(join(settings.folder, `${name}.log`), 'a');
    children.push({
      name,
      child: spawn(file, ['-v', '3', join(settings.folder, 'kannel.conf')], { stdio: ['ignore', log, log] }),
    });
  };
  return {
    binds: 1,
    charges: false,
    async start(ports) {
      rmSync(settings.folder, { recursive: true, force: true });
      mkdirSync(settings.folder, { recursive: true });
      writeFileSync(join(settings.folder, 'kannel.conf'), configOf(settings, ports));
      begin('bearerbox', BEARERBOX);
      await untilOpen(SMSBOX_PORT);
      begin('smsbox', SMSBOX);
      // The load begins at the bind; smsbox must be there by then.
      await pause(500);
    },
    pids: () => Object.fromEntries(children.map(({ name, child }) => [name, child.pid ?? 0])),
    async stop() {
      for (const { child } of [...children].reverse()) child.kill('SIGTERM');
      await Promise.all(children.map(({ child }) => ended(child)));
      rmSync(settings.folder, { recursive: true, force: true });
    },
  };
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isOpen(port)) return;
    await pause(50);
  }
  throw new Error(`Kannel does not listen on ${port}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}
