import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../src/words/template.ts';

function titled(title: string): string {
  const template = parseTemplate('{title}', 'si');
  if (!template.ok) throw new Error(template.fault);
  return template.value.render({ title });
}

it('takes < for an ordinary character: a text is not markup', () => {
  const template = parseTemplate('I <3 {title}, <b>2 < 3</b>', 'en');
  expect(template.ok && template.value.render({ title: 'News' })).toBe('I <3 News, <b>2 < 3</b>');
});

describe('a title in a text', () => {
  it.each([
    ['Sinhala: a joiner makes its ligature', '\u0dc1\u0dca\u200d\u0dbb\u0dd3 \u0dbd\u0d82\u0d9a\u0dcf'],
    ['Persian: a non-joiner parts letters within a word', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['an emoji of two', '\u{1f468}\u200d\u{1f33e}'],
  ])('keeps the joiners that spell it, as %s', (_, title) => {
    expect(titled(title)).toBe(title);
  });

  it('loses joiners that join nothing, which would cost the GSM alphabet', () => {
    expect(titled('N\u200de\u200cws\u200b\u200d')).toBe('News');
  });
});
