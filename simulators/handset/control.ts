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

export interface Sent {
  readonly statusName: string | null;
  readonly bind: string;
  readonly redeliveries: number;
  readonly parts: number;
}

export interface Control {
  sendMo(mo: { from: string; to: string; text: string; carrier: string }): Promise<Sent>;
  messages(query: { to: string; after: number; waitMs: number }): Promise<Received[]>;
  pdus(after: number): Promise<Carried[]>;
}

async function call<T>(base: string, path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(new URL(path, base), init).catch((cause: unknown) => {
    throw new Error(`no SMSC simulator answers at ${base}; is it running?`, { cause });
  });
  const body = (await response.json()) as T & { error?: string };
  if (body.error !== undefined) throw new Error(`the SMSC says: ${body.error}`);
  return body;
}

/** Every call rejects with a sentence for a person. */
export function controlOf(base: string): Control {
  return {
    sendMo: (mo) =>
      call(base, '/mo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(mo) }),
    messages: ({ to, after, waitMs }) =>
      call(base, `/messages?${new URLSearchParams({ to, after: String(after), waitMs: String(waitMs) }).toString()}`),
    pdus: (after) => call(base, `/pdus?after=${after}`),
  };
}
