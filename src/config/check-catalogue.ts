import type { RequestWords } from '../domain/request.ts';
import { foldText } from '../domain/fold.ts';
import { parseRequest } from '../domain/request.ts';
import { BLOCKED_PORTS } from '../webhook/blocked-ports.ts';
import type { CrossFault } from './cross-fault.ts';
import { atMost, doubles } from './cross-fault.ts';
import { nearest } from './nearest.ts';
import type { ConfigInput } from './schema.ts';
import type { Path } from './tree.ts';

type ServiceInput = ConfigInput['catalogue']['services'][number];

const at = (index: number, ...rest: Path): Path => ['catalogue', 'services', index, ...rest];

export function catalogueFaults(input: ConfigInput, words: RequestWords): readonly CrossFault[] {
  const { providers, services } = input.catalogue;
  return [
    ...doubles(
      providers.map(({ id }) => id),
      (index) => ['catalogue', 'providers', index, 'id'],
    ),
    ...doubles(
      services.map(({ id }) => id),
      (index) => at(index, 'id'),
    ),
    ...services.flatMap((service, index) => [
      ...providerFaults(input, service, index),
      ...shortCodeFaults(input, service, index),
      ...priceFaults(service, index),
      ...grantFaults(service, index),
      ...provisionFaults(service, index),
      ...windowFaults(input, service, index),
      ...keywordFaults(service, index, words),
    ]),
    ...soldTwice(services),
  ];
}

function providerFaults(
  { catalogue: { providers } }: ConfigInput,
  { provider }: ServiceInput,
  index: number,
): readonly CrossFault[] {
  const ids = providers.map(({ id }) => id);
  if (ids.includes(provider)) return [];
  const meant = nearest(provider, ids);
  const advice = meant === undefined ? `providers are ${ids.join(', ')}` : `did you mean ${meant}?`;
  return [{ path: at(index, 'provider'), text: `names no provider; ${advice}` }];
}

function shortCodeFaults(
  { smpp: { links } }: ConfigInput,
  { shortCodes }: ServiceInput,
  index: number,
): readonly CrossFault[] {
  const served = new Set(links.flatMap((link) => link.shortCodes));
  return shortCodes.flatMap((code, entry) =>
    served.has(code)
      ? []
      : [
          {
            path: at(index, 'shortCodes', entry),
            text: `no link serves ${code}; links serve ${[...served].join(', ')}`,
          },
        ],
  );
}

function priceFaults({ charge, price }: ServiceInput, index: number): readonly CrossFault[] {
  if (charge === 'free' && price.minor > 0)
    return [{ path: at(index, 'price'), text: 'must be 0 for a service with charge: free' }];
  if (charge !== 'free' && price.minor === 0)
    return [{ path: at(index, 'price'), text: 'is 0; then say charge: free' }];
  return [];
}

/** E7: what can be given before its money is known, and before anybody was asked. */
function grantFaults({ charge, grantOnUnknown, provision }: ServiceInput, index: number): readonly CrossFault[] {
  if (!grantOnUnknown) return [];
  const path = at(index, 'grantOnUnknown');
  if (charge !== 'event') return [{ path, text: 'goes only with charge: event; nothing else can be given unpaid' }];
  if (provision?.mode !== 'before-notice') return [];
  return [{ path, text: 'goes not with provision before-notice: its provider would never be asked' }];
}

/** Where a subscriber's data goes: TLS off this machine, and no password in the address. */
function provisionFaults({ provision }: ServiceInput, index: number): readonly CrossFault[] {
  if (provision === undefined) return [];
  const wrong = urlFault(provision.url);
  return [
    ...(wrong === undefined ? [] : [{ path: at(index, 'provision', 'url'), text: wrong }]),
    ...(provision.secret.length < 20
      ? [{ path: at(index, 'provision', 'secret'), text: 'is shorter than 20 characters' }]
      : []),
  ];
}

const HERE: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

function urlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const { protocol, hostname, port, username, password } = new URL(text);
  const hidden = protocol === 'https:' || (protocol === 'http:' && HERE.includes(hostname));
  if (!hidden) return 'must be an https URL; http goes only to this machine';
  if (port !== '' && BLOCKED_PORTS.has(Number(port)))
    return `has port ${port}, which webhooks cannot be sent to (Fetch, port blocking)`;
  return username + password === '' ? undefined : 'must hold no user and no password';
}

/** E16: a code lives inside its window, and a profile bounds the window. */
function windowFaults({ challenge, policy }: ConfigInput, service: ServiceInput, index: number): readonly CrossFault[] {
  const window = service.challengeWindow ?? challenge.window;
  return [
    ...(service.codeLife === undefined
      ? []
      : atMost(service.codeLife, window, at(index, 'codeLife'), 'its challenge window')),
    ...(service.challengeWindow === undefined
      ? []
      : atMost(window, policy.profile.windowAtMost, at(index, 'challengeWindow'), 'policy.profile.windowAtMost')),
  ];
}

/** A keyword must order: a word that means something else, or that reads as a code, never would. */
function keywordFaults({ keywords }: ServiceInput, index: number, words: RequestWords): readonly CrossFault[] {
  return keywords.flatMap((keyword, entry) => {
    const path = at(index, 'keywords', entry);
    if (foldText(keyword).length !== 1) return [{ path, text: 'must be one word with at least one letter or digit' }];
    const { kind } = parseRequest(keyword, words);
    return kind === 'order' || kind === 'numbers' ? [] : [{ path, text: `is a reserved word: it means ${kind}` }];
  });
}

function soldTwice(services: readonly ServiceInput[]): readonly CrossFault[] {
  const owner = new Map<string, string>();
  return services.flatMap(({ id, keywords, shortCodes }, index) =>
    keywords.flatMap((keyword, entry) => {
      const [folded = ''] = foldText(keyword);
      const taken = shortCodes
        .map((code) => [code, owner.get(`${code} ${folded}`)] as const)
        .find(([, other]) => other !== undefined);
      for (const code of shortCodes) if (!owner.has(`${code} ${folded}`)) owner.set(`${code} ${folded}`, id);
      return taken === undefined
        ? []
        : [{ path: at(index, 'keywords', entry), text: `orders ${taken[1] ?? ''} on ${taken[0]} already` }];
    }),
  );
}
