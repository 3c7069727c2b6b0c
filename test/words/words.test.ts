import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { NoticeKind } from '../../src/domain/notice.ts';
import { listText, NOTICES } from '../../src/domain/notice.ts';
import { foldWord } from '../../src/domain/fold.ts';
import { parseRequest } from '../../src/domain/request.ts';
import { septetsOf } from '../../src/smpp/text/gsm7.ts';
import type { Duties } from '../../src/words/duties.ts';
import type { Language, LanguageTexts } from '../../src/words/language.ts';
import { mergeWords, readLanguage, WORD_SETS } from '../../src/words/language.ts';
import { NOTICE_ARGS } from '../../src/words/notice-args.ts';
import { createWords } from '../../src/words/words.ts';

const NO_DUTIES: Duties = { confirm: [], code: [], ordered: [], reminder: [], renewed: [] };
/** Derived default 2. */
const DUTIES: Duties = {
  confirm: ['provider', 'service', 'price', 'period', 'confirm', 'refuse', 'expiry'],
  code: ['provider', 'service', 'price', 'period', 'code', 'refuse', 'expiry'],
  ordered: ['service', 'price', 'period', 'stop', 'next'],
  reminder: ['service', 'price', 'next', 'stop'],
  renewed: ['service', 'price', 'next', 'stop'],
};

function readMessages(file: string): LanguageTexts {
  return parse(readFileSync(`config/messages/${file}`, 'utf8')) as LanguageTexts;
}

const english = readMessages('en.yaml');

/** As long as a real offer gets. */
const ARGS = {
  provider: 'Daily Planet Media',
  title: 'Gold Price Alerts',
  price: 'KES 20.00',
  keyword: 'GOLD',
  shortCode: '50005',
  code: '123456',
  minutes: 60,
  number: 7,
  services: 'Daily Headlines, Gold Price Alerts',
  count: 2,
  channel: 'email',
  channels: 'sms, flash, ussd, email',
  next: '2026-11-30',
  until: '2026-11-30',
  oldPrice: 'KES 15.00',
  language: 'Kiswahili',
  languages: 'EN, SW',
  limit: 'KES 5000.00',
  spent: 'KES 5000.00',
  span: 'month',
};

function languageOf(texts: LanguageTexts = english, duties = NO_DUTIES): Language {
  const read = readLanguage(texts, duties);
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  return read.value;
}

function spoilt(kind: NoticeKind, text: string): LanguageTexts {
  return { ...english, texts: { ...english.texts, [kind]: text } };
}

function faultsOf(texts: LanguageTexts, duties = NO_DUTIES): readonly string[] {
  const read = readLanguage(texts, duties);
  return read.ok ? [] : read.fault.map(({ path, text }) => `${path.join('.')}: ${text}`);
}

const words = createWords([languageOf()]);

describe('the texts of each language', () => {
  const files = readdirSync('config/messages').map((file) => readMessages(file));
  // What the others take stands in test/golden/texts: an accent, or another script, makes a text longer.
  const short = files.filter(({ language }) => ['en', 'sw'].includes(language));
  const cases = short.flatMap((file) =>
    NOTICES.flatMap((kind) => ['once', 'day', 'week', 'month'].map((period) => [file.language, kind, period] as const)),
  );
  const all = createWords([languageOf(), ...files.map((file) => languageOf(file))]);

  it.each(cases)('%s: %s for a service paid per %s fits one SMS of the GSM alphabet', (language, kind, period) => {
    const text = all.render(kind, language, { ...ARGS, period });
    const septets = Array.from(text, (letter) => septetsOf(letter)?.length ?? Number.NaN);
    expect(septets.reduce((sum, next) => sum + next, 0)).toBeLessThanOrEqual(160);
    expect(text).not.toMatch(/ {2}|[{}]|\s$|undefined/);
  });

  /** One other letter, and an SMS holds 70 characters in place of 160, a USSD page 80 in place of 182. */
  it.each(['en', 'es', 'fr', 'sw'])('%s keeps to the letters of the GSM alphabet', (language) => {
    const file = files.find((one) => one.language === language)!;
    const foreign = Object.values(file.texts).flatMap((text) =>
      Array.from(text).filter((letter) => septetsOf(letter) === undefined),
    );
    expect(foreign).toEqual([]);
  });

  it.each(files.map((file) => [file.language, file] as const))(
    '%s meets the duties of the neutral profile',
    (_, file) => {
      expect(faultsOf(file, DUTIES)).toEqual([]);
    },
  );

  it('are English alone where somebody fluent has read them', () => {
    expect(files.filter(({ reviewed }) => reviewed).map(({ language }) => language)).toEqual(['en']);
  });
});

