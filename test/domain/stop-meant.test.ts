import { describe, expect, it } from 'vitest';
import { stopMeant } from '../../src/domain/stop-meant.ts';
import { WORDS } from '../request-words.ts';

const isKeyword = (word: string): boolean => word === 'news' || word === 'end2end';
const meant = (text: string) => stopMeant(text, WORDS, isKeyword);

describe('a STOP that is not written as we say', () => {
  it.each([
    ['please stop', { kind: 'stop', keyword: undefined }],
    ['I want to stop', { kind: 'stop', keyword: undefined }],
    ['pls STOP news', { kind: 'stop', keyword: 'news' }],
    ['just stop all', { kind: 'stop-all' }],
    ['please stop sending me the news', { kind: 'stop', keyword: 'news' }],
    ['how do I know when it will end', { kind: 'stop', keyword: undefined }],
    ['Hello, I want you to STOP sending me messages and taking my money', { kind: 'stop', keyword: 'sending' }],
    ['list stop news', { kind: 'stop', keyword: 'news' }],
    ['status cancel please', { kind: 'stop', keyword: 'please' }],
    ['STOPNEWS', { kind: 'stop', keyword: 'news' }],
    ['STOP1', { kind: 'stop', keyword: '1', numbers: [1] }],
    ['NEWS STOP', { kind: 'stop', keyword: 'news' }],
    ['NEWS STOP please', { kind: 'stop', keyword: 'news' }],
    ['NEWS STOP sending me this every single day', { kind: 'stop', keyword: 'news' }],
    ['NEWS I want to stop', { kind: 'stop', keyword: 'news' }],
    ['NEWS stop right now, ok', { kind: 'stop', keyword: 'news' }],
    ['123456 STOP', { kind: 'stop', keyword: undefined }],
    ['YES NEWS STOP', { kind: 'stop', keyword: undefined }],
    ['No, please stop', { kind: 'stop', keyword: undefined }],
  ])('"%s"', (text, request) => {
    expect(meant(text)).toEqual(request);
  });

  it('reads no further than requests go, so that a hostile text costs no more', () => {
    expect(meant(`please${' '.repeat(500)}stop`)).toBeUndefined();
  });

  it.each(['NEWS', 'NEWS about how the long season will end', 'NEWS VIA SMS', 'END2END', 'ENDING', 'sport', 'STOPNEW'])(
    '"%s" is none',
    (text) => {
      expect(meant(text)).toBeUndefined();
    },
  );
});
