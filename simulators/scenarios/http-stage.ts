/** The stage over the control ports of the SMSC and OCS simulators. */
import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { Booking, Ccr, Dialogue, Heard, Stage } from './stage.ts';
import type { Side } from './step.ts';

export interface Ports {
  /** Such as http://127.0.0.1:8775, without a slash at the end. */
  readonly smsc: string;
  readonly ocs: string;
  /** Whether `run` steps may run: a scenario from elsewhere should not. */
  readonly allowRun: boolean;
}

/** What is missing where nobody listens, most of the time. */
const LAB = ' (nobody listens there: is the lab up? npm run lab -- --orderd)';

async function call(url: string, method = 'GET', body?: object): Promise<unknown> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const reply = await fetch(url, { method, ...sent }).catch((error: unknown) => {
    const { cause } = error as { readonly cause?: { readonly code?: unknown } };
    const hint = cause?.code === 'ECONNREFUSED' ? LAB : '';
    throw new Error(`${method} ${url}: ${String(cause ?? error)}${hint}`);
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A call whose answer says no more than that it was done. */
async function order(url: string, method: string, body?: object): Promise<void> {
  await call(url, method, body);
}

/** POST /mo answers when the daemon has acknowledged the deliver_sm; `status` is its command_status. */
async function text(smsc: string, message: object): Promise<void> {
  const result = (await call(`${smsc}/mo`, 'POST', message)) as
    { status?: number | null; statusName?: string | null } | undefined;
  if (result?.status !== 0) throw new Error(`the text was not taken: ${result?.statusName ?? 'no answer'}`);
}

export function httpStage(ports: Ports): Stage {
  const { smsc, ocs } = ports;
  const at = (side: Side): string => (side === 'ocs' ? ocs : smsc);
  return {
    now: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    text: (from, to, words, carriage) => text(smsc, { from, to, text: words, ...carriage }),
    heard: async (msisdn, after, waitMs) =>
      (await call(`${smsc}/messages?to=${msisdn}&after=${after}&waitMs=${Math.round(waitMs)}`)) as readonly Heard[],
    dial: (from, code) => order(`${smsc}/ussd`, 'POST', { from, code, waitMs: 0 }),
    dialogues: async (msisdn) => (await call(`${smsc}/ussd?msisdn=${msisdn}`)) as readonly Dialogue[],
    reply: (dialogue, words) => order(`${smsc}/ussd/${dialogue}/reply`, 'POST', { text: words, waitMs: 0 }),
    leave: (dialogue, how) => order(`${smsc}/ussd/${dialogue}?how=${how}`, 'DELETE'),
    account: (msisdn, setting) => order(`${ocs}/accounts/${msisdn}`, 'PUT', setting),
    bookings: async (msisdn, after) =>
      (await call(`${ocs}/ledger?msisdn=${msisdn}&after=${after}`)) as readonly Booking[],
    requests: async (msisdn, after) =>
      (await call(`${ocs}/requests?msisdn=${msisdn}&after=${after}`)) as readonly Ccr[],
    fault: (side, rule) => order(`${at(side)}/faults`, 'POST', rule),
    fate: (rule) => order(`${smsc}/fates`, 'POST', rule),
    octets: (account, hex) => order(`${smsc}/raw`, 'POST', { account, hex }),
    mend: async (side) => {
      await order(`${at(side)}/faults`, 'DELETE');
      if (side === 'smsc') await order(`${smsc}/fates`, 'DELETE');
    },
    listening: (on) => order(`${ocs}/listening`, 'POST', { on }),
    run: async (command) => {
      if (!ports.allowRun) throw new Error('run steps need --allow-run');
      await promisify(exec)(command);
    },
  };
}
