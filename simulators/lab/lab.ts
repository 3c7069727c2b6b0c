// The simulators together: one process, one stop.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MailSink } from '../mail/mail.ts';
import { startMail } from '../mail/mail.ts';
import type { Ocs } from '../ocs/ocs.ts';
import { startOcs } from '../ocs/ocs.ts';
import type { Smsc } from '../smsc/smsc.ts';
import { startSmsc } from '../smsc/smsc.ts';
import { reachedAt, urlAt } from '../terminal/address.ts';
import type { LabPlan } from './flags.ts';

export interface SimulatedNetwork {
  readonly smsc: Smsc | undefined;
  readonly ocs: Ocs | undefined;
  readonly mail: MailSink | undefined;
  close(): Promise<void>;
}

/** What the simulators record, when a folder is named. */
function filesIn(dir: string | undefined): { readonly smsc: object; readonly ocs: object } {
  if (dir === undefined) return { smsc: {}, ocs: {} };
  mkdirSync(dir, { recursive: true });
  return {
    smsc: { logFile: join(dir, 'smsc.jsonl'), pcapFile: join(dir, 'smpp.pcap') },
    ocs: { ledgerFile: join(dir, 'ledger.jsonl'), pcapFile: join(dir, 'diameter.pcap') },
  };
}

/** The mail simulator first, so that the phones can show its mails. Rejects, and leaves nothing behind, when a port is taken. */
export async function startNetwork(plan: LabPlan): Promise<SimulatedNetwork> {
  const files = filesIn(plan.dir);
  const stops: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  const started = async <Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    stops.push(() => part.close());
    return part;
  };
  try {
    const mail = plan.mail && (await started(startMail(plan.mail)));
    const mailUrl = mail && { mailUrl: urlAt(mail.ports.http, plan.mail.host) };
    const ocs = plan.ocs && (await started(startOcs({ ...files.ocs, ...plan.ocs })));
    const smsc = plan.smsc && (await started(startSmsc({ ...files.smsc, ...mailUrl, ...defined(plan.smsc) })));
    return { smsc, ocs, mail, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the simulators are, as the daemon's config is told in its environment. */
export function orderdEnv({ smsc, ocs, mail }: SimulatedNetwork, plan: LabPlan): Readonly<Record<string, string>> {
  const mailEnv =
    mail === undefined
      ? {}
      : {
          ORDERD_MAIL__HOST: reachedAt(plan.mail?.host),
          ORDERD_MAIL__PORT: String(mail.ports.smtp),
          ORDERD_MAIL__SECURITY: 'none',
          ORDERD_MAIL__FROM: 'orders@orderd.lab.example',
        };
  return {
    ORDERD_SMPP__LINKS__0__HOST: reachedAt(plan.smsc?.host),
    ORDERD_SMPP__LINKS__0__PORT: String(smsc?.ports.smpp),
    ORDERD_DIAMETER__PEERS__0__HOST: reachedAt(plan.ocs?.host),
    ORDERD_DIAMETER__PEERS__0__PORT: String(ocs?.ports.diameter),
    ...mailEnv,
  };
}

/** A key whose value is undefined would hide a default. */
function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}