describe('the English texts', () => {
  it.each<readonly [NoticeKind, string, string]>([
    [
      'ordered',
      'day',
      'Gold Price Alerts by Daily Planet Media is ordered: KES 20.00 a day. Next charge on 2026-11-30. To stop it, send STOP GOLD to 50005.',
    ],
    ['ordered', 'once', 'Gold Price Alerts by Daily Planet Media is ordered: KES 20.00, charged once.'],
    [
      'confirm',
      'week',
      'Reply YES within 60 min to order Gold Price Alerts by Daily Planet Media, KES 20.00 a week, or NO. No YES, no charge. HELP: 50005.',
    ],
    [
      'code',
      'once',
      'Code 123456 orders Gold Price Alerts by Daily Planet Media, KES 20.00 once. Reply with it in 60 min, or NO. No reply, no charge. HELP: 50005.',
    ],
    [
      'no-balance',
      'day',
      'Your balance is too low for Gold Price Alerts (KES 20.00). It was not ordered and nothing was charged. Top up, then send GOLD to 50005.',
    ],
  ])('%s per %s reads as written', (kind, period, expected) => {
    expect(words.render(kind, 'en', { ...ARGS, period })).toBe(expected);
  });

  it.each([
    'refused',
    'declined',
    'refused-by-you',
    'expired',
    'no-balance',
    'not-allowed',
    'not-charged',
    'suspended',
  ] as const)('%s says that nothing was charged', (kind) => {
    expect(words.render(kind, 'en', { ...ARGS, period: 'day' }).toLowerCase()).toContain('nothing was charged');
  });

  it('never claim that nothing was charged while that is unknown', () => {
    for (const kind of ['waiting', 'stop-requested'] as const) {
      expect(words.render(kind, 'en', { ...ARGS, period: 'day' })).not.toMatch(/nothing/i);
    }
  });
});

describe('a free service', () => {
  const FREE = { ...ARGS, title: 'Weather Today', price: 'KES 0.00', keyword: 'WEATHER' };

  it.each<readonly [NoticeKind, string, string]>([
    ['ordered', 'once', 'Weather Today by Daily Planet Media is ordered: it is free.'],
    [
      'ordered',
      'day',
      'Weather Today by Daily Planet Media is ordered: it is free. To stop it, send STOP WEATHER to 50005.',
    ],
    ['list-item', 'day', '7 Weather Today free of charge (WEATHER)'],
  ])('%s per %s says that it is free, and names no sum', (kind, period, expected) => {
    expect(words.render(kind, 'en', { ...FREE, period })).toBe(expected);
  });

  it.each(['confirm', 'code', 'reminder', 'renewed'] as const)('%s says so too', (kind) => {
    const text = words.render(kind, 'en', { ...FREE, period: 'day' });
    expect(text).toContain('free of charge');
    expect(text).not.toContain('0.00');
  });
});

describe('rendering', () => {
  it('falls back to the first language', () => {
    expect(words.render('refused-by-you', 'xx', {})).toBe('OK, it was not ordered and nothing was charged.');
  });

  /** All but the item of a list, which is arguments alone, and the end of one that was cut. */
  const SENTENCES = NOTICES.filter((kind) => kind !== 'list-item' && kind !== 'list-more');
  it.each(SENTENCES)('%s survives missing arguments: an owed text is never lost to a template', (kind) => {
    expect(words.render(kind, 'en', {}).length).toBeGreaterThan(10);
  });

  it('strips control characters and invisible marks from what others wrote', () => {
    const title = 'Gold\u0000\n\u202eevil\u200b';
    expect(words.render('refused', 'en', { ...ARGS, title })).toContain('Goldevil by');
  });

  it('takes a text as text, not as a template or markup', () => {
    const title = '{code} <b>';
    expect(words.render('refused', 'en', { ...ARGS, title })).toContain('{code} <b> by');
  });

  it.each(['list', 'stop-which', 'stopped', 'help'] as const)('%s takes over a cut list to its end', (kind) => {
    const items = Array.from({ length: 20 }, (_, i) => `${i + 1} Gold Price Alerts KES 20.00 a week (GOLD)`);
    const services = listText(items, (number) => words.render('list-more', 'en', { number }));
    expect(words.render(kind, 'en', { ...ARGS, services })).toMatch(/\(GOLD\), and \d+ more\b/);
  });

  it('cuts an argument that would fill the screen', () => {
    expect(words.render('stopped', 'en', { services: 'x'.repeat(5000) }).length).toBeLessThan(400);
  });
});

