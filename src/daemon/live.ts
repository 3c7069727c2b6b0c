import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';
import type { Words } from '../flow/ports/ports.ts';
import type { FlowSettings } from '../flow/ports/settings.ts';
import { createWords } from '../words/words.ts';

/** What config says now: everything that reads it here at each use is reloaded by `swap`. */
export interface Live {
  readonly config: Config;
  readonly words: Words;
  /** Takes over all that a running process can; returns the parts that differ and take a restart. */
  swap(next: Config): readonly string[];
}

export function createLive(first: Config): Live {
  let config = first;
  let words = createWords(first.languages);
  return {
    get config() {
      return config;
    },
    get words() {
      return words;
    },
    swap(next) {
      const left = needsRestart(config, next);
      config = swapped(config, next);
      words = createWords(config.languages);
      return left;
    },
  };
}

/** What is bound to a socket, a folder or a stored number for as long as the process runs. */
const FIXED = {
  instance: ({ instance }) => instance,
  'instance.partitions': ({ flow }) => flow.partitions,
  redis: ({ redis }) => redis,
  keys: ({ keys }) => keys,
  'keep, and policy.profile.retention': ({ retention, keep }) => ({ ...retention, ...keep }),
  'diameter (beside its peers)': ({ node }) => ({ ...node, peers: undefined }),
  'charging.breaker': ({ charging }) => charging.breaker,
  'credit.maxAge': ({ creditMaxAge }) => creditMaxAge,
  'noc (beside its users and tokens)': ({ noc }) => ({ ...noc, users: undefined, tokens: undefined }),
  log: ({ log }) => log,
  cdr: ({ cdr }) => cdr,
  evidence: ({ evidence }) => evidence,
  mail: ({ mail }) => mail,
  'ussd (whether there is a menu)': ({ ussd }) => ussd !== undefined,
} as const satisfies Readonly<Record<string, (config: Config) => unknown>>;

function needsRestart(now: Config, next: Config): readonly string[] {
  const left = Object.entries(FIXED).flatMap(([name, part]) =>
    isDeepStrictEqual(part(now), part(next)) ? [] : [name],
  );
  return hasLogins(now) && !hasLogins(next) ? [...left, NO_LOGINS] : left;
}

/** Until then nobody is let in: it may listen where more than this machine reaches it. */
const NO_LOGINS = 'noc (to be open to whoever is on this machine)';

function hasLogins({ noc: { users, tokens } }: Config): boolean {
  return users.length + tokens.length > 0;
}

function swapped(now: Config, next: Config): Config {
  const { links, catalogue, webhooks, policy, languages, ussd, credit } = next;
  return {
    ...now,
    links,
    catalogue,
    webhooks,
    policy,
    languages,
    ussd: now.ussd && (ussd ?? now.ussd),
    credit,
    node: { ...now.node, peers: next.node.peers },
    noc: { ...now.noc, users: next.noc.users, tokens: next.noc.tokens },
    flow: { ...next.flow, partitions: now.flow.partitions },
    charging: { ...next.charging, breaker: now.charging.breaker },
  };
}

/** One record per config, for it is read many times per MO. */
export function settingsOf(live: Live, channels: FlowSettings['channels']): () => FlowSettings {
  let of = live.config;
  let settings = { ...of.flow, channels };
  return () => {
    if (of !== live.config) {
      of = live.config;
      settings = { ...of.flow, channels };
    }
    return settings;
  };
}
