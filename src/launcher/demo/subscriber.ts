/** The subscriber and the OCS's staff, played over the simulators' HTTP control ports. */
export interface MtSeen {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export interface OrderSeen {
  readonly id: string;
  readonly state: string;
  /** Last three digits. */
  readonly subscriber: string;
}

/** One line of the OCS's ledger. */
export interface LedgerLine {
  readonly sessionId: string;
  readonly action: string;
  readonly msisdn: string;
  /** Minor units asked for, and taken. */
  readonly amount: number;
  readonly debited: number;
  readonly currency: string;
  readonly result: number;
}

/** How long the demo waits for something that must come; only a hang guard. */
const PATIENCE_MS = 60_000;

export async function call(method: string, url: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, { method, ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Asks again until `pick` finds what it looks for. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  everyMs = 100,
): Promise<Found> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(everyMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface Phone {
  readonly msisdn: string;
  /** Sends an MO; resolves when the daemon acknowledged it. */
  text(words: string): Promise<void>;
  /** The next message this phone gets. */
  read(): Promise<MtSeen>;
}

export function phone(smscUrl: string, msisdn: string, shortCode: string): Phone {
  let after = 0;
  const next = async (): Promise<MtSeen | undefined> => {
    const answer = await call('GET', `${smscUrl}/messages?to=${msisdn}&after=${after}&waitMs=5000`);
    const [first] = answer as readonly MtSeen[];
    if (first !== undefined) after = first.id;
    return first;
  };
  return {
    msisdn,
    text: async (words) => {
      await call('POST', `${smscUrl}/mo`, { from: msisdn, to: shortCode, text: words });
    },
    read: () => until(`a message to ${msisdn}`, next),
  };
}
