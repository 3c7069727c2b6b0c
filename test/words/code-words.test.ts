import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRequest } from '../../src/domain/request.ts';
import type { LanguageTexts } from '../../src/words/language.ts';
import { mergeWords, readLanguage } from '../../src/words/language.ts';

const NO_DUTIES = { confirm: [], code: [], ordered: [], reminder: [], renewed: [] };

describe('a code behind the word that our own text calls it by', () => {
  it.each([
    ['en', 'Code 123456'],
    ['en', 'PIN:123456'],
    ['en', 'OTP 123456'],
    ['fr', 'code 123456'],
    ['es', 'Codigo 123456'],
    ['es', 'código:123456'],
    ['sw', 'Namba 123456'],
    ['ar', 'الرمز ١٢٣٤٥٦'],
    ['ar', 'رمز:123456'],
    ['hi', 'कोड १२३४५६'],
    ['zh', '验证码123456'],
    ['zh', '验证码：123456'],
  ])('%s: %s', (language, text) => {
    const read = readLanguage(
      parse(readFileSync(`config/messages/${language}.yaml`, 'utf8')) as LanguageTexts,
      NO_DUTIES,
    );
    if (!read.ok) throw new Error(JSON.stringify(read.fault));
    expect(parseRequest(text, mergeWords([read.value]))).toEqual({ kind: 'code', code: '123456' });
  });
});
