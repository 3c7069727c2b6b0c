import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { Speaker } from '../flow/ports.ts';
import type { GatewayHandlers } from './handlers.ts';
import { Inbox } from './inbox.ts';
import type { LinkStatus } from './link.ts';
import { Link } from './link.ts';
import { References } from './references.ts';
import { routesFor } from './routing.ts';
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
  /** Takes over changed config: links that stay as they are notice nothing, changed ones end before they start anew. */
  update(links: readonly LinkSettings[]): void;
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
  const create = (settings: LinkSettings): Link => new Link(settings, env, { inbox, references });
  let all: readonly Link[] = links.map(create);
  return {
    start: () => {
      for (const link of all) link.start();
    },
    drain: () => inbox.drain(),
    stop: (deadlineMs) => stopAll(all, inbox, { clock: env.clock, deadlineMs }),
    status: () => all.map((link) => link.status()),
    update: (next) => {
      all = replaceChanged(all, next, { create, clock: env.clock });
    },
    submit: (mt) => submitOver(routesFor(all, mt), mt),
  };
}

/** How long a link that config changed may take to run empty, milliseconds. */
const RETIRE_MS = 10_000;

function replaceChanged(
  links: readonly Link[],
  next: readonly LinkSettings[],
  { create, clock }: { readonly create: (settings: LinkSettings) => Link; readonly clock: Clock },
): readonly Link[] {
  const kept = links.filter((link) => next.some((settings) => isDeepStrictEqual(link.settings, settings)));
  const gone = links.filter((link) => !kept.includes(link));
  const ended = new Map(gone.map((link) => [link.settings.name, retire(link, clock)]));
  return next.map((settings) => {
    const same = kept.find((link) => isDeepStrictEqual(link.settings, settings));
    if (same !== undefined) return same;
    const fresh = create(settings);
    // An SMSC often allows one bind per account: the old one goes first.
    void (ended.get(settings.name) ?? Promise.resolve()).then(() => fresh.start());
    return fresh;
  });
}

async function retire(link: Link, clock: Clock): Promise<void> {
  const cancel = clock.after(RETIRE_MS, () => link.kill());
  await link.stop();
  cancel();
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
