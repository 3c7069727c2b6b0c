import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BASE, faultsIn, spoil } from './base.ts';

const english = await readFile('config/messages/en.yaml', 'utf8');

/** The English file with one text replaced by one line; the fault is told in the message file. */
async function faultsOfTexts(from: RegExp, to: string): Promise<readonly string[]> {
  if (!from.test(english)) throw new Error(`no ${String(from)} in the English texts`);
  const config = spoil('messages/en.yaml', 'messages/xx.yaml');
  const faults = await faultsIn(config, { 'messages/xx.yaml': english.replace(from, to) });
  return faults.map((fault) => fault.replace(/^(messages\/xx\.yaml):\d+:\d+ /, '$1 '));
}

describe('texts that a config is refused for', () => {
  it.each([
    [
      'a text is missing',
      / {2}refunded: >-\n(?: {4}.*\n)+/,
      '',
      'messages/xx.yaml language.files[0].texts.refunded: is missing; expected an ICU message',
    ],
    [
      'a text has no place',
      / {2}refunded: >-\n/,
      '  goodbye: Bye.\n  refunded: >-\n',
      'messages/xx.yaml language.files[0].texts.goodbye: unknown key (its value is a text of 4 characters); known keys are ordered, confirm, code,',
    ],
    [
      'the price is not told before it is asked for',
      / {2}confirm: >-\n(?: {4}.*\n)+/,
      '  confirm: "{title} by {provider}{period, select, other {}}: YES or NO in {minutes} min {seconds} s"\n',
      'messages/xx.yaml language.files[0].texts.confirm: must tell the price ({price})',
    ],
    [
      'nobody is told how to refuse',
      / {2}code: >-\n(?: {4}.*\n)+/,
      '  code: "{code}: {title} by {provider} {price}{period, select, other {}} in {minutes} min {seconds} s"\n',
      'messages/xx.yaml language.files[0].texts.code: must tell how to refuse (one of the no words)',
    ],
    [
      'a text names what nobody passes',
      / {2}refunded: >-\n(?: {4}.*\n)+/,
      '  refunded: "{amount} is back"\n',
      'messages/xx.yaml language.files[0].texts.refunded: names {amount}, which is not passed to it; it may name provider, title, price, free, period, keyword, shortCode',
    ],
    [
      'a text is no ICU message',
      / {2}refunded: >-\n(?: {4}.*\n)+/,
      '  refunded: "{price is back"\n',
      'messages/xx.yaml language.files[0].texts.refunded: is no ICU message: ',
    ],
    [
      'a word means two things',
      /no: \[no, n, /,
      'no: [no, n, ok, ',
      'messages/xx.yaml language.files[0].words.no[2]: is one of the yes words already',
    ],
    [
      'nobody said whether it was reviewed',
      /reviewed: true\n/,
      '',
      'messages/xx.yaml language.files[0].reviewed: is missing; expected true or false',
    ],
  ])('%s', async (_, from, to, expected) => {
    const faults = await faultsOfTexts(from, to);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.startsWith(expected), faults[0]).toBe(true);
  });

  it('meets more duties where the profile has more', async () => {
    const config = BASE.replace('name: neutral', 'name: neutral\n    duties: { confirm: [stop] }');
    expect(await faultsIn(config)).toEqual([
      expect.stringMatching(
        /^messages\/en\.yaml:\d+:\d+ language\.files\[0\]\.texts\.confirm: must tell how to stop \(one of the stop words\)$/,
      ),
    ]);
  });

  it('keeps the word STOP from being a keyword, though no message file has it', async () => {
    const config = spoil('keywords: [NEWS]', 'keywords: [STOP]', spoil('messages/en.yaml', 'messages/xx.yaml'));
    expect(await faultsIn(config, { 'messages/xx.yaml': english.replace('stop: [stop, ', 'stop: [') })).toEqual([
      'config.yaml:22:18 catalogue.services[0].keywords[0]: is a reserved word: it means stop',
    ]);
  });
});