describe('the version', () => {
  it('changes with any letter of any text, not with order words', () => {
    const other = createWords([languageOf(spoilt('waiting', 'Wait.'))]);
    const sameTexts = createWords([languageOf({ ...english, words: { ...english.words, yes: ['aye'] } })]);
    expect(words.version).toMatch(/^[0-9a-f]{12}$/);
    expect(other.version).not.toBe(words.version);
    expect(sameTexts.version).toBe(words.version);
  });
});

describe('request words', () => {
  const swahili = { ...english, language: 'sw', words: { ...english.words, yes: ['ndiyo'], stop: ['ACHA'] } };
  const both = createWords([languageOf(), languageOf(swahili)]);

  it.each([
    ['yes', 'confirm'],
    ['Ndiyo!', 'confirm'],
    ['acha news', 'stop'],
    ['STOP ALL', 'stop-all'],
    ['info', 'help'],
    ['ndiyo123', 'order'],
  ])('of all languages are understood: %s', (text, kind) => {
    expect(parseRequest(text, both.request).kind).toBe(kind);
  });
});

describe('the words of every message file together', () => {
  const files = readdirSync('config/messages').map((file) => languageOf(readMessages(file)));
  const merged = mergeWords(files);

  it.each([
    ['ARRETEZ', 'stop'],
    ['Arrêtez news', 'stop'],
    ['ARRÊTER NEWS', 'stop'],
    ['ARRET TOUTES', 'stop-all'],
    ['ARRETTOUTES', 'stop-all'],
    ['BAJA TODAS', 'stop-all'],
    ['बन्द', 'stop'],
    ['बन्द सब', 'stop-all'],
    ['وقف', 'stop'],
    ['وقـف الكل', 'stop-all'],
    ['取消', 'stop'],
    ['取消 NEWS', 'stop'],
    ['请退订', 'stop'],
    ['我要退订。', 'stop'],
    ['退订全部', 'stop-all'],
  ])('%s is a way to stop', (text, kind) => {
    expect(parseRequest(text, merged).kind).toBe(kind);
  });

  it.each([
    ...[
      'yes please',
      'please yes',
      'YES, thank you',
      'si, por favor',
      'Por favor sí',
      'oui, s’il vous plaît',
      'oui merci',
      'svp oui',
    ],
    ...[
      'जी हाँ',
      'हाँ जी',
      'कृपया हां',
      'نعم من فضلك',
      'لو سمحت نعم',
      'نعم، شكرا',
      'ndiyo tafadhali',
      'tafadhali ndiyo',
      '是，谢谢',
      '好的',
      '请 好',
    ],
  ])('"%s" is a YES', (text) => {
    expect(parseRequest(text, merged)).toEqual({ kind: 'confirm', keyword: undefined });
  });

  it.each(['no gracias', 'जी नहीं', 'non merci', 'لا شكرا', 'hapana asante', '不，谢谢'])('"%s" is a NO', (text) => {
    expect(parseRequest(text, merged)).toEqual({ kind: 'refuse' });
  });

  it('mean one thing each, whoever says them', () => {
    const opening = WORD_SETS.filter((set) => set !== 'all' && set !== 'via' && set !== 'please');
    const owners = new Map<string, string[]>();
    for (const set of opening) for (const word of merged[set]) owners.set(word, [...(owners.get(word) ?? []), set]);
    expect([...owners].filter(([, sets]) => sets.length > 1)).toEqual([]);
  });

  it('are no keyword of the services that come along', () => {
    const { services } = parse(readFileSync('config/lab-catalogue.yaml', 'utf8')) as {
      readonly services: readonly { readonly keywords: readonly string[] }[];
    };
    const keywords = services.flatMap((service) => service.keywords).map(foldWord);
    expect(keywords.length).toBeGreaterThan(0);
    expect(keywords.filter((word) => WORD_SETS.some((set) => merged[set].has(word)))).toEqual([]);
  });
});

describe('the words of one message file without the others', () => {
  it.each(readdirSync('config/messages'))('%s: STOP stops, whatever the operator speaks', (file) => {
    const { request } = createWords([languageOf(readMessages(file))]);
    const kinds = ['STOP', 'stop NEWS', 'STOP ALL', 'STOPALL'].map((text) => parseRequest(text, request).kind);
    expect(kinds).toEqual(['stop', 'stop', 'stop-all', 'stop-all']);
  });
});

