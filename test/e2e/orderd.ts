import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOcs } from '../../simulators/ocs/ocs.ts';
import type { Ocs } from '../../simulators/ocs/ocs.ts';
import type { SmscOptions } from '../../simulators/smsc/options.ts';
import { startSmsc } from '../../simulators/smsc/smsc.ts';
import type { Smsc } from '../../simulators/smsc/smsc.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { phone } from '../../src/launcher/demo/subscriber.ts';
import type { Phone } from '../../src/launcher/demo/subscriber.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import type { NoteFields } from '../../src/lib/note.ts';

/** A daemon in this process between simulators in this process: real sockets, a real Redis, and every note at hand. */
export interface Orderd {
  readonly daemon: Daemon;
  readonly smsc: Smsc;
  readonly ocs: Ocs;
  readonly notes: readonly { readonly event: string; readonly fields: NoteFields | undefined }[];
  readonly nocUrl: string;
  readonly redisUrl: string;
  /** Everything that the daemon and its Redis write. */
  readonly dir: string;
  phone(msisdn: string): Phone;
  stop(): Promise<void>;
}

/** `between` stands between the daemon and the OCS: it is told the OCS's port and tells the one to connect to. */
export async function startOrderd(
  env: Readonly<Record<string, string>> = {},
  between: (ocsPort: number) => Promise<number> = (port) => Promise.resolve(port),
  smscOptions: Partial<SmscOptions> = {},
  config: string = LAB_CONFIG,
): Promise<Orderd> {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-e2e-'));
  const redis = await startEmbeddedRedis({ dir: join(dir, 'redis'), allowApt: true });
  const smsc = await startSmsc({ smppPort: 0, httpPort: 0, ...smscOptions });
  const ocs = await startOcs({});
  const settings = {
    REDIS_URL: redis.url,
    ORDERD_SMPP__LINKS__0__PORT: String(smsc.ports.smpp),
    ORDERD_DIAMETER__PEERS__0__PORT: String(await between(ocs.ports.diameter)),
    ORDERD_NOC__PORT: '0',
    // A thread takes a second to start from sources; evidence.test.ts has one.
    ORDERD_INSTANCE__OUTBOX_THREAD: 'false',
    ORDERD_INSTANCE__STATE_DIR: dir,
    ORDERD_CDR__FOLDER: join(dir, 'cdr'),
    ...env,
  };
  const load = () => loadConfig(config, settings);
  const loaded = await load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const notes: { event: string; fields: NoteFields | undefined }[] = [];
  const daemon = await startDaemon(loaded.value, (event, fields) => notes.push({ event, fields }), load);
  // Who brings an SMSC of its own waits for it.
  if (env['ORDERD_SMPP__LINKS__0__PORT'] === undefined) await smsc.receiving();
  return {
    daemon,
    smsc,
    ocs,
    notes,
    redisUrl: redis.url,
    dir,
    nocUrl: `http://127.0.0.1:${daemon.nocPort}`,
    phone: (msisdn) => phone(`http://127.0.0.1:${smsc.ports.http}`, msisdn, '5000'),
    async stop() {
      await daemon.stop();
      await ocs.close();
      await smsc.close();
      await redis.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
