// The mail simulator in one piece: for main.ts, and for tests that run it in their own process.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { MailFaults } from './faults.ts';
import { mailFaults } from './faults.ts';
import { controlPort } from './http.ts';
import type { Mailbox } from './mailbox.ts';
import { mailbox } from './mailbox.ts';
import type { MailOptions } from './options.ts';
import { DEFAULTS } from './options.ts';
import { smtpServer } from './smtp.ts';

export interface MailSink {
  readonly ports: { readonly smtp: number; readonly http: number };
  readonly box: Mailbox;
  readonly faults: MailFaults;
  close(): Promise<void>;
}

/** Rejects when a port is taken. */
export async function startMail(settings: Partial<MailOptions> = {}): Promise<MailSink> {
  const options: MailOptions = { ...DEFAULTS, ...settings };
  const [box, faults] = [mailbox(), mailFaults()];
  const smtp = smtpServer(options, box, faults);
  // A client that goes away in mid-sentence is its own business; a port that is taken is told by `server`.
  smtp.on('error', () => undefined);
  smtp.listen(options.smtpPort, options.host);
  await once(smtp.server, 'listening');
  const http = controlPort(box, faults);
  await http.listen({ port: options.httpPort, host: options.host });
  return {
    ports: {
      smtp: (smtp.server.address() as AddressInfo).port,
      http: (http.server.address() as AddressInfo).port,
    },
    box,
    faults,
    async close() {
      await http.close();
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}
