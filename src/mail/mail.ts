import { createTransport } from 'nodemailer';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import { textName } from '../domain/message.ts';
import type { Speaker } from '../flow/ports/ports.ts';
import { refusalOf } from './refusal.ts';

/** The operator's mail server, as a client submits to it (RFC 5321, RFC 6409). Times in milliseconds. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** `starttls` refuses to go on without it, `tls` speaks TLS from the first octet, `none` is clear text. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly tls?: MailTls | undefined;
  readonly login?: { readonly user: string; readonly pass: string } | undefined;
  /** The sender's address. */
  readonly from: string;
  readonly connections: number;
  /** Emails that may wait for a connection. */
  readonly queue: number;
  readonly perSecond: number;
  readonly connectTimeout: number;
  readonly responseTimeout: number;
}

export interface MailTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly serverName?: string | undefined;
}

export interface Mail extends Speaker {
  /** Lets go of the connections; what waits for one is answered as not sent. */
  close(): void;
}

/** Asked to come again after this when the queue is full. */
const FULL_WAIT_MS = 1000;

/** The email channel. A text is submitted once per call: waiting and trying again is the flow's. */
export function createMail(settings: MailSettings): Mail {
  const transport = createTransport({ ...poolOf(settings), ...securityOf(settings) });
  let waiting = 0;
  return {
    async submit(mt): Promise<SubmitOutcome> {
      if (mt.address === undefined) return { kind: 'unreachable', reason: 'no email address is known' };
      if (waiting >= settings.queue) return { kind: 'slow-down', status: 452, afterMs: FULL_WAIT_MS };
      waiting++;
      try {
        await transport.sendMail(messageOf(mt, mt.address, settings.from));
        return { kind: 'accepted', smsc: 'email', messageIds: [] };
      } catch (error) {
        return refusalOf(error);
      } finally {
        waiting--;
      }
    },
    close: () => transport.close(),
  };
}

function poolOf(settings: MailSettings) {
  const { host, port, login, connections, perSecond, connectTimeout, responseTimeout } = settings;
  return {
    pool: true,
    host,
    port,
    maxConnections: connections,
    rateDelta: 1000,
    rateLimit: perSecond,
    // A repeat is decided by the flow, which knows how long the text is worth saying.
    maxRequeues: 0,
    connectionTimeout: connectTimeout,
    greetingTimeout: connectTimeout,
    dnsTimeout: connectTimeout,
    socketTimeout: responseTimeout,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(login === undefined ? {} : { auth: login }),
  } as const;
}

function securityOf({ security, tls = {} }: MailSettings) {
  const { ca, cert, key, serverName } = tls;
  return {
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: {
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  } as const;
}

/**
 * The text as an email of its own. Its Message-ID is the text's, so that one sent twice is known as one, and a new code, which a
 * mailbox must not take for the one before, is another (RFC 5322 3.6.4).
 */
function messageOf(mt: Mt, to: string, from: string) {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const expires = mt.validityMs === undefined ? {} : { Expires: dateTime(Date.now() + mt.validityMs) };
  return {
    from,
    to,
    messageId: `<${textName(mt)}@${domain}>`,
    subject: mt.subject ?? mt.from,
    text: `${mt.text}\n`,
    // RFC 3834 5: no out-of-office answers; RFC 4021 2.1.50: worth nothing later (E16).
    headers: { 'Auto-Submitted': 'auto-generated', ...expires },
  };
}

/** RFC 5322 3.3: "GMT" is an obsolete zone (4.3), which must be read and not be written. */
function dateTime(epochMs: number): string {
  return new Date(epochMs).toUTCString().replace(/GMT$/, '+0000');
}
