import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { faultsIn, BASE, configOf } from './base.ts';

/** Each rule that a profile sets beside its floors (those stand in profiles.test.ts and golden/profile-decisions.txt). */
const NAMES = ['in', 'cn', 'gb', 'za', 'us', 'neutral'] as const;
type Name = (typeof NAMES)[number];

const contentOf = (name: Name): string => readFileSync(`config/profiles/${name}.yaml`, 'utf8');
const USSD = { ORDERD_CHALLENGE__USSD_WINDOW: '10s' };
const config = (name: Name): string =>
  BASE.replace(/policy:[^]*?(?=language:)/, `policy:\n  profile: { file: profiles/${name}.yaml }\n`);

const english = readFileSync('config/messages/en.yaml', 'utf8');

/** What is said against a config of that profile, with the English texts changed. */
function faults(name: Name, texts: string = english, env: Readonly<Record<string, string>> = {}) {
  const files = { [`profiles/${name}.yaml`]: contentOf(name), 'messages/en.yaml': texts };
  return faultsIn(config(name), files, { ...USSD, ...env });
}

function withText(kind: string, text: string): string {
  const file = parse(english) as { texts: Record<string, string> };
  return stringify({ ...file, texts: { ...file.texts, [kind]: text } });
}

const WORDS = {
  provider: 'provider', service: 'service', price: 'price', period: 'how often', confirm: 'how to confirm', refuse: 'how to refuse',
  expiry: 'expires', code: 'the code', stop: 'how to stop', next: 'charged next', help: 'help', keyed: 'takes the keyword', 'in-order': 'in this order',
} as const; // prettier-ignore
type Duty = keyof typeof WORDS;

const CHALLENGE: readonly Duty[] = ['provider', 'service', 'price', 'period', 'refuse', 'expiry'];
const FULL: readonly Duty[] = [...CHALLENGE, 'help'];
const ORDERED: readonly Duty[] = ['provider', 'service', 'price', 'period', 'stop', 'next'];
/** What comes before and after each charge, whatever the profile. */
const CHARGED: readonly Duty[] = ['service', 'price', 'next', 'stop'];

/** As the rule books ask for (CONSENT, regimes and derived default 2). */
const DUTIES: Readonly<Record<Name, Readonly<Record<'confirm' | 'code' | 'ordered', readonly Duty[]>>>> = {
  in: { confirm: [...FULL, 'confirm'], code: [...FULL, 'code'], ordered: ORDERED },
  cn: { confirm: [...FULL, 'confirm', 'keyed'], code: [...FULL, 'code'], ordered: ORDERED },
  gb: { confirm: [...FULL, 'confirm', 'keyed'], code: [...FULL, 'code'], ordered: ORDERED },
  za: { confirm: [...FULL, 'confirm', 'in-order'], code: [...FULL, 'code', 'in-order'], ordered: ORDERED },
  us: { confirm: [...FULL, 'confirm'], code: [...FULL, 'code'], ordered: ORDERED },
  neutral: {
    confirm: [...CHALLENGE, 'confirm'],
    code: [...CHALLENGE, 'code'],
    ordered: ['service', 'price', 'period', 'stop', 'next'],
  },
};

const KINDS = ['confirm', 'code', 'ordered', 'reminder', 'renewed'] as const;
const dutiesOf = (name: Name, kind: (typeof KINDS)[number]): readonly Duty[] =>
  kind === 'reminder' || kind === 'renewed' ? CHARGED : DUTIES[name][kind];

const CASES = NAMES.flatMap((name) =>
  KINDS.flatMap((kind) => dutiesOf(name, kind).map((duty) => [name, kind, duty] as const)),
);

describe('what a text must tell', () => {
  it.each(CASES)('%s: %s tells %s, or the daemon does not start', async (name, kind, duty) => {
    const said = (await faults(name, withText(kind, 'Hello.'))).filter((line) => line.includes(`texts.${kind}`));
    // The one on the order names what stands in it.
    const about = said.filter((line) => line.includes('in this order') === (duty === 'in-order'));
    expect(about.filter((line) => line.includes(WORDS[duty]))).toHaveLength(1);
  });

  it.each(NAMES)('%s: nothing more than that, and the English texts tell it all', async (name) => {
    for (const kind of KINDS)
      expect(await faults(name, withText(kind, 'Hello.'))).toHaveLength(dutiesOf(name, kind).length);
    expect(await faults(name)).toEqual([]);
  });
});

describe('how long a challenge may be open', () => {
  it.each(NAMES)('%s: an hour over SMS', async (name) => {
    expect(await faults(name, english, { ORDERD_CHALLENGE__WINDOW: '61m' })).toEqual([
      'env ORDERD_CHALLENGE__WINDOW challenge.window: must not be longer than policy.profile.windowAtMost',
    ]);
  });

  it('in: ten seconds over USSD', async () => {
    expect(await faults('in', english, { ORDERD_CHALLENGE__USSD_WINDOW: '11s' })).toEqual([
      'env ORDERD_CHALLENGE__USSD_WINDOW challenge.ussdWindow: must not be longer than policy.profile.ussdWindowAtMost',
    ]);
  });
});

describe('how long before a charge the subscriber reads of it', () => {
  const short = { ORDERD_SUBSCRIPTIONS__REMINDER__WEEK: '23h' };

  it.each(NAMES)('%s: a day where the rules ask for it', async (name) => {
    expect(await faults(name, english, short)).toEqual(
      name === 'in'
        ? [
            'env ORDERD_SUBSCRIPTIONS__REMINDER__WEEK subscriptions.reminder.week: must not be shorter than policy.profile.remindAtLeast',
          ]
        : [],
    );
  });
});

const built = (name: Name) => configOf(config(name), { [`profiles/${name}.yaml`]: contentOf(name) }, USSD);

describe('what else a profile says', () => {
  it('cn: orders stay for five months whoever asks, elsewhere nothing is held', async () => {
    const kept = await Promise.all(NAMES.map(async (name) => (await built(name)).retention.keep / 86_400_000));
    expect(kept).toEqual(NAMES.map((name) => (name === 'cn' ? 150 : 0)));
  });

  it('za: asks at each R200 of a month, elsewhere nothing is capped', async () => {
    const caps = await Promise.all(NAMES.map(async (name) => (await built(name)).policy.spend));
    expect(caps).toEqual(NAMES.map((name) => (name === 'za' ? [{ currency: 'ZAR', promptEach: 20_000 }] : [])));
  });
});
