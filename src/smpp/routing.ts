import type { ChannelName } from '../domain/channel.ts';
import type { Mt } from '../domain/message.ts';
import type { LinkSettings } from './settings.ts';

/** A link as the choice of a route sees it. */
export interface Routable {
  readonly settings: LinkSettings;
  readonly canSend: boolean;
  /** Parts wait already: another link would be faster. */
  readonly busy: boolean;
}

/** What every link carries when config names no channels. */
const USUAL: readonly ChannelName[] = ['sms', 'flash'];

/**
 * The links that may carry the message, best first: the longest prefix of the handset's number, then one with room, then
 * the one that the MO came on.
 */
export function routesFor<Link extends Routable>(links: readonly Link[], mt: Mt): readonly Link[] {
  const able = links.filter((link) => link.canSend && carries(link.settings, mt));
  const rank = (link: Link): number =>
    (link.busy ? 2 : 0) + (link.settings.name === mt.link ? 0 : 1) - 4 * prefixLength(link.settings, mt.to);
  return able.toSorted((left, right) => rank(left) - rank(right));
}

function carries(settings: LinkSettings, mt: Mt): boolean {
  // A dialogue lives on its own bind: no other one can answer in it (E23).
  if (mt.ussd !== undefined) return settings.name === mt.link;
  return (
    settings.shortCodes.includes(mt.from) &&
    (settings.channels ?? USUAL).includes(mt.channel) &&
    (isForAll(settings) || prefixLength(settings, mt.to) > 0)
  );
}

function isForAll({ prefixes = [] }: LinkSettings): boolean {
  return prefixes.length === 0;
}

/** Digits of the longest of the link's prefixes that the number begins with; 0 when none fits. */
function prefixLength({ prefixes = [] }: LinkSettings, msisdn: string): number {
  return Math.max(0, ...prefixes.filter((prefix) => msisdn.startsWith(prefix)).map((prefix) => prefix.length));
}
