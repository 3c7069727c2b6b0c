import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { Speaker } from '../flow/ports.ts';
import type { GatewayHandlers } from './handlers.ts';
import { Inbox } from './inbox.ts';
import type { LinkStatus } from './link.ts';
import { Link } from './link.ts';
import { References } from './references.ts';
import type { LinkSettings } from './settings.ts';

export type { GatewayHandlers, MoAnswer } from './handlers.ts';
export type { LinkStatus } from './link.ts';
export type { PartStore, PutPart, StoredPart } from './part-store.ts';

/** All SMPP links of this process. */
export interface Gateway extends Speaker {
  start(): void;
  /** Stops taking MOs: they hear ESME_RTHROTTLED and come again, to another process or later. Receipts are still taken. */
  drain(): void;
  /** Drains, lets windows run empty, unbinds and closes; resolves within `deadlineMs` milliseconds, by force at its end. */
  stop(deadlineMs: number): Promise<void>;
  status(): readonly LinkStatus[];
}

export interface GatewayEnv {
  readonly clock: Clock;
  /** `n` random octets. */
  readonly random: (n: number) => Uint8Array;
  readonly note: Note;
}

export function createGateway(links: readonly LinkSettings[], handlers: GatewayHandlers, env: GatewayEnv): Gateway {
  const timeout = Math.max(0, ...links.map((each) => each.reassemblyTimeout));
  const inbox = new Inbox(handlers, env, timeout);
  const references = new References(env.random);
  const all = links.map((settings) => new Link(settings, env, { inbox, references }));
  return {
    start: () => {
      for (const link of all) link.start();
    },
    drain: () => inbox.drain(),
    stop: (deadlineMs) => stopAll(all, inbox, { clock: env.clock, deadlineMs }),
    status: () => all.map((link) => link.status()),
    submit: (mt) => submitOver(candidates(all, mt), mt),
  };
}

/** Bound links that serve the short code: those with room before busy ones, the one that the MO came on first. */
function candidates(links: readonly Link[], mt: Mt): readonly Link[] {
  const able = links.filter((link) => link.canSend && serves(link, mt));
  const rank = (link: Link) => (link.busy ? 2 : 0) + (link.settings.name === mt.link ? 0 : 1);
  return able.sort((left, right) => rank(left) - rank(right));
}

/** A dialogue lives on its own bind: no other one can answer in it (E23). */
function serves({ settings }: Link, mt: Mt): boolean {
  return mt.ussd === undefined ? settings.shortCodes.includes(mt.from) : settings.name === mt.link;
}

/** The next link is tried only when the one before sent nothing. */
async function submitOver(links: readonly Link[], mt: Mt): Promise<SubmitOutcome> {
  for (const link of links) {
    const outcome = await link.submit(mt);
    if (outcome.kind !== 'no-bind') return outcome;
  }
  return { kind: 'no-bind' };
}

async function stopAll(
  links: readonly Link[],
  inbox: Inbox,
  until: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<void> {
  inbox.drain();
  let cancel = (): void => undefined;
  const deadline = new Promise<void>((resolve) => {
    cancel = until.clock.after(until.deadlineMs, () => {
      for (const link of links) link.kill();
      resolve();
    });
  });
  const clean = inbox.idle().then(() => Promise.all(links.map((link) => link.stop())));
  await Promise.race([clean, deadline]);
  cancel();
}
