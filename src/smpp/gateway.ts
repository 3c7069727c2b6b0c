import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { Speaker } from '../flow/ports.ts';
import type { UssdLine } from '../flow/ussd.ts';
import type { GatewayHandlers } from './handlers.ts';
import { Inbox } from './inbox.ts';
import type { LinkStatus } from './link.ts';
import { Link } from './link.ts';
import { handLateParts } from './missing-parts.ts';
import { References } from './references.ts';
import { routesFor } from './routing.ts';
import type { LinkSettings } from './settings.ts';
import { ussdOver } from './ussd/line.ts';

export type { GatewayHandlers, MoAnswer } from './handlers.ts';
export type { LinkStatus } from './link.ts';

/** All SMPP links of this process. */
export interface Gateway extends Speaker {
  start(): void;
  /** Stops taking MOs: they hear ESME_RTHROTTLED and come again, to another process or later. Receipts are still taken. */
  drain(): void;
  /** Drains, lets windows run empty, unbinds and closes; resolves within `deadlineMs` milliseconds, by force at its end. */
  stop(deadlineMs: number): Promise<void>;
  status(): readonly GatewayStatus[];
  /** Takes over changed config: links that stay as they are notice nothing, changed ones end before they start anew. */
  update(links: readonly LinkSettings[]): void;
  /** By a person: a suspended link is unbound and stays away until it is resumed or the process ends. */
  verb(name: string, verb: LinkVerb): Promise<'done' | 'refused' | 'unknown'>;
  /** Hands over what there is of long MOs whose deadline passed; rejects when the store is away. */
  handLateParts(): Promise<void>;
  readonly ussd: UssdLine;
}

export type LinkVerb = 'suspend' | 'resume' | 'rebind';
export type GatewayStatus = LinkStatus & { readonly suspended: boolean };

export interface GatewayEnv {
  readonly clock: Clock;
  /** `n` random octets. */
  readonly random: (n: number) => Uint8Array;
  readonly note: Note;
}

export function createGateway(links: readonly LinkSettings[], handlers: GatewayHandlers, env: GatewayEnv): Gateway {
  const timeout = Math.max(0, ...links.map((each) => each.reassemblyTimeout));
  const inbox = new Inbox(handlers, env, timeout);
  const references = new References();
  const changed = (): void => handlers.onServed?.(servedBy(all));
  const shared = { inbox, references, changed, proven: new Set<string>() };
  const create = (settings: LinkSettings): Link => new Link(settings, env, shared);
  let all: readonly Link[] = links.map(create);
  const suspended = new Set<string>();
  const mayStart = (link: Link): void => (suspended.has(link.settings.name) ? undefined : link.start());

  async function verb(name: string, which: LinkVerb): Promise<'done' | 'refused' | 'unknown'> {
    const link = all.find(({ settings }) => settings.name === name);
    if (link === undefined) return 'unknown';
    // Suspended links take only resume, the others only the rest.
    if (suspended.has(name) !== (which === 'resume')) return 'refused';
    suspended[which === 'suspend' ? 'add' : 'delete'](name);
    if (which !== 'resume') await retire(link, env.clock);
    if (which === 'suspend') return 'done';
    const fresh = create(link.settings);
    all = all.map((each) => (each === link ? fresh : each));
    fresh.start();
    return 'done';
  }

  const submit = (mt: Mt): Promise<SubmitOutcome> => submitOver(routesFor(all, mt), mt);
  return {
    start: () => {
      for (const link of all) mayStart(link);
    },
    drain: () => inbox.drain(),
    stop: (deadlineMs) => stopAll(all, inbox, { clock: env.clock, deadlineMs }),
    verb,
    status: () => all.map((link) => ({ suspended: suspended.has(link.settings.name), ...link.status() })),
    update: (next) => {
      all = replaceChanged(all, next, { create, start: mayStart, clock: env.clock });
    },
    submit,
    handLateParts: () => handLateParts(handlers, all, env),
    ussd: ussdOver({ links: () => all, submit, random: env.random }),
  };
}

function servedBy(links: readonly Link[]): ReadonlySet<string> {
  return new Set(links.filter(({ canSend }) => canSend).flatMap(({ settings }) => settings.shortCodes));
}

/** How long a link that config changed may take to run empty, milliseconds. */
const RETIRE_MS = 10_000;

interface Replacing {
  readonly create: (settings: LinkSettings) => Link;
  readonly start: (link: Link) => void;
  readonly clock: Clock;
}

function replaceChanged(
  links: readonly Link[],
  next: readonly LinkSettings[],
  { create, start, clock }: Replacing,
): readonly Link[] {
  const kept = links.filter((link) => next.some((settings) => isDeepStrictEqual(link.settings, settings)));
  const gone = links.filter((link) => !kept.includes(link));
  const ended = new Map(gone.map((link) => [link.settings.name, retire(link, clock)]));
  return next.map((settings) => {
    const same = kept.find((link) => isDeepStrictEqual(link.settings, settings));
    if (same !== undefined) return same;
    const fresh = create(settings);
    // An SMSC often allows one bind per account: the old one goes first.
    void (ended.get(settings.name) ?? Promise.resolve()).then(() => start(fresh));
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
