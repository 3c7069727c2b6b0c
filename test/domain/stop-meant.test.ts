import { describe, expect, it } from 'vitest';
import { answerMeant, stopMeant } from '../../src/domain/stop-meant.ts';
import { WORDS } from '../request-words.ts';

const isKeyword = (word: string): boolean => word === 'news' || word === 'end2end';
const meant = (text: string) => stopMeant(text, WORDS, isKeyword);

describe('a STOP that is not written as we say', () => {
  it.each([
    ['please stop', { kind: 'stop', words: [] }],
    ['I want to stop', { kind: 'stop', words: [] }],
    ['pls STOP news', { kind: 'stop', words: ['news'] }],
    ['just stop all', { kind: 'stop-all' }],
    ['please stop sending me the news', { kind: 'stop', words: ['sending', 'me', 'the', 'news'] }],
    ['how do I know when it will end', { kind: 'stop', words: [] }],
    ['Hello, I want you to STOP taking my money', { kind: 'stop', words: ['taking', 'my', 'money'] }],
    ['list stop news', { kind: 'stop', words: ['news'] }],
    ['status cancel please', { kind: 'stop', words: ['please'] }],
    ['STOPNEWS', { kind: 'stop', words: ['news'] }],
    ['STOP1', { kind: 'stop', words: ['1'], numbers: [1] }],
    ['NEWS STOP', { kind: 'stop', words: ['news'] }],
    ['NEWS STOP please', { kind: 'stop', words: ['news'] }],
    ['NEWS STOP sending me this every single day', { kind: 'stop', words: ['news'] }],
    ['NEWS I want to stop', { kind: 'stop', words: ['news'] }],
    ['NEWS stop right now, ok', { kind: 'stop', words: ['news'] }],
    ['123456 STOP', { kind: 'stop', words: [] }],
    ['YES NEWS STOP', { kind: 'stop', words: [] }],
    ['No, please stop', { kind: 'stop', words: [] }],
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

describe('a STOP in a script that parts no words by spaces', () => {
  const words = {
    ...WORDS,
    stop: new Set([...WORDS.stop, '退订', '取消', 'إلغاء']),
    all: new Set([...WORDS.all, '全部']),
  };

  it.each([
    ['退订谢谢', { kind: 'stop', words: ['谢谢'] }],
    ['我想退订NEWS', { kind: 'stop', words: ['news'] }],
    ['请帮我取消，谢谢！', { kind: 'stop', words: ['谢谢'] }],
    ['我要全部退订', { kind: 'stop-all' }],
    ['NEWS 我要退订', { kind: 'stop', words: ['news'] }],
    ['你好 我不需要这个业务帮我退订 NEWS', { kind: 'stop', words: ['news'] }],
  ])('"%s"', (text, request) => {
    expect(stopMeant(text, words, isKeyword)).toEqual(request);
  });

  it.each(['全部', '你好', 'إلغاءات', 'NEWS 全部'])('"%s" is none', (text) => {
    expect(stopMeant(text, words, isKeyword)).toBeUndefined();
  });

  it('a keyword with the word in it is the keyword', () => {
    expect(stopMeant('取消王', words, (word) => word === '取消王')).toBeUndefined();
  });
});

describe('a YES or NO that no space parts from a keyword', () => {
  const words = { ...WORDS, yes: new Set([...WORDS.yes, '是', '是的', 'да']), no: new Set([...WORDS.no, '不']) };

  it.each([
    ['是NEWS', { kind: 'confirm', keyword: 'news' }],
    ['是的NEWS 谢谢', { kind: 'confirm', keyword: 'news', more: true }],
    ['不news', { kind: 'refuse', words: ['news'] }],
    ['是：NEWS', { kind: 'confirm', keyword: 'news' }],
  ])('"%s"', (text, request) => {
    expect(answerMeant(text, words, isKeyword)).toEqual(request);
  });

  it.each(['YNEWS', 'даnews', 'YESNEWS', 'news', '是不NEWS', '是', 'end2end', 'y-end2end-news'])(
    '"%s" is none',
    (text) => {
      expect(answerMeant(text, words, isKeyword)).toBeUndefined();
    },
  );
});
