import { keywordOf } from '../../domain/catalogue.ts';
import type { ChannelName } from '../../domain/channel.ts';
import { maskDigits } from '../../domain/evidence/heard.ts';
import { foldWord } from '../../domain/fold.ts';
import { listItemArgs } from '../../domain/notice.ts';
import type { NoticeArgs, NoticeKind } from '../../domain/notice.ts';
import { pausedBy } from '../../domain/subscription.ts';
import { answerOnly } from './answer-only.ts';
import type { Incoming, Next } from '../incoming.ts';
import { listFor, owedFor, sayNext } from '../incoming.ts';
import type { Ports } from '../ports/ports.ts';
import { listedOn } from '../terms/suspended.ts';

export type Enquiry = 'list' | 'status' | 'help' | 'empty';

/** LIST, STATUS, HELP and whatever nobody understood: one text, no order. */
export function answerEnquiry(p: Ports, incoming: Incoming, enquiry: Enquiry): Promise<Next> {
  const [kind, args] = answerTo(p, incoming, enquiry);
  return answerOnly(p, incoming, kind, args);
}

function answerTo(p: Ports, incoming: Incoming, enquiry: Enquiry): readonly [NoticeKind, NoticeArgs] {
  const { subscriptions, pending, inFlight } = incoming.subscriber;
  switch (enquiry) {
    case 'list': {
      const { numbers } = incoming.subscriber;
      const services = subscriptions
        .map((one) => ({ ...one, number: numbers.get(one.serviceId) ?? 0 }))
        .sort((left, right) => left.number - right.number)
        .map((one) => p.words.render('list-item', incoming.language, listItemArgs(one.number, one, pausedBy(one))));
      return services.length === 0 ? ['list-empty', {}] : ['list', { services: listFor(p, incoming, services) }];
    }
    case 'status': {
      const open = [...pending, ...inFlight].map(({ serviceId }) => openItem(p, serviceId));
      return open.length === 0 ? ['status-empty', {}] : ['status', { services: listFor(p, incoming, open) }];
    }
    case 'help':
    case 'empty':
      return ['help', { services: listFor(p, incoming, keywordsOn(p, incoming.mo.destination.digits)) }];
  }
}

/** With the word that cancels it. */
function openItem(p: Ports, serviceId: string): string {
  const service = p.catalogue().services.get(serviceId);
  return service === undefined ? serviceId : `${service.title} (${keywordOf(service)})`;
}

function keywordsOn(p: Ports, shortCode: string): readonly string[] {
  return listedOn(p, shortCode).map(({ service }) => keywordOf(service));
}

/** What a subscriber named, to be said back: no longer than a name, and no code that it may hold (E15). */
function saidBack(name: string): string {
  return Array.from(maskDigits(name.toUpperCase())).slice(0, 20).join('');
}

interface ChannelAsked {
  readonly channel: ChannelName | undefined;
  readonly address?: string | undefined;
  readonly name?: string | undefined;
}

/** CHANNEL <name>: where later orders' texts go. A channel that is not offered here is refused, not silently replaced. */
export async function setChannel(p: Ports, incoming: Incoming, asked: ChannelAsked): Promise<Next> {
  const { channel, address } = asked;
  const { dedupe, now, subscriber } = incoming;
  const { channels, leaseFor } = p.settings();
  if (channel === undefined || !channels.includes(channel)) return noSuchChannel(p, incoming, asked);
  if (channel === 'email' && (address ?? subscriber.address) === undefined)
    return answerOnly(p, incoming, 'email-needed');
  const mt = owedFor(p, incoming, 'channel-set', { channel });
  return sayNext(
    await p.subscribers.remember(dedupe, address === undefined ? { channel } : { channel, address }, mt, now, leaseFor),
  );
}

function noSuchChannel(p: Ports, incoming: Incoming, { channel, name }: ChannelAsked): Promise<Next> {
  const channels = p.settings().channels.join(', ');
  const named = channel ?? (name === undefined ? undefined : saidBack(name));
  return named === undefined
    ? answerOnly(p, incoming, 'channel-which', { channels })
    : answerOnly(p, incoming, 'channel-unavailable', { channel: named, channels });
}

/** LANGUAGE <code or name>: of all texts from now on, this answer included. What is open keeps the words it began with (E9). */
export async function setLanguage(p: Ports, incoming: Incoming, name: string | undefined): Promise<Next> {
  const { languages } = p.words;
  const chosen = languages.find((one) => foldWord(one.id) === name || foldWord(one.name) === name);
  if (chosen === undefined) {
    const names = languages.map((one) => one.id.toUpperCase()).join(', ');
    return name === undefined
      ? answerOnly(p, incoming, 'language-which', { languages: names })
      : answerOnly(p, incoming, 'language-unavailable', { language: saidBack(name), languages: names });
  }
  const spoken = { ...incoming, language: chosen.id };
  const mt = owedFor(p, spoken, 'language-set', { language: chosen.name });
  const { leaseFor } = p.settings();
  return sayNext(await p.subscribers.remember(incoming.dedupe, { language: chosen.id }, mt, incoming.now, leaseFor));
}
