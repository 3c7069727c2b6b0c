import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/domain/request.ts';
import { foldText, foldWord } from '../../src/domain/fold.ts';
import { parseRequest } from '../../src/domain/request.ts';
import { WORDS } from '../request-words.ts';

function read(text: string): Request {
  return parseRequest(text, WORDS);
}

const NEWS: Request = { kind: 'order', keyword: 'news', channel: undefined };

describe('a keyword, however it is typed', () => {
  it.each([
    ['as printed', 'NEWS'],
    ['in small letters, blanks around', '  news \r\n'],
    ['with punctuation at its edges', '"News!"'],
    ['in full-width letters (NFKC)', 'ＮＥＷＳ'],
    ['in mathematical letters (NFKC)', '𝐍𝐄𝐖𝐒'],
    ['with zero-width marks inside', 'N\u200bE\u200dW\ufeffS'],
    ['with a soft hyphen and a combining grapheme joiner', 'NE\u00adWS\u034f'],
    ['with variation selectors', 'N\ufe0fEW\u{e0100}S\ufe00'],
    ['with a Mongolian variation selector', 'NEWS\u180b'],
    ['behind an emoji', '\u2764\ufe0f NEWS'],
    ['behind a byte order mark', '\ufeffNEWS'],
    ['with bidirectional marks', '\u202eNEWS\u202c'],
    ['with a control character', 'NEWS\u0000'],
    ['with Cyrillic look-alikes', 'NЕWЅ'],
    ['with a Greek look-alike', 'ΝEWS'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(NEWS);
  });

  it.each(['\t', '\n', '\v', '\f', '\r\n', '\u0085', '\u00a0', '\u2003', '\u3000', '\u2028'])(
    'is parted from the next word by any white space',
    (blank) => {
      expect(read(`NEWS${blank}VIA${blank}USSD`)).toEqual({ ...NEWS, channel: 'ussd' });
    },
  );

  it('a drawn-out Arabic word is the word', () => {
    expect(foldWord('إيقـــاف')).toBe(foldWord('إيقاف'));
  });

  it('a sharp s is two: our texts print keywords in capitals, where it has no other', () => {
    expect(['Fußball', 'FUẞBALL', 'Fußball'.toUpperCase()].map(foldWord)).toEqual(Array(3).fill('fussball'));
  });

  it('an accent that a dead key left alone is an apostrophe, and no word', () => {
    expect(foldText('Don\u00b4t SI\u00b4 \u00b4 \u03a3\u0391\u0384')).toEqual(["don't", 'si', '\u03c3\u03b1']);
  });

  it('a Cyrillic word is compared as itself', () => {
    expect(foldWord('Новости')).toBe('новости');
  });

  it('a Turkish i is an i: handsets without its keyboard must stop, too', () => {
    expect(['İPTAL', 'IPTAL', 'iptal', 'ıptal'].map(foldWord)).toEqual(Array(4).fill('iptal'));
  });
});

describe('a channel in an order', () => {
  it.each([
    ['NEWS SMS', 'sms'],
    ['NEWS via flash', 'flash'],
    ['news BY ussd', 'ussd'],
    ['NEWS email', 'email'],
    ['NEWS by e-mail', 'email'],
    ['NEWS E\u2011MAIL', 'email'],
    ['NEWS VIA', undefined],
    ['NEWS PLEASE', undefined],
  ] as const)('%s', (text, channel) => {
    expect(read(text)).toEqual({ ...NEWS, channel });
  });
});

describe('words behind a keyword', () => {
  it.each([
    ['NEWS please', undefined],
    ['News, thank you!', undefined],
    ['NEWS news', undefined],
    ['NEWS ok', undefined],
    ['NEWS \u2764\ufe0f', undefined],
    ['NEWS EMAIL a@b.example', undefined],
    ['NEWS mailto:a@b.example via email pls', undefined],
    ['NEWS VIA FAX', 'words'],
    ['NEWS price?', 'words'],
    ['news was terrible', 'words'],
    ['NEWS is at what time?', 'words'],
    ['NEWS 5', 'words'],
    ['NEWS NO', 'no'],
    ['NEWS? no thanks', 'no'],
    ['NEWS do not charge me', 'no'],
    ['News I did not order this', 'no'],
    ['NEWS EMAIL a@b.example no', 'no'],
    ['NEWS the match has two halves and no end', 'words'],
  ] as const)('%s', (text, more) => {
    const request = read(text);
    expect(request).toMatchObject({ kind: 'order', keyword: 'news' });
    expect(request.kind === 'order' && request.more).toBe(more ?? undefined);
  });
});

describe('a code, however it is typed', () => {
  it.each([
    ['123456', '123456'],
    ['123 456', '123456'],
    ['1234 56', '123456'],
    ['12 34 56', '123456'],
    ['123-456', '123456'],
    ['123.456.', '123456'],
    ['123 - 456', '123456'],
    ['"123456"', '123456'],
    ['123456 please', '123456'],
    ['123 456 please', '123456'],
    ['YES 123456', '123456'],
    ['YES, 123 456', '123456'],
    ['yes code 123456', '123456'],
    ['123456 123456', '123456'],
    ['code:123456', '123456'],
    ['Code-123-456', '123456'],
    ['CODE123456 please', '123456'],
    ['code:123 456', '123456'],
    ['000000', '000000'],
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['۱۲۳۴۵۶', '123456'],
    ['१२३४५६', '123456'],
    ['1\u200b2\u200b3456', '123456'],
    ['1\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e3', '1234'],
    ['1234', '1234'],
    ['1234567890', '1234567890'],
  ])('%s', (text, code) => {
    expect(read(text)).toEqual({ kind: 'code', code });
  });

  it.each([
    ['1', [1]],
    ['1,3', [1, 3]],
    ['1 2 3', [1, 2, 3]],
    ['１、３', [1, 3]],
    ['1\ufe0f\u20e3', [1]],
    ['1,2,3,4', [1, 2, 3, 4]],
    ['1, 2, 3, 4', [1, 2, 3, 4]],
    ['1 ,2; 3/4.', [1, 2, 3, 4]],
    ['10,11', [10, 11]],
    ['10, 11, 2', [10, 11, 2]],
    ['١٠،١١', [10, 11]],
    ['１０，１１', [10, 11]],
    ['10、11', [10, 11]],
    ['1,2,3,4,5,6,7,8,9,10,11', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['12', [12]],
  ])('%s is numbers of a LIST', (text, numbers) => {
    expect(read(text)).toMatchObject({ kind: 'numbers', numbers });
    expect(read(`STOP ${text}`)).toMatchObject({ kind: 'stop', numbers });
  });

  it.each([
    ['as long as a code is, whatever parts them', '12,34,56', '123456'],
    ['as long as a code is, one by one', '1,2,3,4,5,6', '123456'],
    ['by hyphens', '12-34-56', '123456'],
    ['by hyphens, too few of them', '12-34', '1234'],
    ['by spaces, too few of them', '12 34', '1234'],
    ['in groups that LIST does not number', '123,456', '123456'],
    ['too few of them, with a zero that LIST does not number', '01,23', '0123'],
    ['behind a word of its own', 'code 10,11', '1011'],
  ])('digits are a code: %s', (_, text, code) => {
    expect(read(text)).toEqual({ kind: 'code', code });
  });

  it.each(['123', '12345678901', '12 apples', '2DAY 123456', 'A1234', 'code2', 'news:123456'])('%s is none', (text) => {
    expect(read(text).kind).toBe('order');
  });

  it('decimal digits of every script are read as 0 to 9', () => {
    for (let zero = 0; zero <= 0x10ffff; zero++) {
      const ten = Array.from({ length: 10 }, (_, i) => zero + i);
      if (!isDigit(zero) || isDigit(zero - 1)) continue;
      expect(foldWord(String.fromCodePoint(...ten))).toBe('0123456789');
    }
  });
});

function isDigit(code: number): boolean {
  return code >= 0 && /\p{Nd}/u.test(String.fromCodePoint(code));
}

describe('every kind of request', () => {
  it.each<[string, Request]>([
    ['YES', { kind: 'confirm', keyword: undefined }],
    ['ok.', { kind: 'confirm', keyword: undefined }],
    ['YES\u00b4', { kind: 'confirm', keyword: undefined }],
    ['\u00b4YES\u00b4 news', { kind: 'confirm', keyword: 'news' }],
    ['STOP\u00b4', { kind: 'stop', words: [] }],
    ['Yes news', { kind: 'confirm', keyword: 'news' }],
    ['yes please', { kind: 'confirm', keyword: undefined }],
    ['Please, yes!', { kind: 'confirm', keyword: undefined }],
    ['ok thank you', { kind: 'confirm', keyword: undefined }],
    ['yes,please', { kind: 'confirm', keyword: undefined }],
    ['yes yes', { kind: 'confirm', keyword: undefined }],
    ['YES please NEWS', { kind: 'confirm', keyword: 'news' }],
    ['YES NEWS now', { kind: 'confirm', keyword: 'news', more: true }],
    ['yes but how much', { kind: 'confirm', keyword: 'but', more: true }],
    ['please 123456', { kind: 'code', code: '123456' }],
    ['please NEWS', { kind: 'order', keyword: 'please', channel: undefined, more: 'words' }],
    ['YES 12', { kind: 'confirm', keyword: '12' }],
    ['NO', { kind: 'refuse' }],
    ['no thanks', { kind: 'refuse' }],
    ['STOP', { kind: 'stop', words: [] }],
    ['Stop!', { kind: 'stop', words: [] }],
    ['\u{1f6d1}\ufe0f STOP', { kind: 'stop', words: [] }],
    ['STOP NEWS \u2764\ufe0f', { kind: 'stop', words: ['news'] }],
    ['STOP \u2764\ufe0f', { kind: 'stop', words: [] }],
    ['YES \u2764\ufe0f', { kind: 'confirm', keyword: undefined }],
    ['stop NEWS', { kind: 'stop', words: ['news'] }],
    ['UNSUBSCRIBE news', { kind: 'stop', words: ['news'] }],
    ['STOP ALL', { kind: 'stop-all' }],
    ['cancel it all', { kind: 'stop-all' }],
    ['STOPALL', { kind: 'stop-all' }],
    ['Stop-All', { kind: 'stop-all' }],
    ['STOP-NEWS', { kind: 'stop', words: ['news'] }],
    ['stop.news', { kind: 'stop', words: ['news'] }],
    ['STOP:1', { kind: 'stop', words: ['1'], numbers: [1] }],
    ['OPTOUT', { kind: 'stop', words: [] }],
    ['opt out', { kind: 'stop', words: [] }],
    ['Opt-out news', { kind: 'stop', words: ['news'] }],
    ['STOPNEWS', { kind: 'order', keyword: 'stopnews', channel: undefined }],
    ['LIST', { kind: 'list' }],
    ['0000', { kind: 'list' }],
    ['STATUS', { kind: 'status' }],
    ['help', { kind: 'help' }],
    ['CHANNEL ussd', { kind: 'channel', channel: 'ussd' }],
    ['CHANNEL PIGEON', { kind: 'channel', channel: undefined, name: 'pigeon' }],
    ['CHANNEL', { kind: 'channel', channel: undefined, name: undefined }],
    ['COMPLAIN I never ordered 123456', { kind: 'complain', words: ['i', 'never', 'ordered', '123456'] }],
    ['CODE', { kind: 'again' }],
    ['again please', { kind: 'again' }],
    ['code 123456', { kind: 'code', code: '123456' }],
    ['NEWS EMAIL Me@Example.org', { kind: 'order', keyword: 'news', channel: 'email', address: 'Me@example.org' }],
    ['NEWS me@example.org', { kind: 'order', keyword: 'news', channel: 'email', address: 'me@example.org' }],
    ['NEWS VIA SMS me@example.org', { kind: 'order', keyword: 'news', channel: 'sms' }],
    ['CHANNEL EMAIL me@example.org', { kind: 'channel', channel: 'email', address: 'me@example.org' }],
    ['CHANNEL E-MAIL me@example.org', { kind: 'channel', channel: 'email', address: 'me@example.org' }],
    ['STOP me@example.org', { kind: 'stop', words: ['me@example.org'] }],
    ['', { kind: 'empty' }],
    [' \u200b ?! ', { kind: 'empty' }],
    ['😀', { kind: 'empty' }],
  ])('"%s"', (text, request) => {
    expect(read(text)).toEqual(request);
  });

  it('a channel that does not exist is still a wish for one, never an order', () => {
    expect(read('CHANNEL fax')).toEqual({ kind: 'channel', channel: undefined, name: 'fax' });
  });
});

describe('STOP and HELP words before an answer (CONSENT rule 5)', () => {
  it.each([
    ['STOP 123456', 'stop'],
    ['stop yes', 'stop'],
    ['HELP 123456', 'help'],
    ['end 1234', 'stop'],
  ] as const)('%s', (text, kind) => {
    expect(read(text).kind).toBe(kind);
  });
});

describe('any text at all', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  );

  it('never makes parseRequest throw', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(read(text).kind).toMatch(/^[a-z-]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('folds to words that fold to themselves', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const word of foldText(text)) expect(foldWord(word)).toBe(word);
        expect(foldWord(foldWord(text))).toBe(foldWord(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('is read as it is without what shows no letter of its own', () => {
    const marks = ['\ufe00', '\ufe0f', '\u{e0100}', '\u{e01ef}', '\u180b', '\u180d', '\u180f', '\u20e3', '\u0640'];
    const asked = fc.array(fc.constantFrom('stop', 'YES', 'news', '1', '12', '123456', 'إيقاف', 'é', '-', ',', '😀'));
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      asked.map((words) => words.join(' ')),
    );
    const placed = fc.array(fc.tuple(fc.nat(60), fc.constantFrom(...marks)), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(text, placed, (bare, put) => {
        const letters = Array.from(bare);
        for (const [at, mark] of put) letters.splice(at, 0, mark);
        expect(foldText(letters.join(''))).toEqual(foldText(bare));
        expect(read(letters.join(''))).toEqual(read(bare));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a letter that composes only when it is small', 'H\u0331'],
    ['a joiner between a letter and its accent', 'a\u200d\u0301'],
    ['Cyrillic beside an Arabic digit', 'н\u0665'],
    ['a symbol that composes with a stroke', 'a=\u200d\u0338'],
  ])('folds %s once and for all', (_, word) => {
    expect(foldWord(foldWord(word))).toBe(foldWord(word));
  });

  it('P7: a text made to be slow is cut, not read to its end', () => {
    expect(read(`a${'!'.repeat(200_000)}a`).kind).toBe('order');
    expect(read('\u0301'.repeat(200_000)).kind).toBe('order');
  });
});
