import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/request.ts';
import { WORDS } from '../request-words.ts';

const CHINESE = {
  ...WORDS,
  yes: new Set([...WORDS.yes, '好', '好的', '是']),
  no: new Set([...WORDS.no, '不', '不用']),
  please: new Set([...WORDS.please, '谢谢', '吧']),
};
const read = (text: string) => parseRequest(text, CHINESE);

describe('politeness in a script that parts no words by spaces', () => {
  it.each(['好的谢谢', '好的谢谢！', '好吧', '谢谢好的'])('%s is a YES', (text) => {
    expect(read(text)).toEqual({ kind: 'confirm', keyword: undefined });
  });

  it('不用谢谢 is a NO', () => {
    expect(read('不用谢谢')).toEqual({ kind: 'refuse' });
  });

  it.each(['好好', '好的新闻', '好的是', 'yesthanks', '新闻谢谢'])('%s is neither', (text) => {
    expect(read(text).kind).toBe('order');
  });

  it('是不是谢谢 agrees to nothing', () => {
    expect(read('是不是谢谢')).toMatchObject({ kind: 'confirm', keyword: '不' });
  });
});
