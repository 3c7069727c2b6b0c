// The SMSC simulator's control port, as the handset uses it.

/** What `GET /messages` gives. */
export interface Received {
  readonly id: number;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly channel: 'sms' | 'flash';
}

/** What `GET /pdus` gives. */
export interface Carried {
  readonly id: number;
  readonly direction: 'in' | 'out';
  readonly hex: string;
}

/** What `GET /mails` gives. */
export interface ReceivedMail {
  readonly id: number;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Sent {
  /** No answer within the wait; what follows is not known yet. */
  readonly pending?: boolean;
  readonly statusName: string | null;
  readonly bind: string;
  readonly redeliveries: number;
  readonly parts: number;
}

/** What the USSD routes give. */
export interface Dialogue {
  readonly id: string;
  readonly state: string;
  readonly turns: readonly { readonly by: 'user' | 'app' | 'network'; readonly text: string; readonly at: string }[];
}

export interface Control {
  dial(dial: { from: string; code: string; waitMs: number }): Promise<Dialogue>;
  reply(id: string, reply: { text: string; waitMs: number }): Promise<Dialogue>;
  hangUp(id: string): Promise<Dialogue>;
  sendMo(mo: { from: string; to: string; text: string; carrier: string; waitMs: number }): Promise<Sent>;
  messages(query: { to: string; after: number; waitMs: number }): Promise<Received[]>;
  /** Rejects where the SMSC simulator knows no mail simulator. */
  mails(query: { to: string; after: number; waitMs: number }): Promise<ReceivedMail[]>;
  pdus(after: number): Promise<Carried[]>;
}

async function call<T>(base: string, path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(new URL(path, base), init).catch((cause: unknown) => {
    throw new Error(`no SMSC simulator answers at ${base}; is it running?`, { cause });
  });
  const body = (await response.json()) as T & { error?: string };
  if (body.error !== undefined && response.status !== 202) throw new Error(`the SMSC says: ${body.error}`);
  return body;
}

function searchOf({ to, after, waitMs }: { to: string; after: number; waitMs: number }): string {
  return new URLSearchParams({ to, after: String(after), waitMs: String(waitMs) }).toString();
}

/** Every call rejects with a sentence for a person. */
export function controlOf(base: string): Control {
  const post = <T>(path: string, body: object): Promise<T> =>
    call(base, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return {
    sendMo: (mo) => post('/mo', mo),
    dial: (dial) => post('/ussd', dial),
    reply: (id, reply) => post(`/ussd/${id}/reply`, reply),
    hangUp: (id) => call(base, `/ussd/${id}`, { method: 'DELETE' }),
    messages: (query) => call(base, `/messages?${searchOf(query)}`),
    mails: (query) => call(base, `/mails?${searchOf(query)}`),
    pdus: (after) => call(base, `/pdus?after=${after}`),
  };
}
