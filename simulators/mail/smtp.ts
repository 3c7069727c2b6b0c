// The SMTP side: RFC 5321 by smtp-server, MIME by postal-mime.
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { MailFault, MailFaults } from './faults.ts';
import type { Mailbox } from './mailbox.ts';
import type { MailOptions } from './options.ts';

type Done = (error?: Error | null) => void;

/** The reply of a rule: after its delay, with its code. */
function reply(rule: MailFault | undefined, done: Done): void {
  if (rule === undefined) {
    done();
    return;
  }
  const { code, text = 'as the fault rule says', delayMs } = rule;
  const say = (): void => done(code === undefined ? undefined : Object.assign(new Error(text), { responseCode: code }));
  if (delayMs === 0) say();
  else setTimeout(say, delayMs).unref();
}

const recipients = ({ envelope }: SMTPServerSession): readonly string[] =>
  envelope.rcptTo.map(({ address }) => address);

function plain(html: string | undefined): string {
  return (html ?? '')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .trim();
}

async function take(box: Mailbox, session: SMTPServerSession, raw: Buffer): Promise<void> {
  const { subject = '', text, html, headers } = await PostalMime.parse(raw);
  const { mailFrom } = session.envelope;
  box.accept({
    from: mailFrom === false ? '' : mailFrom.address,
    to: recipients(session),
    subject,
    text: text?.trim() ?? plain(html),
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    raw: raw.toString('utf8'),
  });
}

function dataOf(box: Mailbox, faults: MailFaults) {
  return (stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): void => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (stream.sizeExceeded) {
        done(Object.assign(new Error('the message is too long'), { responseCode: 552 }));
        return;
      }
      const rule = faults.match('data', recipients(session));
      if (rule?.code === undefined) take(box, session, Buffer.concat(chunks)).then(() => reply(rule, done), done);
      else reply(rule, done);
    });
  };
}

/** Listens nowhere yet. */
export function smtpServer({ account, tls, size }: MailOptions, box: Mailbox, faults: MailFaults): SMTPServer {
  return new SMTPServer({
    size,
    banner: 'orderd mail simulator',
    disableReverseLookup: true,
    authOptional: account === undefined,
    // In a lab the password may travel in clear; the port is on loopback.
    allowInsecureAuth: true,
    disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(account === undefined ? ['AUTH'] : [])],
    ...(tls ?? {}),
    onAuth: ({ username, password }, _session, done) => {
      const right = username === account?.user && password === account?.password;
      done(right ? null : new Error('user or password is wrong'), right ? { user: username } : undefined);
    },
    onMailFrom: (_address: SMTPServerAddress, session, done) => reply(faults.match('mail', recipients(session)), done),
    onRcptTo: ({ address }, _session, done) => reply(faults.match('rcpt', [address]), done),
    onData: dataOf(box, faults),
  });
}
