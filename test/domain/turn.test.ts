import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shown } from '../../src/domain/dialogue.ts';
import type { MenuRow, MenuView, Place } from '../../src/domain/menu.ts';
import { screenText, startOf, walkMenu } from '../../src/domain/menu.ts';
import type { Decided } from '../../src/domain/turn.ts';
import { decideTurn } from '../../src/domain/turn.ts';
import { MENU } from '../flow/fakes/ussd.ts';
import { dialogue } from '../redis/dialogue.ts';
import { WORDS } from '../request-words.ts';

const rowOf = (title: string): MenuRow => ({ id: title, args: { title, price: 'KES 5.00', keyword: title } });
const view = (services: readonly string[], waiting: readonly string[] = []): MenuView => ({
  language: 'en',
  shortCode: '5000',
  rows: {
    services: services.map(rowOf),
    subscriptions: [],
    waiting: waiting.map(rowOf),
    channels: [{ id: 'sms', args: { channel: 'sms' } }],
    languages: [],
  },
  fits: (text) => text.length <= 60,
});
const MANY = Array.from({ length: 20 }, (_, index) => `SERVICE${index + 1}`);
const shown = (changes: Partial<Shown> = {}): Shown => ({
  mtId: '00-a-confirm',
  kind: 'confirm',
  orderId: '00-a',
  keyword: 'NEWS',
  page: 0,
  pages: 1,
  ...changes,
});

interface At {
  readonly place?: Place;
  readonly shown?: Shown;
  readonly view?: MenuView;
}

function typed(input: string, { place = startOf(MENU), shown: text, view: sees = view(MANY) }: At = {}): Decided {
  return decideTurn(dialogue({ place, shown: text }), { input, menu: MENU, view: sees, words: WORDS });
}

const anything = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.integer({ min: 0, max: 999 }).map(String),
  fc.constantFrom('1', '2', '98', '0', 'YES', 'NO', '123456', 'STOP', 'STOP ALL', 'HELP', 'YES GAME', ''),
);

