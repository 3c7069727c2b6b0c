// The mails that arrived, kept in memory; readers may wait for the next one.

export interface Mail {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  /** Envelope addresses (RFC 5321), which decide where it went, whatever the header says. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** The readable part: text/plain, or text/html without its markup. */
  readonly text: string;
  /** Header lines by their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** The message as it travelled. */
  readonly raw: string;
}

export interface MailQuery {
  /** An address, or a phone's number: then every address whose local part is that number. */
  readonly to?: string | undefined;
  readonly after: number;
  /** How long to wait for the first one. */
  readonly waitMs: number;
}

export interface Mailbox {
  accept(mail: Omit<Mail, 'id' | 'at'>): Mail;
  read(query: MailQuery): Promise<readonly Mail[]>;
  clear(): number;
  /** Told of each mail; the result stops it. */
  onArrival(tell: (mail: Mail) => void): () => void;
}

const MOST_KEPT = 5000;

export function isFor(mail: Pick<Mail, 'to'>, to: string | undefined): boolean {
  if (to === undefined) return true;
  const wanted = to.toLowerCase();
  return mail.to.some((address) => address.toLowerCase() === wanted || address.split('@')[0] === wanted);
}

/** Resolves at the next mail that `to` is about, or when `waitMs` has passed. */
function nextMail(listeners: Set<(mail: Mail) => void>, { to, waitMs }: MailQuery): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      listeners.delete(look);
      resolve();
    };
    const look = (mail: Mail): void => {
      if (isFor(mail, to)) done();
    };
    const timer = setTimeout(done, waitMs);
    listeners.add(look);
  });
}

export function mailbox(): Mailbox {
  let mails: readonly Mail[] = [];
  let lastId = 0;
  const listeners = new Set<(mail: Mail) => void>();
  const find = ({ to, after }: MailQuery): readonly Mail[] =>
    mails.filter((mail) => mail.id > after && isFor(mail, to));
  return {
    accept(given) {
      lastId += 1;
      const mail = { ...given, id: lastId, at: new Date().toISOString() };
      mails = [...mails, mail].slice(-MOST_KEPT);
      for (const tell of [...listeners]) tell(mail);
      return mail;
    },
    async read(query) {
      if (find(query).length === 0 && query.waitMs > 0) await nextMail(listeners, query);
      return find(query);
    },
    clear() {
      const count = mails.length;
      mails = [];
      return count;
    },
    onArrival(tell) {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
  };
}
