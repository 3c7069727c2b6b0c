/** DIAMETER_REDIRECT_INDICATION: a redirect agent names the hosts that serve a request (RFC 6733 6.1.7, 6.1.8). */
import type { Route } from './attempt.ts';
import { all } from './avp.ts';
import { identityOf } from './holders.ts';
import { RESULT, type Incoming } from './message.ts';

export interface Redirect {
  /** The open peer of ours that is named and was not asked before. */
  readonly route?: Route;
  /** Else the hosts that are named. */
  readonly elsewhere?: string;
}

/** The FQDN of a DiameterURI, `aaa://FQDN:port;transport=tcp` (RFC 6733 4.3.1); some agents send the name alone. */
const FQDN = /^(?:aaas?:\/\/)?([^:;/]{1,255})/i;

function hostsIn({ avps }: Incoming): readonly string[] {
  const texts = all(avps, 'Redirect-Host').map(({ value }) =>
    value instanceof Uint8Array ? new TextDecoder().decode(value) : '',
  );
  return texts.flatMap((text) => FQDN.exec(text)?.[1]?.toLowerCase() ?? []);
}

/** Empty where the answer is no such indication. */
export function redirectOf(
  message: Incoming,
  resultCode: number,
  { routes, tried }: { readonly routes: readonly Route[]; readonly tried: ReadonlySet<Route> },
): Redirect {
  if (resultCode !== RESULT.redirectIndication) return {};
  const hosts = hostsIn(message);
  const isNamed = (route: Route): boolean =>
    [identityOf(route), route.settings.host.toLowerCase()].some((host) => host !== undefined && hosts.includes(host));
  const route = routes.find((one) => one.peer.open && !tried.has(one) && isNamed(one));
  return route === undefined ? { elsewhere: hosts.join(', ') } : { route };
}
