import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

/** A real SMTP server on a free port of this machine that keeps what it was given. */
export interface MailServer {
  readonly port: number;
  readonly emails: readonly Email[];
  /** Resolves with the first email that has not been read yet. */
  next(): Promise<Email>;
  close(): Promise<void>;
}

export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const emails: Email[] = [];
  const waiting: ((email: Email) => void)[] = [];
  let read = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Uint8Array[] = [];
      stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      stream.on('end', () => {
        done();
        void PostalMime.parse(Buffer.concat(chunks)).then((email) => {
          emails.push(email);
          waiting.shift()?.(email);
        });
      });
    },
    ...options,
  });
  // A client that trusts no such certificate hangs up.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    emails,
    next() {
      const found = emails[read++];
      return found === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(found);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
