import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { Speaker } from '../flow/ports/ports.ts';
import type { UssdLine } from '../flow/ports/ussd.ts';
import type { GatewayHandlers } from './handlers.ts';
import { Inbox } from './mo/inbox.ts';
import { Link } from './link.ts';
import type { GatewayStatus, LinkVerb } from './links.ts';
import { Links } from './links.ts';
import { handLateParts } from './mo/missing-parts.ts';
import { References } from './mt/references.ts';
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
  const changed = (): void => handlers.onServed?.(servedBy(all.current));
  const shared = { inbox, references, changed, proven: new Set<string>() };
  const all = new Links(links, (settings) => new Link(settings, env, shared), env.clock);

  const submit = (mt: Mt): Promise<SubmitOutcome> => submitOver(routesFor(all.current, mt), mt);
  return {
    start: () => all.start(),
    drain: () => inbox.drain(),
    stop: (deadlineMs) => stopAll(all, inbox, { clock: env.clock, deadlineMs }),
    verb: (name, verb) => all.verb(name, verb),
    status: () => all.status(),
    update: (next) => all.update(next),
    submit,
    handLateParts: () => handLateParts(handlers, all.current, env),
    ussd: ussdOver({ links: () => all.current, submit, random: env.random }),
  };
}

function servedBy(links: readonly Link[]): ReadonlySet<string> {
  return new Set(links.filter(({ canSend }) => canSend).flatMap(({ settings }) => settings.shortCodes));
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
  links: Links,
  inbox: Inbox,
  until: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<void> {
  inbox.drain();
  let cancel = (): void => undefined;
  const deadline = new Promise<void>((resolve) => {
    cancel = until.clock.after(until.deadlineMs, () => {
      links.kill();
      resolve();
    });
  });
  const clean = inbox.idle().then(() => links.stop());
  await Promise.race([clean, deadline]);
  cancel();
}
