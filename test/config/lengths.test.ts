import { beforeAll, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configScreen } from '../../src/config/check.ts';
import type { Config } from '../../src/config/config.ts';
import type { Service } from '../../src/domain/catalogue.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { LanguageTexts } from '../../src/words/language.ts';
import { readLanguage } from '../../src/words/language.ts';

/** What the golden files were rendered with: a long service, and what its short code sells. */
const OFFER = { provider: 'Daily Planet Media', title: 'Gold Price Alerts', keyword: 'gold', shortCode: '50005' };
const LANGUAGES = readdirSync('test/golden/texts').map((file) => file.replace('.txt', ''));

/** Parts of each kind at most, as check-config says them; what it does not name takes one. */
const said = new Map<string, ReadonlyMap<string, number>>();

beforeAll(async () => {
  const loaded = await loadConfig('config/default.yaml', {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const screen = configScreen(selling(loaded.value));
  for (const name of LANGUAGES) {
    const line = new RegExp(` ${name}: \\d+ texts, (.*)`).exec(screen)?.[1] ?? '';
    const kinds = [...line.matchAll(/([a-z-]+) (\d+)(?:,|;|$)/g)];
    said.set(name, new Map(kinds.map(([, kind = '', parts]) => [kind, Number(parts)])));
  }
});

/** The same config, selling what the golden files tell of. */
function selling(config: Config): Config {
  const [service] = config.catalogue.services.values();
  const [provider] = config.catalogue.providers.values();
  if (service === undefined || provider === undefined) throw new Error('config/default.yaml sells nothing');
  const { title, keyword, shortCode } = OFFER;
  const price = { minor: 2000, currency: 'KES', decimals: 2 };
  const sold = { ...service, title, keywords: [keyword], shortCodes: [shortCode], price };
  const periods = (['once', 'day', 'week', 'month'] as const).map(
    (period) => [period, { ...sold, id: period, period }] as const,
  );
  const services = new Map<string, Service>(periods);
  const keywords = new Map([...services.keys()].map((id) => [`${shortCode} ${id}`, id]));
  const providers = new Map([[provider.id, { ...provider, name: OFFER.provider }]]);
  return { ...config, languages: allLanguages(), catalogue: { ...config.catalogue, providers, services, keywords } };
}

function allLanguages(): Config['languages'] {
  const [first, ...others] = LANGUAGES.map((name) => {
    const file = parse(readFileSync(`config/messages/${name}.yaml`, 'utf8')) as LanguageTexts;
    const read = readLanguage(file, { confirm: [], code: [], ordered: [], reminder: [], renewed: [] });
    if (!read.ok) throw new Error(JSON.stringify(read.fault));
    return read.value;
  });
  if (first === undefined) throw new Error('no message file');
  return [first, ...others];
}

describe.each(LANGUAGES)('the texts in %s', (name) => {
  it('are never longer in the golden file than check-config says', () => {
    const golden = readFileSync(`test/golden/texts/${name}.txt`, 'utf8');
    const lines = [...golden.matchAll(/^(?:\S+ )??([a-z-]+)(?: free)?(?: (?:once|day|week|month))? \[(\d+) /gm)];
    expect(lines.length).toBeGreaterThan(50);
    for (const [line, kind = '', parts] of lines)
      expect(Number(parts), line).toBeLessThanOrEqual(said.get(name)?.get(kind) ?? 1);
  });
});