describe('a message file that is refused', () => {
  it.each<readonly [NoticeKind, string, string]>([
    ['refused', 'Sorry {title', 'texts.refused: is no ICU message: EXPECT_ARGUMENT_CLOSING_BRACE'],
    [
      'refused',
      'Sorry, {code}',
      'texts.refused: names {code}, which is not passed to it; it may name provider, title, price, free, period, keyword, shortCode',
    ],
    [
      'wrong-answer',
      '{n, plural, one {#} other {{title}}}',
      'texts.wrong-answer: names {n}, which is not passed to it; it may name shortCode',
    ],
  ])('%s: %s', (kind, text, expected) => {
    expect(faultsOf(spoilt(kind, text))[0]).toBe(expected);
  });

  it('names an argument inside a branch', () => {
    expect(faultsOf(spoilt('ordered', '{period, select, day {{minutes}} other {}}'))).toEqual([
      `texts.ordered: names {minutes}, which is not passed to it; it may name ${NOTICE_ARGS.ordered.join(', ')}`,
    ]);
  });

  it('gives one word two meanings', () => {
    const twice = { ...english, words: { ...english.words, no: ['no', 'END', 'STOP'] } };
    expect(faultsOf(twice)).toEqual([
      'words.no.2: is one of the stop words already',
      'words.stop.1: is one of the no words already',
    ]);
  });

  it('has a word that is no word', () => {
    expect(faultsOf({ ...english, words: { ...english.words, help: ['help', 'help me', '?'] } })).toEqual([
      'words.help.1: must be one word with a letter or digit',
      'words.help.2: must be one word with a letter or digit',
    ]);
  });
});

describe('duties on wording (CONSENT, derived default 2)', () => {
  it.each([
    ['{provider}', 'must tell the provider ({provider})'],
    ['{title}', 'must tell the service ({title})'],
    ['{price}', 'must tell the price ({price})'],
    ['{period, select, day {daily} other {}}', 'must tell how often it is charged ({period, select, ...})'],
    ['YES', 'must tell how to confirm (one of the yes words)'],
    ['NO', 'must tell how to refuse (one of the no words)'],
    ['{minutes} min', 'must tell when it expires ({minutes}, and below one {seconds})'],
    ['{seconds} s', 'must tell when it expires ({minutes}, and below one {seconds})'],
  ])('confirm without %s is refused', (piece, expected) => {
    const whole =
      '{provider} {title} {price} {period, select, day {daily} other {}} reply YES or NO within {minutes} min {seconds} s';
    expect(faultsOf(spoilt('confirm', whole), DUTIES)).toEqual([]);
    expect(faultsOf(spoilt('confirm', whole.replace(piece, '')), DUTIES)).toEqual([`texts.confirm: ${expected}`]);
  });

  it('code without its code, ordered without its way out', () => {
    expect(faultsOf(spoilt('code', english.texts.code.replace('{code}', '')), DUTIES)).toEqual([
      'texts.code: must tell the code ({code})',
    ]);
    expect(faultsOf(spoilt('ordered', '{title} {price} {period, select, day {daily} other {}}'), DUTIES)).toEqual([
      'texts.ordered: must tell how to stop (one of the stop words)',
      'texts.ordered: must tell when it is charged next ({next})',
    ]);
    expect(faultsOf(spoilt('reminder', '{title} {price} on {next}'), DUTIES)).toEqual([
      'texts.reminder: must tell how to stop (one of the stop words)',
    ]);
  });

  it('may ask for help words too', () => {
    expect(faultsOf(spoilt('confirm', 'YES or NO'), { ...NO_DUTIES, confirm: ['help'] })).toEqual([
      'texts.confirm: must tell where to get help (one of the help words)',
    ]);
  });

  it('may ask for one order: the action or code, then service, provider, price, period', () => {
    const ordered = { ...NO_DUTIES, confirm: ['in-order'], code: ['in-order'] } as const;
    expect(faultsOf(english, ordered)).toEqual([]);
    const late = '{title} {provider} {price} {period, select, other {}} YES';
    expect(faultsOf(spoilt('confirm', late), ordered)).toEqual([
      'texts.confirm: must tell action or code first, then service, provider, price and period, in this order',
    ]);
  });
});