describe('what a typed turn means', () => {
  it('always something, wherever it is typed, and each place that it leads to has a screen that fits', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 15 }), (inputs) => {
        let place = startOf(MENU);
        for (const input of inputs) {
          const decided = typed(input, { place });
          if (decided.kind === 'screen') place = decided.place;
          expect(screenText(MENU, view(MANY), place).length).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  it.each([
    ['stop', 'stop'],
    ['STOP ALL', 'stop-all'],
    ['Help', 'help'],
  ])('%s comes first on every screen, over every text', (word, kind) => {
    const places = [
      startOf(MENU),
      walkMenu(MENU, view(MANY), startOf(MENU), ['1']),
      { ...startOf(MENU), screen: 'code' },
    ];
    const texts = [{}, { shown: shown() }, { shown: shown({ kind: 'code' }) }, { shown: shown({ pages: 3 }) }];
    const meant = places.flatMap((place) => texts.map((text) => typed(word, { place, ...text })));
    for (const decided of meant) expect(decided).toMatchObject({ kind: 'request', request: { kind } });
  });

  it('P4: before its last page no challenge is consented to, whatever is typed', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('confirm' as const, 'code' as const), (input, kind) => {
        const decided = typed(input, { shown: shown({ kind, pages: 2 }) });
        if (decided.kind === 'request') expect(['refuse', 'stop', 'stop-all', 'help']).toContain(decided.request.kind);
      }),
    );
  });

  it('P4: a YES is no code, and a code is no YES', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const toYes = typed(input, { shown: shown() });
        const toCode = typed(input, { shown: shown({ kind: 'code' }) });
        if (toYes.kind === 'request') expect(toYes.request.kind).not.toBe('code');
        if (toCode.kind === 'request') expect(toCode.request.kind).not.toBe('confirm');
      }),
    );
    expect(typed('1', { shown: shown({ kind: 'code' }) })).toMatchObject({ kind: 'page', hint: 'wrong' });
  });

  it('a YES or NO is for the order on the screen, unless it names another', () => {
    expect(typed('1', { shown: shown() })).toMatchObject({ request: { kind: 'confirm', keyword: 'news' } });
    expect(typed('YES GAME', { shown: shown() })).toMatchObject({ request: { keyword: 'game' } });
    expect(typed('YES GAME not now', { shown: shown() })).toMatchObject({ request: { keyword: 'game', more: true } });
    for (const no of ['2', 'NO', 'no thanks'])
      expect(typed(no, { shown: shown() })).toMatchObject({ request: { kind: 'refuse', words: ['news'] } });
    expect(typed('NO GAME', { shown: shown() })).toMatchObject({ request: { words: ['game'] } });
    expect(typed('2', { shown: shown({ keyword: undefined }) })).toMatchObject({ request: { kind: 'refuse' } });
  });

  it('E9: names the order on the screen, whose service may wait anew at another price', () => {
    for (const yes of ['1', 'YES', 'yes news'])
      expect(typed(yes, { shown: shown() })).toMatchObject({ request: { kind: 'confirm', orderId: '00-a' } });
    expect(typed('2', { shown: shown() })).toMatchObject({ request: { kind: 'refuse', orderId: '00-a' } });
    for (const other of ['YES GAME', 'NO GAME'])
      expect(typed(other, { shown: shown() })).not.toMatchObject({ request: { orderId: '00-a' } });
  });

  it('E9: a screen that a reload has changed is shown again before it orders; all else is done', () => {
    const place = walkMenu(MENU, view(MANY), startOf(MENU), ['1', '20']);
    const said = screenText(MENU, view(MANY), place);
    expect(typed('1', { place: { ...place, said } })).toMatchObject({ request: { kind: 'order' } });
    const old = { place: { ...place, said: said.replace('5.00', '4.00') } };
    for (const agrees of ['1', 'service3', 'YES'])
      expect(typed(agrees, old)).toMatchObject({ kind: 'screen', hint: undefined });
    expect(typed('STOP', old)).toMatchObject({ request: { kind: 'stop' } });
    expect(typed('SERVICE3 STOP', old)).toMatchObject({ kind: 'request' });
    expect(typed('LIST', old)).toMatchObject({ request: { kind: 'list' } });
    expect(typed('0', old)).toMatchObject({ kind: 'screen', place: { screen: 'services' } });
  });

  it('E15: what a key stood for is kept with the dialogue, words never: they come again with the turn', () => {
    const place = walkMenu(MENU, view(MANY), startOf(MENU), ['1', '20']);
    const byKey = [typed('1', { place }), typed('1', { shown: shown() }), typed('2', { shown: shown() })];
    for (const decided of byKey) expect(decided).toMatchObject({ asked: 'request' in decided && decided.request });
    const byWords = [
      typed('STOP'),
      typed('service3'),
      typed('YES GAME', { shown: shown() }),
      typed('123456', { shown: shown({ kind: 'code' }) }),
    ];
    for (const decided of byWords) expect(decided).toMatchObject({ kind: 'request', asked: { kind: 'words' } });
  });

  it('an order comes only from a screen of its service; a number that no screen offers is a slip', () => {
    const place = walkMenu(MENU, view(MANY), startOf(MENU), ['1', '20']);
    expect(typed('1', { place })).toMatchObject({ request: { kind: 'order', keyword: 'service20' } });
    for (const slip of ['7', '1,3', '98', '0']) expect(typed(slip)).toMatchObject({ kind: 'screen', hint: 'wrong' });
    expect(typed('service3')).toMatchObject({ request: { kind: 'order', keyword: 'service3' } });
    expect(typed('banana')).toMatchObject({ kind: 'screen', hint: 'wrong' });
  });

  it('digits are a code where one is asked for or waited for, else a slip', () => {
    const asks = { ...startOf(MENU), screen: 'code' };
    expect(typed('123456', { place: asks })).toMatchObject({ request: { kind: 'code', code: '123456' } });
    expect(typed('123456', { view: view(MANY, ['NEWS']) })).toMatchObject({ request: { kind: 'code' } });
    expect(typed('123456')).toMatchObject({ kind: 'screen', hint: 'wrong' });
  });
});
