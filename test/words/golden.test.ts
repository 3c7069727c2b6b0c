import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { foldWord } from '../../src/domain/fold.ts';
import type { NoticeKind } from '../../src/domain/notice.ts';
import { NOTICES } from '../../src/domain/notice.ts';
import { encodeText } from '../../src/smpp/text/encode.ts';
import { splitText } from '../../src/smpp/text/split.ts';
import type { Duties, Duty } from '../../src/words/duties.ts';
import type { Language, LanguageTexts } from '../../src/words/language.ts';
import { readLanguage, WORD_SETS } from '../../src/words/language.ts';

/** As long as a real offer gets. */
const ARGS = {
  provider: 'Daily Planet Media',
  title: 'Gold Price Alerts',
  price: 'KES 20.00',
  oldPrice: 'KES 15.00',
  keyword: 'GOLD',
  shortCode: '50005',
  code: '123456',
  services: 'Daily Headlines, Gold Price Alerts',
  count: 2,
  channel: 'email',
  channels: 'sms, flash, ussd, email',
  language: 'English',
  languages: 'AR, EN, ES, FR, HI, SW, ZH',
  next: '2026-12-31',
  until: '2026-12-31',
  limit: 'KES 200.00',
  spent: 'KES 180.00',
  span: 'month',
};
const PERIODS = ['once', 'day', 'week', 'month'] as const;

/** Longest text of any language, in parts: what check-config says of the same texts must not be more. */
const MOST_PARTS = 3;

interface Profile {
  readonly name: string;
  readonly windowAtMost: string;
  readonly plainYes?: boolean;
  readonly duties?: Partial<Record<keyof Duties, readonly Duty[]>>;
}

const DEFAULTS: Duties = {
  confirm: ['provider', 'service', 'price', 'period', 'confirm', 'refuse', 'expiry'],
  code: ['provider', 'service', 'price', 'period', 'code', 'refuse', 'expiry'],
  ordered: ['service', 'price', 'period', 'stop', 'next'],
  reminder: ['service', 'price', 'next', 'stop'],
  renewed: ['service', 'price', 'next', 'stop'],
};

const all = (folder: string): readonly unknown[] =>
  readdirSync(folder).map((file) => parse(readFileSync(`${folder}/${file}`, 'utf8')) as unknown);
const files = all('config/messages') as readonly LanguageTexts[];
const profiles = all('config/profiles') as readonly Profile[];

function dutiesOf({ duties = {}, plainYes = true }: Profile): Duties {
  const own = { ...DEFAULTS, ...duties };
  return plainYes ? own : { ...own, confirm: [...own.confirm, 'keyed'] };
}

function languageOf(file: LanguageTexts, duties: Duties): Language {
  const read = readLanguage(file, duties);
  if (!read.ok) throw new Error(read.fault.map(({ path, text }) => `${path.join('.')} ${text}`).join('\n'));
  return read.value;
}

function line(label: string, text: string): string {
  const encoded = encodeText(text, { defaultAlphabet: 'gsm7' });
  const parts = splitText(encoded, 'udh8', () => 0).length;
  return `${label} [${parts} ${encoded.alphabet === 'ucs2' ? 'UCS2' : 'GSM7'}] ${text}`;
}

/** What the profile decides: the window, whether YES takes its keyword. */
const BY_PROFILE: readonly NoticeKind[] = ['confirm', 'code', 'ordered'];

/** As LIST puts it together. */
function listed({ templates }: Language): string {
  const items = [
    { title: 'Daily Headlines', price: 'KES 5.00', period: 'day', keyword: 'NEWS' },
    { title: 'Gold Price Alerts', price: 'KES 20.00', period: 'week', keyword: 'GOLD' },
  ];
  return items.map((item, index) => templates['list-item'].render({ ...item, number: index + 1 })).join(', ');
}

function golden(file: LanguageTexts): string {
  const plain = languageOf(file, DEFAULTS);
  const texts = NOTICES.filter((kind) => !BY_PROFILE.includes(kind)).flatMap((kind) => {
    const args = { ...ARGS, number: 1, minutes: 60, ...(kind === 'list' ? { services: listed(plain) } : {}) };
    const rendered = PERIODS.map((period) => plain.templates[kind].render({ ...args, period }));
    return [...new Set(rendered)].map((text) => line(kind, text));
  });
  const perProfile = profiles.flatMap((profile) => {
    const { templates } = languageOf(file, dutiesOf(profile));
    const minutes = Number.parseInt(profile.windowAtMost, 10);
    const keyed = profile.plainYes === false ? 'yes' : 'no';
    return BY_PROFILE.flatMap((kind) =>
      PERIODS.map((period) =>
        line(`${profile.name} ${kind} ${period}`, templates[kind].render({ ...ARGS, period, minutes, keyed })),
      ),
    );
  });
  const soon = (['confirm', 'code'] as const).map((kind) =>
    line(`${kind} within seconds`, plain.templates[kind].render({ ...ARGS, period: 'day', minutes: 0, seconds: 10 })),
  );
  const one = (['stopped', 'stopped-all'] as const).map((kind) =>
    line(`${kind}, one`, plain.templates[kind].render({ ...ARGS, services: 'Daily Headlines', count: 1 })),
  );
  const paused = ['unpaid', 'cap'].map((by) =>
    line(
      `list-item paused, ${by}`,
      plain.templates['list-item'].render({ ...ARGS, number: 1, period: 'week', paused: by }),
    ),
  );
  const free = (['ordered', 'confirm', 'code', 'list-item', 'reminder', 'renewed'] as const).flatMap((kind) =>
    ['once', 'day'].map((period) =>
      line(
        `${kind} free ${period}`,
        plain.templates[kind].render({ ...ARGS, price: 'KES 0.00', period, number: 1, minutes: 60 }),
      ),
    ),
  );
  return `${[...texts, ...soon, ...one, ...paused, ...free, '', ...perProfile].join('\n')}\n`;
}

describe('every text of every language and profile', () => {
  it.each(files.map((file) => [file.language, file] as const))(
    '%s reads as the golden file says',
    async (name, file) => {
      const text = golden(file);
      await expect(text).toMatchFileSnapshot(`../golden/texts/${name}.txt`);
      const parts = [...text.matchAll(/\[(\d+) /g)].map(([, count]) => Number(count));
      expect(Math.max(...parts)).toBeLessThanOrEqual(MOST_PARTS);
      expect(text).not.toMatch(/[{}]|undefined/);
    },
  );

  it.each(files.map((file) => [file.language, file] as const))('%s has every kind, and no other', (_, file) => {
    expect(Object.keys(file.texts).sort()).toEqual([...NOTICES].sort());
  });

  it.each(files.map((file) => [file.language, file] as const))(
    '%s tells to send no word that nobody hears',
    (_, file) => {
      const { templates, words } = languageOf(file, DEFAULTS);
      const heard = new Set(WORD_SETS.flatMap((set) => [...words[set]]));
      const told = NOTICES.flatMap((kind) => templates[kind].literal.match(/\b[A-Z]{3,}\b/g) ?? []);
      const unheard = told.filter((word) => !heard.has(foldWord(word)) && !['SMS', 'EMAIL', 'USSD'].includes(word));
      expect(unheard).toEqual([]);
    },
  );

  it('is there in seven languages, English alone reviewed', () => {
    expect(files.map(({ language }) => language).sort()).toEqual(['ar', 'en', 'es', 'fr', 'hi', 'sw', 'zh']);
    expect(files.filter(({ reviewed }) => reviewed).map(({ language }) => language)).toEqual(['en']);
  });
});
