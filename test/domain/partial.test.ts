import { expect, it } from 'vitest';
import { askedInPart, isHarmless } from '../../src/domain/partial.ts';
import type { Request } from '../../src/domain/request.ts';

const HELP: Request = { kind: 'help' };

it.each<Request>([
  { kind: 'stop', words: ['NEWS'] },
  { kind: 'stop-all' },
  { kind: 'refuse' },
  { kind: 'complain' },
  { kind: 'list' },
  { kind: 'status' },
  { kind: 'empty' },
])('a text with parts missing may stop and ask: $kind', (request) => {
  expect(askedInPart(request)).toEqual(request);
  expect(isHarmless(request)).toBe(true);
});

it.each<Request>([
  { kind: 'order', keyword: 'NEWS', channel: undefined },
  { kind: 'confirm', keyword: undefined },
  { kind: 'code', code: '123456' },
  { kind: 'again' },
  { kind: 'numbers', numbers: [1], word: '1' },
  { kind: 'channel', channel: 'email', address: 'me@example' },
  { kind: 'language', name: 'fr' },
])('it agrees to nothing and sets nothing: $kind', (request) => {
  expect(askedInPart(request)).toEqual(HELP);
  expect(isHarmless(request)).toBe(false);
});
