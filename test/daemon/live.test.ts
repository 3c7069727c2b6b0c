import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Config } from '../../src/config/config.ts';
import { buildConfig } from '../../src/config/build.ts';
import { overrideFromEnv } from '../../src/config/env.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { SchemaNode } from '../../src/config/schema.ts';
import { configSchema, configTree } from '../../src/config/schema.ts';
import { createLive, settingsOf } from '../../src/daemon/live.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { BASE } from '../config/base.ts';

async function config(): Promise<Config> {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  return loaded.value;
}

/** Every key that holds one value, as the environment names it; of lists the first entry's. */
function leaves(node: SchemaNode, name: string): readonly (readonly [string, SchemaNode])[] {
  const below = [node, ...(node.anyOf ?? [])].flatMap(({ properties, items }) => [
    ...Object.entries(properties ?? {}).flatMap(([key, child]) => leaves(child, `${name}__${key.toUpperCase()}`)),
    ...(items?.properties === undefined ? [] : leaves(items, `${name}__0`)),
  ]);
  return below.length > 0 ? below : [[name.replace('__', ''), node]];
}

/** What may stand there, of which one is likely another value than the first. */
function others({ type, enum: names, expected = '' }: SchemaNode): readonly string[] {
  if (names !== undefined) return names;
  if (type === 'boolean') return ['true', 'false'];
  if (type === 'integer') return ['2', '7', '77', '5000'];
  return expected.startsWith('a duration') ? ['7s', '1m', '11m', '5d', '100d'] : ['other', '123', 'Europe/Berlin'];
}

const english: unknown = parse(readFileSync('config/messages/en.yaml', 'utf8'));
const small = { ...(parse(BASE) as object), language: { files: [english] } };

/** Built without a look at whether the values fit each other. */
function built(env: Readonly<Record<string, string>>, languages: Config['languages']): Config | undefined {
  const parsed = configSchema.safeParse(overrideFromEnv(small, env, configTree).raw);
  return parsed.success ? buildConfig(parsed.data, languages) : undefined;
}

function differs(one: Config, other: Config): boolean {
  return !isDeepStrictEqual(comparable(one), comparable(other));
}

/** A zone is a function, made anew each time: its offset stands for it. */
function comparable({ flow, ...config }: Config): object {
  const { zone, ...subscriptions } = flow.subscriptions;
  return { ...config, flow: { ...flow, subscriptions: { ...subscriptions, offset: zone(0) } } };
}

it('a change of any key is either in force or told as one that takes a restart', async () => {
  const { languages } = await config();
  const first = built({}, languages);
  if (first === undefined) throw new Error('the small config is none');
  const [walked, lost, both]: [string[], string[], string[]] = [[], [], []];
  for (const [name, node] of leaves(configTree, '')) {
    const next = others(node)
      .map((value) => built({ [`ORDERD_${name}`]: value }, languages))
      .find((one) => one !== undefined && differs(one, first));
    if (next === undefined) continue;
    walked.push(name);
    const live = createLive(first);
    const isTold = live.swap(next).length > 0;
    if (isTold && differs(live.config, first)) both.push(name);
    if (!isTold && differs(live.config, next)) lost.push(name);
  }
  expect([lost, both]).toEqual([[], []]);
  expect(walked.length).toBeGreaterThan(150);
});

it('whether there is a menu for USSD takes a restart: until then there is one, or none, as before', async () => {
  const first = await config();
  expect(first.ussd).toBeDefined();
  const without = { ...first, ussd: undefined };
  const [began, ended] = [createLive(without), createLive(first)];
  expect([began.swap(first), ended.swap(without)]).toEqual([
    ['ussd (whether there is a menu)'],
    ['ussd (whether there is a menu)'],
  ]);
  expect([began.config.ussd, ended.config.ussd]).toEqual([undefined, first.ussd]);
});

it('a webhook comes with its service: an order that froze it must find it', async () => {
  const live = createLive(await config());
  const webhooks: Config['webhooks'] = new Map([
    [
      'match',
      { url: 'https://sp.example/hook', secret: 's'.repeat(20), timeout: 5000, limit: 120_000, fullMsisdn: false },
    ],
  ]);
  expect(live.swap({ ...(await config()), webhooks })).toEqual([]);
  expect(live.config.webhooks).toBe(webhooks);
});

it('who may see the NOC is taken over; where it listens, and that nobody has to prove anything, take a restart', async () => {
  const first = await config();
  const token = { name: 'scripts', role: 'viewer', token: 'a-token-of-more-than-20-characters' } as const;
  const one = { ...first, noc: { ...first.noc, users: [], tokens: [token] } };
  const none = { ...first, noc: { ...first.noc, users: [], tokens: [] } };
  const live = createLive(one);
  const moved = { ...one, noc: { ...one.noc, port: 1, tokens: [{ ...token, role: 'operator' as const }] } };
  expect(live.swap(moved)).toEqual(['noc (beside its users and tokens)']);
  expect(live.config.noc).toEqual({ ...one.noc, tokens: moved.noc.tokens });
  expect(live.swap(none)).toEqual(['noc (to be open to whoever is on this machine)']);
  expect(live.config.noc).toEqual(none.noc);
  expect(live.swap(one)).toEqual([]);
});

it('what is bound to stored numbers or counted since the start stays as it was', async () => {
  const first = await config();
  const live = createLive(first);
  const { flow, charging } = first;
  const next = {
    ...first,
    flow: { ...flow, partitions: flow.partitions * 2 },
    charging: { ...charging, breaker: { ...charging.breaker, probes: charging.breaker.probes + 1 } },
  };
  expect(live.swap(next)).toEqual(['instance.partitions', 'charging.breaker']);
  expect([live.config.flow, live.config.charging]).toEqual([flow, charging]);
});

it('flows read the settings and the words of now, and one record of them per config', async () => {
  const first = await config();
  const live = createLive(first);
  const settings = settingsOf(live, ['sms']);
  const [before, words] = [settings(), live.words];
  expect(settings()).toBe(before);
  const challenge = { ...first.flow.challenge, digits: 8 };
  live.swap({ ...first, flow: { ...first.flow, challenge } });
  expect(settings()).toMatchObject({ challenge, channels: ['sms'] });
  expect(settings()).toBe(settings());
  expect(live.words).not.toBe(words);
});

it('where evidence and mail go takes a restart, and stays as it was', async () => {
  const first = await config();
  const live = createLive(first);
  const evidence = { ...first.evidence, heads: '/elsewhere' };
  expect(live.swap({ ...(await config()), evidence })).toEqual(['evidence']);
  expect(live.config.evidence).toEqual(first.evidence);
});
